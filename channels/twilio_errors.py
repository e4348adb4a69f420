"""What to do about Twilio's error codes: in an answer to what we sent, and in a receipt.

Each code's page is https://www.twilio.com/docs/api/errors/CODE; a code that is not here is taken as "refuse".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from channels.contract import ChannelError, OptedOut, Refused, State, TokenRefused, TryLater, Uncertain, WindowClosed
from channels.wire import retry_after

# What to do                   an answer to what we sent    a receipt      besides
# wait       for a while       TryLater                     temporary
# account    mend ours         TryLater, a minute later     temporary      somebody is told: nothing goes out; 20003 is
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
    code: int
    means: str
    do: Do


_TABLE: tuple[tuple[int, str, Do], ...] = (
    (11200, "our webhook could not be fetched", "alert"),
    (11205, "our webhook could not be reached", "alert"),
    (12200, "our TwiML is not as it should be", "alert"),
    (12300, "our webhook answered with a wrong content type", "alert"),
    (14107, "too many messages a second", "wait"),
    (20003, "the account or its token is wrong", "account"),
    (20005, "the account is not active", "account"),
    (20404, "there is no such account", "account"),
    (20429, "too many requests", "wait"),
    (21211, "To is no telephone number", "refuse"),
    (21212, "From is no telephone number", "account"),
    (21408, "this country is not switched on in the account", "alert"),
    (21602, "no text", "refuse"),
    (21603, "no From", "account"),
    (21604, "no To", "refuse"),
    (21606, "From is not ours, or cannot send to this destination", "account"),
    (21608, "a trial account writes to verified numbers only", "refuse"),
    (21609, "the status callback's address is not a public one", "account"),
    (21610, "the recipient has opted out", "opted_out"),
    (21611, "From has too many messages waiting", "wait"),
    (21612, "To cannot be reached from this sender", "refuse"),
    (21614, "To is no mobile number", "refuse"),
    (21617, "more than 1,600 characters", "refuse"),
    (21635, "To is a landline", "refuse"),
    (21703, "the messaging service has no number", "account"),
    (21705, "there is no such messaging service", "account"),
    (21910, "To is of another channel than From", "refuse"),
    (30001, "too many messages waiting", "wait"),
    (30002, "the account is suspended", "account"),
    (30003, "the handset cannot be reached now", "wait"),
    (30004, "blocked by the handset or the carrier, which is no opt-out that START could end", "refuse"),
    (30005, "no such handset", "refuse"),
    (30006, "a landline, or a carrier that cannot be reached", "refuse"),
    (30007, "filtered by the carrier for what it says", "alert"),
    (30008, "nobody knows", "unsure"),
    (30022, "the carrier's rate is exceeded", "wait"),
    (30023, "the carrier's daily limit is reached", "wait"),
    (30410, "the carrier did not answer in time", "unsure"),
    (63003, "the channel does not find To", "refuse"),
    (63005, "the channel does not take this content", "alert"),
    (63013, "against the channel's policy", "alert"),
    (63014, "blocked by an act of the recipient", "opted_out"),
    (63016, "more than 24 hours since the citizen wrote", "window"),
    (63018, "the channel's rate is exceeded", "wait"),
    (63021, "the channel finds the content invalid", "alert"),
    (63024, "the channel finds the recipient invalid", "refuse"),
    (63028, "the template has other parameters", "alert"),
    (63032, "the channel does not deliver to this recipient", "refuse"),
    (63033, "the recipient has blocked us", "opted_out"),
    (63038, "the account's daily limit is reached", "wait"),
)
CODES = {code: Fault(code, means, do) for code, means, do in _TABLE}
_STATES: dict[Do, State] = {
    "wait": "temporary", "account": "temporary", "unsure": "unsure", "refuse": "permanent", "alert": "permanent",
    "opted_out": "opted_out", "window": "window",
}
_TOKEN = 20003


def fault(code: int) -> Fault:
    return CODES.get(code) or Fault(code, "an error that is not in our table", "refuse")


def state_of(code: int) -> State:
    """Where a message is that is undelivered or failed with this code."""
    return _STATES[fault(code).do]


def error_of(code: int, after: float | None = None) -> ChannelError:
    """What a refusal with this code is. `after`: seconds that Twilio asked to wait."""
    match fault(code).do:
        case "wait":
            return TryLater(str(code), after=after)
        case "account":
            kind = TokenRefused if code == _TOKEN else TryLater
            return kind(str(code), after=after or MINUTE)
        case "unsure":
            return Uncertain(str(code))
        case "opted_out":
            return OptedOut(str(code))
        case "window":
            return WindowClosed(str(code))
        case "refuse" | "alert":
            return Refused(str(code))


def error_in(status: int, headers: Mapping[str, str], text: str) -> ChannelError | None:
    """What an answer of the API means for the message; None if it was taken, or what was asked for is there.

    429 and 401 turn the request away before anything is done. A 5xx, a redirect and everything that is not Twilio's
    JSON may come from something between, when Twilio has the message already: Uncertain.
    """
    said = _object(text)
    code = int(cast(Any, said.get("code"))) if str(said.get("code")).isdecimal() else 0
    if status == 429:
        return TryLater(str(code or 429), after=retry_after(headers))
    if status == 401:
        return error_of(code if code in CODES else _TOKEN)
    if said and 200 <= status < 300:
        return None
    if code and 400 <= status < 500:
        return error_of(code, retry_after(headers))
    return Uncertain(str(code or status))


def _object(text: str) -> dict[str, object]:
    try:
        said = json.loads(text)
    except ValueError:
        return {}
    return cast(dict[str, object], said) if isinstance(said, dict) else {}
