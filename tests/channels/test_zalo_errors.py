"""Zalo's error codes: what each means for a message, and what an answer without one does."""

from __future__ import annotations

import json
from typing import cast

import pytest

from channels.contract import ChannelError, OptedOut, Refused, TokenRefused, TryLater, Uncertain, WindowClosed
from channels.wire import Answer
from channels.zalo_errors import CODES, code_in, error_of, id_in, is_token, not_renewed, unanswered

WAIT = [-32, -100, -200]
LATER = [-133, -144, -147, -211, -218, -234]
TOKEN = [-124, -216, -220]
ACCOUNT = [
    -101, -102, -103, -104, -105, -115, -120, -125, -126, -135, -136, -137, -138, -204, -205, -209, -212, -219, -221,
    -223, -224, -235, -240, -242, -320, -321, -1351,
]
NEVER = [-108, -110, -114, -118, -119, -127, -139, -140, -141, -201, -210, -227, -9999]
ALERT = [-109, -111, -112, -113, -116, -117, -131, -132, -145, -146, -233, -248]
OPTED_OUT = [-213, -217, -244]
WINDOW = [-214, -230, -232, -305, -311]


@pytest.mark.parametrize(("codes", "error", "after"), [
    (WAIT, TryLater, None),
    (LATER, TryLater, 3600.0),
    (TOKEN, TokenRefused, 60.0),
    (ACCOUNT, TryLater, 60.0),
    (NEVER + ALERT, Refused, None),
    (OPTED_OUT, OptedOut, None),
    (WINDOW, WindowClosed, None),
])
def test_a_code(codes: list[int], error: type[ChannelError], after: float | None) -> None:
    for code in codes:
        found = error_of(code)
        assert (type(found), found.code, found.after) == (error, str(code), after), code


def test_every_code_of_the_table_is_tested() -> None:
    assert set(CODES) == {*WAIT, *LATER, *TOKEN, *ACCOUNT, *NEVER, *ALERT, *OPTED_OUT, *WINDOW} - {-9999}
    assert {code for code, found in CODES.items() if found.do == "alert"} == set(ALERT)
    assert {code for code, found in CODES.items() if found.source == "seen"} == {-214, -305, -311, -1351}


def said(error: object, **more: object) -> str:
    return json.dumps({"error": error, "message": "no", **more})


@pytest.mark.parametrize(("status", "text", "code", "token"), [
    (200, said(0), 0, False),
    (200, said("0"), 0, False),
    (200, said(-230), -230, False),
    (200, said("-230"), -230, False),
    (200, said(-216), -216, True),
    (200, said(-220), -220, True),
    (200, said(-124), -124, True),
    (200, said(-204), -204, False),
    (401, "<html>", -216, True),
    (400, said(-201), -201, False),
    (403, said(0), None, False),
    (200, said(None), None, False),
    (200, said(True), None, False),
    (200, said(1.5), None, False),
    (200, said(10**30), None, False),
    (200, said([-216]), None, False),
    (200, "{}", None, False),
    (200, "[]", None, False),
    (200, "", None, False),
    (200, "<html>", None, False),
    (200, "[" * 100_000, None, False),
    (500, said(-216), None, False),
    (503, said(0), None, False),
])
def test_the_code_of_an_answer(status: int, text: str, code: int | None, token: bool) -> None:
    answer = Answer(status, {}, text)
    assert (code_in(answer), is_token(answer)) == (code, token)


@pytest.mark.parametrize(("status", "error"), [
    (429, TryLater), (502, TryLater), (503, TryLater), (504, TryLater),
    (200, Uncertain), (302, Uncertain), (403, Uncertain), (500, Uncertain), (501, Uncertain),
])
def test_an_answer_without_a_code(status: int, error: type[ChannelError]) -> None:
    found = unanswered(Answer(status, {"Retry-After": "7"}, ""))
    assert (type(found), found.code, found.after) == (error, str(status), 7.0 if error is TryLater else None)


@pytest.mark.parametrize(("status", "body", "error", "code"), [
    (200, {"error": -14020, "error_name": "Invalid refresh token"}, Refused, "token: -14020"),
    (200, {"error_name": "Invalid appId", "error_reason": ""}, Refused, "token: 200"),
    (400, {"error": -14004}, Refused, "token: -14004"),
    (200, {"error": -32}, TryLater, "token: 200"),
    (200, {"access_token": "a"}, TryLater, "token: 200"),
    (200, {}, TryLater, "token: 200"),
    (429, {}, TryLater, "token: 429"),
    (500, {}, TryLater, "token: 500"),
    (503, {"error": -14020}, TryLater, "token: 503"),
])
def test_what_an_answer_without_tokens_is(
    status: int, body: dict[str, object], error: type[ChannelError], code: str
) -> None:
    found = not_renewed(Answer(status, {}, json.dumps(body)), body)
    assert (type(found), found.code) == (error, code)


@pytest.mark.parametrize(("data", "id_"), [
    ({"message_id": "63ec"}, "63ec"), ({"msg_id": "15a0"}, "15a0"),
    ({}, ""), (None, ""), ({"message_id": 7}, ""), ({"message_id": ""}, ""), ([{"message_id": "63ec"}], ""),
])
def test_the_id_of_what_was_taken(data: object, id_: str) -> None:
    answer = Answer(200, {}, said(0, data=data))
    if id_:
        assert id_in(answer) == id_
    else:
        with pytest.raises(Uncertain) as caught:
            id_in(answer)
        assert cast(ChannelError, caught.value).code == "no id"
