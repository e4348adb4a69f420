"""What to do about what Telegram's Bot API answers to a message of ours.

https://core.telegram.org/bots/api#making-requests: `ok`, `error_code`, `description`, `parameters.retry_after`. No code
is finer than HTTP's, so 400 and 403 are told apart by how the description goes on; they are listed at
https://github.com/TelegramBotAPI/errors. A 4xx of Telegram's that is not here is taken as "refuse".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from channels.contract import ChannelError, OptedOut, Refused, TokenRefused, TryLater, Uncertain, Unreadable
from channels.json_body import Object, number_in, object_in, read_object, text_in
from channels.wire import LONGEST_WAIT, Answer, retry_after

# What to do                   what it is       besides
# wait       for a while       TryLater
# account    a new token       TokenRefused, a minute later somebody is told: nothing goes out
# refuse     never again       Refused
# alert      never again       Refused                      somebody is told: others will be refused too
# opted_out  till they ask     OptedOut
Do = Literal["wait", "account", "refuse", "alert", "opted_out"]
MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Fault:
    status: int
    says: str               # what the description begins with, behind "Bad Request: " or "Forbidden: "; "" is any
    means: str
    do: Do


_TABLE: tuple[tuple[int, str, str, Do], ...] = (
    (400, "chat not found", "there is no such chat", "refuse"),
    (400, "PEER_ID_INVALID", "the address is none", "refuse"),
    (400, "USER_ID_INVALID", "the address is none", "refuse"),
    (400, "message text is empty", "no text", "refuse"),
    (400, "text must be non-empty", "no text", "refuse"),
    (400, "message is too long", "more than 4,096 characters", "refuse"),
    (400, "BUTTON_DATA_INVALID", "a key of more than 64 bytes", "alert"),
    (400, "reply markup is too long", "too many buttons", "alert"),
    (400, "can't parse", "the request is not as it should be", "alert"),
    (400, "group chat was upgraded", "a group", "refuse"),
    (401, "", "the token is wrong", "account"),
    (403, "bot was blocked by the user", "blocked by the citizen", "opted_out"),
    (403, "user is deactivated", "the citizen's account is closed", "refuse"),
    (403, "bot can't initiate conversation", "the citizen has not written to us", "refuse"),
    (403, "bot can't send messages to bots", "a bot", "refuse"),
    (403, "bot was kicked", "a group", "refuse"),
    (404, "", "there is no bot with this token", "account"),
    (413, "", "the request is too large", "alert"),
    (420, "", "too many requests", "wait"),
    (429, "", "too many requests", "wait"),
    (502, "", "their front door did not pass it on", "wait"),
    (503, "", "their front door did not pass it on", "wait"),
    (504, "", "their front door did not pass it on", "wait"),
)
FAULTS = tuple(Fault(*row) for row in _TABLE)
_FRONT_DOOR = (401, 420, 429, 502, 503, 504)    # also without Telegram's JSON


def fault_in(answer: Answer) -> Fault | None:
    """What an answer that is no success says; None where Telegram may have the message already: 500, a redirect,
    nonsense, which may also come from something between."""
    said = _object(answer.text)
    if said.get("ok") is not False and answer.status not in _FRONT_DOOR:
        return None
    says = text_in(said, "description").removeprefix("Bad Request: ").removeprefix("Forbidden: ")
    found = next((one for one in FAULTS if one.status == answer.status and says.startswith(one.says)), None)
    refused = Fault(answer.status, "", "an error that is not in our table", "refuse")
    return found or (refused if 400 <= answer.status < 500 else None)


def error_of(fault: Fault | None, answer: Answer) -> ChannelError:
    code = str(answer.status)
    match fault.do if fault else None:
        case "wait":
            return TryLater(code, after=_wait(answer))
        case "account":
            return TokenRefused(code, after=_wait(answer) or MINUTE)
        case "opted_out":
            return OptedOut(code)
        case "refuse" | "alert":
            return Refused(code)
        case None:
            return Uncertain(code)


def sent_id(answer: Answer) -> str | None:
    """The id of the message that was taken; None where the answer names none."""
    said = _object(answer.text)
    number = number_in(object_in(said, "result"), "message_id")
    taken = answer.status == 200 and said.get("ok") is True and number is not None
    return str(number) if taken else None


def _wait(answer: Answer) -> float | None:
    """Seconds; Telegram says them in its JSON, what stands before it in a header."""
    seconds = number_in(object_in(_object(answer.text), "parameters"), "retry_after")
    return retry_after(answer.headers) if seconds is None else min(float(seconds), LONGEST_WAIT)


def _object(text: str) -> Object:
    try:
        return read_object(text)
    except Unreadable:
        return {}
