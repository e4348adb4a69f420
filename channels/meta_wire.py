"""What Meta's channels have in common: how a request is proved and walked through, what may be sent, how it is sent.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started
"""

from __future__ import annotations

import hmac
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, cast
from urllib.parse import parse_qsl

from yarl import URL

from channels import choices
from channels.contract import Limits, Message, NotGenuine, Receipt, Refused, Reply, Request, Response, Unreadable
from channels.json_body import Object, read_object, text_in
from channels.meta_errors import Fault, error_of, fault_in
from channels.wire import Wire, query

log = logging.getLogger(__name__)

GRAPH = "https://graph.facebook.com"
VERSION = "v23.0"
SIGNATURE = "x-hub-signature-256"
OPENER = 20                                     # letters on what opens a list
_CHALLENGE = re.compile(r"[A-Za-z0-9]{1,100}")
_ID = re.compile(r"[!-~]{1,255}")
_NAMED = re.compile(r"([0-9]{1,18}):([0-9]{1,18})")
_TIME = re.compile(r"[0-9]{1,18}")

Timed = tuple[int, Message | Receipt]           # with when it was, as the provider counts
Found = Timed | Unreadable


# ---- the proof


def sign(app_secret: str, body: bytes) -> str:
    """What Meta puts in X-Hub-Signature-256, over the body as it is sent."""
    return "sha256=" + hmac.new(app_secret.encode(), body, "sha256").hexdigest()


def verify(request: Request, app_secret: str, verify_token: str) -> None:
    """A GET is the handshake, by which Meta sees whether the address is ours; all else is signed. Raises NotGenuine."""
    if request.method == "GET":
        asked = _asked(request)
        genuine = bool(verify_token) and asked.get("hub.mode") == "subscribe"
        genuine = _same(asked.get("hub.verify_token", ""), verify_token) and genuine
    else:
        genuine = _same(request.headers.get(SIGNATURE, ""), sign(app_secret, request.body)) and bool(app_secret)
    if not genuine:
        raise NotGenuine


def answer(request: Request) -> Response:
    """The handshake's challenge comes back; nothing else is said."""
    challenge = _asked(request).get("hub.challenge", "") if request.method == "GET" else ""
    return Response(body=challenge if _CHALLENGE.fullmatch(challenge) else "")


def _asked(request: Request) -> dict[str, str]:
    return dict(parse_qsl(query(request).decode("utf-8", "replace"), keep_blank_values=True, errors="replace"))


def _same(shown: str, right: str) -> bool:
    return hmac.compare_digest(shown.encode("utf-8", "surrogatepass"), right.encode())


# ---- what came


def entries(request: Request, kind: str) -> list[Object]:
    """What a request brings about objects of this kind; [] for a handshake and for others. Raises Unreadable."""
    if request.method == "GET":
        return []
    said = read_object(request.body)
    if not isinstance(said.get("object"), str) or "entry" not in said:
        raise Unreadable("object")
    return each(said, "entry") if said["object"] == kind else []


def gathered(said: Object, name: str, read: Callable[[Object], Iterable[Found]]) -> Iterator[Found]:
    """What is read from each thing in a list, by itself: one that cannot be read leaves the others as they are."""
    value = said.get(name, [])
    for one in cast(list[Any], value) if isinstance(value, list) else [None]:
        try:
            if not isinstance(one, dict):
                raise Unreadable(name)
            yield from list(read(cast(Object, one)))
        except Unreadable as err:
            yield err


def each(said: Object, name: str) -> list[Object]:
    """[] where there is none. Raises Unreadable for what is no list of objects."""
    value = said.get(name, [])
    found: list[Any] = cast(list[Any], value) if isinstance(value, list) else []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in found):
        raise Unreadable(name)
    return found


def id_in(said: Object, name: str) -> str:
    """Raises Unreadable for none."""
    found = text_in(said, name)
    if not _ID.fullmatch(found):
        raise Unreadable(name)
    return found


def time_in(said: Object) -> int:
    """Digits, which some events have as a number and some as a text. Raises Unreadable."""
    found = str(said.get("timestamp"))
    if not _TIME.fullmatch(found):
        raise Unreadable("timestamp")
    return int(found)


def in_order(found: Iterable[Found]) -> list[Message | Receipt]:
    """Meta gathers events, and does not keep their order. Raises Unreadable, with all the others, for one that is."""
    timed, wrong = list[Timed](), list[Unreadable]()
    for one in found:
        if isinstance(one, Unreadable):
            wrong.append(one)
        else:
            timed.append(one)
    read = [one for _, one in sorted(timed, key=lambda one: one[0])]
    if wrong:
        raise Unreadable(wrong[0].code, read=read)
    return read


def key_in(said: Object, name: str) -> str:
    """The key of what was pressed; "" for what cannot be one of ours."""
    found = text_in(said, name)
    return found if choices.KEY.fullmatch(found) else ""


def named(reply: Reply) -> str:
    """What goes along with a message and comes back."""
    return f"{reply.row}:{reply.attempt}"


def row_in(said: Object, name: str) -> tuple[int, int] | None:
    """The row and attempt that a message was sent with; None for what is not from us."""
    found = _NAMED.fullmatch(text_in(said, name))
    return (int(found[1]), int(found[2])) if found else None


# ---- what goes out


def check(reply: Reply, limits: Limits) -> None:
    """Raises Refused as choices.py says, and for too many words on what opens a list; without lists it is no matter."""
    choices.check(reply if limits.rows else replace(reply, opener=""), limits)
    if reply.options and not reply.template and len(reply.opener) > OPENER:
        raise Refused("options")


class Graph:
    """Calls of the Graph API with our token. `base_url`: a stand-in for it. `timeout`: seconds for a call."""

    def __init__(self, token: str, base_url: str, timeout: float) -> None:
        self._root = f"{(base_url or GRAPH).rstrip('/')}/{VERSION}"
        self._proof = {"Authorization": f"Bearer {token}"}
        self._wire = Wire(timeout)
        self._told = set[str]()

    async def post(self, path: str, body: Object) -> Object:
        """What Meta says to a message that it has taken. Raises as meta_errors.py says; Meta's own words name the
        citizen, so they stay out of every error."""
        answer = await self._wire.call("POST", URL(f"{self._root}/{path}"), json=body, headers=self._proof)
        found = fault_in(answer)
        if found:
            self._tell(found)
            raise error_of(found, answer)
        self._told.clear()
        return read_object(answer.text)

    def _tell(self, found: Fault) -> None:
        if found.do in ("account", "alert") and found.name not in self._told:
            self._told.add(found.name)
            log.error("Meta refuses with code %s: %s", found.name, found.means)

    async def close(self) -> None:
        await self._wire.close()
