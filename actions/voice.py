"""The sentences that citizens read, by key and language: actions/words/*.yml, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from actions.answer import Language
from actions.said import Telling

WORDS = Path(__file__).parent / "words"


@cache
def words(language: str) -> dict[str, str]:
    with (WORDS / f"{language}.yml").open(encoding="utf-8") as file:
        return yaml.safe_load(file)


@cache
def rating_words() -> dict[int, list[str]]:
    """How people rate in words, by rating 1 to 5."""
    with (WORDS / "ratings.yml").open(encoding="utf-8") as file:
        return yaml.safe_load(file)


@cache
def asking_words(language: Language) -> frozenset[str]:
    """Folded words that ask for a side of a service and name none."""
    with (WORDS / "asking.yml").open(encoding="utf-8") as file:
        return frozenset(yaml.safe_load(file)[language])


@cache
def act_words() -> dict[str, str]:
    """What Vietnamese acts and their parts are called in English, in the order in which they are to be looked for."""
    with (WORDS / "acts.yml").open(encoding="utf-8") as file:
        return yaml.safe_load(file)


@cache
def danger_words() -> dict[str, list[str]]:
    """What people write in danger, by the number that fits."""
    with (WORDS / "dangers.yml").open(encoding="utf-8") as file:
        return yaml.safe_load(file)


class Voice:
    """Speaks one language. `voice("key", name=…)` is a sentence; a missing key or value is a defect and raises."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._words = words(language)

    def __call__(self, key: str, **values: Any) -> str:
        return self._words[key].format(**values)

    def pick(self, text: Mapping[str, str]) -> str:
        return text[self.language].strip()

    def telling(self, key: str, **values: Any) -> Telling:
        """A sentence whose one-SMS form stands beside it as key_brief, where it needs one."""
        text = self(key, **values)
        brief = self(f"{key}_brief", **values) if f"{key}_brief" in self._words else text
        return Telling(text, brief)

    def inside(self, name: str) -> str:
        """A name as it stands inside a sentence: "Đăng ký khai sinh" → "đăng ký khai sinh", "VNeID" as it is."""
        first = name.split(" ", 1)[0]
        return name if first[1:] != first[1:].lower() or len(first) == 1 else name[:1].lower() + name[1:]
