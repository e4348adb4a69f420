"""The mobile network of the two handsets that text."""

from __future__ import annotations

from urllib.parse import parse_qs
from uuid import uuid4

import aiohttp

from bot.core import Core
from bot.phone.carrier import Carrier
from bot.phone.handsets import HANDSETS, Shown, shown
from bot.phone.network import Network
from channels.contract import Request


class Sms(Network):
    def __init__(self, core: Core, carrier: Carrier, session: aiohttp.ClientSession) -> None:
        super().__init__(core, session)
        self._carrier = carrier

    def texts(self) -> list[Shown]:
        """Everything that either handset has sent or got, oldest first."""
        price = self._core.settings.sms_price
        all_texts = [
            shown(sid, held, self._states.get(sid, held.status), price) for sid, held in self._carrier.texts.items()
        ]
        return [text for text in all_texts if text is not None]

    async def write(self, handset: int, text: str, media: int) -> str:
        """Bring a text of a handset to the webhook; its id. Raises NotTaken."""
        sid = ("MM" if media else "SM") + uuid4().hex
        await self._bring(sid, self._carrier.inbound(HANDSETS[handset], text, sid=sid, media=media))
        return sid

    def tell(self) -> None:
        """What became of each text that the gateway has sent since; an address with a colon is of an app."""
        for sid, held in list(self._carrier.texts.items()):
            if sid not in self._states and held.recipient != self._carrier.number and ":" not in held.recipient:
                self._moved(sid, "queued")
                self._begin(self._tell(sid))

    async def _tell(self, sid: str) -> None:
        await self._told(sid, self._carrier.callbacks(sid), _status)
        self._moved(sid, self._carrier.texts[sid].status)


def _status(request: Request) -> str:
    return parse_qs(request.body.decode())["MessageStatus"][0]
