"""What the desk's API takes in and gives out of people, their sessions and the audit log."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from bot.audit import PAGE
from bot.desk.shapes import Line, Nothing, Shape
from bot.desk.steps import Step
from bot.people import PERMISSIONS, PRESENCES, ROLES, Presence
from bot.staff_admin import MOST_AT_ONCE
from bot.words import LANGUAGES

Role = Literal["agent", "supervisor", "content editor", "analyst", "administrator"]
Language = Literal["vi", "en"]
Capacity = Annotated[int, Field(ge=1, le=MOST_AT_ONCE)]


class SigningIn(Shape):
    """By name and password, or by a one-time link."""

    name: str | None = None
    password: str | None = None
    link: str | None = None
    one_of: ClassVar[str] = "name"

    @model_validator(mode="after")
    def _one_of(self) -> SigningIn:
        by_password = self.name is not None and self.password is not None
        if by_password == (self.link is not None) or (self.name is None) != (self.password is None):
            raise ValueError("send either name and password or link")
        return self


class Renewing(Shape):
    """`current` is not asked of who has no password yet, or came by a one-time link a moment ago."""

    current: str = ""
    new: str


class Speaking(Shape):
    """The language of one's own pages."""

    language: Language


class Choosing(Shape):
    """Whether one takes conversations."""

    presence: Presence


class Adding(Shape):
    """`agencies` and `skills` null mean all of them."""

    name: Line = Field(max_length=80)
    role: Role
    agencies: list[Line] | None = Field(None, min_length=1)
    skills: list[Line] | None = None
    capacity: Capacity | None = None
    language: Language = "vi"


class Changing(Shape):
    """What is not named stays as it is."""

    role: Role | None = None
    agencies: list[Line] | None = Field(None, min_length=1)
    skills: list[Line] | None = None
    capacity: Capacity | None = None
    language: Language | None = None

    def given(self) -> dict[str, Any]:
        """The values that were named; null says something of agencies and skills alone."""
        named = {key: getattr(self, key) for key in self.model_fields_set}
        return {key: value for key, value in named.items() if value is not None or key in ("agencies", "skills")}


_TEXT = {"type": "string"}
_MAYBE = {"type": ["string", "null"]}
_MOMENT = {"type": "string", "format": "date-time"}
_LIST = {"type": ["array", "null"], "items": _TEXT}
_NUMBER = {"type": "integer"}
_YES = {"type": "boolean"}
_ROLE = {"enum": list(ROLES)}
_PRESENCE = {"enum": list(PRESENCES)}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_PERSON_HAS: dict[str, Any] = {
    **{"id": _NUMBER, "name": _TEXT, "role": _ROLE, "agencies": _LIST, "skills": _LIST, "capacity": _NUMBER},
    **{"language": {"enum": list(LANGUAGES)}, "active": _YES, "presence": _PRESENCE, "has_password": _YES},
    "seen_at": _MAYBE,
}
_PERSON = _object(**_PERSON_HAS)
_ME = _object(**_PERSON_HAS, chosen=_PRESENCE, permissions=_array({"enum": list(PERMISSIONS)}), csrf=_TEXT)
_THERE = _object(presence=_PRESENCE, chosen=_PRESENCE)
_TIMES = dict.fromkeys(("created_at", "seen_at", "expires_at"), _MOMENT)
_SESSION = _object(id=_TEXT, device=_TEXT, current=_YES, **_TIMES)
_ROW = _object(
    id=_NUMBER, at=_MOMENT, who=_TEXT, action=_TEXT, conversation=_MAYBE, agency=_MAYBE, details={"type": "object"}
)
_LOG = _object(rows=_array(_ROW) | {"maxItems": PAGE}, before={"type": ["integer", "null"]})
_COLLEAGUE = _object(name=_TEXT, role=_ROLE, presence=_PRESENCE)
_LINK = _object(link=_TEXT)
_BEGUN = _object(csrf=_TEXT, name=_TEXT, has_password=_YES)
_DONE = {"200": _object(done=_YES)}
_NOT_THERE: dict[str, Any] = {"403": None, "404": None}


# fmt: off
STEPS: tuple[Step, ...] = (
    Step("get", "/me", "Who one is, and what one may do", None, {"200": _ME}),
    Step("post", "/me", "The language of one's pages", Speaking, {"200": _ME}),
    Step("post", "/me/password", "A new password; all other sessions end", Renewing, _DONE | {"429": None}),
    Step("get", "/presence", "Whether one is there", None, {"200": _THERE}),
    Step("post", "/presence", "Say whether one takes conversations", Choosing, {"200": _THERE}),
    Step("get", "/sessions", "Where one is signed in", None, {"200": _array(_SESSION)}),
    Step("post", "/sessions", "Sign in: the answer sets the cookie, and names the token against forgery", SigningIn,
         {"201": _BEGUN, "410": None, "429": None}, is_open=True),
    Step("post", "/sessions/{id}/end", "End one of one's own sessions", Nothing, _DONE | {"404": None}),
    Step("post", "/sign-out", "End this session", Nothing, _DONE | {"404": None}),
    Step("get", "/colleagues", "Who else answers for an agency", None, {"200": _array(_COLLEAGUE)}, {"agency": _TEXT}),
    Step("get", "/people", "Whom one administers", None, {"200": _array(_PERSON), "403": None}),
    Step("post", "/people", "Add a person; the link lets them in once", Adding,
         {"201": _object(**_PERSON_HAS, link=_TEXT), "403": None, "409": None}),
    Step("get", "/people/{id}", "One of them", None, {"200": _PERSON} | _NOT_THERE),
    Step("post", "/people/{id}", "Change role, agencies, skills, capacity, language", Changing,
         {"200": _PERSON, "409": None} | _NOT_THERE),
    Step("post", "/people/{id}/deactivate", "Shut out: sessions and tokens end", Nothing,
         _DONE | _NOT_THERE | {"409": None}),
    Step("post", "/people/{id}/activate", "Let in again", Nothing, _DONE | _NOT_THERE),
    Step("post", "/people/{id}/link", "A one-time link for a colleague", Nothing,
         {"201": _LINK, "409": None} | _NOT_THERE),
    Step("post", "/people/{id}/end-sessions", "End a colleague's sessions", Nothing,
         {"200": _object(ended=_NUMBER)} | _NOT_THERE),
    Step("get", "/audit", "What was done by whom, the newest first", None, {"200": _LOG, "403": None},
         {"before": {"type": "integer", "minimum": 0}, "who": _TEXT, "action": _TEXT, "conversation": _TEXT}),
)
# fmt: on
