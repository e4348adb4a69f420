"""What to do about the error codes of Meta's Graph API: in an answer to what we sent, and in a receipt of WhatsApp.

WhatsApp: https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes/
Messenger: https://developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes
Graph API: https://developers.facebook.com/docs/graph-api/guides/error-handling/. What is not here is taken as "refuse".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from channels.contract import (
    ChannelError,
    OptedOut,
    Refused,
    State,
    TokenRefused,
    TryLater,
    Uncertain,
    Unreadable,
    WindowClosed,
)
from channels.json_body import Object, number_in, object_in, read_object
from channels.wire import Answer, retry_after

# What to do                   an answer to what we sent    a receipt      besides
# wait       for a while       TryLater                     temporary
# account    mend ours         TryLater, a minute later     temporary      somebody is told: nothing goes out; 190 is
#                                                                          TokenRefused
# unsure     nobody knows      Uncertain                    unsure
# refuse     never again       Refused                      permanent
# alert      never again       Refused                      permanent      somebody is told: others will be refused too
# opted_out  till they ask     OptedOut                     opted_out
# window     a template        WindowClosed                 window
Do = Literal["wait", "account", "unsure", "refuse", "alert", "opted_out", "window"]
MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Fault:
    """`subcode`: 0 is any."""

    code: int
    subcode: int
    means: str
    do: Do

    @property
    def name(self) -> str:
        """How errors, receipts and logs name it: "131047", "10.2018278"."""
        return f"{self.code}.{self.subcode}" if self.subcode else str(self.code)


_TABLE: tuple[tuple[int, int, str, Do], ...] = (
    # both
    (0, 0, "the token is wrong", "account"),
    (1, 0, "an unknown error", "unsure"),
    (2, 0, "the service is away, or the citizen has blocked us", "unsure"),
    (3, 0, "the app may not do this", "account"),
    (4, 0, "too many calls of the app", "wait"),
    (9, 0, "too many calls", "wait"),
    (10, 0, "a permission is missing", "account"),
    (17, 0, "too many calls of the user", "wait"),
    (32, 0, "too many calls of the page", "wait"),
    (33, 0, "our number is no longer there", "account"),
    (100, 0, "a parameter is wrong", "refuse"),
    (100, 33, "our number or page is not there, or not for this token", "account"),
    (102, 0, "the session is over", "account"),
    (190, 0, "the token has ended", "account"),
    (368, 0, "we are blocked for a while, for going against the policies", "account"),
    (613, 0, "too many calls", "wait"),
    # WhatsApp
    (470, 0, "more than 24 hours since the citizen wrote", "window"),
    (80007, 0, "too many messages of the business", "wait"),
    (130429, 0, "too many messages of the number", "wait"),
    (130472, 0, "the citizen is part of an experiment of Meta's", "refuse"),
    (130497, 0, "the business may not write to this country", "alert"),
    (131000, 0, "an unknown error", "unsure"),
    (131005, 0, "the token may not do this", "account"),
    (131008, 0, "a parameter is missing", "alert"),
    (131009, 0, "a parameter has a wrong value", "refuse"),
    (131016, 0, "the service is away", "unsure"),
    (131021, 0, "the recipient is ourselves", "refuse"),
    (131026, 0, "not on WhatsApp, or cannot be reached there", "refuse"),
    (131030, 0, "a test number writes to listed numbers only", "refuse"),
    (131031, 0, "the account is locked", "account"),
    (131037, 0, "the number's name is not approved", "account"),
    (131042, 0, "the account cannot pay", "account"),
    (131045, 0, "the number is not registered as it should be", "account"),
    (131047, 0, "more than 24 hours since the citizen wrote", "window"),
    (131048, 0, "held back, for too many have blocked us", "wait"),
    (131049, 0, "Meta chose not to deliver it", "refuse"),
    (131050, 0, "the citizen wants no marketing, which a template of ours is taken for", "refuse"),
    (131051, 0, "this kind of message is not known", "alert"),
    (131053, 0, "a file could not be fetched", "wait"),
    (131055, 0, "this method is not allowed", "alert"),
    (131056, 0, "too many messages to this citizen", "wait"),
    (131057, 0, "the account is being worked on", "wait"),
    (132000, 0, "the template has another number of variables", "alert"),
    (132001, 0, "there is no such template in this language", "alert"),
    (132005, 0, "the template becomes too long", "alert"),
    (132007, 0, "the template is against the policies", "alert"),
    (132012, 0, "the template has other variables", "alert"),
    (132015, 0, "the template is paused", "alert"),
    (132016, 0, "the template is switched off", "alert"),
    (133010, 0, "the number is not registered", "account"),
    (133016, 0, "the number was registered too often", "wait"),
    (135000, 0, "the request is not as it should be", "alert"),
    # Messenger
    (1, 99, "a permission is missing", "account"),
    (10, 2018065, "more than 24 hours since the citizen wrote", "window"),
    (10, 2018108, "the citizen takes no messages from us", "opted_out"),
    (10, 2018278, "more than 24 hours since the citizen wrote", "window"),
    (10, 2534022, "more than 24 hours since the citizen wrote", "window"),
    (100, 2018001, "there is no such citizen", "refuse"),
    (100, 2534029, "the business is blocked", "account"),
    (200, 0, "a permission is missing", "account"),
    (200, 1545041, "the citizen is not there: has blocked us, or closed the account", "refuse"),
    (200, 2018108, "the citizen takes no messages from us", "opted_out"),
    (230, 0, "the permission pages_messaging is missing", "account"),
    (551, 0, "the citizen is not there: has blocked us, or closed the account", "refuse"),
    (1200, 0, "a failure that passes", "unsure"),
    (80006, 0, "too many messages of the page", "wait"),
)
CODES = {(code, subcode): Fault(code, subcode, means, do) for code, subcode, means, do in _TABLE}
_STATES: dict[Do, State] = {
    "wait": "temporary", "account": "temporary", "unsure": "unsure", "refuse": "permanent", "alert": "permanent",
    "opted_out": "opted_out", "window": "window",
}
_TOKEN = 190
_FRONT_DOOR = (429, 502, 503, 504)      # what stands before the service did not pass the request on


def fault(code: int, subcode: int = 0) -> Fault:
    """A code from 200 to 299 is a permission, whichever."""
    known = CODES.get((code, subcode)) or CODES.get((code, 0)) or (CODES[200, 0] if 200 <= code < 300 else None)
    return Fault(code, subcode, known.means, known.do) if known else Fault(code, subcode, "not in our table", "refuse")


def state_of(code: int) -> State:
    """Where a message is that failed with this code."""
    return _STATES[fault(code).do]


def fault_in(answer: Answer) -> Fault | None:
    """What is wrong with an answer; None if the message was taken.

    A 5xx that is not their front door's, a redirect and everything that is not Meta's JSON may come when Meta has the
    message already: "unsure". Only for the account Meta itself answers 500 as well, and has then done nothing.
    """
    said = _object(answer.text)
    error = object_in(said, "error")
    code, subcode = number_in(error, "code"), number_in(error, "error_subcode") or 0
    if answer.status in _FRONT_DOOR:
        return Fault(answer.status if code is None else code, subcode, "busy or away", "wait")
    if answer.status == 401:
        return CODES.get((_TOKEN if code is None else code, subcode), CODES[_TOKEN, 0])
    if 200 <= answer.status < 300 and said and "error" not in said:
        return None
    known = fault(code or 0, subcode)
    if code is not None and (400 <= answer.status < 500 or known.do == "account"):
        return known
    return Fault(code or answer.status, subcode, "it is not known whether it was taken", "unsure")


def error_of(found: Fault, answer: Answer) -> ChannelError:
    match found.do:
        case "wait":
            return TryLater(found.name, after=retry_after(answer.headers))
        case "account":
            kind = TokenRefused if found.code == _TOKEN else TryLater
            return kind(found.name, after=retry_after(answer.headers) or MINUTE)
        case "unsure":
            return Uncertain(found.name)
        case "opted_out":
            return OptedOut(found.name)
        case "window":
            return WindowClosed(found.name)
        case "refuse" | "alert":
            return Refused(found.name)


def _object(text: str) -> Object:
    try:
        return read_object(text)
    except Unreadable:
        return {}
