"""What the runner says when the system does not get ready."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from motcua import ports, runner
from motcua.events import Events
from motcua.part import Part


@pytest.mark.parametrize("missing", ["gateway", "rasa", "model", "actions"])
def test_it_names_the_process_and_shows_the_end_of_its_log(
    missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "log").mkdir()
    (tmp_path / "run").mkdir()
    parts = {name: Part(name, [sys.executable], {}, tmp_path, tmp_path) for name in ("gateway", "rasa", "actions")}
    for name, part in parts.items():
        part.log.write_text(f"what {name} said last\n")
    monkeypatch.setattr(ports, "not_ready", lambda _host, _port: [missing])
    monkeypatch.setattr(runner, "READY_SECONDS", -1.0)
    plan = {"host": "127.0.0.1", "public_port": 1}
    whose = "rasa" if missing == "model" else missing
    with pytest.raises(runner.CannotRun, match=f"what {whose} said last\n{whose} does not get ready"):
        runner._until_ready(plan, parts, Events())  # type: ignore[arg-type]
