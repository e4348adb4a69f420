"""What other systems' files bring, one small file of each format: which facts, how sure, in which language."""
# ruff: noqa: E501, PT018 a row of a table is one line; facts that belong together are looked at together

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from actions.telling.facets import TELL, overview
from actions.telling.view import View
from actions.voice import Voice
from calendars.working_time import ZONE
from knowledge import store
from knowledge.catalogue import load
from knowledge.contract import PublicOrganisation, PublicService, Shift
from knowledge.formats import files

SAMPLES = Path(__file__).parent / "samples"
TODAY = date(2026, 11, 27)


@cache
def brought(name: str, **asked: Any) -> files.Brought:
    return files.read(SAMPLES / name, TODAY, **asked)


def service(name: str, identifier: str) -> PublicService:
    return brought(name).documents["services"][identifier]


def agency(name: str, identifier: str) -> PublicOrganisation:
    return brought(name).documents["agencies"][identifier]


@pytest.mark.parametrize(("name", "said", "services", "agencies", "left_out"), [
    ("procedures.json", "the national portal's procedures", ["tthc-9-000101", "tthc-9-000102"], ["uy-ban-nhan-dan-cap-xa"], 1),
    ("directory.json", "Open Referral HSDS 3", ["library-books-at-your-door", "lop-doc-sach-cho-nguoi-khiem-thi"], ["friends-of-the-library"], 4),
    ("tables.json", "Open Referral HSDS 3", ["borrow-a-drill"], ["tool-library"], 0),
    ("catalogue.jsonld", "CPSV-AP in JSON-LD", ["plot", "garden-club-membership"], ["phong-cong-vien"], 2),
])  # fmt: skip
def test_a_format_is_recognised(name: str, said: str, services: list[str], agencies: list[str], left_out: int) -> None:
    found = brought(name)
    assert found.formats == [said]
    assert list(found.documents["services"]) == services and list(found.documents["agencies"]) == agencies
    assert len(found.left_out) == left_out, found.left_out


def test_a_folder_of_files_is_one_import() -> None:
    found = files.read(SAMPLES, TODAY)
    assert len(found.formats) == 3 and found.count("services") == 7


def booth() -> PublicService:
    return service("procedures.json", "tthc-9-000101")


def speaker() -> PublicService:
    return service("procedures.json", "tthc-9-000102")


def test_portal_names_and_texts() -> None:
    assert booth().code == "9.000101" and booth().written_in == ("vi",)
    assert booth().name["vi"] == "Cấp phép đặt quầy sách lưu động trên vỉa hè"
    assert booth().description["vi"].startswith("Lĩnh vực: Thư viện. Cấp thực hiện: Cấp Xã.")
    assert speaker().description["vi"] == "Mượn loa cho việc chung của khu phố."
    assert booth().keywords == {"vi": ("Thư viện", "quầy sách", "vỉa hè"), "en": ()}


def test_portal_fees_by_way_to_apply_with_their_source() -> None:
    fees = [(cost.channel, cost.amount, (cost.note or {}).get("vi")) for cost in booth().costs]
    assert fees == [
        ("in-person", 30000, "Quầy dưới 2 m2"),
        ("in-person", 50000, "Quầy từ 2 m2"),
        ("in-person", None, "2 USD (Người nước ngoài)"),
        ("online", 0, None),
    ]
    assert all(cost.source and not cost.unconfirmed for cost in booth().costs)
    assert [(cost.channel, cost.amount) for cost in speaker().costs] == [(None, 0)]


def test_portal_times_by_way_to_apply() -> None:
    limits = [(one.amount, one.unit, (one.when or {}).get("vi")) for one in booth().time_limits]
    assert limits == [(5, "working-day", "Nộp trực tiếp"), (3, "calendar-day", "Nộp trực tuyến")]
    assert [(one.amount, one.note, one.when) for one in speaker().time_limits] == [(None, {"vi": "02 Giờ", "en": "02 Giờ"}, None)]


