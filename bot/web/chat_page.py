"""The chat as a plain page: works without JavaScript; where there is JavaScript, the widget takes its place."""

from __future__ import annotations

import asyncio
import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from bot import conversation
from bot.errors import Problem, Unreadable
from bot.secrets import keyed
from bot.web.api import address_of
from bot.web.page import Page, language_of, secure
from bot.words import LANGUAGES, say, table

TOKEN, NONCE = "motcua_chat", "motcua_form"         # cookies, for this page alone
ANSWER_WITHIN = 4.0                                 # seconds: most answers are on the page that follows the question
LOOK_AGAIN = 0.1
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
Messages = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Form:
    """What was sent; `text` is kept as typed, so that a refusal can give it back."""

    message_id: str
    text: str
    payload: str
    proof: str

    @staticmethod
    async def of(request: web.Request) -> Form:
        try:
            given = await request.post()
        except (ValueError, LookupError) as err:
            raise Unreadable("The form could not be read; load the page again.") from err
        page, text, payload, proof = (str(given.get(name, "")) for name in ("id", "text", "payload", "form"))
        # The same page sent twice with the same content is one message; with other content (after "back") another.
        once = uuid.uuid5(uuid.NAMESPACE_URL, f"{page}:{payload}:{text}")
        return Form(str(once), text.replace("\r\n", "\n"), payload, proof)


def routes(page: Page) -> list[web.RouteDef]:
    async def shown(request: web.Request) -> web.StreamResponse:
        known = await _known(page, request)
        if known and "wait" in request.query:
            await _answer(page, known)
        return await _show(page, request, known, text=request.query.get("q", "")[:conversation.LIMIT])

    async def sent(request: web.Request) -> web.StreamResponse:
        return await _sent(page, request, await Form.of(request))

    return [web.get("/chat", shown), web.post("/chat", sent)]


async def _sent(page: Page, request: web.Request, form: Form) -> web.StreamResponse:
    """Send and redirect, or show the page again with what is wrong beside what was typed."""
    known = await _known(page, request)
    language = language_of(request, page.site.default_language)
    if not hmac.compare_digest(form.proof.encode(), _form_proof(page, request.cookies.get(NONCE, "")).encode()):
        return await _show(page, request, known, text=form.text, status=403, error="expired")
    opened = None
    try:
        if known is None:
            conversation.readable(form.text)        # no conversation for a text that would be refused
            address = address_of(page.core, request)
            opened = await conversation.open_conversation(page.core, language=language, address=address)
        identifier = opened.conversation if opened else str(known)
        await conversation.receive(page.core, identifier, message_id=form.message_id,
                                   text=None if form.payload else form.text, payload=form.payload or None)
    except Problem as problem:
        return await _show(page, request, known, text=form.text, status=problem.status, problem=problem)
    await _answer(page, identifier)
    response = web.HTTPSeeOther("/chat#latest")
    if opened:
        response.set_cookie(TOKEN, opened.token, path="/chat", httponly=True, samesite="Lax", secure=secure(request))
    raise response


async def _show(page: Page, request: web.Request, known: str | None, *, text: str = "", status: int = 200,
                error: str | None = None, problem: Problem | None = None) -> web.Response:
    nonce = request.cookies.get(NONCE) or secrets.token_urlsafe(24)
    messages = await conversation.read(page.core, known) if known else []
    response = page.show(
        request, "chat.html", status=status, messages=messages, latest=_latest(messages), waiting=waits(messages),
        text_given=text, error=error, said=_said(page, request, problem), titles=_titles(page), at=_local,
        form=_form_proof(page, nonce), message_id=str(uuid.uuid4()), live="live" in request.query,
        conversation=known or "", token=request.cookies.get(TOKEN, "") if known else "")
    response.set_cookie(NONCE, nonce, path="/chat", httponly=True, samesite="Lax", secure=secure(request))
    return response


def waits(messages: Messages) -> bool:
    """Whether the assistant still owes an answer; staff answer in their own time (as in static/chat/waiting.js)."""
    asked = _latest(messages)
    heard = next((message for message in reversed(messages) if message["author"] in ("assistant", "staff")), None)
    if not asked or (heard and heard["author"] == "staff"):
        return False
    return heard is None or (heard["reply_to"] or 0) < asked


def _latest(messages: Messages) -> int:
    """The seq to begin reading at: what the citizen said last."""
    return max((message["seq"] for message in messages if message["author"] == "citizen"), default=0)


async def _answer(page: Page, known: str) -> None:
    """Give the answer a moment to come, so that most citizens never see a page that waits."""
    event = page.core.wake.listen(known)
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            while waits(await conversation.read(page.core, known)) and not page.core.wake.closing:
                event.clear()
                await _heard(event)
    except TimeoutError:
        return
    finally:
        page.core.wake.forget(event)


async def _heard(event: asyncio.Event) -> None:
    """Wakes when this process wrote to the conversation, and now and then because another one may have."""
    try:
        async with asyncio.timeout(LOOK_AGAIN):
            await event.wait()
    except TimeoutError:
        return


async def _known(page: Page, request: web.Request) -> str | None:
    token = request.cookies.get(TOKEN)
    return await conversation.find_by_token(page.core, token) if token else None


def _form_proof(page: Page, nonce: str) -> str:
    """Proves that a form came from our page: only we can sign the nonce of the cookie."""
    return keyed(page.core.secrets.session_key, f"form:{nonce}") if nonce else secrets.token_hex()


def _said(page: Page, request: web.Request, problem: Problem | None) -> str:
    if problem is None:
        return ""
    blanks = {"limit": conversation.LIMIT, "over": 0, "seconds": 60} | problem.extra
    return say(language_of(request, page.site.default_language), problem.word, **blanks)


def _titles(page: Page) -> dict[str, str]:
    """The page's title in each language, for the widget switches without loading again."""
    titles = {language: table(f"pages.{language}")["chat"]["title"] for language in LANGUAGES}
    return {language: title.format(name=page.site.name[language]) for language, title in titles.items()}


def _local(at: str) -> str:
    return datetime.fromisoformat(at).astimezone(ZONE).strftime("%H:%M")
