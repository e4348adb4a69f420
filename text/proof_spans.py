"""Where in a citizen's text the proof for a case stands, so that it can be sealed before anything is kept."""

from __future__ import annotations

import re
from typing import NamedTuple

from text.mask import find_numbers
from text.phone import find_phones
from text.plain import plain
from text.reference import find_references, without_references

_FOUR = re.compile(r"(?<![0-9])(?<![0-9][.,/:\-])[0-9]{4}(?![0-9])(?![.,/:\-][0-9])")
_FOUR_APART = re.compile(r"\s*([0-9](?:[ .\-][0-9]){3})\s*")
_NINE = re.compile(r"(?<![0-9])(?<![0-9][.,/:\-])[0-9]{3}[ .\-]?[0-9]{3}[ .\-]?[0-9]{3}(?![0-9])(?![.,/:\-][0-9])")
CONNECTING = (                        # words that lead from a reference to its proof, folded
    "ma|so|4|bon|cuoi|chu|la|cua|toi|em|va|voi|cccd|cmnd|can|cuoc|cong|dan|dinh|danh|ca|nhan|xac|minh|thuc|sdt|dt|dien|thoai|"
    "pin|code|last|four|digits?|numbers?|of|my|id|card|identity|is|are|the|and|with|proof|phone|in|ending|ends"
)
_LEAD = re.compile(rf"(?:[\s,;:=.\-/()#\"']|\b(?:{CONNECTING})\b(?!-?[0-9]{{2}}))*")


class FoundProof(NamedTuple):
    """Where a proof stands, and what it says: four digits, or a phone in E.164."""

    start: int
    end: int
    value: str


def _numbers(s: str) -> list[FoundProof]:
    """Whole IDs, of which the last four are the proof, and phones."""
    ids = [FoundProof(n.start, n.end, n.last_four) for n in find_numbers(s) if n.kind == "national-id"]
    return ids + [FoundProof(phone.start, phone.end, phone.phone) for phone in find_phones(s)]


def _fours(s: str) -> list[FoundProof]:
    view = plain(s)
    found = [FoundProof(*view.span(*match.span()), match.group()) for match in _FOUR.finditer(view.text)]
    found += [FoundProof(*view.span(*match.span()), match.group()[-4:]) for match in _NINE.finditer(view.text)]
    apart = _FOUR_APART.fullmatch(view.text)
    if apart:
        found.append(FoundProof(*view.span(*apart.span(1)), re.sub(r"\D", "", apart.group(1))))
    return found


def proof_in(s: str) -> list[FoundProof]:
    """Every proof in a text sent while one is expected: any standalone four digits, an ID's last four, a phone."""
    s = without_references(s)
    taken = [(number.start, number.end) for number in find_numbers(s) if number.kind == "card"]
    proofs: list[FoundProof] = []
    for proof in _numbers(s) + _fours(s):
        if not any(proof.start < end and start < proof.end for start, end in taken):
            proofs.append(proof)
            taken.append((proof.start, proof.end))
    return sorted(proofs)


def proof_after_reference(s: str) -> list[FoundProof]:
    """The proofs that stand right behind a case reference: "H15.50.05.13-261008-0975, 4 số cuối: 2345"."""
    view = plain(s)
    folded = view.folded()
    starts = {proof.start: proof for proof in proof_in(s)}
    found: list[FoundProof] = []
    for reference in find_references(s):
        behind = view.where(reference.end)
        lead = _LEAD.match(folded, behind)
        stop = lead.end() if lead else behind
        if stop < len(view.at) and view.at[stop] in starts:
            found.append(starts[view.at[stop]])
    return found
