"""The gateway's own sentences, one file a language, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("vi", "en")


@cache
def table(name: str) -> dict[str, Any]:
    """The content of one file beside this one, "door" or "pages.vi"; not to be changed by the caller."""
    return yaml.safe_load((Path(__file__).parent / f"{name}.yml").read_text(encoding="utf-8"))


def say(language: str, key: str, **blanks: object) -> str:
    """The sentence `key` in `language`, its blanks filled; KeyError for a sentence that does not exist."""
    return str(table(language)[key]).format(**blanks)
