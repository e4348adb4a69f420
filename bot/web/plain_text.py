"""Plain text to structure: paragraphs, "- " bullets and "1. " steps; the same grammar as static/chat/text.js."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

BULLET = re.compile(r"^\s*[-•] +(.*)$")
STEP = re.compile(r"^\s*(\d{1,2})\. +(.*)$")
Kind = Literal["p", "ul", "ol"]


@dataclass(slots=True)
class Block:
    """One paragraph group or list; each part is a paragraph or an item as its lines; `start` numbers the first step."""

    kind: Kind
    start: int | None = None
    parts: list[list[str]] = field(default_factory=list[list[str]])

    def takes(self, kind: Kind, number: int | None) -> bool:
        return self.kind == kind and (kind != "ol" or number == (self.start or 0) + len(self.parts))


def blocks(text: str) -> list[Block]:
    """The structure of `text`; tests/browser/blocks.json holds the cases that both readers must agree on."""
    found: list[Block] = []
    gap = False
    for line in text.split("\n"):
        if line.strip():
            _add(found, line, gap)
        gap = not line.strip()
    return found


def _add(found: list[Block], line: str, gap: bool) -> None:
    last = found[-1] if found else None
    if bullet := BULLET.match(line):
        _into(found, "ul", bullet[1].strip(), None)
    elif step := STEP.match(line):
        _into(found, "ol", step[2].strip(), int(step[1]))
    elif last and not gap and (last.kind == "p" or line[0].isspace()):
        last.parts[-1].append(line.strip())
    else:
        _into(found, "p", line.strip(), None)


def _into(found: list[Block], kind: Kind, line: str, number: int | None) -> None:
    if not (found and found[-1].takes(kind, number)):
        found.append(Block(kind, number))
    found[-1].parts.append([line])
