"""Ready answers: whose they are, who may write them, what they must have; both databases."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot import canned
from bot.canned import Written
from bot.errors import Conflict, NotAllowed, NotFound, Problem, Unreadable
from bot.people import Person
from bot.words import LANGUAGES, table
from tests.bot.conftest import Gateway
from tests.bot.staffed import logged, person

TEXT = {"vi": "Hồ sơ {reference} đã xong.", "en": "Case {reference} is ready."}


def written(**other: Any) -> Written:
    usual: dict[str, Any] = {"agency": None, "shortcut": "xong", "title": "Đã xong", "text": TEXT}
    return Written(**usual | other)


async def shortcuts(gateway: Gateway, who: Person, q: str = "") -> list[str]:
    return [one["shortcut"] for one in await canned.search(gateway.core, who, q)]


async def test_each_sees_their_agencies_and_everybodys(gateway: Gateway) -> None:
    core, boss = gateway.core, await person(gateway, "Boss", "administrator")
    for agency, shortcut in ((None, "all"), ("mau-ward", "ward"), ("tax-office", "tax")):
        await canned.save(core, boss, written(agency=agency, shortcut=shortcut, title=shortcut))
    seen = {
        "Ward": (("mau-ward",), ["all", "ward"]),
        "Tax": (("tax-office",), ["all", "tax"]),
        "Both": (("mau-ward", "tax-office"), ["all", "tax", "ward"]),
        "Everybody's": (None, ["all", "tax", "ward"]),
        "Nobody's": ((), ["all"]),
    }
    for name, (agencies, expected) in seen.items():
        assert await shortcuts(gateway, await person(gateway, name, "agent", agencies)) == expected, name


async def test_what_is_shown_of_one(gateway: Gateway) -> None:
    core, lan = gateway.core, await person(gateway, "Lan", "agent", ("mau-ward",))
    boss = await person(gateway, "Boss", "administrator")
    number = await canned.save(core, boss, written())
    one = {"id": number, "agency": None, "shortcut": "xong", "title": "Đã xong", "text": TEXT}
    assert await canned.available(core, lan) == [one | {"blanks": ["reference"], "mine": False}]
    [shown] = await canned.available(core, boss, "en")
    assert (shown["mine"], shown["reply"]) == (True, TEXT["en"])


WRITERS: tuple[tuple[str, tuple[str, ...] | None, str | None, type[Problem] | None], ...] = (
    ("agent", None, None, NotAllowed), ("analyst", None, None, NotAllowed),
    ("agent", ("mau-ward",), "mau-ward", NotAllowed),
    ("content editor", None, None, None), ("supervisor", None, "tax-office", None),
    ("administrator", None, "mau-ward", None),
    ("content editor", ("mau-ward",), "mau-ward", None), ("content editor", ("mau-ward",), None, NotAllowed),
    ("content editor", ("mau-ward",), "tax-office", Unreadable), ("content editor", None, "moon", Unreadable),
)  # fmt: skip


async def test_who_may_write_for_whom(gateway: Gateway) -> None:
    for number, (role, agencies, agency, expected) in enumerate(WRITERS):
        who = await person(gateway, f"{role} {number}", role, agencies)
        saving = canned.save(gateway.core, who, written(agency=agency, shortcut=f"by-{number}"))
        if expected is None:
            assert await saving
        else:
            with pytest.raises(expected):
                await saving
    assert [who for who, _, _ in await logged(gateway)] == [
        f"{role} {number}" for number, (role, _, _, expected) in enumerate(WRITERS) if expected is None
    ]


async def test_change_and_remove_are_of_the_own_agency_alone(gateway: Gateway) -> None:
    core, boss = gateway.core, await person(gateway, "Boss", "administrator")
    ward = await person(gateway, "Ward", "content editor", ("mau-ward",))
    of_ward, of_tax, of_all = [
        await canned.save(core, boss, written(agency=agency, shortcut=shortcut))
        for agency, shortcut in (("mau-ward", "ward"), ("tax-office", "tax"), (None, "all"))
    ]
    for number, expected in ((of_tax, NotFound), (of_all, NotAllowed), (0, NotFound)):
        with pytest.raises(expected):
            await canned.change(core, ward, number, written(agency="mau-ward", shortcut="mine"))
        with pytest.raises(expected):
            await canned.remove(core, ward, number)
    with pytest.raises(Unreadable):
        await canned.change(core, ward, of_ward, written(agency="tax-office", shortcut="given-away"))
    await canned.change(core, ward, of_ward, written(agency="mau-ward", shortcut="ward", title="Mới"))
    assert (await canned.search(core, ward, "ward"))[0]["title"] == "Mới"
    await canned.remove(core, ward, of_ward)
    assert await shortcuts(gateway, ward) == ["all"]
    assert [(who, action, details["shortcut"]) for who, action, details in await logged(gateway)][3:] == [
        ("Ward", "change_canned", "ward"),
        ("Ward", "remove_canned", "ward"),
    ]


TAKEN: tuple[tuple[str | None, str | None, bool], ...] = (
    (None, None, True), (None, "mau-ward", True), ("mau-ward", None, True), ("mau-ward", "mau-ward", True),
    ("mau-ward", "tax-office", False),
)  # fmt: skip


async def test_a_shortcut_is_one_answer(gateway: Gateway) -> None:
    core, boss = gateway.core, await person(gateway, "Boss", "administrator")
    for there, new, taken in TAKEN:
        made = [await canned.save(core, boss, written(agency=there))]
        await canned.change(core, boss, made[0], written(agency=there, title="Chính nó"))
        if taken:
            with pytest.raises(Conflict) as refused:
                await canned.save(core, boss, written(agency=new, shortcut="/XONG"))
            assert (refused.value.field, refused.value.word) == ("shortcut", "problem_shortcut_taken")
        else:
            made.append(await canned.save(core, boss, written(agency=new)))
        for number in made:
            await canned.remove(core, boss, number)


async def test_of_two_who_take_a_shortcut_at_once_one_has_it(gateway: Gateway) -> None:
    core, boss = gateway.core, await person(gateway, "Boss", "administrator")
    saving = [canned.save(core, boss, written(agency=agency)) for agency in (None, "mau-ward", None, "mau-ward")]
    results = await asyncio.gather(*saving, return_exceptions=True)
    assert sorted(isinstance(result, Conflict) for result in results) == [False, True, True, True]


def both(text: str) -> dict[str, dict[str, str]]:
    return {"text": dict.fromkeys(LANGUAGES, text)}


UNFIT: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"shortcut": ""}, "shortcut", "problem_shortcut"),
    ({"shortcut": "hai từ"}, "shortcut", "problem_shortcut"),
    ({"shortcut": "-a"}, "shortcut", "problem_shortcut"),
    ({"shortcut": "a" * 31}, "shortcut", "problem_shortcut"),
    ({"title": " \u200b "}, "title", "problem_title"),
    ({"title": "hai\ndòng"}, "title", "problem_title"),
    ({"title": "a" * 81}, "title", "problem_title"),
    ({"text": {"vi": "a", "en": " "}}, "text.en", "problem_text_missing"),
    ({"text": {"en": "a"}}, "text.vi", "problem_text_missing"),
    (both("a" * 1_501), "text.vi", "problem_text_long"),
    (both("{}"), "text.vi", "problem_blank"),
    (both("{ tên}"), "text.vi", "problem_blank"),
    (both("{1}"), "text.vi", "problem_blank"),
    (both("{{tên}}"), "text.vi", "problem_blank"),
    (both("a } b"), "text.vi", "problem_blank"),
    (both("{" + "a" * 31 + "}"), "text.vi", "problem_blank"),
    (both("{a!r} {a.b} {a[0]} {a:>9}"), "text.vi", "problem_blank"),
    (both(" ".join(f"{{a{n}}}" for n in range(11))), "text.vi", "problem_many_blanks"),
    ({"text": {"vi": "{a} {b}", "en": "{a} {c}"}}, "text.en", "problem_blanks_differ"),
)  # fmt: skip


async def test_what_cannot_be_kept_names_its_field(gateway: Gateway) -> None:
    boss = await person(gateway, "Boss", "administrator")
    for other, field, word in UNFIT:
        with pytest.raises(Unreadable) as refused:
            await canned.save(gateway.core, boss, written(**other))
        assert (refused.value.field, refused.value.word) == (field, word), other


KEPT: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
    ({"shortcut": "/Hẹn"}, {"shortcut": "hen"}), ({"shortcut": "ĐƠN-1"}, {"shortcut": "don-1"}),
    ({"title": " Đã \t xong "}, {"title": "Đã xong"}),
    (both("{họ tên},\r\n{ngày 1} {họ tên}"), both("{họ tên},\n{ngày 1} {họ tên}") | {"blanks": ["họ tên", "ngày 1"]}),
    (both("50% <b>'\"\u202eđ"), both("50% <b>'\"đ") | {"blanks": []}),
)  # fmt: skip


async def test_what_is_kept_is_clean(gateway: Gateway) -> None:
    boss = await person(gateway, "Boss", "administrator")
    for typed, kept in KEPT:
        number = await canned.save(gateway.core, boss, written(**typed))
        [one] = await canned.available(gateway.core, boss)
        assert {key: one[key] for key in kept} == kept
        await canned.remove(gateway.core, boss, number)


FOUND: tuple[tuple[str, list[str]], ...] = (
    ("", ["hen", "thieu"]), ("giấy", ["thieu"]), ("giay", ["thieu"]), ("GIẤY TỜ", ["thieu"]), ("giay hen", []),
    ("book", ["hen"]), ("hẹ", ["hen"]), ("/hen", ["hen"]), ("oi", []), ("%", ["hen", "thieu"]), ("vắng", []),
)  # fmt: skip


async def test_search_takes_all_words_or_their_beginnings(gateway: Gateway) -> None:
    boss = await person(gateway, "Boss", "administrator")
    for shortcut, title, english in (("hen", "Lịch hẹn", "You are booked."), ("thieu", "Thiếu giấy tờ", "A document")):
        text = {"vi": title, "en": english}
        await canned.save(gateway.core, boss, written(shortcut=shortcut, title=title, text=text))
    for q, found in FOUND:
        assert await shortcuts(gateway, boss, q) == found, q


async def test_the_samples_come_once_and_what_people_removed_stays_away(gateway: Gateway) -> None:
    core, boss = gateway.core, await person(gateway, "Boss", "administrator")
    await canned.put_samples(core)
    there = await canned.available(core, boss)
    assert len(there) >= 12
    assert {one["agency"] for one in there} == {None, "mau-ward", "tax-office"}
    for one in there:
        await canned.remove(core, boss, one["id"])
    await canned.put_samples(core)
    assert await canned.available(core, boss) == []


async def test_the_samples_would_be_taken_from_a_person_too(gateway: Gateway) -> None:
    boss = await person(gateway, "Boss", "administrator")
    for one in canned.samples(gateway.core.site.agencies):
        await canned.save(gateway.core, boss, Written(**one))
        assert set(canned.blanks(one["text"]["vi"])) <= set(table("desk.office.vi")["blank_names"]), one["shortcut"]
