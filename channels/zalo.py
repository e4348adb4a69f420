"""Zalo's Official Account: signed webhooks in, "tin tư vấn" out, and a ZNS template to a number after the window.

https://docs.zaloplatforms.com/docs/OA (the pages of developers.zalo.me). A reply is allowed for 7 days after the
citizen wrote: since 1 January 2026 any number of them, those after 48 hours at a price (UNCONFIRMED). An access token
lives for 25 hours and is renewed with a refresh token that is good for one use: the vault keeps both. Buttons (at most
5, "oa.query.hide") are as others' code sends them: UNCONFIRMED, and so is how a person is answered who is not signed
in. The webhook's filter for "#" has to be off.

What a failed send means (zalo_errors.py):
    nothing was sent                no connection, 429, 502, 503, 504, no good token                     TryLater
    it will never be taken          any other code, no address, too long, no text                        Refused, …
    Zalo may have it                500, no JSON, no answer in time, a connection that ends              Uncertain
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hmac import compare_digest

from yarl import URL

from channels.choices import check
from channels.contract import (
    Beside,
    ChannelError,
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
    Tokens,
    TryLater,
    Uncertain,
    Unreadable,
    Vault,
    WindowClosed,
)
from channels.json_body import Object, object_in, objects, read_object, text_in
from channels.wire import TIMEOUT, Answer, Wire
from channels.zalo_errors import code_in, error_of, fault, id_in, is_token, not_renewed, unanswered
from channels.zalo_wire import (
    ANONYMOUS,
    OAUTH,
    OPEN_API,
    SENT,
    SENT_ANONYMOUS,
    SIGNATURE,
    TEMPLATE,
    TOKEN,
    USER,
    ZNS_API,
    buttons,
    pressed_in,
    sign,
    stamps,
)

log = logging.getLogger(__name__)

LONGEST = 2000                              # characters; code -210
BUTTONS, LABEL = 5, 35
NUMBERED = 1 + BUTTONS * len("\n1. " + "x" * LABEL)         # characters that choices take where there are no buttons
OLDEST, AHEAD = timedelta(days=1), timedelta(minutes=10)    # Zalo repeats for two hours; clocks differ
WHOLE = 18.0                                # seconds for all of a send; after 20 bot/due.py takes nobody to be at it
SHORTEST_LIFE = 3600                        # seconds of a token of which Zalo does not say how many
PROBES = (b"", b"{}")                       # what the console sends, unsigned, when the address is saved; wants 200
_ID = re.compile(r"[0-9A-Za-z_-]{1,128}")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_TRACKED = re.compile(r"([0-9]{1,18})x([0-9]{1,18})")
_SECONDS = re.compile(r"[1-9][0-9]{0,8}")
_EVENT = re.compile(r"(user|anonymous)_send_([a-z]+|business_card)")
_KINDS: dict[str, Beside | None] = {        # of an event, with what comes beside the text
    "text": None, "link": None, "image": "photo", "gif": "photo", "audio": "voice", "video": "video",
    "sticker": "sticker", "location": "place", "business_card": "contact", "file": "file",
}
_CONSENT: dict[str, Consent] = {"follow": "start", "unfollow": "stop"}


class Zalo:
    """`oa_secret`: what webhooks are signed with; without one none is genuine. `app_secret`: with which tokens are
    renewed. `template`: id of a ZNS template whose parameter `link` is a link, "" for none. `base_url`: a stand-in for
    Zalo's three hosts. `timeout`: seconds for a call."""

    name = "zalo"
    provider = "zalo"
    path = "/channels/zalo"
    signed = True
    ends_webhook = True                     # after some five repeats in two hours, as others report: UNCONFIRMED
    limits = Limits(
        length=LONGEST, unit="characters", asking=LONGEST - NUMBERED, buttons=BUTTONS, button=LABEL, window=168
    )

    def __init__(
        self, oa_id: str, app_id: str, app_secret: str, oa_secret: str, vault: Vault, *, template: str = "",
        base_url: str = "", now: Callable[[], datetime] = lambda: datetime.now(UTC), timeout: float = TIMEOUT,
    ) -> None:
        self.sender = oa_id
        self._app_id, self._app_secret, self._oa_secret = app_id, app_secret, oa_secret
        self._vault, self._template, self._now = vault, template, now
        self._base_url = base_url.rstrip("/")
        self._wire = Wire(timeout)
        self._told = set[int]()

    # ---- in

    def verify(self, request: Request) -> None:
        """By the MAC over our app's id, the body, its time and our secret; nothing older than a day is heard."""
        if self._oa_secret and SIGNATURE not in request.headers and request.body.strip() in PROBES:
            return
        shown = request.headers.get(SIGNATURE, "").encode("utf-8", "surrogatepass")
        for stamp in stamps(request):
            right = sign(self._app_id, request.body, stamp, self._oa_secret).encode()
            if self._oa_secret and compare_digest(shown, right) and self._is_fresh(stamp):
                return
        raise NotGenuine

    def _is_fresh(self, stamp: str) -> bool:
        try:
            age = self._now() - datetime.fromtimestamp(int(stamp) / 1000, UTC)
        except (ValueError, OverflowError, OSError):
            return False
        return -AHEAD <= age <= OLDEST

    def parse(self, request: Request) -> list[Message | Receipt]:
        """[] for groups, for what we or our staff sent, for what was seen, and for other accounts."""
        if request.body.strip() in PROBES:
            return []
        event = read_object(request.body)
        named = text_in(event, "event_name")
        if not named:
            raise Unreadable("event_name")
        sent = _EVENT.fullmatch(named)
        if sent and sent[2] in _KINDS:
            return self._written(event, sent[2], anonymous=sent[1] == "anonymous")
        if named in _CONSENT:
            return self._followed(event, named)
        return self._received(event) if named == "user_received_message" else []

    def _written(self, event: Object, kind: str, *, anonymous: bool) -> list[Message | Receipt]:
        said = object_in(event, "message")
        to, id_ = _id(object_in(event, "recipient"), "id"), _id(said, "msg_id")
        sender = _id(object_in(event, "sender"), "id", _ID if anonymous else USER)
        if anonymous:
            sender = f"{sender}.{_id(said, 'conversation_id')}"
        beside, (pressed, text) = _KINDS[kind], pressed_in(_text(said, kind))
        media = min(99, max(1, len(objects(said.get("attachments"))))) if beside else 0
        return [Message(
            provider_id=id_, account=self.sender, sender=sender, recipient=to, text=text, media=media,
            beside=beside, pressed=pressed,
        )] if to == self.sender else []

    def _followed(self, event: Object, named: str) -> list[Message | Receipt]:
        """Has no id of its own: who, what and when is one, and the same on its repeats."""
        who = _id(object_in(event, "follower"), "id", USER)
        at = str(event.get("timestamp"))
        if not _ID.fullmatch(at):
            raise Unreadable("timestamp")
        return [Message(
            provider_id=f"{named}-{who}-{at}", account=self.sender, sender=who, recipient=self.sender, text="",
            consent=_CONSENT[named],
        )] if self._is_ours(event) else []

    def _received(self, event: Object) -> list[Message | Receipt]:
        """On the person's telephone. Of a template our row comes back, of a message its id alone."""
        said = object_in(event, "message")
        row = _TRACKED.fullmatch(text_in(said, "tracking_id"))
        named = (int(row[1]), int(row[2])) if row else (None, None)
        return [Receipt(*named, "delivered", _id(said, "msg_id"))] if self._is_ours(event) else []

    def _is_ours(self, event: Object) -> bool:
        """Where it stands, the sources do not agree."""
        named = [text_in(object_in(event, side), "id") for side in ("sender", "recipient")]
        return self.sender in (text_in(event, "oa_id"), *named)

    def answer(self, request: Request) -> Response:
        return Response()

    # ---- out

    async def send(self, to: str, reply: Reply) -> ProviderId | None:
        """The message's id. Raises as the module says; Zalo's own words stay out of every error."""
        if not USER.fullmatch(to) and not ANONYMOUS.fullmatch(to):
            raise Refused("no address")
        check(reply, self.limits)
        url, body = self._templated(reply) if reply.template else self._message(to, reply)
        answer = await self._answered(url, body)
        code = code_in(answer)
        if code is None:
            raise unanswered(answer)
        if code:
            raise self._told_of(code)
        self._told.clear()
        return id_in(answer)

    async def _answered(self, url: URL, body: Object) -> Answer:
        """Within WHOLE. A token that is refused was so before anything was done: no repeat of what was taken."""
        late: type[ChannelError] = TryLater
        try:
            async with asyncio.timeout(WHOLE):
                token = await self._vault.token(self._renew)
                late = Uncertain
                answer = await self._post(url, body, token)
                if is_token(answer):
                    late = TryLater
                    token = await self._vault.token(self._renew, bad=token)
                    late = Uncertain
                    answer = await self._post(url, body, token)
                return answer
        except TimeoutError:
            raise late("no time") from None

    async def _post(self, url: URL, body: Object, token: str) -> Answer:
        return await self._wire.call("POST", url, json=body, headers={"access_token": token})

    def _message(self, to: str, reply: Reply) -> tuple[URL, Object]:
        nobody = ANONYMOUS.fullmatch(to)
        if nobody:
            numbered = "\n".join(f"{number}. {option.label}" for number, option in enumerate(reply.options, 1))
            said: Object = {"text": "\n\n".join(filter(None, (reply.text, numbered)))}
            recipient = {"anonymous_id": nobody[1], "conversation_id": nobody[2]}
            return self._at(OPEN_API, SENT_ANONYMOUS), {"recipient": recipient, "message": said}
        said = {"text": reply.text}
        if reply.options:
            said["attachment"] = {"type": "template", "payload": {"buttons": buttons(reply)}}
        return self._at(OPEN_API, SENT), {"recipient": {"user_id": to}, "message": said}

    def _templated(self, reply: Reply) -> tuple[URL, Object]:
        """https://zalo.cloud/zns: it goes to a number, so without one there is none."""
        if not self._template or not _PHONE.fullmatch(reply.phone or ""):
            raise WindowClosed("no template" if not self._template else "no number")
        return self._at(ZNS_API, TEMPLATE), {
            "phone": (reply.phone or "").lstrip("+"), "template_id": self._template,
            "template_data": {"link": reply.text}, "tracking_id": f"{reply.row}x{reply.attempt}",
        }

    def _at(self, host: str, path: str) -> URL:
        return URL(f"{self._base_url or host}{path}")

    def _told_of(self, code: int) -> ChannelError:
        found = fault(code)
        if found.do in ("account", "token", "alert") and code not in self._told:
            self._told.add(code)
            log.error("Zalo refuses with code %s: %s", code, found.means)
        return error_of(code)

    async def _renew(self, refresh: str) -> Tokens:
        """Raises TryLater, and Refused for a refresh token that is no good: the account has to be authorised anew.

        https://docs.zaloplatforms.com/docs/OA/bat-dau/xac-thuc-va-uy-quyen-cho-ung-dung-new; the error codes of this
        address are published nowhere. What cannot be told is tried once more with the same refresh token.
        """
        data = {"refresh_token": refresh, "app_id": self._app_id, "grant_type": "refresh_token"}
        headers = {"secret_key": self._app_secret}
        try:
            answer = await self._wire.call("POST", self._at(OAUTH, TOKEN), data=data, headers=headers)
            said = read_object(answer.text) if answer.status < 500 else {}
        except ChannelError as err:             # Uncertain and Unreadable too: here they cost nothing but time
            raise TryLater(f"token: {err.code}") from None
        access, again = text_in(said, "access_token"), text_in(said, "refresh_token")
        if not access or not again:
            raise not_renewed(answer, said)
        seconds = str(said.get("expires_in"))   # "90000", a text
        life = int(seconds) if _SECONDS.fullmatch(seconds) else SHORTEST_LIFE
        return Tokens(access, self._now() + timedelta(seconds=life), again)

    async def taken(self, to: str, text: str, since: datetime) -> list[ProviderId]:
        """Raises NotAsked."""
        raise NotAsked

    async def close(self) -> None:
        await self._vault.close()
        await self._wire.close()


def _id(said: Object, name: str, form: re.Pattern[str] = _ID) -> str:
    """Raises Unreadable: without an id a repeat would not be known, without a sender nobody be answered."""
    found = text_in(said, name)
    if not form.fullmatch(found):
        raise Unreadable(name)
    return found


def _text(said: Object, kind: str) -> str:
    """A link without a word is its address."""
    linked = [text_in(object_in(one, "payload"), "url") for one in objects(said.get("attachments"))]
    return text_in(said, "text") or "".join(linked[:1] if kind == "link" else [])
