"""The description of the desk's API, made from the same shapes that read the requests."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel

from bot.desk import live, office_shapes, people_shapes
from bot.desk.shapes import (
    Blocking,
    Closing,
    Nothing,
    Noting,
    Reassigning,
    Replying,
    Testing,
    Transferring,
    Using,
)
from bot.desk.steps import Step

_TEXT = {"type": "string"}
_OBJECT: dict[str, Any] = {"type": "object"}
_DONE: dict[str, Any] = {"200": _OBJECT, "409": None}
_ID = {"name": "id", "in": "path", "required": True, "schema": _TEXT}
_SEQ = {"type": "object", "properties": {"seq": {"type": "integer", "minimum": 1}}, "required": ["seq"]}
_MESSAGE = {
    "type": "object",
    "properties": {
        "seq": {"type": "integer"},
        "id": _TEXT,
        "reply_to": {"type": ["integer", "null"]},
        "text": _TEXT,
        "author": {"enum": ["citizen", "assistant", "staff", "system"]},
        "language": {"enum": ["vi", "en"]},
        "choices": {"type": "array"},
        "sources": {"type": "array"},
        "at": {"type": "string", "format": "date-time"},
    },
}
_CLOCK = {
    "type": "object",
    "properties": {
        "of": {"enum": ["response", "resolution"]},
        "due": {"type": ["string", "null"]},
        "state": {"enum": ["ok", "warned", "breached", "paused", "none"]},
    },
}
_QUEUED: dict[str, Any] = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("conversation", "channel", "language", "agency", "reason", "summary", "waiting_since"), _TEXT),
        **{key: {"type": ["string", "null"]} for key in ("topic", "promised_at")},
        **{key: {"type": "integer"} for key in ("priority", "requeued")},
        **{key: {"type": "boolean"} for key in ("yours_before", "test")},
        "wanted": {"enum": ["wait", "callback", "message"]},
        "clock": _CLOCK,
    },
}
_OWNED = {
    "type": "object",
    "properties": {
        **_QUEUED["properties"],
        "unread": {"type": "integer"},
        "last": _TEXT,
        "last_at": {"type": ["string", "null"]},
    },
}
_NEXT = {"type": "object", "properties": {"conversation": {"type": ["string", "null"]}}}
_DRAFT = {
    "type": "object",
    "properties": {
        "seq": {"type": "integer"},
        "text": _TEXT,
        "language": {"enum": ["vi", "en"]},
        "sources": {"type": "array"},
        "used": {"type": "boolean"},
    },
}
_NOTE = {"type": "object", "properties": {"person": _TEXT, "text": _TEXT, "at": _TEXT}}

_DELIVERY = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("state", "channel", "provider", "encoding", "code"), _TEXT),
        "link": {"type": "boolean"},
        **{key: {"type": "integer"} for key in ("seq", "segments", "price")},
    },
}
_DETAILS = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("conversation", "channel", "language", "agency", "owner"), _TEXT),
        **{key: {"type": "boolean"} for key in ("opted_out", "yours", "test")},
        **{key: {"type": ["string", "null"]} for key in ("owner_name", "blocked")},
        "handoff": {"type": ["object", "null"]},
        "episodes": {"type": "array", "items": _OBJECT},
        "turns": _OBJECT,
        "deliveries": {"type": "array", "items": _DELIVERY},
    },
}
_TASK = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("kind", "conversation", "channel", "provider", "code", "agency", "opened_at"), _TEXT),
        **{key: {"type": "integer"} for key in ("id", "seq")},
    },
}

# method, path behind /conversations/{id}/ ("": the conversation itself), summary, body, answers by status
STEPS: tuple[tuple[str, str, str, type[BaseModel] | None, dict[str, Any]], ...] = (
    (
        "post",
        "claim",
        "Take a waiting conversation; again by its owner is no fault",
        Nothing,
        _DONE,
    ),
    (
        "get",
        "",
        "Channel, owner, opt-out, and where each text of ours is",
        None,
        {"200": _DETAILS},
    ),
    (
        "get",
        "messages",
        "What was said, after a seq; as server-sent events with Accept: text/event-stream",
        None,
        {"200": {"type": "array", "items": _MESSAGE}},
    ),
    ("post", "messages", "Reply to the citizen", Replying, {"201": _SEQ, "200": _SEQ, "409": None, "413": None}),
    ("get", "notes", "The private notes", None, {"200": {"type": "array", "items": _NOTE}}),
    ("post", "notes", "Keep a private note", Noting, {"201": {"type": "object"}, "413": None}),
    (
        "post",
        "transfer",
        "Pass to an agency's queue or to a colleague",
        Transferring,
        _DONE,
    ),
    ("post", "reassign", "Give to a colleague, as a supervisor", Reassigning, _DONE),
    ("post", "block", "Take nothing more from them; null: take them up again", Blocking, {"200": _OBJECT}),
    ("post", "test", "Mark as a test, out of all figures", Testing, {"200": _OBJECT}),
    (
        "get",
        "drafts",
        "What the assistant would have said while a person answers",
        None,
        {"200": {"type": "array", "items": _DRAFT}},
    ),
    ("post", "drafts", "A draft was taken over into a reply", Using, _DONE),
    ("post", "return", "Give back to the assistant", Nothing, _DONE),
    ("post", "close", "End the episode", Closing, _DONE),
)

# A program's token; or a browser's cookie, and with it what every change has to carry.
SCHEMES = {
    "token": {"type": "http", "scheme": "bearer"},
    "session": {"type": "apiKey", "in": "cookie", "name": "motcua_desk"},
    "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
}
MORE: tuple[Step, ...] = (*people_shapes.STEPS, *office_shapes.STEPS, *live.STEPS)


def document() -> dict[str, Any]:
    """OpenAPI 3.1."""
    paths: dict[str, Any] = {
        "/desk/api/queue": {
            "get": _step("Conversations that wait, oldest first", None, {"200": {"type": "array", "items": _QUEUED}})
        },
        "/desk/api/queue/next": {
            "post": _step("Take the first one that fits", Nothing, {"200": _NEXT, "403": None, "409": None})
        },
        "/desk/api/conversations": {
            "get": _step("Your own, unanswered ones first", None, {"200": {"type": "array", "items": _OWNED}})
        },
        "/desk/api/tasks": {
            "get": _step("Texts that a person has to see to", None, {"200": {"type": "array", "items": _TASK}})
        },
        "/desk/api/tasks/{id}/done": {
            "parameters": [_ID],
            "post": _step("It was seen to", Nothing, {"200": {"type": "object"}, "404": None}),
        },
    }
    for method, path, summary, shape, answers in STEPS:
        place = paths.setdefault(
            f"/desk/api/conversations/{{id}}/{path}".rstrip("/"),
            {"parameters": [_ID]},
        )
        place[method] = _step(summary, shape, {**answers, "404": None} | ({} if method == "get" else {"403": None}))
    messages = paths["/desk/api/conversations/{id}/messages"]["get"]
    messages["parameters"] = [
        {"name": "after", "in": "query", "schema": {"type": "integer", "minimum": 0, "default": 0}},
        {"name": "beside", "in": "query", "schema": {"type": "string"}, "description": "1: events named changed too"},
    ]
    for one in MORE:
        blanks = [_ID | {"name": name} for name in re.findall(r"\{(\w+)\}", one.path)]
        place = paths.setdefault(f"/desk/api{one.path}", {"parameters": blanks} if blanks else {})
        place[one.method] = _more(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Một Cửa: the desk", "version": "1"},
        "paths": paths,
        "security": [{"token": []}, {"session": [], "csrf": []}],
        "components": {"securitySchemes": SCHEMES},
    }


def _more(one: Step) -> dict[str, Any]:
    step = _step(one.summary, one.shape, dict(one.answers) | ({} if one.method == "get" else {"403": None}))
    if one.query:
        step["parameters"] = [{"name": name, "in": "query", "schema": schema} for name, schema in one.query.items()]
    return step | ({"security": []} if one.is_open else {})


def _step(summary: str, shape: type[BaseModel] | None, answers: dict[str, Any]) -> dict[str, Any]:
    described = {status: _answer(status, schema) for status, schema in {**answers, "400": None, "401": None}.items()}
    step: dict[str, Any] = {"summary": summary, "responses": described}
    if shape is not None:
        step["requestBody"] = {
            "required": shape is not Nothing,
            "content": {"application/json": {"schema": shape.model_json_schema()}},
        }
    return step


def _answer(status: str, schema: dict[str, Any] | None) -> dict[str, Any]:
    if schema is None:
        return {"description": "Refused", "content": {"application/problem+json": {"schema": {"type": "object"}}}}
    return {
        "description": "Done" if status != "200" else "Here it is",
        "content": {"application/json": {"schema": schema}},
    }
