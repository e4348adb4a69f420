"""`motcua sms preview` as it is typed: what it prints, what --json holds, and what bad input gets."""

from __future__ import annotations

import io
import json

import pytest

from motcua.cli import main

STATUS = (
    "Hồ sơ H15.50.05.13-261008-0975: đang xử lý. Hẹn trả 20/11/2026. "
    "Bạn chờ kết quả theo ngày hẹn, rồi đến UBND phường Tân An để nhận kết quả."
)
FOLDED = (
    "Ho so H15.50.05.13-261008-0975: dang xu ly. Hen tra 20/11/2026. "
    "Ban cho ket qua theo ngay hen, roi den UBND phuong Tan An de nhan ket qua."
)


def typed(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))


@pytest.mark.parametrize(("given", "expected"), [
    ([], [
        FOLDED, "",
        "sent     GSM-7   138 units  1 segment   500 VND",
        "written  UCS-2   138 units  3 segments  1500 VND",
        "folded   GSM-7   138 units  1 segment   500 VND",
    ]),
    (["--no-fold", "--price", "650"], [
        STATUS, "",
        "sent     UCS-2   138 units  3 segments  1950 VND",
        "written  UCS-2   138 units  3 segments  1950 VND",
        "folded   GSM-7   138 units  1 segment   650 VND",
    ]),
])  # fmt: skip
def test_for_people(given: list[str], expected: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sms", "preview", STATUS, *given]) == 0
    assert capsys.readouterr() == ("\n".join([*expected, ""]), "")


@pytest.mark.parametrize(
    ("price", "one", "three"),
    [([], 500, 1500), (["--price", "0"], None, None), (["--price", "650"], 650, 1950)],
)
def test_as_json(price: list[str], one: int | None, three: int | None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sms", "preview", STATUS, "--json", *price]) == 0
    out, err = capsys.readouterr()
    gsm = {"encoding": "GSM-7", "units": 138, "segments": 1, "left": 22, "price_vnd": one}
    ucs = {"encoding": "UCS-2", "units": 138, "segments": 3, "left": 63, "price_vnd": three}
    assert json.loads(out) == {"text": FOLDED, "cut": False, "sent": gsm, "written": ucs, "folded": gsm}
    assert err == ""


def test_a_text_that_is_too_long_is_shown_as_it_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sms", "preview", "Nộp tại phường. " * 40]) == 0
    text, _, sent, written, _, cut = capsys.readouterr().out.splitlines()
    assert text.endswith("Nop tai phuong. ...")
    assert "3 segments" in sent
    assert "10 segments" in written
    assert cut == "It is longer than 3 segments: the rest is read behind a link."


@pytest.mark.parametrize(("content", "expected"), [
    ("Giấy tờ\n".encode(), "Giay to"), ("\ufeffGiấy tờ\r\n- một\n".encode(), "Giay to\n- mot"), ("😀".encode(), "😀"),
])  # fmt: skip
def test_from_standard_input(
    content: bytes, expected: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, content)
    assert main(["sms", "preview", "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["text"] == expected


@pytest.mark.parametrize(("text", "content", "said"), [
    ("", b"", "There is nothing to send: the text is empty or invisible.\n"),
    (" \n\u200b", b"", "There is nothing to send: the text is empty or invisible.\n"),
    ("-", b"", "There is nothing to send: the text is empty or invisible.\n"),
    ("-", b"\n\n", "There is nothing to send: the text is empty or invisible.\n"),
    ("-", b"Gi\xff", "The text is not UTF-8 (byte 3); write it as UTF-8.\n"),
    ("-", "Giấy".encode("utf-16"), "The text is not UTF-8 (byte 1); write it as UTF-8.\n"),
    ("Gi\udcff", b"", "The text is not UTF-8 (byte 3); write it as UTF-8.\n"),
])  # fmt: skip
def test_bad_input_gets_one_sentence(
    text: str, content: bytes, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, content)
    assert main(["sms", "preview", text]) == 2
    assert capsys.readouterr() == ("", said)


@pytest.mark.parametrize("given", [["--price", "-1"], ["--price", "6,5"], ["--price", "²"], ["--colour"], []])
def test_a_wrong_command_line(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["sms", "preview", *(["Xin chào", *given] if given else [])])
    assert left.value.code == 2
    assert capsys.readouterr().out == ""
