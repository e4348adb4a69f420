"""What the stand-ins for Meta's channels have in common: signed requests, the plan, the Graph API's errors.

No socket: whoever serves one acts its `Answer`s out. https://developers.facebook.com/docs/graph-api/guides/error-handling/
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode

from channels.contract import Request
from channels.fake import Answer, Plan, Planned, Text, acted
from channels.json_body import Object, list_in, object_in, read_object, text_in
from channels.meta_errors import fault
from channels.meta_wire import SIGNATURE, VERSION, sign

# "failed:CODE": the message is taken, and so ends at WhatsApp. "refused:CODE", "refused:CODE.SUBCODE": never taken.
FAULTS = ("429", "500", "503", "html", "hang", "close")
_ENDS = r"failed:[0-9]{1,6}|refused:[0-9]{1,6}(\.[0-9]{1,7})?"
_HEADERS = {"content-type": "application/json", "accept": "*/*", "user-agent": "facebookexternalua"}
_STATUS = {190: 401, 10: 403, 200: 403}


class FakeMeta:
    """`account`: of our number or page, which citizens know as `number`. `path`: of the webhook at `public_url`.
    `plan`: what goes wrong (channels/fake.py)."""

    busy = 4                                    # the code of too many messages

    def __init__(
        self, account: str, number: str, token: str, app_secret: str, public_url: str, path: str, *, verify_token: str,
        plan: Plan, now: Callable[[], datetime],
    ) -> None:
        self.account, self.number, self.public_url = account, number, public_url.rstrip("/")
        self.texts: dict[str, Text] = {}        # by id, oldest first, both ways
        self._path, self._token, self._secret, self._verify_token = path, token, app_secret, verify_token
        self._now = now
        self.plan(plan)

    def plan(self, plan: Plan) -> None:
        """What goes wrong from now on."""
        self._planned = Planned(plan, FAULTS, _ENDS)

    # ---- what comes in

    def handshake(self, challenge: str) -> Request:
        """What Meta asks once, when the webhook is set up."""
        asked = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": self._verify_token}
        headers = {name: value for name, value in _HEADERS.items() if name != "content-type"}
        return Request("GET", f"{self._path}?{urlencode(asked)}", headers, b"", self.public_url)

    def wrote(self, sender: str, text: str, sid: str) -> None:
        """What somebody wrote is kept; a repeat is, already."""
        self.texts.setdefault(sid, Text(sid, sender, self.number, text, self._now()))

    def together(self, requests: Sequence[Request]) -> Request:
        """What several requests tell, in one, as Meta gathers it."""
        bodies = [read_object(request.body) for request in requests]
        return self.signed(bodies[0] | {"entry": [entry for body in bodies for entry in list_in(body, "entry")]})

    def signed(self, body: Object) -> Request:
        raw = json.dumps(body).encode()
        headers = _HEADERS | {SIGNATURE: sign(self._secret, raw)}
        return Request("POST", self._path, headers, raw, self.public_url)

    # ---- what goes out

    def create(self, path: str, authorization: str, body: bytes) -> Answer:
        """POST /VERSION/ACCOUNT/messages. Raises ValueError for a plan with a word that is none of the faults."""
        if not compare_digest(authorization.encode("utf-8", "replace"), f"Bearer {self._token}".encode()):
            return error(190)
        if path != f"/{VERSION}/{self.account}/messages":
            return error(100, 33)
        said = read_object(body)
        code, subcode = self.wrong(said)
        return error(code, subcode) if code else self._by_plan(said)

    def _by_plan(self, said: Object) -> Answer:
        word = self._planned.word(_fields(said))
        kind, _, code = word.partition(":")
        if kind == "refused":
            number, _, subcode = code.partition(".")
            return error(int(number), int(subcode or 0))
        if kind in FAULTS:
            return self._failure(kind)
        kept = self.take(said, word if code else "delivered")
        self.texts[kept.sid] = kept
        lost = kind.removeprefix("accepted_then_")
        return self._failure(lost) if lost in FAULTS else Answer(200, json.dumps(self.says(kept)))

    def _failure(self, word: str) -> Answer:
        if word == "429":
            return error(self.busy, status=429, headers={"Retry-After": "2"})
        return error(2, status=int(word)) if word.isdigit() else acted(word)

    def messages_to(self, address: str) -> list[Text]:
        """All that was taken for somebody, oldest first: what stands on their phone, or would."""
        return [kept for kept in self.texts.values() if kept.recipient == address]

    # ---- each provider's own

    def wrong(self, said: Object) -> tuple[int, int]:
        """Code and subcode of what it would refuse; 0 for what it takes."""
        raise NotImplementedError

    def take(self, said: Object, ends: str) -> Text:
        raise NotImplementedError

    def says(self, kept: Text) -> Object:
        """The answer to a message that was taken."""
        raise NotImplementedError


def _fields(said: Object) -> dict[str, str]:
    """What a plan may ask for: the fields that are texts, and whom the message is for."""
    to = text_in(said, "to") or text_in(said, "recipient") or text_in(object_in(said, "recipient"), "id")
    return {name: value for name, value in said.items() if isinstance(value, str)} | {"to": to}


def whole(text: str) -> str:
    """Half of a surrogate pair is a "?"."""
    return text.encode("utf-8", "replace").decode()


def error(code: int, subcode: int = 0, status: int = 0, headers: Mapping[str, str] | None = None) -> Answer:
    said: dict[str, Any] = {
        "message": f"(#{code}) {fault(code, subcode).means}", "type": "OAuthException", "code": code,
        "fbtrace_id": "AbCdEfGhIjKlMnOpQrStUvW",
    }
    said |= {"error_subcode": subcode} if subcode else {}
    return Answer(status or _STATUS.get(code, 400), json.dumps({"error": said}), headers=headers or {})


def utc() -> datetime:
    return datetime.now(UTC)
