"""How values are written."""

from __future__ import annotations

import re
from datetime import date, time

import pytest

from actions.answer import Language
from actions.telling import write
from actions.telling.facets import TELL
from actions.telling.short import CASE_ROOM, cut, fits, joined, packed
from actions.telling.sources import act
from actions.telling.view import View
from actions.voice import Voice
from knowledge.catalogue import Catalogue
from knowledge.contract import LegalResource, Unit
from tests.actions.conftest import MONDAY
from text.gsm7 import septets, to_gsm7


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
    assert (write.shortest_day(vi, day), write.shortest_day(en, day)) == ("23/11/2026", "23 Nov 2026")
    assert write.month(vi, "2026-11") == "tháng 11/2026"
    assert write.month(en, "2026-11") == "November 2026"
    assert write.clock(time(7, 30)) == "7:30"


@pytest.mark.parametrize(("language", "article", "said"), [
    ("vi", "Điều 11", "Luật Hộ tịch 2014, Điều 11"),
    ("en", "Điều 11", "Law on Civil Status 2014, Article 11"),
    ("en", "Điều 11, 15, 16", "Law on Civil Status 2014, Articles 11, 15, 16"),
    ("en", "Điều 22–25", "Law on Civil Status 2014, Articles 22–25"),
    ("en", "khoản 2 Điều 5", "Law on Civil Status 2014, clause 2 Article 5"),
    ("en", None, "Law on Civil Status 2014"),
])
def test_an_act(language: Language, article: str | None, said: str) -> None:
    assert act(Voice(language), LegalResource("Luật Hộ tịch 2014", article)) == said


@pytest.mark.parametrize(("language", "said"), [
    ("vi", "Nghị định 168/2025/NĐ-CP (Đăng ký doanh nghiệp), Điều 89"),
    ("en", "Decree 168/2025/NĐ-CP (Business registration), Article 89"),
])
def test_an_act_with_what_it_is_about_keeps_its_number(language: Language, said: str) -> None:
    title = {"vi": "Đăng ký doanh nghiệp", "en": "Business registration"}
    assert act(Voice(language), LegalResource("Nghị định 168/2025/NĐ-CP", "Điều 89", title=title), titled=True) == said


def test_no_act_is_cited_in_vietnamese_to_who_reads_english(catalogue: Catalogue) -> None:
    """Its number keeps its letters, "NĐ-CP"; nothing else is left."""
    for service in catalogue.services.values():
        for tell in TELL.values():
            telling = tell(View(service, catalogue, Voice("en"), MONDAY))
            for title in [source["title"] for source in telling.sources] if telling else []:
                plain = re.sub(r"\d+(?:/\d+)?/[A-ZĐ-]+\d*", "", title)
                assert plain.replace("’", "'").isascii() or "–" in plain, title


LONG = "Đăng ký khai sinh cho trẻ em tại Ủy ban nhân dân phường, " * 5


@pytest.mark.parametrize("text", ["Miễn phí.", LONG, "x" * 400, "€" * 100, "", "a" * 160, "a" * 161])
@pytest.mark.parametrize("room", [160, CASE_ROOM])
def test_what_is_cut_fits(text: str, room: int) -> None:
    said = cut(text, room)
    length = septets(to_gsm7(said))
    assert length is not None
    assert length <= room
    assert cut(said, room) == said


def test_a_cut_is_behind_a_word_and_says_so() -> None:
    assert cut(LONG).endswith("...")
    assert LONG.startswith(cut(LONG).removesuffix("..."))
    assert cut("Đăng ký\nđúng hạn: miễn phí – “rồi”") == "Đăng ký đúng hạn: miễn phí – “rồi”"


@pytest.mark.parametrize(("text", "said"), [
    (f"Miễn phí. Nộp ở phường. {LONG}", "Miễn phí. Nộp ở phường."),
    (f"Closed? Ask! {LONG}", "Closed? Ask!"),
    ("Law No. 60/2014/QH13. " + "Điều khoản này nói rất dài dòng. " * 9,
     "Law No. 60/2014/QH13. " + "Điều khoản này nói rất dài dòng. " * 3 + "Điều khoản này nói rất dài dòng."),
    (f"No. 60 {LONG}", None), (f"3.5 ngày. {LONG[0].lower()}{LONG[1:]}", None),       # no sentence ends there
])
def test_a_cut_keeps_whole_sentences(text: str, said: str | None) -> None:
    assert cut(text) == said if said else cut(text).endswith("...")


@pytest.mark.parametrize(("groups", "said"), [
    ([["a." * 20], ["b." * 60, "b."], ["c." * 9]], "a." * 20 + " b. " + "c." * 9),     # the first way that fits
    ([["a."], [], ["b." * 90], ["c."]], "a. c."),                                       # what has no room is left out
    ([[""], ["c."]], "c."), ([], ""),
])
def test_what_has_room_is_said_in_order(groups: list[list[str]], said: str) -> None:
    assert packed(*groups, room=80) == said
    assert fits(said, 80)


def test_parts_are_left_out_whole_and_counted() -> None:
    parts = [f"giấy tờ số {n} của người đi đăng ký" for n in range(1, 8)]
    said = joined(Voice("vi"), "Cần: ", parts)
    assert said.startswith("Cần: giấy tờ số 1 của người đi đăng ký; giấy tờ số 2")
    assert said.endswith("(còn 3 mục nữa).")
    assert joined(Voice("vi"), "Cần: ", parts[:2]).endswith("giấy tờ số 2 của người đi đăng ký.")


def test_a_name_that_leaves_no_room_for_the_fact_is_left_out() -> None:
    step = "1) nộp đơn và giấy tờ tại chi nhánh văn phòng đăng ký đất đai hoặc trung tâm hành chính công phường"
    name = "Đăng ký, cấp Giấy chứng nhận quyền sử dụng đất lần đầu (sổ đỏ): "
    assert joined(Voice("vi"), name, [step, step]) == f"{step} (còn 1 mục nữa)."
