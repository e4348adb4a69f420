"""A stand-in for Kannel: its get-url and receipts as requests, its sendsms as answers; it fails by plan.

Wording and order are those of Kannel 1.4.5 in front of an SMPP operator. No socket: whoever serves it acts its answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote_plus, urlencode, urlsplit
from uuid import uuid4

from channels.contract import Request
from channels.fake import Answer, Plan, Planned, acted
from text.sms import count

FAULTS = ("400", "403", "503", "500", "html", "hang", "close")
_ENDS = r"failed:(2|16)"                # taken, and the receipts end with this
_HEADERS = {"user-agent": "Kannel/1.4.5", "connection": "keep-alive"}
_SAYS = {
    202: "0: Accepted for delivery", 400: "Missing receiver number, rejected", 403: "Authorization failed for sendsms",
    404: "Unknown request.", 503: "Temporal failure, try again later.", 500: "",
}
_ANSWERS = {
    "1": "id:carrier-1 sub:001 dlvrd:001 submit date:2611262325 done date:2611262325 stat:DELIVRD err:000 text:",
    "2": "id:carrier-1 sub:001 dlvrd:000 submit date:2611262325 done date:2611262325 stat:UNDELIV err:027 text:",
    "8": "ACK/",
    "16": "NACK/0x0000000b/Invalid Destination Address",
}


@dataclass(frozen=True, slots=True)
class Text:
    """A message that was taken. `callback`: its dlr-url. `ends`: the last receipt's kind."""

    sender: str
    recipient: str
    text: str
    callback: str
    ends: str

    @property
    def segments(self) -> int:
        return count(self.text).segments


class FakeKannel:
    """`number`: ours. `secret`: what its get-url names. `public_url`: where that is."""

    def __init__(
        self, username: str, password: str, number: str, secret: str, public_url: str, *, plan: Plan = ()
    ) -> None:
        self.number, self.public_url = number, public_url.rstrip("/")
        self.texts: list[Text] = []
        self._user, self._secret = (username, password), secret
        self._planned = Planned(plan, FAULTS, _ENDS)

    def inbound(self, sender: str, text: str, *, sid: str | None = None, coding: int = 0) -> Request:
        """The request that brings a text of `sender` to us. The same `sid` makes it a repeat."""
        fields = {
            "secret": self._secret, "from": sender, "to": self.number, "text": text, "cs": "UTF-8",
            "coding": str(coding), "id": sid or str(uuid4()), "ts": "1795734990", "smsc": "carrier", "udh": "",
        }
        query = urlencode(fields, errors="replace")
        return Request("GET", f"/channels/sms-kannel?{query}", _HEADERS, b"", self.public_url)

    def sendsms(self, path_with_query: str) -> Answer:
        """GET /cgi-bin/sendsms. Raises ValueError for a plan with a word that is none of the faults."""
        path, _, query = path_with_query.partition("?")
        fields = dict(parse_qsl(query, keep_blank_values=True))
        if path != "/cgi-bin/sendsms":
            return _answer(404)
        if (fields.get("username"), fields.get("password")) != self._user:
            return _answer(403)
        word = self._planned.word(fields) if fields.get("to") else "400"
        return self._by_plan(fields, word)

    def _by_plan(self, fields: dict[str, str], word: str) -> Answer:
        if word in FAULTS:
            return _failure(word)
        for to in re.split(r"[ +]+", fields["to"].strip(" +")):          # more than one number is a list for Kannel
            ends = word.partition(":")[2] or "1"
            text = _as_sent(fields.get("text", ""), fields.get("coding", "0"))
            self.texts.append(Text(fields.get("from", self.number), to, text, fields.get("dlr-url", ""), ends))
        lost = word.removeprefix("accepted_then_")
        return _failure(lost) if lost in FAULTS else _answer(202)

    def messages_to(self, number: str) -> list[Text]:
        """All that was taken for `number`, oldest first."""
        return [text for text in self.texts if text.recipient == number.lstrip("+")]

    def callbacks(self, text: Text) -> list[Request]:
        """The receipts of a message, as they come: accepted by the operator, then what became of it."""
        kinds = [text.ends] if text.ends == "16" else ["8", text.ends]
        filled = [text.callback.replace("%d", kind).replace("%A", quote_plus(_ANSWERS[kind])) for kind in kinds]
        return [self._receipt(url) for url in filled] if text.callback else []

    def _receipt(self, url: str) -> Request:
        parts = urlsplit(url)
        return Request("GET", f"{parts.path}?{parts.query}", _HEADERS, b"", f"{parts.scheme}://{parts.netloc}")


def _as_sent(text: str, coding: str) -> str:
    """With coding 0, what GSM-7 lacks goes out as "?", and Kannel says nothing about it."""
    return text if coding == "2" else "".join(letter if count(letter).encoding == "GSM-7" else "?" for letter in text)


def _failure(fault: str) -> Answer:
    return _answer(int(fault)) if fault.isdigit() else acted(fault)


def _answer(status: int) -> Answer:
    return Answer(status, _SAYS[status], "text/html")
