"""Proof never rests in the clear: what is shown as ••••, and the sealed token that travels instead."""

from __future__ import annotations

import re
from dataclasses import dataclass

from text.proof import seal
from text.proof_spans import FoundProof, proof_after_reference, proof_in
from text.reference import find_references

HIDDEN = "••••"
FEW_WORDS = 6


@dataclass(frozen=True, slots=True)
class Concealed:
    """The text without its proofs, the first proof's value, and whether the text is little more than that proof."""

    text: str
    value: str | None
    alone: bool

    def __repr__(self) -> str:
        return "Concealed(…)"

    def seal(self, key: str, conversation: str) -> str | None:
        """The token for the proof, good for this conversation and ten minutes."""
        return None if self.value is None else seal(key, conversation, self.value)


def conceal(text: str, *, expected: bool) -> Concealed:
    """Hide every proof: all of them while one is `expected`, else those right behind a case reference."""
    proofs: list[FoundProof] = proof_in(text) if expected else proof_after_reference(text)
    if not proofs:
        return Concealed(text, None, alone=False)
    shown = text
    for proof in sorted(proofs, reverse=True):
        shown = shown[: proof.start] + HIDDEN + shown[proof.end :]
    words = re.findall(r"\w+", shown)
    return Concealed(shown, proofs[0].value, alone=len(words) <= FEW_WORDS and not find_references(text))
