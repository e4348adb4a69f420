"""Twilio's error codes: what each means for a message, in an answer and in a receipt."""

from __future__ import annotations

import json

import pytest

from channels.contract import OptedOut, Refused, TokenRefused, TryLater, Uncertain, WindowClosed
from channels.twilio_errors import CODES, error_in, error_of, state_of

WAITS = [14107, 20429, 21611, 30001, 30003, 30022, 30023, 63018, 63038]
UNSURE = [30008, 30410]
TOKEN, OURS = [20003], [20005, 20404, 21212, 21603, 21606, 21609, 21703, 21705, 30002]
NEVER = [
    11200, 11205, 12200, 12300, 21211, 21408, 21602, 21604, 21608, 21612, 21614, 21617, 21635, 21910, 30004, 30005,
    30006, 30007, 63003, 63005, 63013, 63021, 63024, 63028, 63032, 99999, 0,
]
OPTED_OUT = [21610, 63014, 63033]


@pytest.mark.parametrize(("codes", "error", "after", "state"), [
    (WAITS, TryLater, 7.0, "temporary"),
    (OURS, TryLater, 7.0, "temporary"),
    (TOKEN, TokenRefused, 7.0, "temporary"),
    (UNSURE, Uncertain, None, "unsure"),
    (NEVER, Refused, None, "permanent"),
    (OPTED_OUT, OptedOut, None, "opted_out"),
    ([63016], WindowClosed, None, "window"),
])
def test_a_code(codes: list[int], error: type[Exception], after: float | None, state: str) -> None:
    for code in codes:
        found = error_of(code, 7.0)
        assert (type(found), found.code, found.after, state_of(code)) == (error, str(code), after, state), code


def test_every_code_of_the_table_is_tested() -> None:
    assert set(CODES) == {*WAITS, *OURS, *TOKEN, *UNSURE, *NEVER, *OPTED_OUT, 63016} - {99999, 0}
    assert all(error_of(code).after == 60.0 for code in [*OURS, *TOKEN])


def said(code: object) -> str:
    return json.dumps({"code": code, "message": "no", "status": 400})


@pytest.mark.parametrize(("status", "text", "error", "code"), [
    (201, '{"sid": "SM1"}', None, ""),
    (201, "<html>", Uncertain, "201"),
    (200, "", Uncertain, "200"),
    (200, "{}", Uncertain, "200"),
    (200, "[1]", Uncertain, "200"),
    (201, '{"sid": "SM', Uncertain, "201"),
    (302, "", Uncertain, "302"),
    (400, said(21211), Refused, "21211"),
    (400, said("21211"), Refused, "21211"),
    (400, said(21610), OptedOut, "21610"),
    (400, said(30003), TryLater, "30003"),
    (400, said(None), Uncertain, "400"),
    (400, "<html>", Uncertain, "400"),
    (401, said(20003), TokenRefused, "20003"),
    (401, said(70051), TokenRefused, "20003"),
    (401, "<html>", TokenRefused, "20003"),
    (403, said(20003), TokenRefused, "20003"),
    (403, "<html>", Uncertain, "403"),
    (404, said(20404), TryLater, "20404"),
    (429, said(20429), TryLater, "20429"),
    (429, "<html>", TryLater, "429"),
    (429, said(63018), TryLater, "63018"),
    (500, said(20500), Uncertain, "20500"),
    (502, "<html>", Uncertain, "502"),
    (503, said(21610), Uncertain, "21610"),
])
def test_an_answer(status: int, text: str, error: type[Exception] | None, code: str) -> None:
    found = error_in(status, {"Retry-After": "7"}, text)
    assert (found and type(found), found.code if found else "") == (error, code)
    if status == 429:
        assert found is not None
        assert found.after == 7.0
