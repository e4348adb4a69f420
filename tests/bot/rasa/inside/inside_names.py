"""What is found in a text: names in any spelling of diacritics, references, dates, phone numbers."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from bot.rasa.gazetteer import find
from bot.rasa.names import Names

TODAY = date(2026, 11, 23)
NAMES = [
    ("service", "passport", "vi", "hộ chiếu"),
    ("service", "passport", "en", "passport"),
    ("service", "permanent-residence", "vi", "đăng ký thường trú"),
    ("service", "temporary-residence", "vi", "đăng ký tạm trú"),
    ("document", "residence-form", "vi", "tờ khai đăng ký thường trú"),
    ("agency", "mau-ward-police", "vi", "công an phường"),
    ("office", "ward-house", "vi", "Công an phường"),
]


@pytest.fixture
def names(tmp_path: Path) -> Names:
    listed = [dict(zip(("kind", "id", "language", "name"), name, strict=True)) for name in NAMES]
    file = tmp_path / "gazetteer.json"
    file.write_text(json.dumps({"version": "1", "names": listed}), encoding="utf-8")
    return Names(file)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("làm hộ chiếu ở đâu?", [("service", "passport", "hộ chiếu")]),
        ("lam ho chieu o dau?", [("service", "passport", "ho chieu")]),
        ("lafm hooj chieeus owr ddaau", [("service", "passport", "hooj chieeus")]),
        ("ddawng kys thuwowngf trus", [("service", "permanent-residence", "ddawng kys thuwowngf trus")]),
        ("HỘ CHIẾU", [("service", "passport", "HỘ CHIẾU")]),
        ("hộ chiếu", [("service", "passport", "hộ chiếu")]),
        ("my passport, please", [("service", "passport", "passport")]),
        ("tờ khai đăng ký thường trú", [("document", "residence-form", "tờ khai đăng ký thường trú")]),
        ("to khai dang ky thuong tru", [("document", "residence-form", "to khai dang ky thuong tru")]),
        ("đăng ký thường trú", [("service", "permanent-residence", "đăng ký thường trú")]),
        (
            "công an phường",
            [("agency", "mau-ward-police", "công an phường"), ("office", "ward-house", "công an phường")],
        ),
        (
            "hồ sơ H15.50.05.13-261008-0975",
            [("case_reference", "H15.50.05.13-261008-0975", "H15.50.05.13-261008-0975")],
        ),
        (
            "ho so h15.50.05.13-261008-0975",
            [("case_reference", "H15.50.05.13-261008-0975", "h15.50.05.13-261008-0975")],
        ),
        ("gọi 0912 345 678", [("phone", "+84912345678", "0912 345 678")]),
        ("ngày 2/12/2026", [("date", "2026-12-02", "ngày 2/12/2026")]),
        ("ngay 2/12/2026", [("date", "2026-12-02", "ngay 2/12/2026")]),
        ("không có gì", []),
        ("", []),
    ],
)
def test_found(names: Names, text: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(n.kind, n.id, text[n.start : n.end]) for n in find(text, names, TODAY)] == expected


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("lam hochieu o dau", "lam ho chieu o dau"),
        ("làm HộChiếu", "làm Hộ Chiếu"),
        ("dangkythuongtru can gi", "dang ky thuong tru can gi"),
        ("congan phuong", "cong an phuong"),
        ("passport", "passport"),
        ("gửi hochieu@thu.vn hay a.hochieu@thu.vn", "gửi hochieu@thu.vn hay a.hochieu@thu.vn"),
        ("hochieu.", "ho chieu."),
        ("dangkythuongtru" * 3, "dangkythuongtru" * 3),  # longer than any such word
        ("hochieux", "hochieux"),
        ("thuongky", "thuongky"),  # two words of names that stand together in none
        ("khaisinh", "khaisinh"),  # no such name here
        ("H15.50.05.13-261008-0975", "H15.50.05.13-261008-0975"),
    ],
)
def test_words_run_together_are_parted_as_in_a_name(names: Names, text: str, parted: str) -> None:
    assert names.parted(text) == parted


def test_no_file_is_no_names(tmp_path: Path) -> None:
    names = Names(tmp_path / "none.json")
    assert (names.find("hộ chiếu"), names.version()) == ([], None)


def test_a_file_that_goes_takes_its_names_along(names: Names) -> None:
    assert names.find("hộ chiếu")
    names.path.unlink()
    assert not names.find("hộ chiếu")
