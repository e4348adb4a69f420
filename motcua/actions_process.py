"""The action server: rasa-sdk's own application, on loopback, behind a secret, with quiet logs.

Run by the runner as `python -m motcua.actions_process`; what it needs comes from the environment (Options).
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
import signal
import sys
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import rasa_sdk.endpoint
from rasa_sdk.executor import ActionExecutor
from sanic import HTTPResponse, Request
from sanic.exceptions import BadRequest
from sanic.response import BaseHTTPResponse
from sanic.response import json as answer

from actions.all import abilities
from actions.cases.registry import demonstration, owner
from actions.knowledge import Knowledge
from actions.world import World
from calendars.clock import clock_of
from calendars.working_time import local
from knowledge import store
from knowledge.catalogue import Catalogue
from knowledge.search import Index
from text.proof import open_proof

HOST = "127.0.0.1"
log = logging.getLogger("motcua.actions")


@dataclass(frozen=True, slots=True)
class Options:
    """`clock` and `since`: of calendars.clock, for tests."""

    port: int
    secret: str = field(repr=False)
    proof_key: str = field(repr=False)
    knowledge_url: str
    cases_url: str
    clock: str = ""
    since: str = ""

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Options:
        """Raises KeyError for a name that the runner did not give."""
        return cls(
            port=int(environment.get("MOTCUA_ACTIONS_PORT", "5055")),
            secret=environment["MOTCUA_ACTIONS_SECRET"],
            proof_key=environment["MOTCUA_PROOF_KEY"],
            knowledge_url=environment["MOTCUA_KNOWLEDGE_DATABASE_URL"],
            cases_url=environment["MOTCUA_CASES_DATABASE_URL"],
            clock=environment.get("MOTCUA_CLOCK", ""),
            since=environment.get("MOTCUA_CLOCK_SINCE", ""),
        )

    def now(self) -> Callable[[], datetime]:
        clock = clock_of(self.clock, self.since)
        return lambda: local(clock())


@dataclass(frozen=True, slots=True)
class SqlStore:
    """The catalogue's store at a URL, as actions.knowledge wants it."""

    url: str

    def version(self) -> str | None:
        return store.version(self.url)

    def load(self) -> Catalogue:
        return store.load(self.url)


def world(options: Options) -> World:
    now = options.now()
    return World(
        knowledge=Knowledge(SqlStore(options.knowledge_url), Index.of_services),
        cases=demonstration(options.cases_url, options.proof_key, now),
        owner=owner,
        open_proof=lambda conversation, token, at: open_proof(options.proof_key, conversation, token, now=at),
        now=now,
    )


def application(options: Options, given: World) -> Any:
    """rasa-sdk's application with every ability; all but /health asks for the secret."""
    executor = ActionExecutor()
    for ability in abilities(given):
        executor.register_action(ability)
    sdk: Any = rasa_sdk.endpoint  # sanic types its applications by generics that strict types do not follow
    app: Any = sdk.create_app(executor, cors_origins=[])

    async def guard(request: Request) -> HTTPResponse | None:
        if request.path == "/health":
            return None
        if not hmac.compare_digest(str(request.args.get("token", "")).encode(), options.secret.encode()):
            return answer({"error": "wrong or no token"}, status=401)
        return answer({"error": "the body is not JSON"}, status=400) if _unreadable(request) else None

    async def discreet(_: Request, response: BaseHTTPResponse) -> HTTPResponse | None:
        """rasa-sdk puts the whole request, tracker included, into the body of an error."""
        return answer({"error": "failed"}, status=response.status) if response.status >= 500 else None

    app.register_middleware(guard, "request")
    app.register_middleware(discreet, "response")
    return app


def _unreadable(request: Request) -> bool:
    if request.method != "POST" or request.headers.get("Content-Encoding"):
        return False
    try:
        return not isinstance(request.json, dict)
    except BadRequest:
        return True


class NoTraces(logging.Filter):
    """Leaves the sentence of a record and drops its stack trace."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = record.exc_text = None
        return True


def quiet_logs() -> None:
    """Warnings and our own notes on standard error; nothing of a request's content, no stack traces."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(NoTraces())
    handler.setFormatter(logging.Formatter("%(asctime)s actions %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in ("actions", "motcua"):
        logging.getLogger(name).setLevel(logging.INFO)
    # rasa-sdk 3.21 serves Rasa 3.6 (docs/adr/0001-two-environments.md) and warns of it at every call.
    warnings.filterwarnings("ignore", module=r"rasa_sdk\.utils")


async def serve(options: Options) -> None:
    """Until SIGTERM or SIGINT, which sanic's own runner ignores for a moment at start and obeys late at the end."""
    stop = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, stop.set)
    given = world(options)
    await given.knowledge.warm()
    server = await application(options, given).create_server(HOST, options.port, return_asyncio_server=True)
    await server.startup()
    await server.start_serving()
    log.info("listening on %s:%s", HOST, options.port)
    await stop.wait()
    server.close()


def run(options: Options) -> None:
    quiet_logs()
    asyncio.run(serve(options))


if __name__ == "__main__":
    run(Options.read(os.environ))
