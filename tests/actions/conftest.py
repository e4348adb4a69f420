"""The abilities over the real pack, with a clock that stands still and case systems that are fakes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from actions.answer import Language
from actions.cases.fake import FakeCases
from actions.cases.registry import Registry, owner
from actions.knowledge import Knowledge, Known
from actions.world import World
from calendars.working_time import ZONE
from knowledge import catalogue as catalogues
from knowledge.catalogue import Catalogue
from knowledge.contract import Index
from knowledge.search import Index as SearchIndex
from tests.actions.conversation import Conversation, Names, names_of
from text.proof import open_proof, seal

PACK = Path("knowledge/pack")
KEY = "x" * 43 + "="                    # any 32 bytes in base64
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)


class PackStore:
    """The pack itself as the store; `broken` makes it fail."""

    def __init__(self, catalogue: Catalogue | None) -> None:
        self.catalogue = catalogue
        self.loaded = 0

    def version(self) -> str | None:
        return self.catalogue.version() if self.catalogue else None

    def load(self) -> Catalogue:
        assert self.catalogue
        self.loaded += 1
        return self.catalogue


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return catalogues.load(PACK)


@pytest.fixture
def cases() -> FakeCases:
    return FakeCases(lambda: MONDAY, name="demonstration")


_built: list[Index] = []


def one_index(catalogue: Catalogue) -> Index:
    """The index of the pack, built once for all tests: it is the same catalogue."""
    if not _built:
        _built.append(SearchIndex.of_services(catalogue))
    return _built[0]


_known: dict[int, Known] = {}


def one_known(catalogue: Catalogue, index: Index, version: str) -> Known:
    """What is known of a catalogue, built once for all tests that have this very one."""
    kept = _known.get(id(catalogue))
    if kept is None or kept.catalogue is not catalogue:
        kept = _known[id(catalogue)] = Known(catalogue, index, version)
    return kept


def make_world(store: PackStore, cases: FakeCases, at: datetime = MONDAY) -> World:
    return World(
        knowledge=Knowledge(store, one_index, known=one_known),
        cases=Registry({"demonstration": cases}),
        owner=owner,
        open_proof=lambda conversation, token, now: open_proof(KEY, conversation, token, now=now),
        now=lambda: at,
    )


@pytest.fixture
def world(catalogue: Catalogue, cases: FakeCases) -> World:
    return make_world(PackStore(catalogue), cases)


Talk = Callable[[Language], Conversation]


@pytest.fixture(scope="session")
def names(catalogue: Catalogue) -> Names:
    return names_of(catalogue)


@pytest.fixture
def talk(world: World, names: Names) -> Talk:
    return lambda language: Conversation(world, language, names)


def sealed(value: str, conversation: str = "c-1", *, at: datetime = MONDAY) -> str:
    return seal(KEY, conversation, value, now=at)
