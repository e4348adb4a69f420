"""What the assistant knows, as it stands in the store now: loaded once, loaded again when its version changes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from actions.errors import KnowledgeUnavailable
from actions.naming import Called, Vocabulary, called, vocabulary
from knowledge.catalogue import Catalogue
from knowledge.contract import Index
from knowledge.store import NothingImported

log = logging.getLogger(__name__)
CHECK_EVERY = 2.0                       # seconds between two looks at the store's version


class Store(Protocol):
    """Where the catalogue rests: knowledge.store at a URL, or a fake."""

    def version(self) -> str | None:
        """None while there is none, or it cannot be reached."""
        ...

    def load(self) -> Catalogue:
        """Raises NothingImported."""
        ...


@dataclass(frozen=True, slots=True)
class Known:
    """One state of the knowledge; an ability uses one for its whole turn."""

    catalogue: Catalogue
    index: Index
    version: str
    called: dict[str, Called] = field(init=False)       # by service
    words: Vocabulary = field(init=False)               # of all services
    _spoken: dict[str, Vocabulary] = field(init=False, default_factory=dict[str, Vocabulary])

    def __post_init__(self) -> None:
        services = self.catalogue.services
        object.__setattr__(self, "called", {one: called(service) for one, service in services.items()})
        object.__setattr__(self, "words", vocabulary(services.values()))

    def spoken(self, service: str) -> Vocabulary:
        """The words of one service's record; made when first asked for, and kept."""
        if service not in self._spoken:
            self._spoken[service] = vocabulary([self.catalogue.services[service]])
        return self._spoken[service]


class Knowledge:
    """Gives the newest `Known`. A store that fails later leaves the last good one in use."""

    def __init__(
        self, store: Store, index: Callable[[Catalogue], Index], monotonic: Callable[[], float] = time.monotonic,
        known: Callable[[Catalogue, Index, str], Known] = Known,
    ) -> None:
        self._store = store
        self._index = index
        self._monotonic = monotonic
        self._make = known
        self._known: Known | None = None
        self._looked = float("-inf")
        self._lock = asyncio.Lock()

    async def current(self) -> Known:
        """Raises KnowledgeUnavailable while nothing could ever be loaded."""
        if self._monotonic() - self._looked >= CHECK_EVERY:
            async with self._lock:
                await self._look()
        if self._known is None:
            raise KnowledgeUnavailable
        return self._known

    async def warm(self) -> None:
        """Loads before the first question, if there is something to load."""
        with contextlib.suppress(KnowledgeUnavailable):
            await self.current()

    async def _look(self) -> None:
        if self._monotonic() - self._looked < CHECK_EVERY:
            return                      # another turn looked while this one waited
        try:
            self._known = await asyncio.to_thread(self._newest)
        except NothingImported:
            log.warning("the knowledge store has nothing that can be read")
        self._looked = self._monotonic()

    def _newest(self) -> Known | None:
        version = self._store.version()
        if version is None or (self._known and self._known.version == version):
            return self._known
        catalogue = self._store.load()
        log.info("knowledge %s: %d services", version, len(catalogue.services))
        return self._make(catalogue, self._index(catalogue), version)
