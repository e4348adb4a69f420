"""The web chat's API as a client sees it: DESIGN §6, on both databases."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

import pytest

from tests.bot.conftest import Citizen, Gateway
from tests.bot.fake_rasa import answer


def new_id() -> str:
    return str(uuid.uuid4())


async def test_the_first_message_discloses_the_assistant_and_its_authority(gateway: Gateway) -> None:
    for language, words in (
        (None, ["trợ lý tự động", "phường Mẫu"]),
        ("vi", ["trợ lý tự động"]),
        ("en", ["automated assistant", "Mau Ward"]),
    ):
        [first] = await (await gateway.open(language)).read()
        assert (first["seq"], first["author"], first["language"]) == (1, "system", language or "vi")
        assert all(word in str(first["text"]) for word in words)


async def test_a_question_is_answered_once_in_its_language_with_a_reply_to(gateway: Gateway) -> None:
    citizen = await gateway.open("vi")
    seq = await citizen.say("how much is a passport?")
    await gateway.answer_all()
    question, reply = await citizen.read(1)
    assert (question["seq"], question["author"], question["language"]) == (seq, "citizen", "en")
    assert (reply["author"], reply["reply_to"], reply["language"]) == ("assistant", seq, "en")
    assert set(reply) == {"seq", "id", "reply_to", "author", "text", "language", "choices", "sources", "at"}


@pytest.mark.parametrize(
    ("opened", "text", "language"),
    [
        (None, "hi", "vi"),
        (None, "1", "vi"),
        ("en", "hi", "en"),
        (None, "bao nhieu tien vay", "vi"),
        ("en", "bao nhiêu tiền", "vi"),
        (None, "what documents do I need", "en"),
    ],
)
async def test_the_language_of_the_question(gateway: Gateway, opened: str | None, text: str, language: str) -> None:
    citizen = await gateway.open(opened)
    await citizen.say(text)
    assert (await citizen.read(1))[0]["language"] == language


async def test_the_same_id_again_is_the_same_message_and_other_content_a_conflict(gateway: Gateway) -> None:
    citizen, same = await gateway.open(), new_id()
    first = await citizen.send({"id": same, "text": "lệ phí hộ chiếu"})
    again = await citizen.send({"id": same, "text": "lệ phí hộ chiếu"})
    other = await citizen.send({"id": same, "text": "khác"})
    assert (first.status, again.status, other.status) == (202, 200, 409)
    assert await first.json() == await again.json()
    await gateway.answer_all()
    assert len(gateway.rasa.asked) == 1


async def test_a_payload_is_taken_only_if_it_was_offered(gateway: Gateway) -> None:
    value = "intent=fee&service=passport"
    gateway.rasa.script["hộ chiếu"] = [
        answer("Bạn hỏi gì?", choices=[{"label": "Lệ phí", "value": value}], expect="choice")
    ]
    citizen, stranger = await gateway.open(), await gateway.open()
    await citizen.say("hộ chiếu")
    await gateway.answer_all()
    assert (await stranger.send({"id": new_id(), "payload": value})).status == 400
    refused = await citizen.send({"id": new_id(), "payload": "intent=fee&service=other"})
    assert (refused.status, (await refused.json())["field"]) == (400, "payload")
    assert (await citizen.send({"id": new_id(), "payload": value})).status == 202
    await gateway.answer_all()
    assert (gateway.rasa.asked[-1]["intent"], gateway.rasa.asked[-1]["entities"]) == ("fee", {"service": "passport"})
    assert (await citizen.heard())[-2] == ("citizen", "Lệ phí")


@pytest.mark.parametrize(
    "typed", ["2", "số 2", "chọn 2", "option 2", "cái thứ hai", "the second one", "Bao lâu?", "bao lau", "BAO LÂU"]
)
async def test_a_choice_is_taken_by_number_label_or_folded_label(gateway: Gateway, typed: str) -> None:
    choices = [{"label": "Lệ phí", "value": "intent=fee"}, {"label": "Bao lâu?", "value": "intent=time_limit"}]
    gateway.rasa.script["hộ chiếu"] = [answer("Bạn hỏi gì?", choices=choices)]
    citizen = await gateway.open()
    await citizen.say("hộ chiếu")
    await gateway.answer_all()
    await citizen.say("cảm ơn")
    await gateway.answer_all()
    await citizen.say(typed)
    await gateway.answer_all()
    assert gateway.rasa.asked[-1]["intent"] == "time_limit"


BAD: list[tuple[str, Any, int, str]] = [
    ("not JSON", "{", 400, "body"),
    ("no body", "", 400, "body"),
    ("a list", "[]", 400, "body"),
    ("a text", '"a"', 400, "body"),
    ("no id", {"text": "a"}, 400, "id"),
    ("id no UUID", {"id": "7", "text": "a"}, 400, "id"),
    ("id a number", {"id": 7, "text": "a"}, 400, "id"),
    ("text a number", {"id": new_id(), "text": 7}, 400, "text"),
    ("text null and no payload", {"id": new_id(), "text": None}, 400, "text"),
    ("unknown field", {"id": new_id(), "text": "a", "seq": 1}, 400, "seq"),
    ("both", {"id": new_id(), "text": "a", "payload": "b"}, 400, "text"),
    ("empty", {"id": new_id(), "text": ""}, 400, "text"),
    ("spaces", {"id": new_id(), "text": " \n\t "}, 400, "text"),
    ("invisible", {"id": new_id(), "text": "\u200b\u2060\u202e"}, 400, "text"),
    ("too long", {"id": new_id(), "text": "ă" * 2001}, 413, "text"),
    ("lone surrogate", f'{{"id": "{new_id()}", "text": "\\ud800"}}', 400, "text"),
    ("deep nesting", "[" * 5000, 400, "body"),
    ("over what is carried", {"id": new_id(), "text": "ă" * 70_000}, 413, "text"),
]


@pytest.mark.parametrize(("label", "body", "status", "field"), BAD, ids=[row[0] for row in BAD])
async def test_bad_input_names_the_field(gateway: Gateway, label: str, body: Any, status: int, field: str) -> None:
    citizen = await gateway.open()
    response = await gateway.public.post(
        "/channels/web/messages",
        data=body if isinstance(body, str) else json.dumps(body),
        headers={"Authorization": f"Bearer {citizen.token}", "Content-Type": "application/json"},
    )
    problem = await response.json()
    assert (response.status, response.content_type) == (status, "application/problem+json"), label
    assert problem["field"] == field
    assert len(await citizen.read()) == 1


async def test_the_limit_counts_code_points_after_nfc(gateway: Gateway) -> None:
    citizen = await gateway.open()
    assert (await citizen.send({"id": new_id(), "text": "a\u0306" * 2000})).status == 202
    problem = await (await citizen.send({"id": new_id(), "text": "😀" * 2003})).json()
    assert (problem["over"], problem["limit"]) == (3, 2000)


async def test_text_is_cleaned_and_numbers_masked_before_anything_keeps_them(gateway: Gateway) -> None:
    citizen = await gateway.open()
    await citizen.say("so cccd cua toi la 079203001234, the 4111 1111 1111 1111\u202e")
    await citizen.say("ho so H15.50.05.13-261008-0975, cccd 079203001234")
    await gateway.answer_all()
    kept = [text for author, text in await citizen.heard() if author == "citizen"]
    assert kept == ["so cccd cua toi la ••••1234, the ••••1111", "ho so H15.50.05.13-261008-0975, cccd ••••"]
    assert [asked["text"] for asked in gateway.rasa.asked] == kept


async def test_no_or_a_wrong_token(gateway: Gateway) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic x"}, {"Authorization": "Bearer "}):
        for response in (
            await gateway.public.get("/channels/web/messages", headers=headers),
            await gateway.public.post("/channels/web/messages", json={"id": new_id(), "text": "a"}, headers=headers),
        ):
            assert response.status == 401
            assert response.content_type == "application/problem+json"


@pytest.mark.parametrize("after", ["-1", "x", "1e3", "９", "1" * 12])
async def test_after_must_be_a_whole_number(gateway: Gateway, after: str) -> None:
    citizen = await gateway.open()
    response = await gateway.public.get(
        "/channels/web/messages", params={"after": after}, headers={"Authorization": f"Bearer {citizen.token}"}
    )
    assert (response.status, (await response.json())["field"]) == (400, "after")


async def test_limits_on_messages_and_conversations(gateway: Gateway) -> None:
    citizen = await gateway.open()
    for _ in range(30):
        await citizen.say("xin chào")
    refused = await citizen.send({"id": new_id(), "text": "nữa"})
    assert (refused.status, refused.headers["Retry-After"]) == (429, "20")
    gateway.clock.forward(minutes=1, seconds=1)
    assert (await citizen.send({"id": new_id(), "text": "nữa"})).status == 202
    for _ in range(59):
        await gateway.open()
    assert (await gateway.public.post("/channels/web/conversations", json={})).status == 429


async def test_of_a_crowd_from_one_address_no_more_are_let_in_than_the_limit(gateway: Gateway) -> None:
    limit = gateway.core.settings.limit_conversations_per_hour
    for _ in range(limit - 5):
        await gateway.open()
    crowd = await asyncio.gather(*(gateway.public.post("/channels/web/conversations", json={}) for _ in range(20)))
    assert sorted(one.status for one in crowd) == [201] * 5 + [429] * 15


async def test_ready_names_the_model_apart_from_rasa(gateway: Gateway) -> None:
    gateway.rasa.fault = 503  # as Rasa answers without a model
    said = await gateway.public.get("/readyz")
    assert said.status == 503
    assert await said.json() == {"gateway": "ready", "rasa": "ready", "model": "down", "actions": "ready"}


async def test_opening_refuses_unknown_languages_and_fields(gateway: Gateway) -> None:
    for body, field in (({"language": "fr"}, "language"), ({"lang": "vi"}, "lang"), ({"language": 1}, "language")):
        response = await gateway.public.post("/channels/web/conversations", json=body)
        assert (response.status, (await response.json())["field"]) == (400, field)
    assert (await gateway.public.post("/channels/web/conversations")).status == 201


async def test_the_stream_gives_the_same_messages_and_resumes(gateway: Gateway) -> None:
    citizen = await gateway.open()
    await citizen.say("lệ phí")
    await gateway.answer_all()
    assert await _stream(citizen, 3) == await citizen.read()
    assert [shown["seq"] for shown in await _stream(citizen, 1, last="2")] == [3]


async def test_who_does_not_ask_for_more_gets_messages_alone(gateway: Gateway) -> None:
    """Of both streams every event is a message: whoever reads their data lines has nothing else to know of."""
    citizen, lan = await gateway.open("vi"), await gateway.agent()
    await lan.get("queue")
    await citizen.say("gặp nhân viên")
    path = f"/desk/api/conversations/{citizen.conversation}"
    await lan.post(f"conversations/{citizen.conversation}/claim")
    ours = {"Authorization": f"Bearer {citizen.token}", "Accept": "text/event-stream"}
    theirs = lan.headers | {"Accept": "text/event-stream"}
    async with (
        gateway.public.get("/channels/web/messages", headers=ours) as one,
        gateway.staff.get(f"{path}/messages", headers=theirs) as other,
    ):
        await lan.post(f"conversations/{citizen.conversation}/attention", doing="replying")
        await lan.post(f"conversations/{citizen.conversation}/notes", text="Đã xem hồ sơ.")
        said = {"id": "00000000-0000-4000-8000-000000000000", "text": "Chào bạn."}
        await lan.post(f"conversations/{citizen.conversation}/messages", **said)
        for stream in (one, other):
            heard: list[dict[str, Any]] = []
            async with asyncio.timeout(20):
                while not heard or heard[-1]["text"] != "Chào bạn.":
                    line = await stream.content.readline()
                    heard += [json.loads(line[6:])] if line.startswith(b"data: ") else []
                    assert not line.startswith(b"event:")


async def test_a_stream_begins_with_whether_staff_write(gateway: Gateway) -> None:
    """For whoever was cut off while they stopped: their page goes on saying that they write."""
    citizen, lan = await gateway.open("vi"), await gateway.agent()
    await citizen.say("gặp nhân viên")
    path = f"conversations/{citizen.conversation}"
    await lan.post(f"{path}/claim")
    headers = {"Authorization": f"Bearer {citizen.token}", "Accept": "text/event-stream"}
    yes, no = b"event: typing\ndata: true\n\n", b"event: typing\ndata: false\n\n"
    async with asyncio.timeout(20):
        async with gateway.public.get("/channels/web/messages?beside=1", headers=headers) as before:
            for doing, told in (("replying", yes), ("reading", no)):
                await lan.post(f"{path}/attention", doing=doing)
                assert (await before.content.readuntil(told)).endswith(told)
        async with gateway.public.get("/channels/web/messages?beside=1", headers=headers) as after:
            assert (await after.content.readuntil(no)).endswith(no)


async def _stream(citizen: Citizen, count: int, last: str = "") -> list[dict[str, Any]]:
    headers = {"Authorization": f"Bearer {citizen.token}", "Accept": "text/event-stream", "Last-Event-ID": last}
    events: list[dict[str, Any]] = []
    async with citizen.gateway.public.get("/channels/web/messages", headers=headers) as response:
        assert response.content_type == "text/event-stream"
        async for line in response.content:
            if line.startswith(b"data: "):
                events.append(json.loads(line[6:]))
            if len(events) == count:
                return events
    return events


async def test_only_the_sites_that_settings_allow_may_embed(gateway: Gateway) -> None:
    for origin, allowed in (
        ("https://mau.example", "https://mau.example"),
        ("https://evil.example", None),
        ("null", None),
    ):
        response = await gateway.public.post("/channels/web/conversations", json={}, headers={"Origin": origin})
        assert response.headers.get("Access-Control-Allow-Origin") == allowed
        preflight = await gateway.public.options(
            "/channels/web/messages", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}
        )
        assert preflight.headers.get("Access-Control-Allow-Origin") == allowed


@pytest.mark.parametrize(
    ("proxies", "header", "limited"),
    [
        ((), "203.0.113.{n}", True),
        (("127.0.0.1",), "203.0.113.{n}", False),
        (("127.0.0.1",), "198.51.100.{n}, 203.0.113.7", True),
    ],
)
async def test_the_limit_of_an_address_is_not_escaped_by_a_header(
    gateway: Gateway,
    proxies: tuple[str, ...],
    header: str,
    limited: bool,
) -> None:
    object.__setattr__(gateway.core, "settings", gateway.core.settings.model_copy(update={"trusted_proxies": proxies}))
    statuses = [
        (
            await gateway.public.post(
                "/channels/web/conversations", json={}, headers={"X-Forwarded-For": header.format(n=n)}
            )
        ).status
        for n in range(61)
    ]
    assert (statuses[-1] == 429) is limited
    assert statuses[:60] == [201] * 60


@pytest.mark.parametrize(("language", "words"), [("vi", "Không có trang này"), ("en", "There is no such page")])
async def test_an_unknown_address_is_a_page_for_people_and_a_problem_for_programs(
    gateway: Gateway, language: str, words: str
) -> None:
    page = await gateway.public.get("/khong-co", headers={"Accept": "text/html", "Accept-Language": language})
    assert (page.status, page.content_type) == (404, "text/html")
    assert words in await page.text()
    problem = await gateway.public.get("/khong-co")
    assert (problem.status, problem.content_type) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/channels/web/messages"), ("GET", "/channels/none"), ("PUT", "/channels/web/messages"),
     ("POST", "/channels/sms"), ("GET", "/desk/api/queue")],
)  # fmt: skip
async def test_a_program_gets_a_problem_whatever_it_accepts(gateway: Gateway, method: str, path: str) -> None:
    refused = await gateway.public.request(method, path, headers={"Accept": "text/html,*/*"})
    assert (refused.status >= 400, refused.content_type) == (True, "application/problem+json")


async def test_a_conversation_has_a_limit_of_streams_and_gets_them_back(gateway: Gateway) -> None:
    citizen = await gateway.open()
    headers = {"Authorization": f"Bearer {citizen.token}", "Accept": "text/event-stream"}
    streams = [await gateway.public.get("/channels/web/messages", headers=headers) for _ in range(20)]
    refused = await gateway.public.get("/channels/web/messages", headers=headers)
    assert (refused.status, refused.headers["Retry-After"]) == (429, "5")
    for stream in streams:
        stream.close()
    await citizen.say("xin chào")  # wakes the streams, which find that nobody reads them
    while gateway.core.wake.listeners(citizen.conversation):
        await citizen.read()
    assert len(await _stream(citizen, 2)) == 2
