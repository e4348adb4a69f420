"""The pages of sign-in, account, people and audit log, as a browser without JavaScript uses them."""

from __future__ import annotations

import ast
import re
from collections.abc import AsyncGenerator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot import model, people, throttle
from bot.desk import auth
from bot.desk.devices import device_of
from bot.words import LANGUAGES, table
from tests.bot.conftest import Gateway
from tests.support.staff import AGENT, PASSWORD, Browser, browser, hire, known, link_of, session_of, token_in

ROOT = Path(__file__).parents[2]
WORDS = {language: table(f"desk.people.{language}") for language in LANGUAGES}


@pytest.fixture
async def lan(gateway: Gateway) -> AsyncGenerator[Browser]:
    async with browser(str(gateway.staff.make_url("/"))) as opened:
        yield opened


@pytest.fixture
async def chief(gateway: Gateway) -> AsyncGenerator[Browser]:
    """An administrator of everything, signed in."""
    await hire(gateway.core, "Chief", "administrator", password=PASSWORD, language="en")
    async with browser(str(gateway.staff.make_url("/"))) as opened:
        await opened.sign_in("Chief")
        yield opened


async def text(response: Any) -> str:
    """What a page says, without its markup."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", await response.text())))


# ---- sign-in --------------------------------------------------------------------------------------------------------


async def test_signing_in_leads_to_where_one_wanted_to_go(gateway: Gateway, lan: Browser) -> None:
    await hire(gateway.core, "Lan", password=PASSWORD)
    asked = await lan.get("/desk/account?done=password")
    page = await (await lan.get(asked.headers["Location"])).text()
    following = re.search(r'name="next" value="([^"]*)"', page)
    assert following
    entered = await lan.enter("/desk/sign-in", page, name="Lan", password=PASSWORD, next=unescape(following.group(1)))
    assert (entered.status, entered.headers["Location"]) == (303, "/desk/account?done=password")
    cookie = entered.cookies[auth.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"], cookie["secure"]) == ("/desk", True, "Strict", "")
    assert (await lan.get("/desk/account")).status == 200
    assert (await lan.get("/desk/sign-in?next=/desk/audit")).headers["Location"] == "/desk/audit"


@pytest.mark.parametrize(("following", "leads_to"), [
    ("/desk", "/desk"),
    ("/desk?a=b", "/desk?a=b"),
    ("/desk/conversations/c-1", "/desk/conversations/c-1"),
    ("//evil.example", "/desk"),
    ("https://evil.example/desk", "/desk"),
    ("/desk\\@evil.example", "/desk"),
    ("/desk/\r\nSet-Cookie: a=b", "/desk"),
    ("/deskevil", "/desk"),
    ("/chat", "/desk"),
    ("/desk/sign-in", "/desk"),
    ("/desk/api/me", "/desk"),
    ("", "/desk"),
])  # fmt: skip
def test_the_way_on_stays_inside_the_desk(following: str, leads_to: str) -> None:
    assert auth.inside(following) == leads_to


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_refusal_is_a_page_that_keeps_the_name_and_says_how_long_to_wait(
    language: str, gateway: Gateway, lan: Browser
) -> None:
    await hire(gateway.core, "Lan", password=PASSWORD)
    said = WORDS[language]["problems"]
    page = await (await lan.get(f"/desk/sign-in?lang={language}")).text()
    for name in ("Lan", "Nobody"):
        fields = {"csrf": token_in(page), "name": name, "password": "không phải nó đâu"}
        for _ in range(throttle.OF_BOTH):
            refused = await lan.send(f"/desk/sign-in?lang={language}", fields)
            assert refused.status == 401
            assert said["wrong_sign_in"] in await text(refused)
            assert f'value="{name}"' in await refused.text()
        waits = await lan.send(f"/desk/sign-in?lang={language}", fields)
        assert (waits.status, waits.headers["Retry-After"]) == (429, "900")
        assert said["too_many_tries"].format(seconds=900) in await text(waits)
        assert fields["password"] not in await waits.text()


@pytest.mark.parametrize("csrf", ["", "wrong"])
async def test_another_sites_form_signs_nobody_in(csrf: str, gateway: Gateway, lan: Browser) -> None:
    who = await hire(gateway.core, "Lan", password=PASSWORD)
    link = await link_of(gateway.core, who)
    await lan.get("/desk/sign-in")
    for path in ("/desk/sign-in", f"/desk/sign-in/{link}"):
        refused = await lan.send(path, {"csrf": csrf, "name": "Lan", "password": PASSWORD})
        assert refused.status == 403
        assert auth.COOKIE not in refused.cookies
    assert (await lan.get("/desk/account")).status == 303


async def test_a_link_is_shown_before_it_is_used_and_opens_once(gateway: Gateway, lan: Browser) -> None:
    path = f"/desk/sign-in/{await link_of(gateway.core, await hire(gateway.core, 'Lan'))}"
    for _ in range(3):
        assert "Vào với tên Lan" in await text(await lan.get(path))
    page = await lan.get(path)
    entered = await lan.enter(path, await page.text())
    assert (entered.status, entered.headers["Location"]) == (303, "/desk/account")
    assert WORDS["vi"]["account"]["no_password"] in await text(await lan.get("/desk/account"))
    for again in (await lan.get(path), await lan.enter(path, await page.text())):
        assert again.status == 410
        assert WORDS["vi"]["problems"]["spent_link"] in await text(again)


async def test_a_link_for_somebody_with_a_password_leads_to_the_desk(gateway: Gateway, lan: Browser) -> None:
    path = f"/desk/sign-in/{await link_of(gateway.core, await hire(gateway.core, 'Lan', password=PASSWORD))}"
    entered = await lan.enter(path, await (await lan.get(path)).text())
    assert entered.headers["Location"] == "/desk"
    assert 'name="current"' not in await (await lan.get("/desk/account")).text()


async def test_a_browser_has_one_session(gateway: Gateway, lan: Browser) -> None:
    await hire(gateway.core, "Lan", password=PASSWORD)
    path = f"/desk/sign-in/{await link_of(gateway.core, await hire(gateway.core, 'Mai'))}"
    await lan.sign_in("Lan")
    await lan.enter(path, await (await lan.get(path)).text())
    async with gateway.core.store.read() as tx:
        signed = await tx.execute(sa.select(model.person.c.name).join(model.staff_session))
        assert [row.name for row in signed] == ["Mai"]


@pytest.mark.parametrize(("url", "headers", "is_secure"), [
    ("", {}, False),
    ("", {"X-Forwarded-Proto": "https"}, True),
    ("https://desk.example", {}, True),
])  # fmt: skip
async def test_cookies_keep_to_https_where_there_is_https(
    url: str, headers: dict[str, str], is_secure: bool, gateway: Gateway, lan: Browser
) -> None:
    object.__setattr__(gateway.core, "settings", gateway.core.settings.model_copy(update={"staff_url": url}))
    await hire(gateway.core, "Lan", password=PASSWORD)
    response = await gateway.staff.post(
        "/desk/api/sessions", json={"name": "Lan", "password": PASSWORD}, headers=headers
    )
    assert bool(response.cookies[auth.COOKIE]["secure"]) == is_secure


async def test_signing_out_ends_the_session(gateway: Gateway, lan: Browser) -> None:
    await hire(gateway.core, "Lan", password=PASSWORD)
    await lan.sign_in("Lan")
    out = await lan.post("/desk/sign-out")
    assert (out.status, out.headers["Location"]) == (303, "/desk/sign-in")
    assert (await lan.get("/desk/account")).status == 303
    async with gateway.core.store.read() as tx:
        assert people.present((await tx.execute(sa.select(model.person))).one(), gateway.clock()) == "offline"


# ---- a session that ends in the middle ------------------------------------------------------------------------------


async def test_what_was_written_in_a_session_that_ended_is_sent_after_the_sign_in(
    gateway: Gateway, lan: Browser
) -> None:
    await hire(gateway.core, "Lan", password=PASSWORD)
    await lan.sign_in("Lan")
    gateway.clock.forward(hours=3)
    written = {"text": 'Chào bạn,\n"<b>" & tôi', "id": "7"}
    kept = await lan.post("/desk/conversations/c-1/messages", **written)
    if kept.status == 404:  # the address is of the conversation's page; any other will do
        kept = await lan.post("/desk/language", **written)
    assert kept.status == 307
    page = await lan.post(kept.headers["Location"], **written)
    assert WORDS["vi"]["sign_in"]["kept"] in await text(page)
    fields = {"csrf": token_in(await page.text()), "name": "Lan", "password": PASSWORD} | hidden(await page.text())
    assert fields["kept.text"] == written["text"]
    back = await (await lan.send("/desk/sign-in", fields)).text()
    assert 'action="/desk/' in back
    assert "&lt;b&gt;" in back
    assert hidden(back)["id"] == "7"
    assert unescape(back.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0]) == written["text"]
    assert token_in(back) != fields["csrf"]


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: unescape(value) for name, value in found if name != "csrf"}


async def test_a_forged_form_is_not_kept_over_the_sign_in(gateway: Gateway, lan: Browser) -> None:
    await hire(gateway.core, "Lan", password=PASSWORD)
    await lan.sign_in("Lan")
    gateway.clock.forward(hours=3)
    refused = await lan.send("/desk/language", {"language": "en", "csrf": "wrong"})
    assert (refused.status, refused.headers["Location"]) == (303, "/desk/sign-in")
    assert (await lan.send("/desk/sign-in/keep", {"text": "a", "csrf": "wrong"})).status == 403


async def test_a_script_signs_in_again_and_goes_on(gateway: Gateway, lan: Browser) -> None:
    await hire(gateway.core, "Lan", password=PASSWORD)
    await lan.sign_in("Lan")
    gateway.clock.forward(hours=3)
    assert (await lan.call("presence", presence="busy")).status == 401
    again = await lan.call("sessions", name="Lan", password=PASSWORD)
    assert again.status == 201
    lan.csrf = (await again.json())["csrf"]
    assert (await (await lan.call("presence", presence="busy")).json())["chosen"] == "busy"


@pytest.mark.parametrize(("body", "kind", "status"), [
    ({"name": "Lan", "password": PASSWORD}, "application/json", 201),
    ({"name": "Lan", "password": PASSWORD}, "text/plain", 400),
    ({"name": "Lan", "password": "no"}, "application/json", 401),
    ({"name": "Lan"}, "application/json", 400),
    ({"link": "x" * 43}, "application/json", 410),
    ({"link": "x", "name": "Lan", "password": "no"}, "application/json", 400),
    ({}, "application/json", 400),
])  # fmt: skip
async def test_signing_in_by_the_api(body: dict[str, str], kind: str, status: int, gateway: Gateway) -> None:
    import json

    await hire(gateway.core, "Lan", password=PASSWORD)
    response = await gateway.staff.post("/desk/api/sessions", data=json.dumps(body), headers={"Content-Type": kind})
    assert response.status == status
    assert (auth.COOKIE in response.cookies) == (status == 201)


# ---- the account ----------------------------------------------------------------------------------------------------


async def test_the_account_page_changes_password_language_and_presence(gateway: Gateway, lan: Browser) -> None:
    await hire(gateway.core, "Lan", password=PASSWORD)
    await lan.sign_in("Lan")
    assert "Firefox · Windows" in await text(await lan.get("/desk/account"))
    short = await lan.post("/desk/account/password", current=PASSWORD, new="ngắn")
    assert short.status == 400
    assert WORDS["vi"]["problems"]["password_length"].format(least=12, most=200) in await text(short)
    saved = await lan.post("/desk/account/password", current=PASSWORD, new="một mật khẩu khác")
    assert WORDS["vi"]["account"]["saved"] in await text(await lan.get(saved.headers["Location"]))
    assert (await lan.post("/desk/language", language="en", back="/desk/account")).headers[
        "Location"
    ] == "/desk/account"
    assert WORDS["en"]["account"]["title"] in await text(await lan.get("/desk/account"))
    assert (await lan.post("/desk/presence", presence="away", back="//evil.example")).headers["Location"] == "/desk"
    assert (await known(gateway.core, "Lan")).presence == "away"
    assert (await lan.post("/desk/language", language="fr")).status == 400


async def test_sessions_are_ended_from_the_account_page(gateway: Gateway, lan: Browser) -> None:
    other = await session_of(gateway.core, await hire(gateway.core, "Lan", password=PASSWORD))
    await lan.sign_in("Lan")
    shown = await (await lan.get("/desk/api/sessions")).json()
    [one] = [each["id"] for each in shown if not each["current"]]
    assert (await lan.post(f"/desk/account/sessions/{one}/end")).status == 303
    assert (await gateway.staff.get("/desk/api/me", headers={"Cookie": f"{auth.COOKIE}={other}"})).status == 401
    assert (await lan.post(f"/desk/account/sessions/{one}/end")).status == 404


@pytest.mark.parametrize(("user_agent", "device"), [
    (AGENT, "Firefox · Windows"),
    ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) coc_coc_browser/120 Chrome/114 Safari/537",
     "Cốc Cốc · Windows"),
    ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/141 Safari/537.36 Edg/141.0", "Edge · Windows"),
    ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/141 Mobile Safari/537.36", "Chrome · Android"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari · iPhone"),
    ("curl/8.5.0", "curl/8.5.0"),
    ("", ""),
])  # fmt: skip
def test_browsers_are_called_as_people_call_them(user_agent: str, device: str) -> None:
    assert device_of(user_agent) == device


# ---- people ---------------------------------------------------------------------------------------------------------

NEW = {"name": "Mai", "role": "agent", "capacity": "4", "language": "vi"}


async def test_a_colleague_is_added_and_comes_in_by_the_link_on_the_page(
    gateway: Gateway, chief: Browser, lan: Browser
) -> None:
    fields = [("csrf", chief.csrf), *NEW.items(), ("agencies", "tax-office"), ("skills", "en"), ("skills", "tax-code")]
    added = await chief.send("/desk/people", fields)
    assert added.status == 200
    mai = await known(gateway.core, "Mai")
    assert (mai.agencies, mai.skills, mai.capacity) == (("tax-office",), ("en", "tax-code"), 4)
    found = re.search(r"http://127\.0\.0\.1:8081(/desk/sign-in/[\w-]+)", await added.text())
    assert found
    page = await (await lan.get(found.group(1))).text()
    assert (await lan.enter(found.group(1), page)).status == 303
    assert "Mai" in await text(await lan.get("/desk/account"))
    assert found.group(1) not in await (await chief.get("/desk/people")).text()


@pytest.mark.parametrize(("values", "status", "word"), [
    ({"name": "Chief"}, 409, "name_taken"),
    ({"name": ""}, 400, "no_name"),
    ({"capacity": "many"}, 400, "no_capacity"),
    ({"capacity": "0"}, 400, "no_capacity"),
])  # fmt: skip
async def test_what_cannot_be_added_is_said_and_what_was_typed_stays(
    values: dict[str, str], status: int, word: str, gateway: Gateway, chief: Browser
) -> None:
    refused = await chief.post("/desk/people", **NEW | values)
    assert refused.status == status
    assert WORDS["en"]["problems"][word] in await text(refused)
    assert f'value="{(NEW | values)["name"]}"' in await refused.text()


async def test_a_colleague_is_changed_linked_deactivated_and_taken_back(gateway: Gateway, chief: Browser) -> None:
    mai = await hire(gateway.core, "Mai")
    path = f"/desk/people/{mai.id}"
    assert "Mai" in await text(await chief.get(path))
    changed = await chief.post(path, **NEW | {"role": "supervisor"})
    assert WORDS["en"]["people"]["done"]["changed"] in await text(await chief.get(changed.headers["Location"]))
    assert "/desk/sign-in/" in await (await chief.post(f"{path}/link")).text()
    assert (await chief.post(f"{path}/end-sessions")).status == 303
    assert (await chief.post(f"{path}/deactivate")).status == 303
    assert WORDS["en"]["people"]["activate"] in await text(await chief.get(path))
    assert (await chief.post(f"{path}/link")).status == 409
    assert (await chief.post(f"{path}/activate")).status == 303
    assert (await known(gateway.core, "Mai")).role == "supervisor"


async def test_ones_own_account_is_out_of_reach(gateway: Gateway, chief: Browser) -> None:
    path = f"/desk/people/{(await known(gateway.core, 'Chief')).id}"
    assert "deactivate" not in await (await chief.get(path)).text()
    for refused in (await chief.post(f"{path}/deactivate"), await chief.post(path, **NEW)):
        assert refused.status == 409
        assert WORDS["en"]["problems"]["own_account"] in await text(refused)


async def test_markup_in_names_is_shown_as_text(gateway: Gateway, chief: Browser) -> None:
    await chief.post("/desk/people", **NEW | {"name": "<script>alert(1)</script>"})
    for path in ("/desk/people", "/desk/audit"):
        page = await (await chief.get(path)).text()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


# ---- the log --------------------------------------------------------------------------------------------------------


async def test_the_log_shows_what_was_done_by_whom(gateway: Gateway, chief: Browser) -> None:
    await chief.post("/desk/people", **NEW)
    page = await text(await chief.get("/desk/audit"))
    assert "added a person" in page
    assert "person: Mai" in page
    only = await text(await chief.get("/desk/audit?action=sign_in&who=Chief"))
    assert "added a person by" not in only
    assert "by: password" in only
    assert WORDS["en"]["audit"]["empty"] in await text(await chief.get("/desk/audit?who=Nobody"))
    assert (await chief.get("/desk/audit?before=x")).status == 400


async def test_the_api_gives_the_same_log(gateway: Gateway, chief: Browser) -> None:
    await chief.call("people", name="Mai", role="agent")
    log = await (await chief.get("/desk/api/audit?action=person_added")).json()
    assert [(row["who"], row["details"]) for row in log["rows"]] == [("Chief", {"person": "Mai", "role": "agent"})]
    assert log["before"] is None


ACTION = {"audit.record": 2, "_record": 3}  # which argument it is


def test_every_action_that_is_recorded_has_a_word() -> None:
    """Where the code names the action outright."""
    recorded: set[str] = set()
    for file in [*(ROOT / "bot").glob("*.py"), *(ROOT / "bot/desk").glob("*.py"), *(ROOT / "motcua").glob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            place = ACTION.get(ast.unparse(node.func)) if isinstance(node, ast.Call) else None
            if place is not None and isinstance(node, ast.Call) and isinstance(node.args[place], ast.Constant):
                recorded.add(ast.unparse(node.args[place]).strip("'"))
    assert len(recorded) > 20
    assert recorded - set(WORDS["vi"]["audit"]["actions"]) == set()


def test_both_languages_say_the_same_things() -> None:
    vi, en = (set(_keys(WORDS[language])) for language in LANGUAGES)
    assert vi == en


def _keys(words: Any, path: str = "") -> list[str]:
    if not isinstance(words, dict):
        return [path + "".join(sorted(re.findall(r"\{\w+\}", str(words))))]
    return [key for name, each in words.items() for key in _keys(each, f"{path}.{name}")]
