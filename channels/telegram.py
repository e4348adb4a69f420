"""Telegram's bots: updates come in by webhook, a reply is one call of sendMessage. https://core.telegram.org/bots/api

setWebhook names our path, our secret as secret_token and allowed_updates ["message", "callback_query",
"my_chat_member"]. Only private chats are read. There is no window, no receipt, and nobody to ask what was taken.

What a failed send means (telegram_errors.py):
    nothing was sent            no connection, 401, 404, 429, 502, 503, 504                 TryLater
    it will never be taken      any other 4xx of Telegram's, no chat, too long, no text     Refused, OptedOut
    Telegram may have it        500, no JSON, no answer in time, a connection that ends     Uncertain
"""

from __future__ import annotations

import json
import logging
import re
from datetime import datetime
from hmac import compare_digest

from yarl import URL

from channels.choices import KEY, check
from channels.contract import (
    Beside,
    Consent,
    Limits,
    Message,
    NotAsked,
    NotGenuine,
    ProviderId,
    Receipt,
    Refused,
    Reply,
    Request,
    Response,
    Unreadable,
    WindowClosed,
)
from channels.json_body import Object, list_in, number_in, object_in, objects, read_object, text_in
from channels.telegram_errors import Fault, error_of, fault_in, sent_id
from channels.wire import TIMEOUT, Wire

log = logging.getLogger(__name__)

HOST = "https://api.telegram.org"
SECRET = "x-telegram-bot-api-secret-token"  # noqa: S105
LONGEST = 4096                              # UTF-16 units, as Telegram counts: https://core.telegram.org/api/entities
_CHAT = re.compile(r"[1-9][0-9]{0,15}")     # at most 52 bits; a group's is negative
# What a message has instead of a text, the first that is there: a moving picture is a file too, a venue a place too.
_BESIDE: dict[str, Beside] = {
    "photo": "photo", "video": "video", "video_note": "video", "animation": "video", "voice": "voice",
    "audio": "voice", "sticker": "sticker", "dice": "sticker", "venue": "place", "location": "place",
    "contact": "contact", "document": "file", "paid_media": "photo", "story": "video", "poll": "file",
    "checklist": "file",
}
_CONSENT: dict[str, Consent] = {"kicked": "stop", "member": "start"}