def test_portal_papers_by_case_steps_and_conditions() -> None:
    papers = [((case.when or {}).get("vi"), [(i.name["vi"], (i.note or {}).get("vi"), i.form) for i in case.items]) for case in booth().evidence]
    assert papers == [
        (None, [("Đơn đề nghị đặt quầy", "1 bản chính", "Mẫu số 38"), ("Thẻ căn cước", None, None)]),
        ("Trường hợp thuê chỗ", [("Hợp đồng thuê", "2 bản sao", None)]),
    ]
    assert [step["vi"] for step in booth().steps] == ["Nộp hồ sơ tại bộ phận một cửa.", "Cán bộ kiểm tra vị trí đặt quầy.", "Nhận giấy phép."]
    assert [step["vi"] for step in speaker().steps] == ["Đăng ký với tổ trưởng", "Nhận loa và ký sổ"]
    assert [one["vi"] for one in booth().requirements] == ["Quầy không cản lối đi", "Chỉ bán sách báo được phép lưu hành."]
    assert speaker().requirements == ()


def test_portal_law_and_source() -> None:
    assert [law.act for law in booth().legal_basis] == ["46/2019/QH14: Luật Thư viện", "Quyết định số 12/2099/QĐ-UBND về quầy sách"]
    source = booth().source
    assert source and source.read == "2026-11" and source.verified_by is None
    assert source.legal.act == "Cổng Dịch vụ công quốc gia, thủ tục 9.000101 (Quyết định số 77/QĐ-UBND)"
    assert (source.legal.url or "").endswith("ma_thu_tuc=9.000101")


def test_portal_how_much_is_online_is_not_guessed() -> None:
    assert (booth().online_level, speaker().online_level) == ("partial", "none")
    assert "does not say" in (booth().partial_reason or {})["en"]


def books() -> PublicService:
    return service("directory.json", "library-books-at-your-door")


def reading() -> PublicService:
    return service("directory.json", "lop-doc-sach-cho-nguoi-khiem-thi")


def test_hsds_each_record_in_its_own_language() -> None:
    assert (books().written_in, reading().written_in) == (("en",), ("vi",))
    given = brought("directory.json", language="vi").documents["services"]
    assert all(one.written_in == ("vi",) for one in given.values())


def test_hsds_texts() -> None:
    assert books().alternative_names["en"] == ("Home library",) and books().keywords["en"] == ("reading",)
    assert (books().who_may_apply or {})["en"] == "People who live in Mau Ward. From the age of 60."
    assert reading().description["vi"] == "Tạm ngừng. Đọc sách chữ nổi mỗi tuần."
    assert [step["en"] for step in books().steps] == ["Ring the library.", "Tell us what you like to read."]
    assert [item.name["en"] for item in books().evidence[0].items] == ["Library card", "Registration form"]


def test_hsds_no_fee_is_confirmed() -> None:
    fees = [(cost.amount, (cost.applicant or {}).get("en"), (cost.note or {}).get("en"), cost.unconfirmed) for cost in books().costs]
    assert fees == [
        (0, "Over 70", None, True),
        (20000, "Others", "a year", True),
        (None, "Visitors", "1.5 USD", True),
        (None, None, "Late books cost extra.", True),
    ]
    assert books().costs[1].effective_from == date(2026, 1, 1)


def test_hsds_the_assurance_of_a_directory_is_not_an_authoritys() -> None:
    source = books().source
    assert source and (source.read, source.verified_by, source.legal.url) == ("2026-11", None, "https://library.example.org/home")


def test_hsds_a_location_is_an_office_where_hours_are_known() -> None:
    (room,) = agency("directory.json", "friends-of-the-library").offices
    assert room.address["en"] == "7 Book Street, Mau Ward, 10000"
    assert room.shifts == (Shift(0, time(9), time(12)), Shift(2, time(9), time(12)))
    assert books().offices == (room.identifier,)
    assert [(one.type, one.description["en"]) for one in books().channels] == [("in-person", "Van, Market Square"), ("phone", "024 1234 5679")]


def test_hsds_tables() -> None:
    drill = service("tables.json", "borrow-a-drill")
    assert (drill.costs[0].amount, drill.evidence[0].items[0].name["en"]) == (10000, "Any card with your name")
    (shed,) = agency("tables.json", "tool-library").offices
    assert len(shed.shifts) == 7 and drill.offices == (shed.identifier,)
    assert agency("tables.json", "tool-library").phone == "0900 000 001"


