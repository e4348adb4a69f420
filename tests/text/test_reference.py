"""Case references: every printed variant, and every way in which people type them."""

from __future__ import annotations

import random

import pytest

from text.reference import find_references, normalise

PRINTED = [
    "000.00.19.H26-230101-0001",
    "000.12.19.H26-210630-0123",            # the district part of before July 2025
    "H15.50.05.13-261008-0975",
    "H15-261008-0975",
    "G09.20-20260609-0092637",
    "G09.020.05-261008-090001",
    "G22.99-261008-123456",
]


AROUND = [("", ""), ("hồ sơ ", " đến đâu rồi"), ("ho so: ", "."), ("(", ")"), ("mã ", "?")]


def _typed(reference: str, dice: random.Random) -> str:
    """One of the ways in which a person types a reference."""
    dash = dice.choice("-–—−_‐－") if dice.random() < 0.7 else " "
    around = dice.choice(["", "", " "]) if dash != " " else ""
    agency, day, number = reference.split("-")
    agency = agency.replace(".", dice.choice([".", ".", " ", ". ", " . ", "-"]))
    typed = f"{around}{dash}{around}".join((agency, day, number))
    typed = dice.choice([str.lower, str.upper, str])(typed)
    return "".join(dice.choice("oO") if char == "0" and dice.random() < 0.2 else char for char in typed)


@pytest.mark.parametrize("reference", PRINTED)
def test_a_reference_however_it_is_typed(reference: str) -> None:
    dice = random.Random(reference)  # noqa: S311 - the same two hundred ways each time
    for _ in range(200):
        before, behind = dice.choice(AROUND)
        typed = _typed(reference, dice)
        found = find_references(before + typed + behind)
        assert found == [(len(before), len(before) + len(typed), reference)], typed


@pytest.mark.parametrize(("text", "expected"), [
    ("H15.50.05.13-261008-0975 2345", ["H15.50.05.13-261008-0975"]),
    ("H15.50.05.13-261008-0975, 2345", ["H15.50.05.13-261008-0975"]),
    ("h15 50 05 13 261008 0975 2345", ["H15.50.05.13-261008-0975"]),
    ("123 H15.50.05.13-261008-0975", ["H15.50.05.13-261008-0975"]),
    ("2 hồ sơ H15.50.05.13-261008-0975 và H15.50.05.13-261008-0976",
     ["H15.50.05.13-261008-0975", "H15.50.05.13-261008-0976"]),
    ("h15.50.05.13-261008-0975 000.00.19.h26-230101-0001",
     ["H15.50.05.13-261008-0975", "000.00.19.H26-230101-0001"]),
    ("h 15.50.05.13 - 261008 - 0975", ["H15.50.05.13-261008-0975"]),
    ("H1 5.50.05.13-2 61008-0975", ["H15.50.05.13-261008-0975"]),
    ("H15,50,05,13-261008-0975", ["H15.50.05.13-261008-0975"]),
    ("H15.50.05.13-\n261008-0975", ["H15.50.05.13-261008-0975"]),
    ("mãH15.50.05.13-261008-0975đến đâu", ["H15.50.05.13-261008-0975"]),
    ("maH15.50.05.13-261008-0975den dau", ["H15.50.05.13-261008-0975"]),
    ("H15.50.05.13-261008-0975oi", ["H15.50.05.13-261008-0975"]),
    ("Ｈ１５．５０．０５．１３－２６１００８－０９７５", ["H15.50.05.13-261008-0975"]),
    ("H15.50\u200b.05.13-2610\u200d08-0975", ["H15.50.05.13-261008-0975"]),
    ("000.00.19-230101-0001", ["000.00.19-230101-0001"]),
    ("H15.50.05.13-261008-0975-2345", ["H15.50.05.13-261008-0975"]),
    ("H15.50.05.13-261008-097", []),                 # too short a number
    ("H15.50.05.13-261008-097512345", []),           # too long
    ("H15.50.05.13-26108-0975", []),                 # no such length of a date
    ("H15.1111.1111.1111.1111.1111-20261008-12345678", []),                 # 46 characters: over the limit of 35
    ("phòng A12 20261008 12345", []), ("phong A12 20261008 12345", []),
    ("xe B52 123456 0912345", []),
    ("079199012345", []), ("4111 1111 1111 1111", []), ("079-199-012345", []),
    ("0912 345 678", []), ("20/11/2026", []), ("", []), ("O", []),
])
def test_what_a_reference_is_and_what_it_leaves_alone(text: str, expected: list[str]) -> None:
    assert [found.reference for found in find_references(text)] == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("hồ sơ h15.50.05.13-261008-0975", "H15.50.05.13-261008-0975"),
    ("ho so H15.50.05.13-261008-0975 hay H15 50 05 13 261008 0975", "H15.50.05.13-261008-0975"),
    ("H15.50.05.13-261008-0975 hay H15.50.05.13-261008-0976", None),
    ("xin chào", None), ("xin chao", None),
])
def test_one_reference_or_none(text: str, expected: str | None) -> None:
    assert normalise(text) == expected
