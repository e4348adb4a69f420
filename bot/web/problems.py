"""Every refusal is `application/problem+json` (RFC 9457) and names the field; nothing unexpected leaks out."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot.errors import Problem, Unreadable

log = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
FOR_PROGRAMS = ("/channels/", "/desk/api/")
# The page for who reads HTML, where an application has one.
PAGE: web.AppKey[Callable[[web.Request, Problem], web.Response]] = web.AppKey("problem_page")


def response(request: web.Request, problem: Problem) -> web.Response:
    """The page for a browser that navigates, problem+json for everything else and whatever an API's client accepts."""
    page = None if request.path.startswith(FOR_PROGRAMS) else request.app.get(PAGE)
    if page is not None and "text/html" in request.headers.get("Accept", ""):
        return page(request, problem)
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "word": problem.word,
    }
    if problem.field:
        body["field"] = problem.field
    return web.json_response(
        body | problem.extra, status=problem.status, headers=problem.headers, content_type="application/problem+json"
    )


@web.middleware
async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn typed problems into answers, and anything unexpected into a reference that the log knows."""
    try:
        return await handler(request)
    except Problem as problem:
        return response(request, problem)
    except web.HTTPException as err:
        if err.status < 400:
            raise
        return response(request, _of(request, err))
    except (ConnectionResetError, TimeoutError):
        raise
    except Exception:
        reference = uuid.uuid4().hex[:8]
        log.exception("request failed, reference %s", reference)
        broken = Problem(f"Something went wrong on our side; reference {reference}.")
        broken.status, broken.title, broken.word = 500, "Internal error", "problem_bad_request"
        return response(request, broken)


def _of(request: web.Request, err: web.HTTPException) -> Problem:
    problem = Problem(err.reason or "")
    if isinstance(err, web.HTTPRequestEntityTooLarge):  # of a message only the text can be that long
        problem.field = "text" if request.path.endswith("/messages") else "body"
    problem.status, problem.title = err.status, err.reason or "Error"
    if isinstance(err, web.HTTPMethodNotAllowed):
        problem.headers = {"Allow": err.headers.get("Allow", "")}
    return problem


async def body[Shape: BaseModel](request: web.Request, shape: type[Shape], *, may_be_empty: bool = False) -> Shape:
    """The JSON body as `shape`; raises Unreadable naming the first field that is wrong."""
    raw = await request.read()
    if may_be_empty and not raw.strip():
        raw = b"{}"
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError) as err:
        raise Unreadable("The body is not JSON; send a JSON object.", field="body") from err
    if not isinstance(content, dict):
        raise Unreadable("The body must be a JSON object.", field="body")
    try:
        return shape.model_validate(content, strict=True)
    except ValidationError as err:
        fault = err.errors()[0]
        named = ".".join(str(part) for part in fault["loc"]) or getattr(shape, "one_of", "body")
        raise Unreadable(f"{named}: {fault['msg']}", field=named) from err


def whole_number(request: web.Request, name: str, default: int = 0) -> int:
    """A query parameter that must be a whole number from 0."""
    given = request.query.get(name, str(default))
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise Unreadable(f"{name} must be a whole number from 0.", field=name)
    return int(given)


def bearer(request: web.Request) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None
