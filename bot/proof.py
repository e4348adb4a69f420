"""Proof never rests in the clear: what is shown as ••••, and the sealed token that travels instead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from text.fold import fold
from text.proof import seal
from text.proof_spans import CONNECTING, FoundProof, proof_in
from text.reference import find_references

HIDDEN = "••••"
_YEAR = re.compile(r"(?:19|20)\d\d")
_CALLED_YEAR = re.compile(r"\b(?:nam|luat|nghi dinh|thong tu|le phi|phi|in|since|year|law|of|until|from|fee)\s*$")
_LEADING = re.compile(rf"(?:{CONNECTING}|a|da|vang|ok|it|its|s|this|here|day|ne|do|nha|nhe|em|anh|chi|minh)")


@dataclass(frozen=True, slots=True)
class Concealed:
    """The text without its proofs, the first proof's value, and whether the text is little more than that proof."""

    text: str
    value: str | None
    alone: bool

    def __repr__(self) -> str:
        return "Concealed(…)"

    def seal(self, key: str, conversation: str, now: datetime) -> str | None:
        """The token for the proof, good for this conversation and ten minutes."""
        return None if self.value is None else seal(key, conversation, self.value, now=now)


def conceal(text: str, *, expected: bool) -> Concealed:
    """Hide every proof: in a text that names a case, or while one is `expected`. A year that is called one stays."""
    if not expected and not find_references(text):
        return Concealed(text, None, alone=False)
    proofs = [proof for proof in proof_in(text) if not _is_year(text, proof)]
    if not proofs:
        return Concealed(text, None, alone=False)
    shown = text
    for proof in sorted(proofs, reverse=True):
        shown = shown[: proof.start] + HIDDEN + shown[proof.end :]
    return Concealed(shown, proofs[0].value, alone=_only_proof(shown))


def _is_year(text: str, proof: FoundProof) -> bool:
    """ "năm 2026", "luật 2024", "in 2025": after such a word, and in this or the last century."""
    return bool(_YEAR.fullmatch(proof.value) and _CALLED_YEAR.search(fold(text[: proof.start])))


def _only_proof(shown: str) -> bool:
    """Whether nothing is left but words that lead to a proof ("4 số cuối cccd của tôi là ••••")."""
    left = fold(shown.replace(HIDDEN, " "))
    return not find_references(shown) and all(_LEADING.fullmatch(word) for word in re.findall(r"\w+", left))
