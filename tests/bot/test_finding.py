"""Search over past conversations: by reference, phone, id and words, of one's own agencies alone; both databases."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from bot import finding, model
from bot.errors import NotAllowed, Unreadable
from bot.finding import PAGE, find, snippet, sought
from bot.people import Person
from tests.bot.conftest import MONDAY, Gateway
from tests.bot.staffed import handed_over, logged, person, said, update

REFERENCE = "H15.50.05.13-261008-0975"
PHONE = "+84912000001"


async def found(gateway: Gateway, who: Person, q: str) -> list[str]:
    return [one["conversation"] for one in (await find(gateway.core, who, q))["found"]]


async def history(gateway: Gateway) -> None:
    """Five conversations of four citizens, the last of them with the assistant alone."""
    address = gateway.core.secrets.address(f"sms:{PHONE}")
    await handed_over(gateway, "birth", cases=[REFERENCE])
    await handed_over(gateway, "tax", "tax-office", channel="sms", address=address)
    await handed_over(gateway, "sms", channel="sms", address=address)
    await handed_over(gateway, "percent")
    await handed_over(gateway, "alone")
    await said(gateway, "c-birth", "Cho tôi hỏi làm GIẤY KHAI SINH cho con")
    await said(gateway, "c-birth", "Chào anh/chị, giấy khai sinh đã xong.", "staff")
    await said(gateway, "c-tax", "khai thuế, sinh con")
    await said(gateway, "c-sms", "Đổi bằng lái xe, số điện thoại 0987 654 321")
    await said(gateway, "c-percent", "giảm 50% lệ_phí, đường C:\\tmp")
    await said(gateway, "c-alone", "giấy khai sinh của tôi")
    async with gateway.core.store.write() as tx:
        await tx.execute(sa.delete(model.handoff).where(model.handoff.c.conversation == "c-alone"))
        about = {"conversation": "c-sms", "seq": 1, "about": {"case": REFERENCE, "level": "1"}}
        values = {"outcome": "case_status", "language": "vi", "received_at": MONDAY, "finished_at": MONDAY}
        await tx.execute(sa.insert(model.turn).values(**about | values))


QUERIES: tuple[tuple[str, list[str]], ...] = (
    # words: with and without diacritics, all of them in one message, in any order, also parts of words
    ("giấy khai sinh", ["c-birth"]), ("giay khai sinh", ["c-birth"]), ("GIAY  KHAI SINH?", ["c-birth"]),
    ("sinh khai", ["c-tax", "c-birth"]), ("khai thuế", ["c-tax"]), ("bằng lái", ["c-sms"]), ("bang lai xe con", []),
    ("điện thoại", ["c-sms"]), ("dien thoai", ["c-sms"]),
    # a case, however it is typed
    (REFERENCE, ["c-sms", "c-birth"]), ("h15.50.05.13-261008-0975", ["c-sms", "c-birth"]),
    ("hồ sơ H15.50.05.13 - 261008 - 0975", ["c-sms", "c-birth"]), ("H15.50.05.13-261008-0976", []),
    # a number, however it is typed; one in a text is found as text
    (PHONE, ["c-sms", "c-tax"]), ("0912 000 001", ["c-sms", "c-tax"]), ("0912000002", []), ("0987 654 321", ["c-sms"]),
    # the conversation itself, of those that staff have seen
    ("c-birth", ["c-birth"]), (" c-tax ", ["c-tax"]), ("c-alone", []), ("c-none", []),
    # what means something to LIKE means itself
    ("50%", ["c-percent"]), ("%%", []), ("50_", []), ("lệ_phí", ["c-percent"]), ("le%phi", []), ("__", []),
    ("c:\\tmp", ["c-percent"]), ("c:/tmp", []), ("' or 1=1 --", []), ("\x00giấy khai sinh\x00", ["c-birth"]),
)  # fmt: skip
OF_AGENCIES: tuple[tuple[tuple[str, ...], str, list[str]], ...] = (
    (("mau-ward",), "sinh", ["c-birth"]), (("tax-office",), "sinh", ["c-tax"]),
    (("moon",), "sinh", []), ((), "sinh", []),
    (("tax-office",), PHONE, ["c-tax"]), (("mau-ward",), PHONE, ["c-sms"]),
    (("tax-office",), "c-birth", []), (("tax-office",), REFERENCE, []),
    (("mau-ward", "tax-office"), "sinh", ["c-tax", "c-birth"]),
)  # fmt: skip


async def test_what_is_found(gateway: Gateway) -> None:
    await history(gateway)
    lan = await person(gateway, "Lan")
    for q, expected in QUERIES:
        assert await found(gateway, lan, q) == expected, q


async def test_another_agencys_is_never_found(gateway: Gateway) -> None:
    await history(gateway)
    for agencies, q, expected in OF_AGENCIES:
        who = await person(gateway, f"{q} of {agencies}", "agent", agencies)
        assert await found(gateway, who, q) == expected, (agencies, q)


@pytest.mark.parametrize(("q", "word"), [
    ("", "problem_query_short"), (" a ", "problem_query_short"), ("...", "problem_query_short"),
    ("\u200b\u200b\u200b", "problem_query_short"), ("a" * 201, "problem_query_long"),
    (" ".join("abcdefghijklm"), "problem_query_long"),
])  # fmt: skip
def test_too_short_or_too_long(q: str, word: str) -> None:
    with pytest.raises(Unreadable) as refused:
        sought(q)
    assert (refused.value.field, refused.value.word) == ("q", word)


async def test_who_may_search(gateway: Gateway) -> None:
    for role in ("agent", "supervisor", "administrator"):
        assert await found(gateway, await person(gateway, role, role), "sinh") == []
    for role in ("analyst", "content editor"):
        with pytest.raises(NotAllowed):
            await found(gateway, await person(gateway, role, role), "sinh")


async def test_pages_are_newest_first_and_meet_without_a_gap(gateway: Gateway) -> None:
    names = [f"{number:02}" for number in range(PAGE * 2 + 3)]
    for name in names:
        await handed_over(gateway, name)
        await said(gateway, f"c-{name}", f"giấy khai sinh {name}")
    await said(gateway, "c-00", "lại hỏi giấy khai sinh")
    who, before, pages = await person(gateway, "Lan"), None, list[list[str]]()
    while not pages or before is not None:
        page = await find(gateway.core, who, "khai sinh", before)
        pages.append([one["conversation"].removeprefix("c-") for one in page["found"]])
        before = page["before"]
    assert [len(page) for page in pages] == [20, 20, 3]
    assert [name for page in pages for name in page] == ["00", *reversed(names[1:])]


async def test_what_is_shown_of_a_hit(gateway: Gateway) -> None:
    await history(gateway)
    lan = await person(gateway, "Lan")
    await update(
        gateway, model.handoff, "conversation", "c-birth",
        state="closed", outcome="resolved", ended_at=MONDAY, topic="birth-registration", person=lan.id,
    )  # fmt: skip
    [one] = (await find(gateway.core, lan, "giấy khai sinh"))["found"]
    assert one == {
        "conversation": "c-birth",
        "channel": "web",
        "language": "vi",
        "agency": "mau-ward",
        "owner": "queue",
        "test": False,
        "at": MONDAY.isoformat(),
        "snippet": [
            {"text": "Chào anh/chị, ", "hit": False},
            {"text": "giấy", "hit": True},
            {"text": " ", "hit": False},
            {"text": "khai", "hit": True},
            {"text": " ", "hit": False},
            {"text": "sinh", "hit": True},
            {"text": " đã xong.", "hit": False},
        ],
        "episode": {
            "opened_at": MONDAY.isoformat(),
            "ended_at": MONDAY.isoformat(),
            "reason": "asked",
            "topic": "birth-registration",
            "outcome": "resolved",
            "person": "Lan",
        },
    }


@pytest.mark.parametrize(("text", "words", "expected"), [
    ("một hai", ["hai"], "một [hai]"), ("một hai", [], "một hai"), ("một\n\n hai", ["mot"], "[một] hai"),
    ("Đường đi", ["duong"], "[Đường] đi"), ("d\u00e8 \u1ebf ß ﬁ x", ["x"], "dè ế ß ﬁ [x]"),
    ("aaaa", ["aa", "a"], "[aaaa]"),
    ("x" * 100 + "kim" + "y" * 200, ["kim"], "…" + "x" * 60 + "[kim]" + "y" * 117 + "…"),
    ("<b>kim</b>", ["kim"], "<b>[kim]</b>"),
])  # fmt: skip
def test_a_snippet_marks_what_was_found(text: str, words: list[str], expected: str) -> None:
    assert "".join(f"[{one['text']}]" if one["hit"] else one["text"] for one in snippet(text, words)) == expected


async def test_the_log_says_that_it_was_searched_and_not_for_what(gateway: Gateway) -> None:
    await history(gateway)
    lan = await person(gateway, "Lan")
    expected: list[tuple[str, str, dict[str, Any]]] = []
    for q, by, number in (
        ("giấy", "text", 1),
        (REFERENCE, "reference", 2),
        (PHONE, "phone", 2),
        ("c-tax", "conversation", 1),
    ):
        await finding.find(gateway.core, lan, q)
        expected.append(("Lan", "search", {"by": by, "found": number}))
    assert await logged(gateway) == expected
