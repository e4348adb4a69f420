"""The gateway's channel against the real Rasa process: its answers, its refusals, and that nothing is half done."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.bot.rasa import process
from tests.bot.rasa.process import Rasa
from tests.support.free_ports import free_ports

TURN = "/webhooks/gateway/turn"
GOOD = {"conversation": "c", "message": "m", "text": "t", "language": "vi", "channel": "web"}


@pytest.mark.parametrize(
    ("label", "secret", "status"),
    [("none", "", 401), ("wrong", "wrong", 401), ("a part", process.SECRET[:-1], 401), ("not ASCII", "bí-mật", 401)],
)
def test_the_secret_is_asked(rasa: Rasa, label: str, secret: str, status: int) -> None:
    body = json.dumps(GOOD).encode()
    assert rasa.call("POST", TURN, body, secret.encode().decode("latin-1")) == (status, {"error": "secret"})
    assert (
        rasa.call("DELETE", "/webhooks/gateway/conversations/c", secret=secret.encode().decode("latin-1"))[0] == status
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"), (b"{", "body"), (b"[]", "body"), (b'"text"', "body"), (b"\xff", "body"),
        *[(json.dumps({k: v for k, v in GOOD.items() if k != name}).encode(), name) for name in GOOD],
        *[(json.dumps({**GOOD, name: 1}).encode(), name) for name in (*GOOD, "address", "intent", "entities")],
        *[(json.dumps({**GOOD, "handovers": given}).encode(), "handovers") for given in ("1", 1.5, [1])],
        *[(json.dumps({**GOOD, name: " "}).encode(), name) for name in ("conversation", "message", "channel")],
        (json.dumps({**GOOD, "language": "fr"}).encode(), "language"),
        (json.dumps({**GOOD, "intent": "no_such_intent"}).encode(), "intent"),
        (json.dumps({**GOOD, "entities": {"service": ["passport"]}}).encode(), "entities"),
        (json.dumps({**GOOD, "extra": 1}).encode(), "extra"),
    ],
)  # fmt: skip
def test_what_is_not_a_turn_is_named(rasa: Rasa, body: bytes, field: str) -> None:
    assert rasa.call("POST", TURN, body) == (400, {"error": field})


@pytest.mark.parametrize(
    ("text", "intent", "service"),
    [
        ("lệ phí hộ chiếu bao nhiêu", "fee", "passport"),
        ("le phi ho chieu bao nhieu", "fee", "passport"),
        ("LỆ PHÍ HỘ CHIẾU BAO NHIÊU", "fee", "passport"),
        ("what documents do I need for a passport?", "documents", "passport"),
    ],
)
def test_a_text_is_understood(rasa: Rasa, text: str, intent: str, service: str) -> None:
    status, told = rasa.turn(text)
    assert (status, told["intent"]) == (200, intent)
    assert told["confidence"] > 0.5
    assert {"entity": "service", "value": service} in told["entities"]
    assert told["answers"][0]["reply"]["text"] == text


def test_what_is_already_understood_is_not_classified(rasa: Rasa) -> None:
    status, told = rasa.turn("1", intent="documents", entities={"service": "identity-card", "proof": "sealed"})
    assert (status, told["intent"], told["confidence"]) == (200, "documents", 1.0)
    assert told["entities"] == [{"entity": "service", "value": "identity-card"}, {"entity": "proof", "value": "sealed"}]


@pytest.mark.parametrize(("given", "told"), [({}, 0), ({"handovers": None}, 0), ({"handovers": 3}, 3)])
def test_the_action_knows_which_message_it_is_and_how_often_the_conversation_changed_hands(
    rasa: Rasa, given: dict[str, Any], told: int
) -> None:
    for message in ("first", "second"):
        asked = rasa.answer("x", intent="fee", message=message, **given)["about"]["asked"]
        assert (asked["message"], asked["handovers"], asked["address"]) == (message, told, "hash")


def test_given_entities_come_before_found_ones(rasa: Rasa) -> None:
    told = rasa.turn("bao nhiêu tiền làm hộ chiếu", entities={"service": "identity-card"})[1]
    assert [e["value"] for e in told["entities"]] == ["identity-card", "passport"]
    assert rasa.answer("bao nhiêu tiền")["about"]["service"] == "identity-card"


@pytest.mark.parametrize(
    "text", ['/change_language{"language": "en"}', "/restart", '/fee{"service": "land"}', "/", "  //greet"]
)
def test_a_typed_slash_is_text(rasa: Rasa, text: str) -> None:
    rasa.answer("bao nhiêu tiền làm hộ chiếu")
    status, told = rasa.turn(text)
    assert status == 200
    assert told["confidence"] < 1
    later = rasa.answer("bao nhiêu tiền")
    assert (later["about"]["service"], later["reply"]["language"]) == ("passport", "vi")


@pytest.mark.parametrize("text", ["", " ", "???", "👍", "\u200b"])
def test_a_text_without_letters_is_not_understood(rasa: Rasa, text: str) -> None:
    assert rasa.turn(text)[1]["intent"] == "nlu_fallback"


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("xin chào", "vi", "trợ lý tự động"),
        ("xin chao", "vi", "trợ lý tự động"),
        ("hello", "en", "automatic assistant"),
    ],
)
def test_small_talk_is_wrapped_into_an_answer(rasa: Rasa, text: str, language: str, words: str) -> None:
    answer = rasa.answer(text, language=language)
    assert answer["outcome"] == "answered"
    assert answer["reply"]["language"] == language
    assert words in answer["reply"]["text"]
    assert {"label", "value"} == set(answer["reply"]["choices"][0])
    assert answer["reply"]["choices"][0]["value"].startswith("intent=")


def test_the_outcome_of_small_talk_is_in_the_domain(rasa: Rasa) -> None:
    assert rasa.answer("…", intent="abuse")["outcome"] == "refused"


def test_the_language_changes_with_every_turn(rasa: Rasa) -> None:
    languages = ["vi", "en", "vi"]
    assert [
        rasa.answer("x", intent="fee", language=language)["reply"]["language"] for language in languages
    ] == languages


def test_the_same_message_again_gives_the_same_answer_and_runs_nothing(rasa: Rasa) -> None:
    first = rasa.turn("bao nhiêu tiền", message="same")
    assert rasa.turn("bao nhiêu tiền", message="same") == first
    assert rasa.answer("bao nhiêu tiền")["about"]["calls"] == 2


def test_the_same_message_twice_at_once_runs_once(rasa: Rasa) -> None:
    told: list[Any] = []
    senders = [
        threading.Thread(target=lambda: told.append(rasa.turn("slow", intent="fee", message="same"))) for _ in range(3)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert [status for status, _ in told] == [200] * 3
    assert {one["answers"][0]["about"]["calls"] for _, one in told} == {1}


def test_hanging_up_does_not_stop_the_turn(rasa: Rasa) -> None:
    with pytest.raises(TimeoutError):
        rasa.turn("slow", intent="fee", message="same", seconds=0.5)
    assert rasa.answer("slow", intent="fee", message="same")["about"]["calls"] == 1


@pytest.mark.parametrize("text", ["broken", "nothing", "formless"])
def test_a_turn_without_an_answer_is_an_error_and_is_not_kept(rasa: Rasa, text: str) -> None:
    rasa.answer("x", intent="fee", entities={"service": "passport"})
    status, told = rasa.turn(f"{text} canary-4711", intent="fee", entities={"service": "lost"}, message="failing")
    assert (status, set(told), told["error"]) == (502, {"error", "reference"}, "action server")
    assert told["reference"] in rasa.log.read_text()
    assert "canary-4711" not in rasa.log.read_text()
    again = rasa.answer("better", intent="fee", message="failing")
    assert (again["about"]["calls"], again["about"]["service"]) == (3, "passport")


def test_a_missing_action_is_an_error(rasa: Rasa) -> None:
    assert rasa.turn("x", intent="check_case")[0] == 502


def test_without_an_action_server_small_talk_still_answers(model: Path, tmp_path: Path) -> None:
    with process.rasa(model, free_ports(1)[0], tmp_path) as alone:
        assert alone.turn("x", intent="fee")[0] == 502
        assert alone.turn("xin chào")[0] == 200


def test_without_a_model_says_so(actions: int, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    with process.rasa(tmp_path / "models", actions, tmp_path) as empty:
        assert empty.turn("xin chào") == (503, {"error": "no model"})


def test_listens_on_loopback_only(rasa: Rasa) -> None:
    assert listening(rasa.process.pid) == {f"0100007F:{rasa.port:04X}"}


def listening(pid: int) -> set[str]:
    """Local addresses of a process's listening sockets, as the kernel writes them."""
    sockets = {link.readlink().name for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
    rows = [
        line.split()
        for name in ("tcp", "tcp6")
        for line in Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:]
    ]
    return {row[1] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in sockets}


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/model"), ("GET", "/conversations/c/tracker"), ("GET", "/domain")]
)
def test_rasas_own_routes_ask_for_the_token(rasa: Rasa, method: str, path: str) -> None:
    assert rasa.call(method, path)[0] == 401
