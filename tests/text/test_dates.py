"""Dates as people type them."""

from __future__ import annotations

from datetime import date

import pytest

from text.dates import find_dates

TODAY = date(2026, 11, 10)


@pytest.mark.parametrize(("text", "expected"), [
    ("2/9 có làm việc không", ["2027-09-02"]), ("2/9 co lam viec khong", ["2027-09-02"]),
    ("10/11", ["2026-11-10"]), ("11/11", ["2026-11-11"]), ("9/11", ["2027-11-09"]),
    ("ngày 5 tháng 9 năm 2026", ["2026-09-05"]), ("ngay 5 thang 9 nam 2026", ["2026-09-05"]),
    ("5 tháng 9", ["2027-09-05"]), ("mùng 2 tháng 9", ["2027-09-02"]),
    ("05/09/2026", ["2026-09-05"]), ("5-9-26", ["2026-09-05"]),
    ("20.11.2026", ["2026-11-20"]), ("2026-09-05", ["2026-09-05"]),
    ("ngày 5-9", ["2027-09-05"]), ("5-9", []),
    ("mùng 5/9 âm lịch", []), ("mung 5/9 am lich", []),
    ("open on 5 September?", ["2027-09-05"]), ("Sept 5th, 2027", ["2027-09-05"]), ("the 1st of may", ["2027-05-01"]),
    ("hôm nay", ["2026-11-10"]), ("hom nay", ["2026-11-10"]), ("ngày mai", ["2026-11-11"]),
    ("sang mai", ["2026-11-11"]),
    ("chị Mai", []), ("today or tomorrow", ["2026-11-10", "2026-11-11"]), ("the day after tomorrow", ["2026-11-12"]),
    ("29/2", ["2028-02-29"]), ("31/2/2026", []), ("32/1", []), ("1/13", []),
    ("24/7", []), ("NĐ 123/2015/NĐ-CP", []), ("H15.50.05.13-261008-0975", []), ("0912345678", []), ("1.001193", []),
    ("từ 1/12 đến 5/12/2026", ["2026-12-01", "2026-12-05"]),
])
def test_dates_in_a_text(text: str, expected: list[str]) -> None:
    assert [found.date for found in find_dates(text, TODAY)] == expected


def test_a_date_knows_its_place() -> None:
    text = "nộp ngày 5 tháng 9 năm 2026 nhé"
    found = find_dates(text, TODAY)[0]
    assert text[found.start : found.end] == "ngày 5 tháng 9 năm 2026"
