"""Base64 from Twilio is read, and nothing that a person wrote is taken for it."""

from __future__ import annotations

from base64 import b64encode

import pytest

from channels.twilio_texts import text_of

ENGLISH = "I would like to know when my land certificate will be ready, I sent the papers in the first week of October"
VIETNAMESE = "Tôi muốn hỏi hồ sơ cấp giấy chứng nhận quyền sử dụng đất của gia đình tôi đã giải quyết tới đâu rồi ạ"
EMOJI = "👨‍👩‍👧‍👦 ❤️ " * 12


def packed(text: str) -> str:
    return b64encode(text.encode()).decode()


@pytest.mark.parametrize("text", [
    ENGLISH, VIETNAMESE, EMOJI, VIETNAMESE * 20, f"{ENGLISH}\r\n\t{VIETNAMESE}", "ế" * 71,
])
def test_what_joined_sms_said(text: str) -> None:
    assert text_of(packed(text)) == text
    wrapped = packed(text)
    assert text_of("\r\n".join(wrapped[at : at + 76] for at in range(0, len(wrapped), 76)) + "\n") == text


@pytest.mark.parametrize("body", [
    "",
    "khai sinh",
    "khaisinh",
    "ABCD1234",
    "SC/2026/000123+",
    "H15505132610080975",
    "0912345678" * 12,
    "a" * 120,
    "haha" * 40,
    "hehehihihoho" * 20,
    "Đăngkýkhaisinh" * 10,
    "x" * 1600,
    VIETNAMESE,
    ENGLISH,
    ENGLISH.replace(" ", "") * 2,
    "https://dichvucong.example/hoso/2026/thang11/giaychungnhanquyensudungdat/nguoinop/giadinh/ketqua/tracuu/xong",
    packed("khai sinh"),                        # shorter than one SMS: somebody typed it
    packed("a" * 90),                           # one word: a key, a password
    packed(ENGLISH)[:-1],
    packed(ENGLISH)[1:],
    packed(ENGLISH) + " ok",
    packed("\x00\x01" + ENGLISH),
    packed("\ue000 " + ENGLISH),
    b64encode(VIETNAMESE.encode("utf-16-be")).decode(),
    b64encode(VIETNAMESE.encode("utf-8")[:-1] + b"\xff").decode(),
    b64encode(bytes(range(256))).decode(),
])
def test_what_a_person_wrote(body: str) -> None:
    assert text_of(body) == body
