"""How values are written."""

from __future__ import annotations

from datetime import date, time

import pytest

from actions.answer import Language
from actions.telling import write
from actions.telling.short import cut, joined, one_sms
from actions.telling.sources import act
from actions.voice import Voice
from knowledge.contract import LegalResource, Unit
from text.gsm7 import septets


@pytest.mark.parametrize(("amount", "vi", "en"), [
    (0, "miễn phí", "free"),
    (8000, "8.000 đồng", "VND 8,000"),
    (200_000, "200.000 đồng", "VND 200,000"),
    (1_500_000, "1.500.000 đồng", "VND 1,500,000"),
])
def test_money(amount: int, vi: str, en: str) -> None:
    assert (write.money(Voice("vi"), amount), write.money(Voice("en"), amount)) == (vi, en)


@pytest.mark.parametrize(("amount", "unit", "vi", "en"), [
    (1, "working-day", "1 ngày làm việc", "1 working day"),
    (7, "working-day", "7 ngày làm việc", "7 working days"),
    (8, "working-hour", "8 giờ làm việc", "8 working hours"),
    (1, "month", "1 tháng", "1 month"),
    (60, "calendar-day", "60 ngày", "60 days"),
])
def test_duration(amount: int, unit: Unit, vi: str, en: str) -> None:
    assert (write.duration(Voice("vi"), amount, unit), write.duration(Voice("en"), amount, unit)) == (vi, en)


def test_days_and_months() -> None:
    vi, en, day = Voice("vi"), Voice("en"), date(2026, 11, 23)
    assert write.day(vi, day) == "thứ Hai 23/11/2026"
    assert write.day(en, day) == "Monday 23 November 2026"
    assert write.short_day(vi, day) == "23/11/2026"
    assert write.short_day(en, day) == "23 November 2026"
    assert write.month(vi, "2026-11") == "tháng 11/2026"
    assert write.month(en, "2026-11") == "November 2026"
    assert write.clock(time(7, 30)) == "7:30"


@pytest.mark.parametrize(("language", "article", "said"), [
    ("vi", "Điều 11", "Luật Hộ tịch 2014, Điều 11"),
    ("en", "Điều 11", "Luật Hộ tịch 2014, Article 11"),
    ("en", "Điều 11, 15, 16", "Luật Hộ tịch 2014, Articles 11, 15, 16"),
    ("en", "khoản 2 Điều 5", "Luật Hộ tịch 2014, clause 2 Article 5"),
    ("en", None, "Luật Hộ tịch 2014"),
])
def test_an_act(language: Language, article: str | None, said: str) -> None:
    assert act(Voice(language), LegalResource("Luật Hộ tịch 2014", article)) == said


LONG = "Đăng ký khai sinh cho trẻ em tại Ủy ban nhân dân phường, " * 5


@pytest.mark.parametrize("text", ["Miễn phí.", LONG, "x" * 400, "€" * 100, "", "a" * 160, "a" * 161])
def test_one_sms_fits(text: str) -> None:
    said = one_sms(text)
    length = septets(said)
    assert length is not None
    assert length <= 160
    assert one_sms(cut(text)) == said


def test_a_cut_is_behind_a_word_and_says_so() -> None:
    assert cut(LONG).endswith("...")
    assert LONG.startswith(cut(LONG).removesuffix("..."))
    assert one_sms("Đăng ký\nđúng hạn: miễn phí – “rồi”") == 'Dang ky dung han: mien phi - "roi"'


def test_parts_are_left_out_whole_and_counted() -> None:
    parts = [f"giấy tờ số {n} của người đi đăng ký" for n in range(1, 8)]
    said = joined(Voice("vi"), "Cần: ", parts)
    assert said.startswith("Cần: giấy tờ số 1 của người đi đăng ký; giấy tờ số 2")
    assert said.endswith("(còn 3 ý nữa)")
    assert joined(Voice("vi"), "Cần: ", parts[:2]).endswith("giấy tờ số 2 của người đi đăng ký.")