class Telegram:
    """`token`: of the bot, "123456:ABC…". `secret`: what its webhook repeats; without one no request is genuine.
    `sender`: the bot's name. `base_url`: a stand-in for the Bot API. `timeout`: seconds for a call."""

    name = "telegram"
    provider = "telegram"
    path = "/channels/telegram"
    signed = False                          # the secret proves who calls, not who wrote
    ends_webhook = False
    limits = Limits(length=LONGEST, unit="utf16", buttons=10, button=40)

    def __init__(self, token: str, secret: str, sender: str, *, base_url: str = "", timeout: float = TIMEOUT) -> None:
        self.sender = sender
        self._account = token.partition(":")[0]     # the bot's id
        self._secret = secret
        self._url = f"{(base_url or HOST).rstrip('/')}/bot{token}/sendMessage"
        self._wire = Wire(timeout)
        self._told = set[str]()

    # ---- in

    def verify(self, request: Request) -> None:
        shown = request.headers.get(SECRET, "").encode("utf-8", "surrogatepass")
        if not self._secret or not compare_digest(shown, self._secret.encode()):
            raise NotGenuine

    def parse(self, request: Request) -> list[Message | Receipt]:
        """An update is one of many things, of which three are for us; edits, reactions and groups are not."""
        update = read_object(request.body)
        number = number_in(update, "update_id")
        if number is None:
            raise Unreadable("update_id")
        if "message" in update:
            return self._written(str(number), _thing(update, "message"))
        if "callback_query" in update:
            return self._pressed(str(number), _thing(update, "callback_query"))
        if "my_chat_member" in update:
            return self._member(str(number), _thing(update, "my_chat_member"))
        return []

    def _written(self, id_: str, message: Object) -> list[Message | Receipt]:
        """[] for what Telegram itself tells in a chat, such as a message that was pinned."""
        chat, beside = _private(message), _beside(message)
        if not chat or not ("text" in message or beside) or object_in(message, "from").get("is_bot") is True:
            return []
        return [self._message(id_, chat, _text(message), beside=beside)]

    def _pressed(self, id_: str, query: Object) -> list[Message | Receipt]:
        """The button's message comes along, but for one that is too old: then the key says all."""
        if not text_in(query, "id"):
            raise Unreadable("callback_query.id")
        if "message" not in query:                          # under a message that is in no chat of ours
            return []
        message, key = _thing(query, "message"), text_in(query, "data")
        chat = _private(message)
        if not chat or not KEY.fullmatch(key):
            return []
        return [self._message(id_, chat, _label(message, key), pressed=key)]

    def _member(self, id_: str, change: Object) -> list[Message | Receipt]:
        """In a private chat: the bot was blocked, or is so no more."""
        consent = _CONSENT.get(text_in(object_in(change, "new_chat_member"), "status"))
        chat = _private(change)
        return [self._message(id_, chat, "", consent=consent)] if chat and consent else []

    def _message(
        self, id_: str, chat: str, text: str, *, beside: Beside | None = None, pressed: str = "",
        consent: Consent | None = None,
    ) -> Message:
        return Message(
            provider_id=id_, account=self._account, sender=chat, recipient=self.sender, text=text,
            media=int(beside is not None), beside=beside, pressed=pressed, consent=consent,
        )

    def answer(self, request: Request) -> Response:
        """To a button that its waiting is over: https://core.telegram.org/bots/api#making-requests-when-getting-updates"""
        try:
            query = text_in(object_in(read_object(request.body), "callback_query"), "id")
        except Unreadable:
            query = ""
        said = {"method": "answerCallbackQuery", "callback_query_id": query}
        return Response(200, "application/json", json.dumps(said)) if query else Response()

    # ---- out

    async def send(self, to: str, reply: Reply) -> ProviderId | None:
        """The message's id. Raises as the module says; Telegram's own words stay out of every error."""
        self._check(to, reply)
        answer = await self._wire.call("POST", URL(self._url), json=_body(to, reply))
        id_ = sent_id(answer)
        if id_ is None:
            fault = fault_in(answer)
            self._tell(fault)
            raise error_of(fault, answer)
        self._told.clear()
        return id_

    def _check(self, to: str, reply: Reply) -> None:
        """Raises Refused for what Telegram would refuse, WindowClosed for a template, of which it has none."""
        if not _CHAT.fullmatch(to):
            raise Refused("no chat")
        if reply.template:
            raise WindowClosed("no templates")
        check(reply, self.limits)

    def _tell(self, fault: Fault | None) -> None:
        if fault and fault.do in ("account", "alert") and fault.means not in self._told:
            self._told.add(fault.means)
            log.error("Telegram refuses with %d: %s", fault.status, fault.means)

    async def taken(self, to: str, text: str, since: datetime) -> list[ProviderId]:
        raise NotAsked

    async def close(self) -> None:
        await self._wire.close()


def _thing(update: Object, name: str) -> Object:
    """What an update is about. Raises Unreadable where it is no object."""
    if not isinstance(update[name], dict):
        raise Unreadable(name)
    return object_in(update, name)


def _private(there: Object) -> str:
    """The id of a private chat; "" for other chats. Raises Unreadable where there is no chat, or one without an id."""
    chat = object_in(there, "chat")
    if not chat:
        raise Unreadable("chat")
    if chat.get("type") != "private":
        return ""
    id_ = str(number_in(chat, "id"))
    if not _CHAT.fullmatch(id_):
        raise Unreadable("chat.id")
    return id_


def _text(message: Object) -> str:
    """Raises Unreadable for a text that is none."""
    name = "text" if "text" in message else "caption"
    if not isinstance(message.get(name, ""), str):
        raise Unreadable(name)
    return text_in(message, name)


def _beside(message: Object) -> Beside | None:
    return next((kind for name, kind in _BESIDE.items() if name in message), None)


def _label(message: Object, key: str) -> str:
    """What stood on the button with this key."""
    rows = list_in(object_in(message, "reply_markup"), "inline_keyboard")
    buttons = [button for row in rows for button in objects(row)]
    return next((text_in(one, "text") for one in buttons if one.get("callback_data") == key), "")


def _body(to: str, reply: Reply) -> Object:
    """Without parse_mode, so that no sign of the text means anything."""
    body: Object = {"chat_id": int(to), "text": reply.text, "link_preview_options": {"is_disabled": True}}
    if reply.options:
        rows = [[{"text": option.label, "callback_data": option.key}] for option in reply.options]
        body["reply_markup"] = {"inline_keyboard": rows}
    return body
