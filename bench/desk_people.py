"""Citizens and agents of the desk's benchmark: what they send until it is acknowledged, what their streams bring."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp

AGAIN = 0.5  # seconds until what failed is tried again
NETWORK = (aiohttp.ClientError, ConnectionError, TimeoutError)


@dataclass
class Watcher:
    """One side of a conversation: its stream, resumed whenever it breaks, and when each message came."""

    session: aiohttp.ClientSession
    url: str
    headers: dict[str, str]
    seqs: list[int] = field(default_factory=list[int])
    came: dict[str, float] = field(default_factory=dict[str, float])  # by the message's id
    broken: int = 0

    async def watch(self) -> None:
        """Runs until cancelled."""
        while True:
            with suppress(*NETWORK):
                async for message in self._messages():
                    self.came.setdefault(message["id"], time.perf_counter())
                    self.seqs.append(message["seq"])
            self.broken += 1
            await asyncio.sleep(AGAIN)

    async def _messages(self) -> AsyncIterator[dict[str, Any]]:
        last = {"Last-Event-ID": str(self.seqs[-1])} if self.seqs else {}
        headers = self.headers | {"Accept": "text/event-stream"} | last
        async with self.session.get(self.url, headers=headers) as response:
            response.raise_for_status()
            async for line in response.content:
                if line.startswith(b'data: {"seq"'):
                    yield json.loads(line[6:])

    def faults(self, until: int) -> tuple[int, int]:
        """(missing, repeated) of the messages 1 … `until`."""
        return until - len(set(self.seqs)), len(self.seqs) - len(set(self.seqs))


async def post(session: aiohttp.ClientSession, url: str, headers: dict[str, str], body: dict[str, Any]) -> Any:
    """Sends until it is acknowledged, with the same body, as the pages do."""
    while True:
        with suppress(*NETWORK):
            async with session.post(url, headers=headers, json=body) as response:
                if response.status < 300:
                    return await response.json()
                assert response.status >= 500, (url, response.status, await response.text())
        await asyncio.sleep(AGAIN)


@dataclass
class Citizen:
    session: aiohttp.ClientSession
    url: str
    conversation: str
    headers: dict[str, str]

    @classmethod
    async def open(cls, session: aiohttp.ClientSession, url: str) -> Citizen:
        made = await post(session, f"{url}/channels/web/conversations", {}, {"language": "vi"})
        return cls(session, url, made["conversation"], {"Authorization": f"Bearer {made['token']}"})

    async def say(self, text: str) -> str:
        """The message's id."""
        given = str(uuid.uuid4())
        await post(self.session, f"{self.url}/channels/web/messages", self.headers, {"id": given, "text": text})
        return given

    def watcher(self) -> Watcher:
        return Watcher(self.session, f"{self.url}/channels/web/messages?beside=1", self.headers)


@dataclass
class Agent:
    session: aiohttp.ClientSession
    url: str
    headers: dict[str, str]
    owned: list[str] = field(default_factory=list[str])

    async def claim(self, conversation: str) -> int:
        """200: it is theirs; 409: somebody was faster."""
        address = f"{self.url}/desk/api/conversations/{conversation}/claim"
        async with self.session.post(address, headers=self.headers, json={}) as response:
            if response.status == 200:
                self.owned.append(conversation)
            return response.status

    async def reply(self, conversation: str, text: str) -> str:
        """The message's id."""
        given = str(uuid.uuid4())
        address = f"{self.url}/desk/api/conversations/{conversation}/messages"
        await post(self.session, address, self.headers, {"id": given, "text": text})
        return given

    async def seconds(self, path: str) -> float:
        """Of reading a page or a list."""
        begun = time.perf_counter()
        async with self.session.get(f"{self.url}{path}", headers=self.headers) as response:
            response.raise_for_status()
            await response.read()
        return time.perf_counter() - begun

    async def follow(self) -> None:
        """Keeps the stream of the desk's events open, as the queue page does; runs until cancelled."""
        while True:
            with suppress(*NETWORK):
                headers = self.headers | {"Accept": "text/event-stream"}
                async with self.session.get(f"{self.url}/desk/api/events", headers=headers) as response:
                    async for _ in response.content:
                        pass
            await asyncio.sleep(AGAIN)

    def watcher(self, conversation: str) -> Watcher:
        url = f"{self.url}/desk/api/conversations/{conversation}/messages?beside=1"
        return Watcher(self.session, url, self.headers)


@dataclass
class Wire:
    """A way to a port that can be cut: everything on it breaks, and nothing gets through until it is mended."""

    to: int
    port: int = 0
    whole: bool = True
    _writers: set[asyncio.StreamWriter] = field(default_factory=set[asyncio.StreamWriter])

    async def open(self) -> asyncio.Server:
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def cut(self, seconds: float) -> None:
        self.whole = False
        for writer in list(self._writers):
            writer.transport.abort()
        await asyncio.sleep(seconds)
        self.whole = True

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.whole:
            writer.transport.abort()
            return
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self.to)
        both = {writer, inner_writer}
        self._writers |= both
        try:
            await asyncio.gather(_pour(reader, inner_writer), _pour(inner_reader, writer))
        finally:
            self._writers -= both
            for one in both:
                one.close()


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    with suppress(OSError, RuntimeError):
        writer.write_eof()
