"""Long texts in pieces: nothing lost, nothing too long, cut where a reader would pause."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.pieces import pieces, utf8, utf16

LINES = "Giấy tờ cần có:\n- Tờ khai\n- Giấy chứng sinh\n\nNộp ở phường. Không mất phí, nếu đúng hạn."


@pytest.mark.parametrize(("text", "most", "expected"), [
    ("", 10, []),
    (" \n ", 10, []),
    ("vừa đủ", 6, ["vừa đủ"]),
    ("Câu một. Câu hai.", 10, ["Câu một.", "Câu hai."]),
    ("một hai ba bốn", 8, ["một hai", "ba bốn"]),
    ("phần một, phần hai", 12, ["phần một,", "phần hai"]),
    ("dòng một\ndòng hai", 14, ["dòng một", "dòng hai"]),
    ("a. bcdefghijkl mn", 16, ["a. bcdefghijkl", "mn"]),        # too early a full stop is not taken
    ("x" * 25, 10, ["x" * 10, "x" * 10, "x" * 5]),
    (LINES, 60, [LINES.partition("\n\n")[0], LINES.partition("\n\n")[2]]),
])
def test_it_is_cut_where_a_reader_would_pause(text: str, most: int, expected: list[str]) -> None:
    assert pieces(text, most) == expected


@pytest.mark.parametrize("sign", ["👨‍👩‍👧‍👦", "e\u0323\u0302", "❤️"])
def test_a_sign_stays_whole(sign: str) -> None:
    for before in range(1, 20):
        assert any(sign in piece for piece in pieces("x" * before + sign + "y" * 20, 16))


@given(st.text(), st.integers(8, 60), st.sampled_from([len, utf16, utf8]))
def test_nothing_is_lost_and_nothing_is_too_long(text: str, most: int, size: Callable[[str], int]) -> None:
    found = pieces(text, most, size)
    assert all(piece and size(piece) <= most for piece in found)
    assert "".join(re.sub(r"\s", "", piece) for piece in found) == re.sub(r"\s", "", text)
