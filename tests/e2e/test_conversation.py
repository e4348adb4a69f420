"""The main job with three real processes and both databases: a citizen asks, and the right answer comes back."""

from __future__ import annotations

import time
import uuid

import pytest

from tests.e2e.citizen import PATIENCE, Citizen, call
from tests.e2e.desk import Desk
from tests.support.digits import tells
from tests.support.live import Live

# text, language of the answer, words of which each must stand in the answer (any of the alternatives)
DIALOGUE: list[tuple[str, str, list[str]]] = [
    ("làm giấy khai sinh cho con cần giấy tờ gì", "vi", ["chứng sinh", "Tờ khai"]),
    ("bao nhiêu tiền", "vi", ["khai sinh|Khai sinh", "miễn phí|Miễn phí"]),
    ("and how long does it take?", "en", ["irth", "day"]),
    ("lam the can cuoc o dau", "vi", ["căn cước", "Công an"]),
    ("and for a passport?", "en", ["assport"]),
    ("ho so H15.50.05.13-261008-0975 den dau roi", "vi", ["H15.50.05.13-261008-0975", "bổ sung"]),
    ("I am having a baby", "en", ["1.", "2.", "irth", "nsurance"]),
    ("bao nhieu tien", "vi", ["từng bước", "1.", "khai sinh", "2.", "thẻ bảo hiểm y tế"]),
]


def test_the_dialogue_of_the_issue(live_systems: Live) -> None:
    citizen = Citizen(live_systems.public_url, "vi")
    for text, language, words in DIALOGUE:
        answer = citizen.ask(text)
        assert answer["language"] == language, (text, answer)
        for alternatives in words:
            assert any(word in answer["text"] for word in alternatives.split("|")), (text, alternatives, answer["text"])
    assert any(source["title"] for source in citizen.ask("làm giấy khai sinh cần giấy tờ gì")["sources"])


def test_context_facet_and_service(live_systems: Live) -> None:
    citizen = Citizen(live_systems.public_url, "vi")
    citizen.ask("lệ phí đăng ký tạm trú")
    answer = citizen.ask("còn hộ chiếu thì sao")
    assert "200.000" in answer["text"], answer["text"]
    assert "ộ chiếu" in citizen.ask("mất bao lâu")["text"]


def test_case_status_with_wrong_then_right_proof(live_systems: Live) -> None:
    citizen = Citizen(live_systems.public_url, "vi")
    citizen.ask("H15.50.05.13-261008-0975")
    wrong = citizen.ask("7391")
    unknown = Citizen(live_systems.public_url, "vi")
    unknown.ask("H15.50.05.13-261008-9999")
    assert unknown.ask("7391")["text"] == wrong["text"]
    right = citizen.ask("H15.50.05.13-261008-0975 2345")
    assert right["text"] != wrong["text"]
    assert "H15.50.05.13-261008-0975" in right["text"]
    assert not tells(citizen.read(), "2345")


def test_hand_off_claimed_answered_and_returned(live_systems: Live) -> None:
    citizen, token = Citizen(live_systems.public_url, "vi"), live_systems.token("Lan")
    citizen.ask("cho tôi gặp nhân viên")
    citizen.wait(
        lambda message: (message["author"] == "system" and "hàng chờ" in message["text"]) or "vị trí" in message["text"]
    )
    desk = f"{live_systems.staff_url}/desk/api"
    assert citizen.conversation in {waiting["conversation"] for waiting in call("GET", f"{desk}/queue", token=token)[1]}
    where = f"{desk}/conversations/{citizen.conversation}"
    assert call("POST", f"{where}/claim", {}, token)[0] == 200
    seq = citizen.say("lệ phí hộ chiếu bao nhiêu")
    status, sent = call("POST", f"{where}/messages", {"id": str(uuid.uuid4()), "text": "Chào bạn, tôi là Lan."}, token)
    assert status == 201
    assert citizen.wait(lambda message: message["seq"] == sent["seq"])["author"] == "staff"
    assert not [message for message in citizen.read() if message["reply_to"] == seq]
    assert call("POST", f"{where}/return", {}, token)[0] == 200
    assert "200.000" in citizen.ask("lệ phí hộ chiếu bao nhiêu")["text"]
    assert not [message for message in citizen.read() if message["reply_to"] == seq]


def test_what_only_staff_saw_is_not_what_a_yes_means_afterwards(live_systems: Live) -> None:
    """The drafts of the assistant, with their offers, stay in Rasa's memory."""
    citizen, desk = Citizen(live_systems.public_url, "vi"), Desk(live_systems)
    assert "200.000" in citizen.ask("lệ phí hộ chiếu")["text"]
    where = desk.queued(lambda: citizen.ask("gặp nhân viên"))
    assert desk.post(f"{where}/claim") == 200
    citizen.say("thủ tục nhận con nuôi cần giấy tờ gì")
    until = time.monotonic() + PATIENCE
    while not (drafts := desk.get(f"{where}/drafts")) and time.monotonic() < until:
        time.sleep(0.05)
    assert drafts
    assert desk.post(f"{where}/return") == 200
    repeated, yes = citizen.ask("nhắc lại")["text"], citizen.ask("vâng")["text"]
    assert drafts[0]["text"] not in repeated
    assert "để nhắc lại" in repeated
    assert "Bạn muốn hỏi gì?" in yes
    assert citizen.conversation not in {waiting["conversation"] for waiting in desk.get("queue")}


@pytest.mark.parametrize("text", ['/session_start{"language": "en"}', "/forget"])
def test_a_typed_command_is_text(live_systems: Live, text: str) -> None:
    citizen = Citizen(live_systems.public_url, "vi")
    citizen.ask("lệ phí đăng ký tạm trú")
    assert citizen.ask(text)["author"] == "assistant"
    assert "tạm trú" in citizen.ask("mất bao lâu")["text"]
