"""The plug is pulled: processes are killed for real; every message is answered once, and nobody is left in silence."""

from __future__ import annotations

import signal

import pytest

from tests.e2e.citizen import Citizen, call
from tests.support.live import Live


def answers(citizen: Citizen) -> list[int]:
    return [message["reply_to"] for message in citizen.read() if message["author"] == "assistant"]


@pytest.mark.parametrize("process", ["rasa", "actions"])
def test_while_a_process_stands_still_the_citizen_is_told_and_answered_when_it_is_back(
    live_systems: Live, process: str
) -> None:
    citizen = Citizen(live_systems.public_url, "vi")
    citizen.ask("xin chào")
    with live_systems.standing_still(process):
        seq = citizen.say("lệ phí hộ chiếu bao nhiêu")
        citizen.wait(lambda message: message["author"] == "system" and "đã được giữ lại" in message["text"])
        assert "114" in citizen.ask("cháy nhà cứu với")["text"]
        citizen.ask("gặp nhân viên")
    assert "200.000" in citizen.answer_to(seq)["text"]
    assert len(answers(citizen)) == len(set(answers(citizen))) == 4


@pytest.mark.parametrize("process", ["rasa", "actions", "gateway"])
def test_a_killed_process_comes_back_and_every_acknowledged_message_is_answered_once(
    live_systems: Live, process: str
) -> None:
    citizen = Citizen(live_systems.public_url, "vi")
    citizen.ask("xin chào")
    sent = [citizen.say(text) for text in ("lệ phí hộ chiếu", "mất bao lâu", "nộp ở đâu")]
    live_systems.kill(process, signal.SIGKILL)
    live_systems.wait_ready()
    for seq in sent:
        citizen.answer_to(seq)
    assert [reply for reply in answers(citizen) if reply in sent] == sent


def test_what_was_said_is_still_there_after_the_gateway_was_killed(live_systems: Live) -> None:
    citizen = Citizen(live_systems.public_url, "vi")
    citizen.ask("lệ phí hộ chiếu")
    before = citizen.read()
    live_systems.kill("gateway", signal.SIGKILL)
    live_systems.wait_ready()
    assert citizen.read() == before
    assert "ộ chiếu" in citizen.ask("mất bao lâu")["text"]


def test_ready_names_the_part_that_is_down(live_systems: Live) -> None:
    with live_systems.standing_still("rasa"):
        status, parts = call("GET", f"{live_systems.public_url}/readyz")
    assert (status, parts["rasa"], parts["gateway"], parts["actions"]) == (503, "down", "ready", "ready")
    live_systems.wait_ready()