def plot() -> PublicService:
    return service("catalogue.jsonld", "plot")


def test_cpsv_texts_by_language() -> None:
    assert plot().name == {"vi": "Thuê vườn rau", "en": "Allotment garden"}
    assert plot().description["vi"] == "Cho thuê một mảnh vườn."
    assert plot().written_in == ("en",) and plot().output == {"vi": "Lease", "en": "Lease"}
    parks = agency("catalogue.jsonld", "phong-cong-vien")
    assert (parks.name["en"], parks.phone, parks.written_in) == ("Parks Department", "+84 24 3333 4444", ("vi", "en"))


def test_cpsv_costs() -> None:
    fees = [(cost.amount, cost.channel, (cost.note or {}).get("en"), cost.unconfirmed) for cost in plot().costs]
    assert fees == [(50000, "in-person", None, True), (None, None, "2.5 EUR. Visitors", True), (0, None, None, True)]


def test_cpsv_channels_by_what_they_are_called() -> None:
    ways = [(one.type, one.description["en"], one.url) for one in plot().channels]
    assert ways == [("online", "Online", "https://garden.example.org/apply"), ("in-person", "Garden gate", None)]
    club = service("catalogue.jsonld", "garden-club-membership")
    assert [(one.type, one.description["en"]) for one in club.channels] == [("in-person", "1 Green Street")]


def test_cpsv_papers_forms_law_and_what_is_pointed_to() -> None:
    (case,) = plot().evidence
    assert [(item.name["en"], item.form) for item in case.items] == [("Plot form", "G-1"), ("Identity card", None)]
    assert [(form.code, form.url) for form in plot().forms] == [("G-1", "https://garden.example.org/g1.pdf")]
    assert [(law.act, law.url) for law in plot().legal_basis] == [("https://law.example.org/eli/2020/1", "https://law.example.org/eli/2020/1"), ("Garden by-law", None)]
    assert (plot().requires, plot().life_events) == (("garden-club-membership",), ("starting-a-garden",))
    assert (plot().time_limits[0].amount, plot().time_limits[0].unit) == (14, "calendar-day")


def test_cpsv_a_life_event_is_a_journey_through_its_services() -> None:
    event = brought("catalogue.jsonld").documents["journeys"]["starting-a-garden"]
    assert [step.service for step in event.steps] == ["garden-club-membership", "plot"]


@pytest.mark.parametrize(("duration", "amount", "unit", "note"), [
    ("P7D", 7, "calendar-day", None),
    ("P1M", 1, "month", None),
    ("P1Y6M", 18, "month", None),
    ("PT4H", None, "working-day", "4 hours"),
    ("P1DT2H", None, "working-day", "1 days 2 hours"),
])  # fmt: skip
def test_durations(tmp_path: Path, duration: str, amount: int | None, unit: str, note: str | None) -> None:
    file = tmp_path / "a.jsonld"
    file.write_text((SAMPLES / "catalogue.jsonld").read_text(encoding="utf-8").replace('"P2W"', f'"{duration}"'), encoding="utf-8")
    (limit,) = files.read(file, TODAY).documents["services"]["plot"].time_limits
    assert (limit.amount, limit.unit, (limit.note or {}).get("en")) == (amount, unit, note)


def test_every_side_of_it_can_be_told_in_both_languages(database_url: str) -> None:
    """What was brought goes through the store, and the assistant has words for all of it."""
    store.save(database_url, load("knowledge/pack"))
    found = files.read(SAMPLES, TODAY)
    store.save_file(database_url, "samples", found.documents)
    catalogue = store.load(database_url)
    for identifier in found.documents["services"]:
        for language in ("vi", "en"):
            view = View(catalogue.services[identifier], catalogue, Voice(language), datetime(2026, 11, 27, 10, tzinfo=ZONE))
            told = [overview(view), *(tell(view) for tell in TELL.values())]
            assert all(one.text and one.brief for one in told if one)
