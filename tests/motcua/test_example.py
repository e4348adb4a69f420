"""motcua.example.toml lists every setting with its help text and its default, and nothing else."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from bot.settings import Settings, load

EXAMPLE = Path(__file__).parents[2] / "motcua.example.toml"
ENTRIES = re.findall(r"^# (.+)\n# ([a-z_]+) = (.+)$", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)


def test_every_setting_is_there_in_order() -> None:
    assert [key for _, key, _ in ENTRIES] == list(Settings.model_fields)


@pytest.mark.parametrize(("text", "key", "value"), ENTRIES)
def test_it_says_what_the_settings_say(text: str, key: str, value: str) -> None:
    assert text == Settings.model_fields[key].description


def test_its_values_are_the_defaults(tmp_path: Path) -> None:
    written = tmp_path / "motcua.toml"
    written.write_text("\n".join(f"{key} = {value}" for _, key, value in ENTRIES), encoding="utf-8")
    assert tomllib.loads(written.read_text(encoding="utf-8"))
    assert load({}, written) == load({}, tmp_path / "nothing.toml")
