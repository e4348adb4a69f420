"""Messaging apps under load: what each app's stand-in signs, 200 messages a second, is acknowledged fast and kept once.

One system with all apps open. Each in turn sends the messages of channels_plan.py, some again with the same id, some
out of order, and Meta's some three in a request; the next app begins when all of one are answered.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from bench.channels_counts import Stored
from bench.channels_load import Generator, delivered
from bench.channels_plan import Arrival, Question, arrivals
from bench.channels_report import GOAL_MS, faults, quantiles
from channels.contract import Request
from channels.fake import Answer
from channels.fake_messenger import FakeMessenger
from channels.fake_meta import FakeMeta
from channels.fake_telegram import FakeTelegram
from channels.fake_twilio import FakeTwilio
from channels.fake_twilio_whatsapp import FakeTwilioWhatsApp
from channels.fake_whatsapp_cloud import FakeWhatsAppCloud
from channels.fake_zalo import FakeZalo
from tests.contracts import serving
from tests.contracts.serving import Respond
from tests.support.live import running

PUBLIC_URL = "https://apps.tanphu.example"  # what Twilio signs; the requests go to the port
SECRET = "of-the-benchmark"  # noqa: S105
BOT = "7312345678:of-the-benchmark"
ACCOUNT, OA, ZALO_APP, NUMBER_ID, PAGE = "AC" + "0" * 32, "2100000000000000123", "3600000000000000456", "1065", "1042"
TWILIO_NUMBER, META_NUMBER = "+84900000001", "+84900000002"
SHARE = 0.4  # of the messages of SMS: all five apps' are answered before it ends
EACH, IN_ONE = 10, 3  # of so many messages of Meta's, how many come in one request
WARMS = Question("+84912999999", 0, "xin chào", f"SM{0:032x}")
WITHIN = 400.0  # seconds until all of an app are answered
META = {"APP_SECRET": SECRET, "VERIFY_TOKEN": SECRET}
SETTINGS: dict[str, dict[str, str]] = {
    "ZALO": {
        "OA_ID": OA, "APP_ID": ZALO_APP, "APP_SECRET": SECRET, "OA_SECRET": SECRET, "REFRESH_TOKEN": "refresh",
    },
    "TWILIO": {"ACCOUNT_SID": ACCOUNT, "AUTH_TOKEN": SECRET, "WHATSAPP_FROM": TWILIO_NUMBER},
    "WHATSAPP": META | {"PHONE_NUMBER_ID": NUMBER_ID, "NUMBER": META_NUMBER, "TOKEN": SECRET},
    "MESSENGER": META | {"PAGE_ID": PAGE, "PAGE_TOKEN": SECRET},
    "TELEGRAM": {"TOKEN": BOT, "SECRET": SECRET, "NAME": "TanPhuBot"},
}  # fmt: skip
BASE_URLS = ("MOTCUA_ZALO_BASE_URL", "MOTCUA_TWILIO_BASE_URL", "MOTCUA_META_BASE_URL", "MOTCUA_TELEGRAM_BASE_URL")


@dataclass(frozen=True, slots=True)
class App:
    """`at`: what stands in the path of its API. `numbers`: how those begin who write."""

    fake: FakeWhatsAppCloud | FakeMessenger | FakeTwilioWhatsApp | FakeTelegram | FakeZalo
    respond: Respond
    at: str
    numbers: str

    def sender(self, question: Question) -> str:
        return question.number.replace("+84912", self.numbers)

    def id_of(self, question: Question) -> str:
        """The provider's id of a message; Telegram's are numbers."""
        return str(int(question.sid[2:17], 16)) if isinstance(self.fake, FakeTelegram) else question.sid

    def request(self, question: Question) -> Request:
        return self.fake.inbound(self.sender(question), question.text, sid=self.id_of(question))


def _apps() -> dict[str, App]:
    """By provider; Zalo's paths have nothing in common."""
    zalo = FakeZalo(OA, ZALO_APP, SECRET, SECRET, PUBLIC_URL)
    twilio = FakeTwilioWhatsApp(FakeTwilio(ACCOUNT, SECRET, "+84900000000", PUBLIC_URL), TWILIO_NUMBER)
    cloud = FakeWhatsAppCloud(NUMBER_ID, META_NUMBER, SECRET, SECRET, PUBLIC_URL)
    page, bot = FakeMessenger(PAGE, SECRET, SECRET, PUBLIC_URL), FakeTelegram(BOT, SECRET, "TanPhuBot", PUBLIC_URL)
    return {
        "whatsapp": App(twilio, serving.twilio_whatsapp(twilio), "/2010-04-01/", "+84931"),
        "whatsapp-cloud": App(cloud, serving.meta(cloud), f"/{NUMBER_ID}/", "+84932"),
        "messenger": App(page, serving.meta(page), f"/{PAGE}/", "84933"),
        "telegram": App(bot, serving.telegram(bot), "/bot", "84934"),
        "zalo": App(zalo, serving.zalo(zalo), "", "84930"),
    }


