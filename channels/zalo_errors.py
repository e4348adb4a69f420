"""What to do about Zalo's error codes, which come in answers of HTTP 200.

Sources, read as copies and quotations of November 2026, none of them live:
    oa      https://docs.zaloplatforms.com/docs/OA/phu-luc/ma-loi
    zns     https://zalo.cloud/zns/guidelines/handle-error-code
    rate    https://docs.zaloplatforms.com/docs/OA/phu-luc/gioi-han-toc-do-api
    seen    in others' code alone, or in contradiction: UNCONFIRMED
A code that is not here is taken as "refuse".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from channels.contract import (
    ChannelError,
    OptedOut,
    Refused,
    TokenRefused,
    TryLater,
    Uncertain,
    Unreadable,
    WindowClosed,
)
from channels.json_body import Object, object_in, read_object, text_in
from channels.wire import Answer, retry_after

# What to do                   an answer to what we sent     besides
# wait       for a while       TryLater
# later      for hours         TryLater, an hour later
# token      a new token       sent again once, then TokenRefused
# account    mend ours         TryLater, a minute later      somebody is told: nothing goes out
# refuse     never again       Refused
# alert      never again       Refused                       somebody is told: others will be refused too
# opted_out  till they ask     OptedOut
# window     a template        WindowClosed
Do = Literal["wait", "later", "token", "account", "refuse", "alert", "opted_out", "window"]
Source = Literal["oa", "zns", "rate", "seen"]
MINUTE, HOUR = 60.0, 3600.0


@dataclass(frozen=True, slots=True)
class Fault:
    code: int
    means: str
    do: Do
    source: Source


_TABLE: tuple[tuple[int, str, Do, Source], ...] = (
    # of both: more calls a minute than 4,000, or than the package has; none of them was carried out
    (-32, "too many calls a minute", "wait", "rate"),
    # of messages to people
    (-200, "not sent, nobody knows why", "wait", "oa"),
    (-201, "a parameter is wrong", "refuse", "oa"),
    (-204, "the Official Account is switched off", "account", "oa"),
    (-205, "there is no such Official Account", "account", "oa"),
    (-209, "the app is not active", "account", "oa"),
    (-210, "a parameter is too long", "refuse", "oa"),
    (-211, "the account's quota is used up", "later", "oa"),
    (-212, "the app has not registered this API", "account", "oa"),
    (-213, "the person does not follow us", "opted_out", "oa"),
    (-214, "too long since the citizen wrote; Zalo's table says: an article is being processed", "window", "seen"),
    (-216, "the access token is wrong", "token", "oa"),
    (-217, "the person has blocked our invitations", "opted_out", "oa"),
    (-218, "the person's quota for this kind of message is used up", "later", "oa"),
    (-219, "the app is removed or switched off", "account", "oa"),
    (-220, "the access token has run out or is withdrawn", "token", "oa"),
    (-221, "the Official Account has to be verified for this", "account", "oa"),
    (-223, "the Official Account has not allowed the app this API", "account", "oa"),
    (-224, "the Official Account's package does not hold this", "account", "oa"),
    (-227, "the person is banned, or was not in Zalo for 45 days", "refuse", "oa"),
    (-230, "the person has not written for 7 days", "window", "oa"),
    (-232, "the person has not written, or too long ago", "window", "oa"),
    (-233, "this kind of message is not supported", "alert", "oa"),
    (-234, "this kind of message is not sent at night", "later", "oa"),
    (-235, "not for this kind of Official Account", "account", "oa"),
    (-240, "this version of the API is shut down", "account", "oa"),
    (-242, "the proof of the app's secret is wrong", "account", "oa"),
    (-244, "the person does not want such messages of ours", "opted_out", "oa"),
    (-248, "against Zalo's rules", "alert", "oa"),
    (-305, "more than 48 hours since the citizen wrote", "window", "seen"),
    (-311, "the replies after the citizen wrote are used up", "window", "seen"),
    (-320, "the app needs a Zalo Cloud account", "account", "oa"),
    (-321, "the Zalo Cloud account is out of money", "account", "oa"),
    # of templates to a number (ZNS)
    (-100, "nobody knows", "wait", "zns"),
    (-101, "the app is wrong", "account", "zns"),
    (-102, "there is no such app", "account", "zns"),
    (-103, "the app is not active", "account", "zns"),
    (-104, "the app's secret is wrong", "account", "zns"),
    (-105, "the app is not linked to an Official Account", "account", "zns"),
    (-108, "no telephone number", "refuse", "zns"),
    (-109, "there is no such template", "alert", "zns"),
    (-110, "the person's Zalo is too old for it", "refuse", "zns"),
    (-111, "the template got no data", "alert", "zns"),
    (-112, "the template's data are wrong", "alert", "zns"),
    (-113, "the template's button is wrong", "alert", "zns"),
    (-114, "the person cannot receive it", "refuse", "zns"),
    (-115, "the balance is used up", "account", "zns"),
    (-116, "the template's text is wrong", "alert", "zns"),
    (-117, "the template is not ours", "alert", "zns"),
    (-118, "nobody in Zalo has this number", "refuse", "zns"),
    (-119, "this account cannot receive it", "refuse", "zns"),
    (-120, "the Official Account may not do this", "account", "zns"),
    (-124, "the access token is wrong", "token", "zns"),
    (-125, "the Official Account is wrong", "account", "zns"),
    (-126, "the test balance is used up", "account", "zns"),
    (-127, "a test template goes to administrators only", "refuse", "zns"),
    (-131, "the template is not approved", "alert", "zns"),
    (-132, "a parameter is wrong", "alert", "zns"),
    (-133, "this template is not sent at night", "later", "zns"),
    (-135, "the Official Account may not send templates", "account", "zns"),
    (-136, "a Zalo Cloud account has to be linked", "account", "zns"),
    (-137, "the Zalo Cloud account could not be charged", "account", "zns"),
    (-138, "the app may not do this", "account", "zns"),
    (-139, "the person does not want templates of this kind", "refuse", "zns"),
    (-140, "the person cannot get templates of this kind", "refuse", "zns"),
    (-141, "the person does not want templates of ours", "refuse", "zns"),
    (-144, "as many templates as we may send a day", "later", "zns"),
    (-145, "templates of this kind are not ours to send", "alert", "zns"),
    (-146, "the template is switched off, for too many people complained", "alert", "zns"),
    (-147, "as many of this template as we may send a day", "later", "zns"),
    (-1351, "Zalo has barred the Official Account from templates", "account", "seen"),
)
CODES = {code: Fault(code, means, do, source) for code, means, do, source in _TABLE}
_CODE = re.compile(r"-?[1-9][0-9]{0,5}")
FRONT_DOOR = (502, 503, 504)                # it did not pass the call on


def fault(code: int) -> Fault:
    return CODES.get(code) or Fault(code, "an error that is not in our table", "refuse", "seen")


def error_of(code: int) -> ChannelError:
    """What a refusal with this code is."""
    match fault(code).do:
        case "wait":
            return TryLater(str(code))
        case "later":
            return TryLater(str(code), after=HOUR)
        case "account":
            return TryLater(str(code), after=MINUTE)
        case "token":
            return TokenRefused(str(code), after=MINUTE)
        case "opted_out":
            return OptedOut(str(code))
        case "window":
            return WindowClosed(str(code))
        case "refuse" | "alert":
            return Refused(str(code))


def code_in(answer: Answer) -> int | None:
    """The code of a refusal, 0 where it was taken; None for what is not Zalo's. 401 is a wrong token, as -216 is."""
    if answer.status == 401:
        return -216
    try:
        said = str(read_object(answer.text).get("error"))
    except Unreadable:
        return None
    refused = int(said) if _CODE.fullmatch(said) else None
    return 0 if said == "0" and answer.status == 200 else refused if answer.status < 500 else None


def is_token(answer: Answer) -> bool:
    """Whether the access token was refused, and so nothing was done."""
    code = code_in(answer)
    return code is not None and fault(code).do == "token"


def unanswered(answer: Answer) -> ChannelError:
    """What an answer means that has no code of Zalo's."""
    if answer.status == 429 or answer.status in FRONT_DOOR:
        return TryLater(str(answer.status), after=retry_after(answer.headers))
    return Uncertain(str(answer.status))


def not_renewed(answer: Answer, said: Object) -> ChannelError:
    """What an answer without tokens means: a refusal has "error" or "error_name", also with 200 (-14020 for a refresh
    token that was used: UNCONFIRMED). Anything else may pass."""
    code = code_in(answer)
    if answer.status >= 500 or answer.status == 429 or code == -32 or not (said.get("error") or said.get("error_name")):
        return TryLater(f"token: {answer.status}", after=retry_after(answer.headers))
    return Refused(f"token: {code or answer.status}")


def id_in(answer: Answer) -> str:
    """The message's id, of a good answer. Raises Uncertain where there is none."""
    data = object_in(read_object(answer.text), "data")
    found = text_in(data, "message_id") or text_in(data, "msg_id")
    if not found:
        raise Uncertain("no id")
    return found
