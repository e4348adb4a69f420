"""What is written on a handset: to the webhook, signed and byte for byte, and what the page is then shown."""

from __future__ import annotations

import asyncio
import json
import re

import pytest

from channels.contract import Reply
from tests.bot.phone.conftest import FIRST, NOW, PATIENCE, SECOND, Demonstration
from tests.support.carrier import NUMBER

pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated and will be removed:DeprecationWarning")  # twilio's own


@pytest.mark.parametrize("text", [
    "lam giay khai sinh cho con can giay to gi", "Làm giấy khai sinh cho con cần giấy tờ gì?", "2", "👍 được 🏠",
    "a+b = c & d% ; e/f?#", "hai\ndòng", "  đầu và cuối  ", "số 0\u0000 ở giữa", "x" * 1600,
])  # fmt: skip
async def test_a_text_comes_to_the_webhook_signed_and_as_written(demonstration: Demonstration, text: str) -> None:
    response = await demonstration.write(text, handset=2)
    assert response.status == 202
    path, fields = await demonstration.webhook.next()
    assert path == "/channels/sms"
    assert (fields["From"], fields["To"], fields["Body"], fields["NumMedia"]) == (SECOND, NUMBER, text, "0")
    assert fields["MessageSid"] == (await response.json())["sid"]
    [shown] = await demonstration.texts()
    assert (shown["handset"], shown["direction"], shown["text"], shown["state"]) == (2, "out", text, "received")


@pytest.mark.parametrize("text", ["", "ảnh nhà tôi"])
async def test_a_picture_comes_as_media(demonstration: Demonstration, text: str) -> None:
    assert (await demonstration.write(text, media=1)).status == 202
    _, fields = await demonstration.webhook.next()
    assert (fields["Body"], fields["NumMedia"], fields["MediaContentType0"]) == (text, "1", "image/jpeg")
    assert [shown["media"] for shown in await demonstration.texts()] == [True]


@pytest.mark.parametrize(("status", "says", "detail"), [
    (403, json.dumps({"detail": "Not proved."}), r"/channels/sms answered 403\. Not proved\."),
    (500, "{}", r"answered 500\.$"), (302, "", r"answered 302\.$"), (502, "<html>", r"answered 502\.$"),
    (400, "[]", r"answered 400\.$"), (400, "\x00", r"answered 400\.$"),
])  # fmt: skip
async def test_what_the_webhook_refuses_is_said(
    demonstration: Demonstration, status: int, says: str, detail: str
) -> None:
    demonstration.webhook.status, demonstration.webhook.says = status, says
    response = await demonstration.write("xin chào")
    problem = await response.json()
    assert (response.status, response.content_type) == (502, "application/problem+json")
    assert (problem["answered"], problem["sid"]) == (status, next(iter(demonstration.carrier.texts)))
    assert re.search(detail, problem["detail"])
    assert [shown["state"] for shown in await demonstration.texts()] == ["refused"]


async def test_a_webhook_that_is_down_is_said_too(demonstration: Demonstration) -> None:
    await demonstration.public.close()
    response = await demonstration.write("xin chào")
    problem = await response.json()
    assert response.status == 502
    assert problem["detail"] == f"{demonstration.webhook.url}/channels/sms did not answer."
    assert "answered" not in problem


BAD: list[tuple[str, object, str]] = [
    ("not JSON", "{", "body"),
    ("a list", "[]", "body"),
    ("no handset", {"text": "a"}, "handset"),
    ("a third handset", {"handset": 3, "text": "a"}, "handset"),
    ("a handset as text", {"handset": "1", "text": "a"}, "handset"),
    ("no text", {"handset": 1}, "text"),
    ("text a number", {"handset": 1, "text": 2}, "text"),
    ("nothing to send", {"handset": 1, "text": ""}, "text"),
    ("longer than Twilio carries", {"handset": 1, "text": "x" * 1601}, "text"),
    ("half of a letter", '{"handset": 1, "text": "\\ud83d"}', "text"),
    ("unknown field", {"handset": 1, "text": "a", "sender": "+84900000001"}, "sender"),
    ("media no number", {"handset": 1, "text": "a", "media": "1"}, "media"),
    ("too many pictures", {"handset": 1, "text": "a", "media": 11}, "media"),
]


@pytest.mark.parametrize(("label", "given", "named"), BAD, ids=[row[0] for row in BAD])
async def test_bad_input_names_the_field(demonstration: Demonstration, label: str, given: object, named: str) -> None:
    data = given if isinstance(given, str) else json.dumps(given)
    response = await demonstration.staff.post(
        "/phone/api/texts", data=data, headers={"Content-Type": "application/json"}
    )
    assert (response.status, response.content_type) == (400, "application/problem+json"), label
    assert (await response.json()).get("field") == named
    assert demonstration.carrier.texts == {}


async def test_a_body_has_a_limit(demonstration: Demonstration) -> None:
    assert (await demonstration.write("x" * 70_000)).status == 413


LENGTHS = [
    # text, encoding, units, segments
    ("Khai sinh: mien phi.", "GSM-7", 20, 1),
    ("Khai sinh: miễn phí.", "UCS-2", 20, 1),
    ("x" * 160, "GSM-7", 160, 1),
    ("x" * 161, "GSM-7", 161, 2),
    ("ă" * 71, "UCS-2", 71, 2),
]


@pytest.mark.parametrize(("text", "encoding", "units", "segments"), LENGTHS)
@pytest.mark.parametrize("price", [0, 350])
async def test_length_and_price(
    demonstration: Demonstration, text: str, encoding: str, units: int, segments: int, price: int
) -> None:
    settings = demonstration.core.settings.model_copy(update={"sms_price": price})
    object.__setattr__(demonstration.core, "settings", settings)
    gateway = demonstration.gateway()
    await demonstration.write("a")
    await gateway.send(FIRST, Reply(text, row=7))
    await gateway.send("+84900000009", Reply("not of a handset", row=8))
    await gateway.close()
    state = await demonstration.state()
    written, got = state["texts"]
    assert (got["encoding"], got["units"], got["segments"]) == (encoding, units, segments)
    assert (written["price"], got["price"]) == (None, segments * price or None)
    assert (got["at"], got["language"], written["language"]) == (NOW.isoformat(), got["language"], None)
    assert state["handsets"] == [
        {"handset": 1, "number": FIRST, "sent": 1, "sent_segments": 1, "got": 1, "got_segments": segments,
         "price": segments * price},
        {"handset": 2, "number": SECOND, "sent": 0, "sent_segments": 0, "got": 0, "got_segments": 0, "price": 0},
    ]  # fmt: skip


async def test_the_stream_tells_of_every_change(demonstration: Demonstration) -> None:
    states: list[list[str]] = []
    async with demonstration.staff.get("/phone/api/texts", headers={"Accept": "text/event-stream"}) as response:
        assert response.content_type == "text/event-stream"
        async with asyncio.timeout(PATIENCE):
            async for line in response.content:
                if line.startswith(b"data: "):
                    states.append([text["state"] for text in json.loads(line[6:])["texts"]])
                    if len(states) == 1:
                        assert (await demonstration.write("xin chào")).status == 202
                if states and states[-1] == ["received"]:
                    break
    assert states[0] == []


async def test_a_stream_ends_with_the_gateway(demonstration: Demonstration) -> None:
    async with demonstration.staff.get("/phone/api/texts", headers={"Accept": "text/event-stream"}) as response:
        await response.content.readline()
        demonstration.core.wake.close()
        async with asyncio.timeout(PATIENCE):
            await response.content.read()
