"""Rasa and an action server as real processes, for tests of what happens between the gateway and Rasa."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from tests.support.free_ports import free_ports

ROOT = Path(__file__).resolve().parents[3]
PYTHON = ROOT / "bot" / "rasa" / ".venv" / "bin" / "python"
SECRET = "a-secret-of-the-tests"  # noqa: S105
NUMBERS = count(1)


def clean_environment(**more: str) -> dict[str, str]:
    """What a person's shell has, without any setting of ours."""
    return {**{name: value for name, value in os.environ.items() if not name.startswith(("MOTCUA_", "RASA_"))}, **more}


@contextmanager
def running(
    command: list[str], port: int, log: Path, environment: dict[str, str] | None = None, cwd: Path = ROOT
) -> Generator[subprocess.Popen[bytes]]:
    """The process, listening; terminated at the end."""
    with (
        log.open("ab") as out,
        subprocess.Popen(  # noqa: S603
            command, stdout=out, stderr=out, env=environment, cwd=cwd
        ) as process,
    ):
        try:
            _wait(process, port, log)
            yield process
        finally:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"{process.args} does not listen:\n{log.read_text()[-3000:]}")


@contextmanager
def action_server(folder: Path) -> Generator[int]:
    port = free_ports(1)[0]
    command = [sys.executable, "-m", "rasa_sdk", "--actions", "toy_actions", "-p", str(port)]
    with running(command, port, folder / "actions.log", cwd=Path(__file__).parent):
        yield port


@dataclass
class Rasa:
    """A running Rasa, and how the gateway talks to it."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    home: Path
    conversation: str = field(default_factory=lambda: f"c-{next(NUMBERS)}")

    def call(
        self, method: str, path: str, body: bytes = b"", secret: str = SECRET, seconds: float = 30
    ) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            connection.request(method, path, body, {"Authorization": f"Bearer {secret}"} if secret else {})
            response = connection.getresponse()
            content = response.read()
            return response.status, json.loads(content) if content else None
        finally:
            connection.close()

    def turn(self, text: str, *, seconds: float = 30, **fields: Any) -> tuple[int, Any]:
        asked = {"conversation": self.conversation, "message": f"m-{next(NUMBERS)}", "text": text, "language": "vi",
                 "channel": "web", "address": "hash", "intent": None, "entities": {}, **fields}  # fmt: skip
        return self.call("POST", "/webhooks/gateway/turn", json.dumps(asked).encode(), seconds=seconds)

    def answer(self, text: str, **fields: Any) -> dict[str, Any]:
        status, told = self.turn(text, **fields)
        assert status == 200, told
        return told["answers"][0]

    def new_conversation(self) -> None:
        self.conversation = f"c-{next(NUMBERS)}"


@contextmanager
def rasa(model: Path, actions: int, home: Path, database: str | None = None) -> Generator[Rasa]:
    port = free_ports(1)[0]
    environment = clean_environment(
        MOTCUA_HOME=str(home), MOTCUA_RASA_SECRET=SECRET, MOTCUA_RASA_PORT=str(port), MOTCUA_RASA_MODEL=str(model),
        MOTCUA_ACTIONS_PORT=str(actions), MOTCUA_ACTIONS_SECRET="another", PYTHONPATH=str(ROOT),  # noqa: S106
        **({"MOTCUA_RASA_DATABASE_URL": database} if database else {}),
    )  # fmt: skip
    log = home / "rasa.log"
    with running([str(PYTHON), "-m", "bot.rasa.serve"], port, log, environment, home) as process:
        yield Rasa(port, process, log, home)
