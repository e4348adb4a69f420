"""Ready answers as pages: written, looked at, changed and removed by forms."""

from __future__ import annotations

import re

from bot import canned
from tests.bot.conftest import Gateway
from tests.bot.desk.office import near, plain, signed_in, values

WRITTEN = {
    "agency": "mau-ward",
    "shortcut": "/Xong",
    "title": "Đã xong",
    "vi": "Hồ sơ {reference} đã xong.",
    "en": "Case {reference} is ready.",
}


async def test_write_change_and_remove_an_answer(gateway: Gateway) -> None:
    boss = await signed_in(gateway)
    assert (await boss.send("canned", **WRITTEN)) == (303, "/desk/canned?done=saved")
    page = await boss.read("canned?done=saved")
    assert "Đã lưu câu mẫu" in plain(page)
    assert 'Hồ sơ <mark lang="vi">Mã hồ sơ</mark> đã xong.' in page
    [number] = re.findall(r'href="/desk/canned/(\d+)"', page)
    form = await boss.read(f"canned/{number}")
    assert values(form) | {"shortcut": "xong", "title": "Đã xong", "vi": WRITTEN["vi"]} == values(form)
    assert (await boss.send(f"canned/{number}", **WRITTEN | {"title": "Mới"}))[0] == 303
    assert "Mới" in plain(await boss.read("canned?q=xong"))
    assert (await boss.send(f"canned/{number}/remove")) == (303, "/desk/canned?done=removed")
    assert "Chưa có câu mẫu nào" in plain(await boss.read("canned"))
    await boss.read(f"canned/{number}", 404)


async def test_a_preview_shows_and_keeps_nothing(gateway: Gateway) -> None:
    boss = await signed_in(gateway)
    status, page = await boss.send("canned", **WRITTEN | {"title": "", "vi": "{a} <i>"}, preview="yes")
    assert (status, values(page)["vi"]) == (200, "{a} <i>")
    assert '<mark lang="vi">a</mark> &lt;i&gt;' in page
    assert "Chưa có câu mẫu nào" in plain(await boss.read("canned"))


FAULTS = {
    # what is wrong with it, the field, and what is said there
    "no shortcut": ({"shortcut": "hai từ"}, "shortcut", "không có khoảng trắng"),
    "taken": ({"shortcut": "chao"}, "shortcut", "Tên tắt này đã có"),
    "no title": ({"title": " "}, "title", "Tiêu đề dài 1 đến 80"),
    "no English": ({"en": " "}, "en", "Cần cả hai ngôn ngữ"),
    "too long": ({"vi": "a" * 1_503}, "vi", "Thừa 3 ký tự; tối đa 1500"),
    "braces": ({"vi": "{"}, "vi", "Chỗ cần điền viết là {tên}"),
    "other blanks": ({"en": "{other}"}, "en", "mới chỉ một bên có {other}, {reference}"),
    "another agency": ({"agency": "moon"}, "agency", "cơ quan mà bạn phụ trách"),
}


async def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(gateway: Gateway) -> None:
    await canned.put_samples(gateway.core)
    boss = await signed_in(gateway)
    for label, (other, field, expected) in FAULTS.items():
        status, page = await boss.send("canned", **WRITTEN | other)
        assert status in (400, 409), label
        assert 'aria-invalid="true"' in near(page, field), label
        assert f"{field}-problem" in near(page, field), label
        assert expected in near(page, f"{field}-problem"), label
        typed = WRITTEN | other
        assert {key: values(page)[key] for key in ("title", "vi", "en")} == {
            key: typed[key] for key in ("title", "vi", "en")
        }


async def test_an_agent_uses_answers_and_an_editor_changes_those_of_their_agency(gateway: Gateway) -> None:
    await canned.put_samples(gateway.core)
    lan, editor = (
        await signed_in(gateway, "Lan", "agent"),
        await signed_in(gateway, "Mai", "content editor", "tax-office"),
    )
    assert "/desk/canned/" not in await lan.read("canned")
    mine = re.findall(r'href="/desk/canned/(\d+)"', await editor.read("canned"))
    assert len(mine) == 1
    of_all = next(one["id"] for one in await canned.available(gateway.core, editor.who) if one["agency"] is None)
    await editor.read(f"canned/{of_all}", 403)
    assert (await editor.send(f"canned/{of_all}/remove"))[0] == 403
    form = await editor.read("canned/new")
    assert re.findall(r'<option value="([^"]*)"', form) == ["tax-office"]
