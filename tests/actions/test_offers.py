"""A person on offer: why one is offered goes along in the choice, for whoever makes a hand-off of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import pytest

from tests.actions.conftest import Talk
from tests.actions.conversation import PERSON


@pytest.mark.parametrize(("text", "intent", "entities", "reason"), [
    ("…", "report_problem", {}, "report_problem"), ("…", "delete_my_data", {}, "delete_my_data"),
    ("…", "stop_messages", {}, "stop_messages"),
    ("nhận con nuôi", "documents", {}, "no_answer"), ("hủy đăng ký tạm trú", "cancel", {}, "no_answer"),
    ("phí phục hồi điểm bằng lái", "fee", {}, "no_answer"),
    ("hộ chiếu hết hạn có bị phạt không", "fee", {}, "no_answer"),
    ("tôi muốn rút hồ sơ", "cancel", {}, None),
    ("…", "check_case", {"case_reference": "H15.50.05.13-261008-0001"}, None),
])
async def test_the_reason_is_in_the_value(
    text: str, intent: str, entities: dict[str, Any], reason: str | None, talk: Talk
) -> None:
    citizen = talk("vi")
    answer = await citizen.say(text, intent, **entities)
    values = [one["value"] for one in answer["reply"]["choices"] if one["value"].startswith(PERSON)]
    (value,) = values or [PERSON]
    assert parse_qs(value).get("reason") == ([reason] if reason else None)
    if values:
        handed = await citizen.say("vâng", "affirm")
        assert handed.get("handoff", {}).get("reason") == (reason or "asked")


async def test_it_stays_when_the_answer_is_said_again(talk: Talk) -> None:
    citizen = talk("vi")
    said = await citizen.say("nhận con nuôi", "documents")
    again = await citizen.say("nhắc lại", "repeat")
    assert again["reply"]["choices"] == said["reply"]["choices"]
    assert said["reply"]["choices"][-1]["value"] == f"{PERSON}&reason=no_answer"


@pytest.mark.parametrize("text", ["…", "lệ phí hộ chiếu"])
async def test_a_person_who_is_simply_there_needs_no_reason(text: str, talk: Talk) -> None:
    citizen = talk("vi")
    answer = await citizen.say(text, "life_event", event="getting-married")
    fee = await citizen.say("bao nhiêu tiền", "fee")
    assert fee["reply"]["choices"][-1]["value"] == PERSON
    assert "about" in answer
