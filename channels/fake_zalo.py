"""A stand-in for Zalo: signs, takes, renews tokens once each, keeps to the window and the quota, and fails by plan.

Names are those of https://docs.zaloplatforms.com/docs/OA, as copies quote them, in the order in which they came live.
No socket: whoever serves it acts its answers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from urllib.parse import parse_qsl
from uuid import uuid4

from channels.contract import Beside, Request
from channels.fake import Answer, Plan, Planned, Text, acted
from channels.json_body import Object, object_in, objects, read_object, text_in
from channels.zalo_wire import PRESSED, SENT, SENT_ANONYMOUS, SIGNATURE, TEMPLATE, TIMESTAMP, TOKEN, sign

# "refused:CODE": never taken, 200 with the code. "undelivered": taken, and it never reaches the telephone.
FAULTS = ("429", "500", "502", "503", "html", "hang", "close")
_ENDS = r"refused:-[0-9]{1,5}|undelivered"
WINDOW, LIFE = timedelta(days=7), 90_000            # seconds that an access token lives
LONGEST, MOST_BUTTONS = 2000, 5
_URL = "https://f1-zpg.zdn.vn/1"
_PAYLOADS: dict[Beside, tuple[str, str, Object]] = {      # event, type, payload
    "photo": ("image", "image", {"thumbnail": _URL, "url": _URL}),
    "video": ("video", "video", {"thumbnail": _URL, "description": "", "url": _URL}),
    "voice": ("audio", "audio", {"url": f"{_URL}.amr"}),
    "sticker": ("sticker", "sticker", {"id": "46957", "url": _URL}),
    "place": ("location", "location", {"coordinates": {"latitude": "21.0285", "longitude": "105.8542"}}),
    "contact": ("business_card", "link", {"thumbnail": _URL, "description": '{"phone":"84900000009"}', "url": _URL}),
    "file": ("file", "file", {"size": "4096", "name": "don.pdf", "checksum": "0", "type": "pdf", "url": _URL}),
}


class FakeZalo:
    """`access`: the good access token; `refresh`: the good refresh token; both change when it is used. `quota`: how
    many messages the account may send (None: any number). `phones`: whose Zalo a number is, for templates."""

    def __init__(
        self, oa_id: str, app_id: str, app_secret: str, oa_secret: str, public_url: str, *, access: str = "access",
        refresh: str = "refresh", quota: int | None = None, plan: Plan = (),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.oa_id, self.app_id, self.public_url = oa_id, app_id, public_url.rstrip("/")
        self.access, self.refresh, self.quota = access, refresh, quota
        self.texts: dict[str, Text] = {}         # by id, oldest first, both ways
        self.phones: dict[str, str] = {}
        self.unfollowed = set[str]()
        self._app_secret, self._oa_secret, self._now = app_secret, oa_secret, now
        self._last_heard: dict[str, datetime] = {}
        self._until, self._renewals = now() + timedelta(seconds=LIFE), count(1)
        self.plan(plan)

    def plan(self, plan: Plan) -> None:
        """What goes wrong from now on."""
        self._planned = Planned(plan, FAULTS, _ENDS)

    # ---- what people do

    def inbound(self, sender: str, text: str, *, sid: str | None = None) -> Request:
        """The signed request that brings a text of `sender` to us. The same `sid` makes it a repeat."""
        return self._written(sender, "text", {"text": text.encode("utf-8", "replace").decode()}, sid)

    def pressed(self, sender: str, key: str, label: str) -> Request:
        """Zalo gives back the button's payload as if it had been written."""
        return self._written(sender, "text", {"text": f"{PRESSED}{key} {label}"})

    def beside(self, sender: str, kind: Beside, text: str = "") -> Request:
        """Something else than a text, which `text` is the caption of."""
        event, form, payload = _PAYLOADS[kind]
        return self._written(sender, event, {"attachments": [{"payload": payload, "type": form}], "text": text})

    def _written(self, sender: str, kind: str, message: Object, id_: str | None = None) -> Request:
        """An address "ID.CONVERSATION" is of somebody who is not signed in."""
        who, _, conversation = sender.partition(".")
        kept = self._keep(Text("", sender, self.oa_id, text_in(message, "text"), self._now(), ends=""), id_)
        self._heard(sender)
        more = {"conversation_id": conversation} if conversation else {}
        return self._event(f"{'anonymous' if conversation else 'user'}_send_{kind}", {
            "sender": {"id": who}, "recipient": {"id": self.oa_id}, "message": {**message, "msg_id": kept.sid, **more},
        }, by_app=who)

    def follow(self, sender: str) -> Request:
        self._heard(sender)
        return self._follower("follow", sender)

    def unfollow(self, sender: str) -> Request:
        """And is written to no more, until a follow or a word of theirs."""
        self.unfollowed.add(sender)
        return self._follower("unfollow", sender)

    def _heard(self, sender: str) -> None:
        self._last_heard[sender] = self._now()
        self.unfollowed.discard(sender)

    def _follower(self, name: str, sender: str) -> Request:
        told = {"oa_id": self.oa_id, "follower": {"id": sender}, "source": "oa_profile"}
        return self._event(name, told, by_app=sender)

    # ---- what we send

    def create(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """POST of a message, of a template, or of a refresh token. Raises ValueError for a plan with a word that is
        none of the faults."""
        if path == TOKEN:
            return self._renewed(headers, dict(parse_qsl(body.decode())))
        if path not in (SENT, SENT_ANONYMOUS, TEMPLATE):
            return _error(-209, 404)
        if headers.get("access_token") != self.access or self._now() >= self._until:
            return _error(-124 if path == TEMPLATE else -216)
        said = read_object(body)
        text = self._templated(said) if path == TEMPLATE else self._message(said)
        wrong = self._wrong(text)
        return wrong or self._by_plan(text, self._planned.word({"to": text.recipient, "text": text.text}))

    def _message(self, said: Object) -> Text:
        recipient, message = object_in(said, "recipient"), object_in(said, "message")
        nobody = (text_in(recipient, "anonymous_id"), text_in(recipient, "conversation_id"))
        to = text_in(recipient, "user_id") or ".".join(nobody)
        buttons = objects(object_in(object_in(message, "attachment"), "payload").get("buttons"))
        options = [(_key(text_in(one, "payload")), text_in(one, "title")) for one in buttons]
        return Text("", self.oa_id, to, text_in(message, "text"), self._now(), tuple(options))

    def _templated(self, said: Object) -> Text:
        phone, link = text_in(said, "phone"), text_in(object_in(said, "template_data"), "link")
        to, tracking = self.phones.get(f"+{phone}", phone), text_in(said, "tracking_id")
        return Text(
            "", self.oa_id, to, link, self._now(), template=text_in(said, "template_id"), named=tracking,
        )

    def _wrong(self, text: Text) -> Answer | None:
        heard = self._last_heard.get(text.recipient)
        closed = not text.template and (heard is None or self._now() - heard > WINDOW)
        faults = {
            -201: not text.recipient.strip(".") or not text.text or len(text.options) > MOST_BUTTONS,
            -210: len(text.text) > LONGEST,
            -213: not text.template and text.recipient in self.unfollowed,
            -230: closed,
            -211: self.quota == 0,
        }
        return next((_error(code) for code, there in faults.items() if there), None)

    def _by_plan(self, text: Text, word: str) -> Answer:
        kind, _, code = word.partition(":")
        if code:
            return _error(int(code))
        if kind in FAULTS:
            return _failure(kind)
        kept = self._keep(replace(text, ends="undelivered" if kind == "undelivered" else "delivered"))
        self.quota = None if self.quota is None else self.quota - 1
        lost = kind.removeprefix("accepted_then_")
        return _failure(lost) if lost in FAULTS else self._taken(kept)

    def _taken(self, text: Text) -> Answer:
        sent = str(_milliseconds(text.at))
        quota = {"dailyQuota": "500", "remainingQuota": "499"} if text.template else {"quota_type": "reply"}
        ids = {"msg_id": text.sid} if text.template else {"message_id": text.sid, "user_id": text.recipient}
        said = {"data": {**ids, "sent_time": sent, "quota": quota}, "error": 0, "message": "Success"}
        return Answer(200, json.dumps(said))

    def _renewed(self, headers: Mapping[str, str], form: Mapping[str, str]) -> Answer:
        """A refresh token is good for one use; its wording is others' report."""
        ours = headers.get("secret_key") == self._app_secret and form.get("app_id") == self.app_id
        if not ours or form.get("grant_type") != "refresh_token" or form.get("refresh_token") != self.refresh:
            said = {"error_name": "Invalid refresh token", "error": -14020, "error_description": "used or expired"}
            return Answer(200, json.dumps(said))
        turn = next(self._renewals)
        self.access, self.refresh = f"access {turn}", f"refresh {turn}"
        self._until = self._now() + timedelta(seconds=LIFE)
        said = {"access_token": self.access, "refresh_token": self.refresh, "expires_in": str(LIFE)}
        return Answer(200, json.dumps(said))

    def messages_to(self, address: str) -> list[Text]:
        """All that was taken for `address`, oldest first."""
        return [text for text in self.texts.values() if text.recipient == address]

    # ---- what it tells

    def callbacks(self, sid: str) -> list[Request]:
        """That a message has reached the telephone; of a template with our tracking id. [] for one that never does."""
        text = self.texts[sid]
        more = {"tracking_id": text.named, "delivery_time": str(_milliseconds(self._now()))} if text.template else {}
        told = self._told(text, "user_received_message", {"msg_id": text.sid, **more})
        return [told] if text.ends == "delivered" else []

    def seen(self, sid: str) -> Request:
        return self._told(self.texts[sid], "user_seen_message", {"msg_ids": [sid]})

    def echo(self, sid: str) -> Request:
        text = self.texts[sid]
        return self._told(text, "oa_send_text", {"text": text.text, "msg_id": text.sid})

    def _told(self, text: Text, name: str, message: Object) -> Request:
        who = {"sender": {"id": self.oa_id}, "recipient": {"id": text.recipient}, "message": message}
        return self._event(name, who, by_app=text.recipient)

    # ---- what all have

    def _keep(self, text: Text, id_: str | None = None) -> Text:
        sid = id_ or uuid4().hex[:20]
        return self.texts.setdefault(sid, replace(text, sid=sid))

    def _event(self, name: str, told: Object, *, by_app: str) -> Request:
        stamp = str(_milliseconds(self._now()))
        said = {"event_name": name, "app_id": self.app_id, **told, "timestamp": stamp, "user_id_by_app": f"9{by_app}"}
        body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        proof = sign(self.app_id, body, stamp, self._oa_secret)
        headers = {"content-type": "application/json", SIGNATURE: proof, TIMESTAMP: stamp}
        return Request("POST", "/channels/zalo", headers, body, self.public_url)


def _key(payload: str) -> str:
    return payload.removeprefix(PRESSED).partition(" ")[0]


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _failure(fault: str) -> Answer:
    if not fault.isdigit():
        return acted(fault)
    return Answer(int(fault), "<html><body>Bad Gateway</body></html>", "text/html")


def _error(code: int, status: int = 200) -> Answer:
    return Answer(status, json.dumps({"error": code, "message": "not taken"}))
