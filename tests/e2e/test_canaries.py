"""Proof, IDs and cards planted in a conversation are then searched for in everything that the system wrote."""

from __future__ import annotations

import re

from tests.e2e.citizen import Citizen
from tests.support.live import Live

ID, CARD = "079203417655", "4556737586899855"
PLANTED = [
    f"so cccd cua toi la {ID}",
    f"số CCCD: {ID[:3]} {ID[3:6]} {ID[6:9]} {ID[9:]}",
    f"thẻ {CARD} bị trừ tiền",
    f"the {CARD[:4]}-{CARD[4:8]}-{CARD[8:12]}-{CARD[12:]}",
    "H15.50.05.13-261008-0975",
    "bon so cuoi la 8643",
    "H15.50.05.13-261008-0975 8643",
]


def test_no_canary_is_in_any_file(live_system: Live) -> None:
    citizen = Citizen(live_system.public_url, "vi")
    for text in PLANTED:
        citizen.ask(text)
    for after in ("gặp nhân viên", "nhắc lại", "xin chào"):
        citizen.ask(after)
    written = {file: file.read_bytes() for file in live_system.home.rglob("*") if file.is_file()}
    assert any(b"261008-0975" in content for content in written.values())  # the search can find something
    for canary in (ID, CARD, f"{ID[:3]} {ID[3:6]}", f"{CARD[:4]}-{CARD[4:8]}", "la 8643", "0975 8643"):
        found = [str(file) for file, content in written.items() if canary.encode() in content]
        assert found == [], canary
    assert not [
        file
        for file, content in written.items()
        if re.search(rb"(?<!\d)8643(?!\d)", content) and file.suffix in (".log", ".json")
    ]
