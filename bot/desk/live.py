"""What the desk's pages hear while they are open: that the lists, a conversation or the assistant's state has changed.

One look a process serves all who listen: at once for what this process did, every two seconds for what others did.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from collections import Counter
from collections.abc import Collection, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, get_args

import sqlalchemy as sa
from aiohttp import web

from bot import attention
from bot.assistant import Assistant
from bot.attention import Doing
from bot.core import Core, beside
from bot.desk import marks
from bot.desk.auth import signed_in, still
from bot.desk.marks import Figures
from bot.desk.shapes import Shape
from bot.desk.steps import Step
from bot.errors import NotSignedIn
from bot.looking import looking
from bot.model import person
from bot.people import Person, present
from bot.web.problems import body
from bot.web.running import during
from bot.web.streams import Beside

log = logging.getLogger(__name__)

LOOK_AGAIN = 2.0  # seconds: another process may have done something
AT_MOST_EVERY = 0.1  # seconds: a crowd of changes is one look
ASK_AGAIN = 5.0  # seconds until the assistant is asked again whether it is there
SIGN_OF_LIFE = 25.0  # seconds between two of a page that is open; also keeps the connection from being cut
Shown = dict[str, Any]


class Attending(Shape):
    """What one does with a conversation that is open; null: one has left it."""

    doing: Doing | None


_FIGURES = {key: {"type": "integer"} for key in ("queue", "callbacks", "mine", "unanswered")}
_MARKS = {key: {"type": "string"} for key in ("version", "owned", "presence")}
_STATE = {"type": "object", "properties": _FIGURES | {"out": {"type": "boolean"}} | _MARKS}
_DOING = {"type": "object", "properties": {"doing": {"enum": [*get_args(Doing), None]}}}
STEPS = (
    Step("get", "/events", "Server-sent events named changed, with these figures", None, {"200": _STATE}),
    Step(
        "post",
        "/conversations/{id}/attention",
        "What one does there, good for some seconds: colleagues see it, and the citizen that a reply is written",
        Attending,
        {"200": _DOING, "404": None},
    ),
)


@dataclass(eq=False, slots=True)
class Listener:
    """A page that is open: whose it is, what it was told last, and an event that is set when that no longer holds."""

    who: Person
    told: Shown | None = None
    event: asyncio.Event = field(default_factory=asyncio.Event)


class Live:
    """The one look of a process, and who listens to it."""

    def __init__(self, core: Core, assistant: Assistant) -> None:
        self._core = core
        self._assistant = assistant
        self._stirred = core.wake.listen("desk")
        self._looking = asyncio.Lock()
        self._lists_moved = True
        self._moved: set[str] = set()  # conversations that somebody has open
        self._looked = self._asked = self._marked = float("-inf")
        self._queues: dict[str, Figures] = {}
        self._owned: dict[int, Figures] = {}
        self._of_agencies: dict[tuple[str, ...] | None, Shown] = {}
        self._out = False
        self._marks: dict[str, str] = {}
        self._open: Counter[str] = Counter()
        self._listeners: list[Listener] = []
        core.wake.tell(self._hear)

    def _hear(self, place: str) -> None:
        name = place.removeprefix(beside(""))
        if place == "desk":
            self._lists_moved = True
        elif name in self._open:
            self._moved.add(name)
            self._stirred.set()

    async def state(self, who: Person) -> Shown:
        """{"queue", "callbacks", "mine", "unanswered", "out", "version", "owned"} as it is now; `version` stands for
        all that `who` sees in the lists, `owned` for what they have in hand."""
        await self._look()
        if _over(self._asked, 2 * ASK_AGAIN):  # nobody has listened for a while
            await self._ask()
        return self.shown(who)

    def shown(self, who: Person) -> Shown:
        """The same as of the last look."""
        if who.agencies not in self._of_agencies:
            self._of_agencies[who.agencies] = self._sum(who)
        of_agencies = self._of_agencies[who.agencies]
        mine = self._owned.get(who.id, Figures())
        marks = {"version": _short(f"{of_agencies['version']}{mine}"), "owned": _short(mine.mark)}
        return of_agencies | {"mine": mine.first, "unanswered": mine.second, "out": self._out} | marks

    def _sum(self, who: Person) -> Shown:
        """Of the queues that `who` sees."""
        queues = [figures for agency, figures in self._queues.items() if who.may_see(agency)]
        return {
            "queue": sum(figures.first for figures in queues),
            "callbacks": sum(figures.second for figures in queues),
            "version": _short(repr(queues)),
        }

    async def _look(self) -> None:
        """At the lists, if they moved or it is time."""
        async with self._looking:
            if not self._lists_moved and not _over(self._looked, LOOK_AGAIN):
                return
            self._lists_moved, self._looked = False, time.monotonic()
            async with self._core.store.read() as tx:
                self._queues, self._owned = await marks.queues(tx), await marks.owned(tx)
            self._of_agencies = {}

    async def _ask(self) -> None:
        """Whether the assistant is there; where it hangs, that takes seconds."""
        self._asked = time.monotonic()
        (_, model), actions = await asyncio.gather(self._assistant.rasa_ready(), self._assistant.actions_ready())
        before, self._out = self._out, not (model and actions)
        if before != self._out:
            self._stirred.set()

    async def ask_for_listeners(self) -> None:
        if self._listeners:
            await self._ask()

    async def _look_into(self, conversations: Collection[str]) -> None:
        """Conversations that somebody has open: whoever shows one whose mark is another one is woken."""
        async with self._core.store.read() as tx:
            found = await marks.conversations(tx, conversations, self._core.clock())
        for name in conversations:
            mark = _short(found.get(name, ""))
            if self._marks.get(name) != mark and name in self._open:
                self._marks[name] = mark
                self._core.wake.grew(marked(name))

    def mark(self, conversation_id: str) -> str | None:
        """Of one that is open, as of the last look."""
        return self._marks.get(conversation_id)

    @contextmanager
    def watching(self, conversation_id: str) -> Generator[None]:
        """For as long as somebody has it open."""
        self._open[conversation_id] += 1
        self._hear(conversation_id)
        try:
            yield
        finally:
            self._open -= Counter([conversation_id])
            if conversation_id not in self._open:
                self._marks.pop(conversation_id, None)

    @contextmanager
    def listening(self, who: Person) -> Generator[Listener]:
        listener = Listener(who)
        self._listeners.append(listener)
        try:
            yield listener
        finally:
            self._listeners.remove(listener)

    async def watch(self) -> None:
        """Look again and again while anybody listens; runs until the server ends."""
        while not self._core.wake.closing:
            try:
                await self._tell()
            except Exception:
                log.exception("looking for the desk broke off")
            await asyncio.sleep(AT_MOST_EVERY)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN):
                    await self._stirred.wait()
        for listener in self._listeners:
            listener.event.set()

    async def _tell(self) -> None:
        self._stirred.clear()
        moved, self._moved = self._moved, set()
        if _over(self._marked, LOOK_AGAIN):  # for what other processes did
            moved, self._marked = set(self._open), time.monotonic()
        if moved:
            await self._look_into(moved)
        if not self._listeners:
            return  # whoever comes next looks for themselves
        await self._look()
        for listener in self._listeners:
            if self.shown(listener.who) != listener.told:
                listener.event.set()


LIVE: web.AppKey[Live] = web.AppKey("live", Live)


def install(app: web.Application, core: Core, assistant: Assistant) -> None:
    """Look and ask for as long as the application runs."""
    app[LIVE] = Live(core, assistant)
    during(app, app[LIVE].watch)
    during(app, partial(looking, app[LIVE].ask_for_listeners, ASK_AGAIN, "asking for the assistant"))


def marked(conversation_id: str) -> str:
    """Where it is heard that the mark of a conversation is another one."""
    return f"marked:{conversation_id}"


def changes(request: web.Request, conversation_id: str) -> Beside:
    """Beside the messages of a conversation: a mark of all else that its page shows."""
    return Beside("changed", marked(conversation_id), partial(request.app[LIVE].mark, conversation_id))


async def mark(core: Core, conversation_id: str) -> str:
    """Another one after any change of what the page of a conversation shows."""
    async with core.store.read() as tx:
        return _short((await marks.conversations(tx, [conversation_id], core.clock())).get(conversation_id, ""))


def routes(core: Core) -> list[web.RouteDef]:
    async def events(request: web.Request, who: Person) -> web.StreamResponse:
        headers = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers | {"X-Accel-Buffering": "no"})
        with suppress(ConnectionResetError, NotSignedIn), request.app[LIVE].listening(who) as listener:
            await response.prepare(request)
            await response.write(b"retry: 1000\n\n")
            await _pour(core, request, response, listener)
        return response

    async def attending(request: web.Request, who: Person) -> web.StreamResponse:
        doing = (await body(request, Attending)).doing
        await attention.attend(core, who, request.match_info["id"], doing)
        return web.json_response({"doing": doing})

    return [
        web.get("/desk/api/events", signed_in(core, acts=False)(events)),
        web.post(
            "/desk/api/conversations/{id:[A-Za-z0-9_-]+}/attention",
            signed_in(core, "converse", acts=False)(attending),
        ),
    ]


async def _pour(core: Core, request: web.Request, response: web.StreamResponse, listener: Listener) -> None:
    """The state at once and after each change; with every sign of life also whether the person counts as there."""
    live, lived = request.app[LIVE], float("-inf")
    await live.state(listener.who)
    while not core.wake.closing:
        listener.event.clear()
        before, presence = listener.told, Shown()
        if _over(lived, SIGN_OF_LIFE):
            listener.who, lived = await still(core, request), time.monotonic()
            presence = {"presence": await _presence(core, listener.who)}
        listener.told = live.shown(listener.who)
        moved = presence or listener.told != before
        await response.write((_event(listener.told | presence) if moved else ": here\n\n").encode())
        with suppress(TimeoutError):
            async with asyncio.timeout(SIGN_OF_LIFE):
                await listener.event.wait()


def _event(shown: Shown) -> str:
    return f"id: {shown['version']}\nevent: changed\ndata: {json.dumps(shown)}\n\n"


async def _presence(core: Core, who: Person) -> str:
    async with core.store.read() as tx:
        return present((await tx.execute(sa.select(person).where(person.c.id == who.id))).one(), core.clock())


def _over(since: float, seconds: float) -> bool:
    return time.monotonic() - since > seconds


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
