"""Security by structure: every route of the staff port signs in, every change proves where it comes from."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator

import aiohttp
import pytest
import sqlalchemy as sa
from yarl import URL

from bot import audit, model
from bot.desk import auth
from bot.people import ROLES
from tests.bot.conftest import Agent, Citizen, Gateway
from tests.support.staff import PASSWORD, Browser, browser, hire, session_of

# For whoever reaches the port. Everything else asks who it is.
OPEN = {
    "GET /desk/sign-in",
    "POST /desk/sign-in",
    "POST /desk/sign-in/keep",
    "GET /desk/sign-in/{link}",
    "POST /desk/sign-in/{link}",
    "POST /desk/api/sessions",
    "GET /desk/api/openapi.json",
    "GET /desk/static/{name}",
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",
}
Route = tuple[str, str]


@pytest.fixture
def base(gateway: Gateway) -> str:
    return str(gateway.staff.make_url("/"))


@pytest.fixture
async def visitor(base: str) -> AsyncGenerator[Browser]:
    async with browser(base) as opened:
        yield opened


def routes(gateway: Gateway) -> list[Route]:
    """Method and address of everything on the port but the phone, with something in each blank."""
    app = gateway.staff.server.app  # type: ignore[union-attr]
    return [
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.resource and route.method != "HEAD" and not route.resource.canonical.startswith("/phone")
    ]


def filled(path: str) -> str:
    return re.sub(r"\{\w+\}", "1", path)


def closed(gateway: Gateway) -> list[Route]:
    return [(method, path) for method, path in routes(gateway) if f"{method} {path}" not in OPEN]


async def ask(gateway: Gateway, route: Route, **more: str) -> aiohttp.ClientResponse:
    method, path = route
    return await gateway.staff.request(method, filled(path), headers=more, allow_redirects=False)


async def test_what_is_open_is_there_and_nothing_else_is(gateway: Gateway) -> None:
    assert {f"{method} {path}" for method, path in routes(gateway)} >= OPEN
    assert len(closed(gateway)) > 40


@pytest.mark.parametrize("token", ["", "Bearer wrong", "Bearer ", "Basic TGFuOm3huq10"])
async def test_without_a_session_pages_lead_to_the_sign_in_and_the_api_refuses(token: str, gateway: Gateway) -> None:
    headers = {"Authorization": token} if token else {}
    for method, path in closed(gateway):
        response = await ask(gateway, (method, path), **headers)
        if path.startswith("/desk/api/") or token == "Bearer wrong":  # noqa: S105
            assert (response.status, response.headers["WWW-Authenticate"]) == (401, "Bearer"), path
            assert response.content_type == "application/problem+json", path
            continue
        assert response.status == 303, path
        to = URL(response.headers["Location"])
        assert (to.path, dict(to.query)) == ("/desk/sign-in", {"next": filled(path)} if method == "GET" else {}), path


@pytest.mark.parametrize("cookie", ["wrong", "ended", "expired", "deactivated"])
async def test_a_cookie_that_opens_nothing_is_none(cookie: str, gateway: Gateway) -> None:
    lan = await hire(gateway.core, "Lan", "administrator")
    token = await session_of(gateway.core, lan)
    async with gateway.core.store.write() as tx:
        if cookie == "ended":
            await tx.execute(sa.delete(model.staff_session))
        elif cookie == "deactivated":
            await tx.execute(sa.update(model.person).values(active=False))
    gateway.clock.forward(hours=13 if cookie == "expired" else 0)
    headers = {"Cookie": f"{auth.COOKIE}={'x' if cookie == 'wrong' else token}"}
    for method, path in closed(gateway):
        response = await ask(gateway, (method, path), **headers)
        assert response.status == (401 if path.startswith("/desk/api/") else 303), path


async def test_a_change_by_cookie_needs_the_pages_token(gateway: Gateway) -> None:
    """Whatever a role may do: the forgery is refused before the permission is looked at."""
    lan = await hire(gateway.core, "Lan", "administrator")
    mai = await hire(gateway.core, "Mai", "administrator")
    token, anothers = await session_of(gateway.core, lan), await session_of(gateway.core, mai)
    for csrf in ("", "wrong", auth.new_csrf(gateway.core, anothers), "é"):
        headers = {"Cookie": f"{auth.COOKIE}={token}"} | ({auth.HEADER: csrf} if csrf else {})
        for method, path in closed(gateway):
            if method != "GET":
                response = await ask(gateway, (method, path), **headers)
                assert response.status == 403, path
                assert b"load the page again" in await response.read(), path
    async with gateway.core.store.read() as tx:
        assert (await tx.execute(sa.select(model.audit))).all() == []


FORM = "application/x-www-form-urlencoded"
PROOFS = {
    # content type, header, field, whether it is let through
    "header": ("application/json", True, False, True),
    "field": (FORM, False, True, True),
    "field in JSON": ("application/json", False, True, False),
    "field in plain text": ("text/plain", False, True, False),
    "neither": (FORM, False, False, False),
}


@pytest.mark.parametrize("case", PROOFS)
async def test_where_the_token_may_stand(case: str, gateway: Gateway) -> None:
    content, header, field, passes = PROOFS[case]
    token = await session_of(gateway.core, await hire(gateway.core, "Lan"))
    csrf = auth.new_csrf(gateway.core, token)
    headers = {"Cookie": f"{auth.COOKIE}={token}", "Content-Type": content} | ({auth.HEADER: csrf} if header else {})
    body = f"presence=busy&csrf={csrf}" if field else "presence=busy"
    body = '{"presence": "busy"}' if content == "application/json" and not field else body
    path = "/desk/api/presence" if content == "application/json" else "/desk/presence"
    response = await gateway.staff.post(path, data=body, headers=headers, allow_redirects=False)
    assert response.status == ((200 if path.startswith("/desk/api") else 303) if passes else 403)


async def test_a_bearer_needs_no_token_against_forgery_and_counts_before_a_cookie(gateway: Gateway) -> None:
    agent = await gateway.agent("Lan")
    token = await session_of(gateway.core, await hire(gateway.core, "Mai"))
    headers = agent.headers | {"Cookie": f"{auth.COOKIE}={token}"}
    response = await gateway.staff.post("/desk/api/presence", json={"presence": "busy"}, headers=headers)
    assert response.status == 200
    me = await (await gateway.staff.get("/desk/api/me", headers=headers)).json()
    assert (me["name"], me["presence"]) == ("Lan", "busy")


# ---- permissions ----------------------------------------------------------------------------------------------------

NEEDS = {
    "converse": ("agent", "supervisor", "administrator"),
    "supervise": ("supervisor", "administrator"),
    "administer": ("administrator",),
}
GUARDED = {
    "/desk/api/queue": "converse",
    "/desk/api/conversations": "converse",
    "/desk/api/conversations/c-1": "converse",
    "/desk/api/tasks": "converse",
    "/desk/people": "administer",
    "/desk/people/1": "administer",
    "/desk/api/people": "administer",
    "/desk/api/people/1": "administer",
    "/desk/audit": "supervise",
    "/desk/api/audit": "supervise",
}


@pytest.mark.parametrize("role", ROLES)
async def test_which_role_is_let_in_where(role: str, gateway: Gateway, visitor: Browser) -> None:
    await hire(gateway.core, "Who", role, password=PASSWORD)
    await visitor.sign_in("Who")
    for path, permission in GUARDED.items():
        response = await visitor.get(path, Accept="text/html")
        assert (response.status != 403) == (role in NEEDS[permission]), path
        kind = "application/problem+json" if path.startswith("/desk/api") else "text/html"
        assert response.status != 403 or response.content_type == kind


# ---- another agency's conversation ----------------------------------------------------------------------------------


async def queued(gateway: Gateway) -> Citizen:
    citizen = await gateway.open("vi")
    await citizen.say("cho tôi gặp nhân viên")
    return citizen


async def denied(gateway: Gateway) -> list[tuple[str, str | None, str | None]]:
    async with gateway.core.store.read() as tx:
        rows = await tx.execute(sa.select(model.audit).where(model.audit.c.action == "denied"))
        return [(row.who, row.conversation, row.agency) for row in rows]


async def test_whoever_asks_for_anothers_conversation_gets_nothing_and_leaves_a_trace(gateway: Gateway) -> None:
    citizen, stranger = await queued(gateway), await hire(gateway.core, "Tax", "supervisor", "tax-office")
    headers = signed_headers(gateway, await session_of(gateway.core, stranger))
    about = [
        (method, path)
        for method, path in closed(gateway)
        if auth.OF_CONVERSATION in path and (method == "GET" or path.startswith("/desk/api"))
    ]
    assert len(about) >= 14
    for method, path in about:
        address = path.replace("{id}", citizen.conversation)
        body = None if method == "GET" else BODIES.get(address.rpartition("/")[2], {})
        response = await gateway.staff.request(method, address, json=body, headers=headers)
        assert response.status == 404, path
    assert await denied(gateway) == [("Tax", citizen.conversation, "mau-ward")] * len(about)
    async with gateway.core.store.read() as tx:
        assert (await audit.verify(tx)).broken is None


def signed_headers(gateway: Gateway, token: str) -> dict[str, str]:
    return {"Cookie": f"{auth.COOKIE}={token}", auth.HEADER: auth.new_csrf(gateway.core, token)}


BODIES = {
    "messages": {"id": "00000000-0000-4000-8000-000000000001", "text": "a"},
    "notes": {"text": "a"},
    "transfer": {"agency": "mau-ward"},
    "close": {"outcome": "a"},
    "block": {"reason": "a"},
    "test": {"test": True},
    "reassign": {"person": "Tax"},
    "drafts": {"seq": 1},
    "attention": {"doing": "reading"},
}


async def test_what_is_not_there_leaves_no_trace(gateway: Gateway) -> None:
    citizen, agent = await queued(gateway), await gateway.agent("Lan", "mau-ward")
    for path in ("conversations/c-none", "conversations/c-none/messages", "tasks/1/done"):
        await _missing(agent, path)
    assert (await agent.get(f"conversations/{citizen.conversation}")).status == 200
    assert await denied(gateway) == []


async def _missing(agent: Agent, path: str) -> None:
    response = await (agent.post(path) if path.endswith("done") else agent.get(path))
    assert response.status == 404


async def test_a_stream_ends_with_the_session_that_opened_it(gateway: Gateway, visitor: Browser) -> None:
    citizen = await queued(gateway)
    await hire(gateway.core, "Lan", password=PASSWORD)
    await visitor.sign_in("Lan")
    stream = await visitor.get(f"/desk/api/conversations/{citizen.conversation}/messages", Accept="text/event-stream")
    assert stream.status == 200
    async with gateway.core.store.write() as tx:
        await tx.execute(sa.delete(model.staff_session))
    await citizen.say("còn ai đó không?")
    said = (await stream.read()).decode()
    assert "còn ai đó không?" not in said
