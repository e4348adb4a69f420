"""What every use case of the conversation is given: the store, the clock, the keys, and who to wake."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from bot.hands import Hands
from bot.secrets import Secrets
from bot.settings import Settings
from bot.site import Site
from bot.store import Store
from channels.contract import Channel

LOOK_AGAIN = 0.5  # seconds
QUIET = 0.02  # seconds without a knock
LETS_WAIT = 0.25  # seconds that a crowd at the door may keep anything else from going on
GOES_ON = 0.1  # seconds of that, each time it has
Clock = Callable[[], datetime]


class Ear(asyncio.Event):
    """Set once one of `places` grew; `heard`: which of them, until it is cleared."""

    def __init__(self, *places: str) -> None:
        super().__init__()
        self.places = places
        self.heard: set[str] = set()

    def hear(self, place: str) -> None:
        self.heard.add(place)
        self.set()

    def clear(self) -> None:
        self.heard.clear()
        super().clear()


def beside(conversation: str) -> str:
    """Where it is heard that something about a conversation changed which is no message: a note, a draft, who reads."""
    return f"beside:{conversation}"


class Wake:
    """Tells those who wait in this process that a conversation grew, and the workers that a message waits.

    Other processes are heard of by looking again every few seconds; this only makes it quick.
    """

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[Ear]] = defaultdict(set)
        self._told: list[Callable[[str], None]] = []
        self.work = asyncio.Event()  # a message waits for Rasa
        self.letters = asyncio.Event()  # an envelope waits to be opened
        self.post = asyncio.Event()  # a delivery waits to be sent
        self.closing = False
        self._knocked = float("-inf")
        self._let_in = float("-inf")

    def knock(self) -> None:
        """Somebody stands at the door with a message, to be acknowledged at once."""
        self._knocked = time.monotonic()

    async def calm(self) -> None:
        """Return when nobody has knocked for a moment: what takes longer lets a crowd in first, but not always."""
        now, until = time.monotonic(), max(time.monotonic(), self._let_in) + LETS_WAIT
        while self._let_in <= now < until and now - self._knocked < QUIET:
            await asyncio.sleep(QUIET - (now - self._knocked))
            now = time.monotonic()
        if now >= until:
            self._let_in = now + GOES_ON

    async def rest(self, event: asyncio.Event) -> None:
        """Return when `event` is set, or when it is time to look all the same: for what another process did."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_AGAIN):
                await event.wait()

    def tell(self, told: Callable[[str], None]) -> None:
        """Call `told` with every place that grows."""
        self._told.append(told)

    def listen(self, *places: str) -> Ear:
        ear = Ear(*places)
        for place in places:
            self._waiting[place].add(ear)
        return ear

    def listeners(self, conversation: str) -> int:
        return len(self._waiting.get(conversation, ()))

    def forget(self, ear: Ear) -> None:
        for place in ear.places:
            self._waiting[place].discard(ear)
            if not self._waiting[place]:
                del self._waiting[place]

    def grew(self, *places: str) -> None:
        """Something was committed in a conversation, beside it, or at the "desk": those who listen there look."""
        for place in places:
            for ear in self._waiting.get(place, ()):
                ear.hear(place)
            for told in self._told:
                told(place)

    def close(self) -> None:
        """Let every stream end."""
        self.closing = True
        self.post.set()
        for ears in list(self._waiting.values()):
            for ear in ears:
                ear.set()


@dataclass(frozen=True, slots=True)
class Core:
    """The dependencies of every use case; made in one place, motcua.wiring."""

    settings: Settings
    secrets: Secrets
    store: Store
    site: Site
    clock: Clock
    channels: Mapping[str, Channel] = field(default_factory=dict[str, Channel])  # by provider
    wake: Wake = field(default_factory=Wake)
    hands: Hands = field(default_factory=Hands)
