"""The network of one handset with an app: texts, buttons, what is no text, and how the page is shown all that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypedDict

import aiohttp

from bot.core import Core
from bot.errors import NotFound
from bot.language import detect
from bot.phone.carrier import App, Said
from bot.phone.network import Network
from channels.contract import Beside, Channel, Receipt, Request


class Button(TypedDict):
    """`pressed`: it was, by now."""

    key: str
    label: str
    pressed: bool


class Shown(TypedDict):
    """`direction`: "out" was written on the handset, "in" came to it. `opener`: what opens the list that the buttons
    are, "" where they are none. `template`: the text is what stands in a template's blank. `at`: ISO 8601."""

    sid: str
    direction: Literal["in", "out"]
    text: str
    beside: Beside | None
    buttons: list[Button]
    opener: str
    template: bool
    language: str | None
    state: str
    at: str


class Chat(Network):
    def __init__(self, core: Core, app: App, session: aiohttp.ClientSession) -> None:
        super().__init__(core, session)
        self.app = app
        self._beside: dict[str, Beside] = {}
        self._pressed = set[tuple[str, str]]()  # message and key
        self._unseen = set[str]()

    @property
    def channel(self) -> Channel:
        return self._core.channels[self.app.provider]

    def messages(self) -> list[Shown]:
        """Everything that the handset has sent or got, oldest first."""
        held = self.app.carrier.texts.items()
        return [
            self._shown(sid, said)
            for sid, said in held
            if self.app.citizen in (said.sender, said.recipient) and sid not in self._unseen
        ]

    def _shown(self, sid: str, said: Said) -> Shown:
        buttons = [Button(key=key, label=label, pressed=(sid, key) in self._pressed) for key, label in said.options]
        return Shown(
            sid=sid, direction="out" if said.sender == self.app.citizen else "in", text=said.text,
            beside=self._beside.get(sid), buttons=buttons, opener=said.opener, template=bool(said.template),
            language=detect(said.text), state=self._states.get(sid, "sent"), at=said.at.isoformat(),
        )  # fmt: skip

    async def write(self, text: str) -> str:
        """Bring a text to the webhook; its id. Raises NotTaken."""
        request, sid = self._made(lambda: self.app.carrier.inbound(self.app.citizen, text))
        await self._bring(sid, request)
        return sid

    async def send(self, kind: Beside, caption: str) -> str:
        """The same for what is no text."""
        request, sid = self._made(lambda: self.app.carrier.beside(self.app.citizen, kind, caption))
        self._beside[sid] = kind
        await self._bring(sid, request)
        return sid

    async def press(self, sid: str, key: str) -> str:
        """The same for a button of a message, "" where the app writes nothing then. Raises NotFound for a button that
        is not there."""
        said = self.app.carrier.texts.get(sid)
        label = dict(said.options).get(key) if said and said.recipient == self.app.citizen else None
        if label is None:
            raise NotFound
        request, written = self._made(lambda: self.app.carrier.pressed(self.app.citizen, key, label))
        if written and self.app.carrier.texts[written].text != label:
            self._unseen.add(written)  # Zalo brings what the button holds, and shows nothing
        self._pressed.add((sid, key))
        await self._bring(written, request)
        return written

    def be_late(self) -> None:
        """The next reply comes too late."""
        self.app.carrier.plan([self.app.late])

    def _made(self, make: Callable[[], Request]) -> tuple[Request, str]:
        """A request, and the id of the message that the stand-in then holds, "" for none."""
        before = set(self.app.carrier.texts)
        request = make()
        return request, next((sid for sid in self.app.carrier.texts if sid not in before), "")

    def tell(self) -> None:
        """What became of each message that the gateway has sent since."""
        for sid, said in list(self.app.carrier.texts.items()):
            if sid not in self._states and said.recipient != self.app.account:
                self._moved(sid, "sent")
                self._begin(self._tell(sid))

    async def _tell(self, sid: str) -> None:
        await self._told(sid, self.app.carrier.callbacks(sid), self._state)

    def _state(self, request: Request) -> str:
        """As the gateway will read it."""
        states = [event.state for event in self.channel.parse(request) if isinstance(event, Receipt)]
        return states[-1] if states else ""
