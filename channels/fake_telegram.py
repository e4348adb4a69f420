"""A stand-in for Telegram: brings updates, takes messages with their buttons, knows who has blocked the bot, and fails
by plan.

The order of names is the documentation's, https://core.telegram.org/bots/api. No socket: whoever serves it acts its
answers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

from channels.contract import Beside, Request
from channels.fake import Answer, Plan, Planned, Text, acted
from channels.json_body import Object, list_in, number_in, object_in, objects, read_object, text_in

SECRET = "x-telegram-bot-api-secret-token"  # noqa: S105
# "refused:STATUS": never taken, with what Telegram says most often then.
FAULTS = ("429", "500", "502", "html", "hang", "close")
_ENDS = r"refused:(400|401|403|404)"
_SAYS = {
    400: "Bad Request: chat not found", 401: "Unauthorized", 403: "Forbidden: bot was blocked by the user",
    404: "Not Found", 429: "Too Many Requests: retry after 2", 500: "Internal Server Error", 502: "Bad Gateway",
}
_FILE = {"file_id": "BQACAgUAAxkB", "file_unique_id": "AgADAQAD"}
_BESIDE: dict[Beside, Object] = {
    "photo": {"photo": [{**_FILE, "file_size": 1290, "width": 90, "height": 67}]},
    "video": {"video": {"duration": 4, "width": 640, "height": 360, "mime_type": "video/mp4", **_FILE}},
    "voice": {"voice": {"duration": 3, "mime_type": "audio/ogg", **_FILE, "file_size": 14213}},
    "sticker": {"sticker": {"width": 512, "height": 512, "emoji": "👍", "type": "regular", **_FILE}},
    "place": {"location": {"latitude": 21.028511, "longitude": 105.804817}},
    "contact": {"contact": {"phone_number": "84900000009", "first_name": "A"}},
    "file": {"document": {"file_name": "don.pdf", "mime_type": "application/pdf", **_FILE}},
}


class FakeTelegram:
    """`token`: the bot's. `secret`: of its webhook. `name`: the bot's. `public_url`: where the webhook is. `plan`: what
    goes wrong (channels/fake.py)."""

    def __init__(
        self, token: str, secret: str, name: str, public_url: str, *, plan: Plan = (),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.name, self.public_url = name, public_url.rstrip("/")
        self.texts: dict[str, Text] = {}         # by message id, oldest first, both ways
        self.blocked = set[str]()                # who has blocked the bot
        self._token, self._secret, self._now = token, secret, now
        self._updates, self._messages = count(int(now().timestamp())), count(1)      # none twice, after a restart too
        self.plan(plan)

    def plan(self, plan: Plan) -> None:
        """What goes wrong from now on."""
        self._planned = Planned(plan, FAULTS, _ENDS)

    # ---- what people do

    def inbound(self, sender: str, text: str, *, sid: str | None = None) -> Request:
        """The request that brings a text of `sender` to us. The same `sid`, an update's id, makes it a repeat."""
        return self._written(sender, {"text": text.encode("utf-8", "replace").decode()}, sid)

    def beside(self, sender: str, kind: Beside, text: str = "", *, sid: str | None = None) -> Request:
        """Something else than a text, which `text` is the caption of."""
        return self._written(sender, _BESIDE[kind] | ({"caption": text} if text else {}), sid)

    def _written(self, sender: str, what: Object, sid: str | None) -> Request:
        kept = self._keep(sender, self.name, text_in(what, "text") or text_in(what, "caption"))
        message = {"message_id": int(kept.sid), "from": _person(sender), **self._where(kept, sender), **what}
        return self._update("message", message, sid)

    def pressed(self, sender: str, key: str, label: str, *, sid: str | None = None) -> Request:
        """A button of the newest message to `sender` that has it, else of one that is made up."""
        there = [text for text in self.messages_to(sender) if (key, label) in text.options]
        text = there[-1] if there else self._keep(self.name, sender, label, ((key, label),))
        bot = {"id": self._bot, "is_bot": True, "first_name": self.name, "username": self.name}
        message = {"message_id": int(text.sid), "from": bot, **self._where(text, sender), "text": text.text}
        keyboard = [[{"text": label, "callback_data": key}] for key, label in text.options]
        message["reply_markup"] = {"inline_keyboard": keyboard}
        return self._update("callback_query", {
            "id": f"43{next(self._updates)}", "from": _person(sender), "message": message,
            "chat_instance": "-4405934083116213", "data": key,
        }, sid)

    def block(self, sender: str) -> Request:
        """Somebody blocks the bot, and is written to no more."""
        self.blocked.add(sender)
        return self._member(sender, "member", "kicked")

    def unblock(self, sender: str) -> Request:
        self.blocked.discard(sender)
        return self._member(sender, "kicked", "member")

    def _member(self, sender: str, before: str, after: str) -> Request:
        bot = {"id": self._bot, "is_bot": True, "first_name": self.name, "username": self.name}
        old, new = ({"user": bot, "status": status} for status in (before, after))
        new |= {"until_date": 0} if after == "kicked" else {}
        return self._update("my_chat_member", {
            "chat": _chat(sender), "from": _person(sender), "date": int(self._now().timestamp()),
            "old_chat_member": old, "new_chat_member": new,
        })

    # ---- what we send

    def create(self, path: str, body: bytes) -> Answer:
        """POST /bot<token>/sendMessage. Raises ValueError for a plan with a word that is none of the faults."""
        if path != f"/bot{self._token}/sendMessage":
            return _error(404 if path.startswith(f"/bot{self._token}/") else 401)
        said = read_object(body)
        to, text = str(number_in(said, "chat_id")), text_in(said, "text")
        wrong = self._wrong(to, text, said)
        return wrong or self._by_plan(to, text, said, self._planned.word({"chat_id": to, "text": text}))

    def _by_plan(self, to: str, text: str, said: Object, word: str) -> Answer:
        kind, _, status = word.partition(":")
        if status:
            return _error(int(status))
        if kind in FAULTS:
            return _failure(kind)
        kept = self._keep(self.name, to, text, _options(said))
        lost = kind.removeprefix("accepted_then_")
        message = {"message_id": int(kept.sid), **self._where(kept, to), "text": text}
        return _failure(lost) if lost in FAULTS else Answer(200, json.dumps({"ok": True, "result": message}))

    def _wrong(self, to: str, text: str, said: Object) -> Answer | None:
        data = [key.encode() for key, _ in _options(said)]
        faults = {
            "Bad Request: chat not found": to == "None",
            "Bad Request: message text is empty": not text.strip(),
            "Bad Request: message is too long": len(text.encode("utf-16-le")) > 2 * 4096,
            "Bad Request: BUTTON_DATA_INVALID": any(not 0 < len(key) <= 64 for key in data),
        }
        says = next((says for says, there in faults.items() if there), "")
        return _error(400, says) if says else _error(403) if to in self.blocked else None

    def messages_to(self, address: str) -> list[Text]:
        """All that was taken for `address`, oldest first."""
        return [text for text in self.texts.values() if text.recipient == address]

    def callbacks(self, sid: str) -> list[Request]:
        """Telegram tells nothing of a message."""
        return []

    # ---- what both have

    @property
    def _bot(self) -> int:
        return int(self._token.partition(":")[0])

    def _keep(self, sender: str, recipient: str, text: str, options: tuple[tuple[str, str], ...] = ()) -> Text:
        kept = Text(str(next(self._messages)), sender, recipient, text, self._now(), options)
        self.texts[kept.sid] = kept
        return kept

    def _where(self, text: Text, citizen: str) -> Object:
        return {"chat": _chat(citizen), "date": int(text.at.timestamp())}

    def _update(self, name: str, what: Object, sid: str | None = None) -> Request:
        body = json.dumps({"update_id": int(sid or next(self._updates)), name: what})
        headers = {
            "content-type": "application/json", "accept-encoding": "gzip, deflate", "connection": "keep-alive",
            SECRET: self._secret,
        }
        return Request("POST", "/channels/telegram", headers, body.encode(), self.public_url)


def _person(address: str) -> Object:
    return {"id": int(address), "is_bot": False, "first_name": "Nguyễn Văn A", "language_code": "vi"}


def _chat(address: str) -> Object:
    return {"id": int(address), "first_name": "Nguyễn Văn A", "type": "private"}


def _options(said: Object) -> tuple[tuple[str, str], ...]:
    rows: list[Any] = list_in(object_in(said, "reply_markup"), "inline_keyboard")
    return tuple((text_in(one, "callback_data"), text_in(one, "text")) for row in rows for one in objects(row))


def _failure(fault: str) -> Answer:
    """502 comes from what stands before the Bot API."""
    if fault == "502":
        return Answer(502, "<html><body>502 Bad Gateway</body></html>", "text/html")
    return _error(int(fault)) if fault.isdigit() else acted(fault)


def _error(status: int, says: str = "") -> Answer:
    said: Mapping[str, Any] = {"ok": False, "error_code": status, "description": says or _SAYS[status]}
    more = {"parameters": {"retry_after": 2}} if status == 429 else {}
    return Answer(status, json.dumps({**said, **more}))
