"""A stand-in for Messenger: writes webhooks, takes messages, tells what became of them, and fails by plan.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks has the form.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from channels.contract import Beside, Request
from channels.fake import Plan, Text
from channels.fake_meta import FakeMeta, utc, whole
from channels.json_body import Object, object_in, text_in
from channels.meta_wire import each

_TYPES = {"photo": "image", "video": "video", "voice": "audio", "file": "file"}
_APP = 1517776481860111


class FakeMessenger(FakeMeta):
    """`page_id`: of our page. Who writes is a number of digits, the person's for this page."""

    busy = 613

    def __init__(
        self, page_id: str, token: str, app_secret: str, public_url: str, *, verify_token: str = "", plan: Plan = (),
        now: Callable[[], datetime] = utc,
    ) -> None:
        super().__init__(
            page_id, page_id, token, app_secret, public_url, "/channels/messenger", verify_token=verify_token,
            plan=plan, now=now,
        )

    # ---- what people write

    def inbound(self, sender: str, text: str, *, sid: str | None = None) -> Request:
        """The signed request that brings a text of `sender` to us. The same `sid` makes it a repeat."""
        return self._written(sender, {"text": whole(text)}, sid)

    def pressed(self, sender: str, key: str, label: str, *, sid: str | None = None) -> Request:
        """A quick reply."""
        return self._written(sender, {"quick_reply": {"payload": key}, "text": whole(label)}, sid)

    def postback(self, sender: str, key: str, label: str, *, sid: str | None = None) -> Request:
        """A button of the menu."""
        sid = sid or _mid()
        self.wrote(sender, whole(label), sid)
        return self._webhook(sender, {"postback": {"title": whole(label), "payload": key, "mid": sid}})

    def beside(self, sender: str, kind: Beside, text: str = "", *, sid: str | None = None) -> Request:
        """What has no words, or these with it."""
        words = {"text": whole(text)} if text else {}
        return self._written(sender, words | {"attachments": [_attachment(kind)]}, sid)

    def _written(self, sender: str, content: Object, sid: str | None) -> Request:
        sid = sid or _mid()
        self.wrote(sender, text_in(content, "text"), sid)
        return self._webhook(sender, {"message": {"mid": sid} | content})

    def _webhook(self, sender: str, event: Object, recipient: str = "") -> Request:
        now = int(self._now().timestamp() * 1000)
        people = {"sender": {"id": sender}, "recipient": {"id": recipient or self.account}, "timestamp": now}
        return self.signed({
            "object": "page", "entry": [{"time": now, "id": self.account, "messaging": [people | event]}],
        })

    # ---- what we send

    def wrong(self, said: Object) -> tuple[int, int]:
        message, to = object_in(said, "message"), text_in(object_in(said, "recipient"), "id")
        replies = each(message, "quick_replies")
        if not re.fullmatch("[0-9]{1,32}", to):
            return 100, 2018001
        fits = len(replies) <= 13 and all(0 < len(text_in(one, "title")) <= 20 for one in replies)
        return (0, 0) if 0 < len(text_in(message, "text")) <= 2000 and fits else (100, 0)

    def take(self, said: Object, ends: str) -> Text:
        message, to = object_in(said, "message"), text_in(object_in(said, "recipient"), "id")
        options = tuple((text_in(one, "payload"), text_in(one, "title")) for one in each(message, "quick_replies"))
        text, named = text_in(message, "text"), text_in(message, "metadata")
        return Text(_mid(), self.number, to, text, self._now(), options, named=named, ends=ends)

    def says(self, kept: Text) -> Object:
        return {"recipient_id": kept.recipient, "message_id": kept.sid}

    # ---- what it tells

    def callbacks(self, sid: str) -> list[Request]:
        """The echo of a message, and that it was delivered."""
        kept = self.texts[sid]
        named = {"metadata": kept.named} if kept.named else {}
        echo = {"message": {"mid": sid, "is_echo": True, "app_id": _APP, "text": kept.text} | named}
        delivery = {"delivery": {"mids": [sid], "watermark": int(kept.at.timestamp() * 1000)}}
        told = [self._webhook(self.account, echo, kept.recipient), self._webhook(kept.recipient, delivery)]
        return told if kept.ends == "delivered" else told[:1]


def _attachment(kind: Beside) -> Object:
    if kind == "place":
        return {"type": "location", "payload": {"coordinates": {"lat": 16.0678, "long": 108.2208}}}
    sticker = {"sticker_id": 369239263222822} if kind == "sticker" else {}
    type_ = "image" if sticker else _TYPES.get(kind, "file")
    return {"type": type_, "payload": {"url": f"https://scontent.example/{type_}"} | sticker}


def _mid() -> str:
    return f"m_{uuid4().hex}{uuid4().hex}-{uuid4().hex[:20]}"
