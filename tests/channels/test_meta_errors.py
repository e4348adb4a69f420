"""The Graph API's error codes: what each means for a message, in an answer and in a receipt."""

from __future__ import annotations

import json
from typing import Any

import pytest

from channels.contract import OptedOut, Refused, TokenRefused, TryLater, Uncertain, WindowClosed
from channels.meta_errors import CODES, error_of, fault, fault_in, state_of
from channels.wire import Answer

WAITS = [4, 9, 17, 32, 613, 80006, 80007, 130429, 131048, 131053, 131056, 131057, 133016]
Code = int | tuple[int, int]
OURS = [
    0, 3, 10, 33, 102, 200, 230, 368, 131005, 131031, 131037, 131042, 131045, 133010, 299, (1, 99), (100, 33),
    (100, 2534029),
]
TOKEN: list[Code] = [190, (190, 463)]
UNSURE = [1, 2, 1200, 131000, 131016]
NEVER = [
    100, 551, 130472, 130497, 131008, 131009, 131021, 131026, 131030, 131049, 131050, 131051, 131055, 132000, 132001,
    132005, 132007, 132012, 132015, 132016, 135000, 99999, (100, 2018001), (200, 1545041), (551, 1545041),
]
WINDOW = [470, 131047, (10, 2018065), (10, 2018278), (10, 2534022)]
OPTED_OUT = [(10, 2018108), (200, 2018108)]


def pair(code: Code) -> tuple[int, int]:
    return code if isinstance(code, tuple) else (code, 0)


def said(code: object, subcode: int = 0) -> Answer:
    error = {"message": "(#1) no", "type": "OAuthException", "code": code, "fbtrace_id": "A"}
    error |= {"error_subcode": subcode} if subcode else {}
    return Answer(400, {"Retry-After": "7"}, json.dumps({"error": error}))


@pytest.mark.parametrize(("codes", "error", "after", "state"), [
    (WAITS, TryLater, 7.0, "temporary"),
    (OURS, TryLater, 7.0, "temporary"),
    (TOKEN, TokenRefused, 7.0, "temporary"),
    (UNSURE, Uncertain, None, "unsure"),
    (NEVER, Refused, None, "permanent"),
    (WINDOW, WindowClosed, None, "window"),
    (OPTED_OUT, OptedOut, None, "opted_out"),
])
def test_a_code(codes: list[Code], error: type[Exception], after: float | None, state: str) -> None:
    for code, subcode in map(pair, codes):
        answer = said(code, subcode)
        found = fault_in(answer)
        assert found
        told = error_of(found, answer)
        assert (type(told), told.after) == (error, after), (code, subcode)
        assert told.code == (f"{code}.{subcode}" if subcode else str(code))
        assert subcode or state_of(code) == state


def test_every_code_of_the_table_is_tested() -> None:
    tested = {pair(code) for codes in (WAITS, OURS, TOKEN, UNSURE, NEVER, WINDOW, OPTED_OUT) for code in codes}
    assert set(CODES) <= tested
    assert all(error_of(fault(*pair(code)), Answer(400, {}, "")).after == 60.0 for code in (*OURS, *TOKEN))


@pytest.mark.parametrize(("status", "text", "error", "code"), [
    (200, '{"messages": [{"id": "wamid.1"}]}', None, ""),
    (200, "<html>", Uncertain, "200"),
    (200, "", Uncertain, "200"),
    (200, "{}", Uncertain, "200"),
    (200, "[1]", Uncertain, "200"),
    (200, '{"messages": [{"id": "wa', Uncertain, "200"),
    (200, said(131026).text, Uncertain, "131026"),
    (302, "", Uncertain, "302"),
    (400, said(131026).text, Refused, "131026"),
    (400, said("131026").text, Uncertain, "400"),
    (400, said(-1).text, Uncertain, "400"),
    (400, said(None).text, Uncertain, "400"),
    (400, said([]).text, Uncertain, "400"),
    (400, "<html>", Uncertain, "400"),
    (400, '{"error": "no"}', Uncertain, "400"),
    (401, said(190, 463).text, TokenRefused, "190"),
    (401, "<html>", TokenRefused, "190"),
    (403, said(10, 2018278).text, WindowClosed, "10.2018278"),
    (403, said(131031).text, TryLater, "131031"),
    (403, "<html>", Uncertain, "403"),
    (404, said(131030).text, Refused, "131030"),
    (429, said(131056).text, TryLater, "131056"),
    (429, "slow down", TryLater, "429"),
    (500, said(2).text, Uncertain, "2"),
    (500, said(3).text, TryLater, "3"),
    (500, said(131026).text, Uncertain, "131026"),
    (500, "", Uncertain, "500"),
    (502, "<html>", TryLater, "502"),
    (503, said(131016).text, TryLater, "131016"),
    (504, "", TryLater, "504"),
])
def test_an_answer(status: int, text: str, error: type[Exception] | None, code: str) -> None:
    answer = Answer(status, {"Retry-After": "7"}, text)
    found = fault_in(answer)
    told: Any = found and error_of(found, answer)
    assert (told and type(told), told.code if told else "") == (error, code)
    if error is TryLater:
        assert told.after == 7.0
