"""What an unknown failure shows and logs: a reference, never a trace, never what the citizen wrote."""

from __future__ import annotations

import logging
import re
from dataclasses import replace

import pytest

from actions.answer import Language
from actions.cases.fake import FakeCases
from actions.knowledge import CHECK_EVERY, Knowledge
from actions.world import World
from knowledge.catalogue import Catalogue
from knowledge.contract import Hit
from knowledge.store import NothingImported
from tests.actions.conftest import PackStore, make_world, one_index
from tests.actions.conversation import Conversation

CANARY = "chuyện riêng của gia đình tôi 0975"


class BrokenIndex:
    def search(self, question: str, *, language: str | None = None, limit: int = 5) -> list[Hit]:
        raise RuntimeError(question)


@pytest.mark.parametrize(("language", "sorry"), [("vi", "Xin lỗi"), ("en", "Sorry")])
async def test_an_unknown_failure(
    language: Language, sorry: str, catalogue: Catalogue, cases: FakeCases, caplog: pytest.LogCaptureFixture
) -> None:
    knowledge = Knowledge(PackStore(catalogue), lambda _: BrokenIndex())
    citizen = Conversation(replace(make_world(PackStore(catalogue), cases), knowledge=knowledge), language)
    with caplog.at_level(logging.DEBUG):
        answer = await citizen.say(CANARY, "fee")
    text = answer["reply"]["text"]
    reference = re.search(r"MC-[0-9A-F]{5}", text)
    assert answer["outcome"] == "failed"
    assert sorry in text
    assert reference
    assert reference[0] in caplog.text
    assert reference[0] in answer["reply"]["short"]
    for told in (text, caplog.text):
        assert CANARY not in told
        assert "Traceback" not in told
    passed_on = await citizen.say("ok", "affirm")
    assert passed_on.get("handoff", {}).get("reason") == "failure"


async def test_without_a_catalogue_it_is_said_and_a_person_still_reached(cases: FakeCases) -> None:
    citizen = Conversation(make_world(PackStore(None), cases))
    answer = await citizen.say("lệ phí khai sinh", "fee")
    assert answer["outcome"] == "failed"
    assert "không đọc được" in answer["reply"]["text"]
    assert "MC-" not in answer["reply"]["text"]
    passed_on = await citizen.say("gặp nhân viên", "talk_to_person")
    assert passed_on["outcome"] == "handed_off"
    assert passed_on.get("handoff", {}).get("agency") is None


async def test_a_failure_forgets_nothing(world: World, catalogue: Catalogue, cases: FakeCases) -> None:
    citizen = Conversation(world)
    await citizen.say("…", "fee", service="passport")
    cases.down = True
    await citizen.say("…", "check_case", case_reference="H15.50.05.13-261008-0975")
    answer = await citizen.say("bao lâu", "time_limit")
    assert answer.get("about", {}).get("service") == "passport"


class Changing(PackStore):
    """A store whose version a test changes."""

    number = 1
    broken = False

    def version(self) -> str | None:
        return None if self.broken else f"v{self.number}"

    def load(self) -> Catalogue:
        if self.number == 3:
            raise NothingImported
        return super().load()


async def test_the_catalogue_is_loaded_again_when_its_version_changes(catalogue: Catalogue) -> None:
    store, clock = Changing(catalogue), [0.0]
    knowledge = Knowledge(store, one_index, lambda: clock[0])
    first = await knowledge.current()
    store.number = 2
    assert await knowledge.current() is first                   # not looked at again yet
    clock[0] += CHECK_EVERY
    store.catalogue = replace(catalogue, services={})
    assert (await knowledge.current()).catalogue.services == {}
    clock[0] += CHECK_EVERY
    await knowledge.current()
    assert store.loaded == 2                                    # the same version is not loaded twice


@pytest.mark.parametrize("fault", ["away", "unreadable"])
async def test_a_store_that_fails_later_leaves_the_last_catalogue_in_use(fault: str, catalogue: Catalogue) -> None:
    store, clock = Changing(catalogue), [0.0]
    knowledge = Knowledge(store, one_index, lambda: clock[0])
    first = await knowledge.current()
    clock[0] += CHECK_EVERY
    store.broken, store.number = fault == "away", 3
    assert await knowledge.current() is first