def measured(home: Path, database: str, messages: int, limits: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """By provider: milliseconds of the acknowledgements, and what must be 0."""
    return asyncio.run(_measured(home, database, messages, limits))


async def _measured(home: Path, database: str, messages: int, limits: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    apps = _apps()

    def respond(request: web.BaseRequest, body: bytes) -> Answer:
        return next(app for app in apps.values() if app.at in request.path).respond(request, body)

    settings = {f"MOTCUA_{app}_{name}": value for app, of in SETTINGS.items() for name, value in of.items()}
    settings |= {"MOTCUA_PUBLIC_URL": PUBLIC_URL, "MOTCUA_DATABASE_URL": database} | dict(limits)
    connections = aiohttp.TCPConnector(limit=0)
    async with serving.serving(respond) as served, aiohttp.ClientSession(connector=connections) as session:
        with running(home, **settings, **dict.fromkeys(BASE_URLS, served.url)) as system:
            with closing(Stored(database)) as stored:
                found = {
                    name: await _loaded(name, app, Generator(session, system.public_url, {}), stored, messages)
                    for name, app in apps.items()
                }
            if any(map(faults, found.values())):
                print(system.report())
    return found


async def _loaded(name: str, app: App, generator: Generator, stored: Stored, messages: int) -> dict[str, Any]:
    planned = arrivals(int(messages * SHARE))
    questions = [one.question for one in planned if not one.repeat]
    await delivered(generator.session, generator.url, app.request(WARMS))
    await _drained(stored, time.monotonic())
    generator.requests = {one.sid: app.request(one) for one in questions}
    if isinstance(app.fake, FakeMeta):
        planned = _gathered(app.fake, generator, planned)
    begun = time.monotonic()
    await generator.load(planned, begun)
    ended = time.monotonic()
    drained = await _drained(stored, ended)
    asked = [WARMS, *questions]
    known = [_of_each_number(app, asked), {tuple(ids) for ids in stored.said(name).values()}]
    return {
        "messages": len(questions),
        "requests": len(planned),
        "acknowledged_ms": quantiles(one.took for one in generator.sent),
        "generator_late_ms": quantiles(one.late for one in generator.sent),
        "drained_s": drained,
        "checks": {
            "not acknowledged": sum(one.again > 0 for one in generator.sent),
            "not once in its conversation": sum(len(ids) for ids in known[0] - known[1]),
            "kept and never sent": sum(len(ids) for ids in known[1] - known[0]),
            "answers not taken once": abs(stored.answers(name) - len(_outbound(app, asked))),
            **stored.unsettled(),
        },
    }


def _gathered(fake: FakeMeta, generator: Generator, planned: Sequence[Arrival]) -> list[Arrival]:
    """Some requests bring the next messages along, which then come by themselves only if they are repeated."""
    first = [one.question.sid for one in planned if not one.repeat]
    requests, along = dict(generator.requests), set[str]()
    for place in range(0, len(first), EACH):
        one, *others = first[place : place + IN_ONE]
        requests[one] = fake.together([requests[sid] for sid in (*others, one)])
        along.update(others)
    generator.requests = requests
    return [one for one in planned if one.repeat or one.question.sid not in along]


async def _drained(stored: Stored, ended: float) -> float | None:
    """Seconds until all are answered; None where that takes too long."""
    while time.monotonic() < ended + WITHIN:
        looked = time.monotonic()
        if not any((await asyncio.to_thread(stored.unsettled)).values()):
            return round(looked - ended, 1)
        await asyncio.sleep(0.5)
    return None


def _of_each_number(app: App, questions: Sequence[Question]) -> set[tuple[str, ...]]:
    """The ids that one person's conversation holds, sorted."""
    ids: dict[str, list[str]] = {}
    for one in questions:
        ids.setdefault(one.number, []).append(app.id_of(one))
    return {tuple(sorted(of)) for of in ids.values()}


def _outbound(app: App, questions: Sequence[Question]) -> list[Any]:
    """What the stand-in took for them."""
    return [text for sender in {app.sender(one) for one in questions} for text in app.fake.messages_to(sender)]


def table(found: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> str:
    """A line an app, on each database."""
    lines = [f"{'acknowledged, ms':<32}{'p50':>10}{'p95':>10}{'p99':>10}{'max':>10}  goal {GOAL_MS:.0f} ms, wrong"]
    for database, apps in found.items():
        for name, one in apps.items():
            took = "".join(f"{one['acknowledged_ms'][share]:>10}" for share in ("p50", "p95", "p99", "max"))
            met = "met" if one["acknowledged_ms"]["p99"] <= GOAL_MS else "MISSED"
            lines.append(f"{f'{name}, {database}':<32}{took}  {met}, {faults(dict(one))}")
    return "\n".join(lines)
