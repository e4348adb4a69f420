"""A conversation that goes from one WhatsApp provider to the other: its choices are understood, and shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot import due, model
from channels.contract import Channel, TryLater
from channels.whatsapp_cloud import WhatsAppCloud
from channels.whatsapp_twilio import TwilioWhatsApp
from tests.bot.apps import App
from tests.bot.conftest import Gateway
from tests.bot.fake_rasa import answer

CITIZEN = "+84912000001"
CHOICES = [{"label": "Giấy tờ", "value": "intent=documents"}, {"label": "Lệ phí", "value": "intent=fee"}]
NUMBERED = "Bạn chọn gì?\n\n1. Giấy tờ\n2. Lệ phí"
Both = dict[str, App]


@pytest.fixture
def both() -> Both:
    apps = {"whatsapp": TwilioWhatsApp.limits, "whatsapp-cloud": WhatsAppCloud.limits}
    return {name: App("whatsapp", name, limits, path=f"/channels/{name}") for name, limits in apps.items()}


@pytest.fixture
def more_channels(both: Both) -> dict[str, Channel]:
    return dict(both)


def each_way(test: object) -> object:
    return pytest.mark.parametrize(
        ("before", "after"), [("whatsapp", "whatsapp-cloud"), ("whatsapp-cloud", "whatsapp")]
    )(test)


async def asked(gateway: Gateway, app: App) -> None:
    await app.writes(gateway, "chào", sender=CITIZEN)
    gateway.rasa.script["hỏi"] = [answer("Bạn chọn gì?", choices=CHOICES)]
    await app.writes(gateway, "hỏi", sender=CITIZEN)


@each_way
@pytest.mark.parametrize("by", ["2", "chọn 2", "Lệ phí", "le phi"])
async def test_a_number_or_a_label_takes_what_the_other_offered(
    gateway: Gateway, both: Both, before: str, after: str, by: str
) -> None:
    await asked(gateway, both[before])
    await both[after].writes(gateway, by, sender=CITIZEN)
    assert gateway.rasa.asked[-1]["intent"] == "fee"
    assert len(both[after].sent) == 1


@pytest.mark.parametrize("after", ["whatsapp", "whatsapp-cloud"])
async def test_a_button_of_meta_pressed_late_means_what_it_said(gateway: Gateway, both: Both, after: str) -> None:
    """The number is with the other provider by now, which brings the press, or is with Meta again."""
    await asked(gateway, both["whatsapp-cloud"])
    key = both["whatsapp-cloud"].last().options[1].key
    await both["whatsapp"].writes(gateway, "còn gì nữa", sender=CITIZEN)
    gateway.clock.forward(days=30)
    await both[after].writes(gateway, "Lệ phí", sender=CITIZEN, pressed=key)
    assert gateway.rasa.asked[-1]["intent"] == "fee"


@each_way
async def test_what_waited_for_the_one_shows_its_choices_by_the_other(
    gateway: Gateway, both: Both, before: str, after: str
) -> None:
    """Where settings allow the other after three times that it was not taken."""
    both[before].fails = [TryLater()] * 8
    await asked(gateway, both[before])
    settings = gateway.core.settings.model_copy(update={"sms_failover": True})
    moved = replace(gateway, core=replace(gateway.core, settings=settings))
    for _ in range(8):
        moved.clock.forward(minutes=5)
        await moved.post_all()
    _, question = (reply for _, reply in both[after].sent)
    assert (question.text, question.options) == (NUMBERED, ())


async def test_what_waited_for_meta_alone_goes_by_twilio_with_numbers(gateway: Gateway, both: Both) -> None:
    await both["whatsapp-cloud"].writes(gateway, "chào", sender=CITIZEN)
    both["whatsapp-cloud"].fails = [TryLater()]
    gateway.rasa.script["hỏi"] = [answer("Bạn chọn gì?", choices=CHOICES)]
    await both["whatsapp-cloud"].writes(gateway, "hỏi", sender=CITIZEN)
    left = {name: one for name, one in gateway.core.channels.items() if name != "whatsapp-cloud"}
    alone = replace(gateway, core=replace(gateway.core, channels=left))
    await due.adopt(alone.core)
    alone.clock.forward(minutes=1)
    await alone.post_all()
    assert both["whatsapp"].last().text == NUMBERED
    await both["whatsapp"].writes(alone, "2", sender=CITIZEN)
    assert gateway.rasa.asked[-1]["intent"] == "fee"


async def test_what_waits_for_an_app_that_is_gone_is_told_at_the_start(
    gateway: Gateway, both: Both, caplog: pytest.LogCaptureFixture
) -> None:
    await both["whatsapp-cloud"].writes(gateway, "chào", sender=CITIZEN)
    async with gateway.core.store.write() as tx:
        await tx.execute(sa.update(model.delivery).values(state="waiting"))
    nobody = replace(gateway.core, channels={})
    await due.adopt(nobody)
    assert "whatsapp-cloud is not set up; messages that wait until it is: 1" in caplog.text


async def test_an_answer_is_never_longer_than_either_takes(gateway: Gateway, both: Both) -> None:
    gateway.rasa.script["hỏi"] = [answer("Mang theo giấy khai sinh và căn cước nhé. " * 100)]
    await both["whatsapp-cloud"].writes(gateway, "hỏi", sender=CITIZEN)
    parts = [reply.text for _, reply in both["whatsapp-cloud"].sent]
    assert len(parts) > 1
    assert max(map(len, parts)) <= TwilioWhatsApp.limits.length
