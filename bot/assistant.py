"""Asks Rasa for the answer to one message, over HTTP, through our own channel (bot/rasa/gateway.py)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import aiohttp
from pydantic import BaseModel, ConfigDict, Field, ValidationError

Outcome = Literal[
    "answered", "clarified", "case_status", "reported", "handed_off", "no_answer", "out_of_scope", "refused", "failed"
]


class Away(Exception):
    """Rasa, its model or the action server is not there; the same message may be sent again."""


class Failed(Exception):
    """Everything is there, and this message still gets no answer."""


class Choice(BaseModel):
    label: str
    value: str


class Source(BaseModel):
    title: str
    url: str | None = None
    verified: str | None = None


class Reply(BaseModel):
    text: str
    short: str = ""
    choices: list[Choice] = []
    sources: list[Source] = []
    language: Literal["vi", "en"]


class Handoff(BaseModel):
    reason: str
    topic: str | None = None
    agency: str | None = None
    summary: str = ""


class Answer(BaseModel):
    """What an action gives back (actions/answer.py); checked here, for it crosses two processes."""

    model_config = ConfigDict(extra="ignore")

    outcome: Outcome
    reply: Reply
    handoff: Handoff | None = None
    expect: Literal["proof", "choice", "text"] | None = None
    about: dict[str, Any] = {}
    rating: int | None = Field(default=None, ge=1, le=5)


class Answered(BaseModel):
    """One turn of Rasa: the answers, at least one, and what was understood."""

    answers: list[Answer] = Field(min_length=1)
    intent: str | None = None
    confidence: float | None = None

    def joined(self) -> Answer:
        """One answer a turn: texts one below the other, the last one's choices and state, the first hand-off."""
        last = self.answers[-1]
        if len(self.answers) == 1:
            return last
        sources = [source for answer in self.answers for source in answer.reply.sources]
        said = {
            "text": "\n\n".join(answer.reply.text for answer in self.answers),
            "short": "\n".join(answer.reply.short or answer.reply.text for answer in self.answers),
            "sources": sources,
        }
        handoff = next((answer.handoff for answer in self.answers if answer.handoff), None)
        return last.model_copy(update={"reply": last.reply.model_copy(update=said), "handoff": handoff})


@dataclass(frozen=True, slots=True)
class Question:
    """What Rasa is told of a message. `handovers`: how often the conversation had gone to a person or come back."""

    conversation: str
    message: str
    text: str
    language: str
    channel: str
    address: str
    intent: str | None
    entities: dict[str, str]
    handovers: int


class Assistant:
    """The one client of Rasa; `ask` raises Away or Failed and nothing else."""

    def __init__(
        self, session: aiohttp.ClientSession, *, rasa: str, secret: str, actions: str, timeout: float = 25
    ) -> None:
        self._session = session
        self._rasa = rasa
        self._actions = actions
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._timeout = aiohttp.ClientTimeout(total=timeout)

    async def ask(self, question: Question) -> Answered:
        try:
            async with self._session.post(
                f"{self._rasa}/webhooks/gateway/turn",
                json=_body(question),
                headers=self._headers,
                timeout=self._timeout,
            ) as response:
                return await self._read(response)
        except (aiohttp.ClientError, TimeoutError, OSError) as err:
            raise Away(type(err).__name__) from err

    async def _read(self, response: aiohttp.ClientResponse) -> Answered:
        if response.status == 503:
            raise Away("no model")
        if response.status == 502 and not await self.actions_ready():
            raise Away("action server")
        if response.status != 200:
            raise Failed(f"Rasa answered {response.status}")
        try:
            return Answered.model_validate(await response.json())
        except (ValidationError, ValueError) as err:
            raise Failed("Rasa's answer is not of the agreed shape") from err

    async def rasa_ready(self) -> tuple[bool, bool]:
        """Whether Rasa is there, and whether with a model loaded, which our channel asks for."""
        status = await self._status(f"{self._rasa}/webhooks/gateway/ready")
        return status in (200, 503), status == 200

    async def actions_ready(self) -> bool:
        return await self._status(f"{self._actions}/health") == 200

    async def _status(self, url: str) -> int | None:
        try:
            async with self._session.get(
                url, headers=self._headers, timeout=aiohttp.ClientTimeout(total=2)
            ) as response:
                return response.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            return None


def _body(question: Question) -> dict[str, Any]:
    return {name: getattr(question, name) for name in question.__slots__}
