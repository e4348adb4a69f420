"""What a conversation was about outlives Rasa's process, a new model, and is gone when it is to be forgotten."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from tests.bot.rasa import process
from tests.bot.rasa.process import SECRET, Rasa


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str | None:
    return request.getfixturevalue("postgres_url") if request.param == "postgresql" else None


def test_a_kill_loses_nothing(model: Path, actions: int, tmp_path: Path, database: str | None) -> None:
    with process.rasa(model, actions, tmp_path, database) as first:
        conversation = first.conversation
        for _ in range(12):
            first.answer("x", intent="fee", entities={"service": "passport"}, message="last")
        told = first.turn("x", intent="fee", message="last")
        first.process.send_signal(signal.SIGKILL)
    with process.rasa(model, actions, tmp_path, database) as second:
        second.conversation = conversation
        assert second.turn("x", intent="fee", message="last") == told
        assert second.answer("y", intent="fee")["about"]["service"] == "passport"


def test_a_new_model_keeps_conversations(model: Path, rasa: Rasa) -> None:
    rasa.answer("x", intent="fee", entities={"service": "passport"})
    body = json.dumps({"model_file": str(model)}).encode()
    assert rasa.call("PUT", f"/model?token={SECRET}", body)[0] == 204
    assert rasa.answer("y", intent="fee")["about"]["service"] == "passport"


def test_a_model_that_is_not_there_leaves_the_old_one(rasa: Rasa, tmp_path: Path) -> None:
    body = json.dumps({"model_file": str(tmp_path / "none.tar.gz")}).encode()
    assert rasa.call("PUT", f"/model?token={SECRET}", body)[0] == 400
    assert rasa.turn("xin chào")[0] == 200


def test_a_conversation_is_forgotten(rasa: Rasa) -> None:
    rasa.answer("x", intent="fee", entities={"service": "passport"})
    for _ in range(2):
        assert rasa.call("DELETE", f"/webhooks/gateway/conversations/{rasa.conversation}")[0] == 204
    rasa.answer("y", intent="fee")
    assert rasa.answer("z", intent="fee")["about"]["service"] is None


def test_the_names_are_read_again_when_the_file_changes(rasa: Rasa) -> None:
    file = rasa.home / "gazetteer.json"
    before = file.read_text(encoding="utf-8")
    names = json.loads(before)
    names["names"].append({"kind": "service", "id": "tree-felling", "language": "vi", "name": "đốn cây xanh"})
    asked = "xin đốn cây xanh cần giấy tờ gì"
    found = {"entity": "service", "value": "tree-felling"}
    assert found not in rasa.turn(asked)[1]["entities"]
    for content, known in ((json.dumps(names), True), ("{unreadable", True), (before, False)):
        file.write_text(content, encoding="utf-8")
        assert (found in rasa.turn(asked)[1]["entities"]) is known


def test_a_turn_costs_the_same_however_long_the_conversation(rasa: Rasa) -> None:
    seen = [rasa.answer("x", intent="fee", entities={"service": "passport"})["about"]["events"] for _ in range(60)]
    assert max(seen[30:]) <= 60
