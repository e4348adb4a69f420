"""What every channel must do with what goes out, through its provider's stand-in behind a real socket."""

from __future__ import annotations

import logging
import traceback
from datetime import UTC, datetime, timedelta
from functools import partialmethod

import pytest
from aiohttp import ClientSession, ClientTimeout

from channels.contract import (
    Channel,
    ChannelError,
    NotAsked,
    Receipt,
    Refused,
    Reply,
    Request,
    TokenRefused,
    TryLater,
    Uncertain,
)
from channels.fake import Answer
from tests.contracts.providers import LONG, NOWHERE, Provider, at, each
from tests.contracts.serving import always, serving

REPLY = Reply("Hồ sơ đang được giải quyết, hẹn trả 30/11. 😀", row=41, attempt=2)
SHORT = 0.3                             # seconds, for what hangs


@each
async def test_a_reply_is_taken_once_and_its_receipts_name_our_row(provider: Provider) -> None:
    fake = provider.fake(())
    async with serving(provider.serve(fake)) as served:
        channel = at(provider, served.url)
        sid = await channel.send(provider.senders[0], REPLY)
        await channel.close()
    (taken,) = fake.messages_to(provider.senders[0])
    assert (taken.text, sid) == (REPLY.text, getattr(taken, "sid", None))
    heard = [one for request in fake.callbacks(getattr(taken, "sid", taken)) for one in _receipts(channel, request)]
    ours = [(41, 2) if provider.named else (None, None)] * (len(provider.receipts) - provider.unnamed)
    ours += [(None, None)] * provider.unnamed
    assert [(one.row, one.attempt) for one in heard] == ours
    assert tuple(one.state for one in heard) == provider.receipts
    assert {one.provider_id for one in heard} <= {sid}


def _receipts(channel: Channel, request: Request) -> list[Receipt]:
    channel.verify(request)
    return [one for one in channel.parse(request) if isinstance(one, Receipt)]


@each
@pytest.mark.parametrize("word", ["500", "html", "hang", "close"])
@pytest.mark.parametrize("taken", [False, True])
async def test_an_answer_that_is_none_leaves_it_uncertain_and_nothing_is_sent_again(
    provider: Provider, word: str, taken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a good one, however long that takes, so that the connection is one that is kept."""
    fake = provider.fake(["ok", f"accepted_then_{word}" if taken else word])
    async with serving(provider.serve(fake)) as served:
        channel = at(provider, served.url, SHORT if word == "hang" else LONG)
        with monkeypatch.context() as patched:
            patched.setattr(ClientSession, "request", partialmethod(ClientSession.request, timeout=ClientTimeout(LONG)))
            await channel.send(provider.senders[0], REPLY)
        with pytest.raises(Uncertain):
            await channel.send(provider.senders[0], REPLY)
        await channel.close()
    assert (len(served.asked), len(fake.messages_to(provider.senders[0]))) == (2, 1 + taken)


@each
async def test_what_was_not_received_may_be_tried_later(provider: Provider) -> None:
    fake = provider.fake(provider.later)
    async with serving(provider.serve(fake)) as served:
        channel = at(provider, served.url)
        for _ in provider.later:
            with pytest.raises(TryLater):
                await channel.send(provider.senders[0], REPLY)
        assert fake.messages_to(provider.senders[0]) == []
        await channel.send(provider.senders[0], REPLY)
        await channel.close()
    assert len(fake.messages_to(provider.senders[0])) == 1


@each
async def test_what_is_refused_for_our_own_token_or_password_waits_for_a_good_one(provider: Provider) -> None:
    fake = provider.fake(provider.denied)
    async with serving(provider.serve(fake)) as served:
        channel = at(provider, served.url)
        with pytest.raises(TokenRefused):
            await channel.send(provider.senders[0], REPLY)
        await channel.close()
    assert fake.messages_to(provider.senders[0]) == []


@each
@pytest.mark.parametrize(("said", "after"), [("7", 7.0), ("", None), ("soon", None)])
async def test_the_wait_that_a_provider_asks_for_is_told(provider: Provider, said: str, after: float | None) -> None:
    async with serving(always(Answer(429, "slow down", "text/plain", {"Retry-After": said}))) as served:
        channel = at(provider, served.url)
        with pytest.raises(TryLater) as caught:
            await channel.send(provider.senders[0], REPLY)
        await channel.close()
    assert caught.value.after == after


@each
@pytest.mark.parametrize("url", [NOWHERE, f"{NOWHERE}/below", "https://{}"])
async def test_where_nobody_is_nothing_was_sent(provider: Provider, url: str) -> None:
    async with serving(always(Answer(200, "{}"))) as served:        # speaks no TLS
        channel = at(provider, url.format(served.url.partition("//")[2]))
        with pytest.raises(TryLater):
            await channel.send(provider.senders[0], REPLY)
        with pytest.raises((TryLater, NotAsked)):
            await channel.taken(provider.senders[0], REPLY.text, datetime.now(UTC))
        await channel.close()
        assert served.asked == []


@each
async def test_what_cannot_be_sent_is_refused(provider: Provider) -> None:
    """An address that is none, nothing to say, more than the channel takes, half of a sign."""
    limits, fake = at(provider).limits, provider.fake(())
    longest = limits.length + 1
    async with serving(provider.serve(fake)) as served:
        channel = at(provider, served.url)
        wrong = [(to, "xin chào") for to in ("", provider.senders[0] + "\n", *provider.refused)]
        wrong += [(provider.senders[0], text) for text in ("", "ế" * longest, "x" * longest, "nửa \ud83d")]
        for to, text in wrong:
            with pytest.raises(Refused):
                await channel.send(to, Reply(text, row=1))
        await channel.close()
    assert list(fake.texts) == []


@each
async def test_what_was_taken_is_found_where_the_provider_can_be_asked(provider: Provider) -> None:
    """Also while it waits at the provider; not another text, another person's, or one from before."""
    since = datetime.now(UTC)
    fake = provider.fake(["ok", "ok", "accepted_then_close", "ok"])
    async with serving(provider.serve(fake)) as served:
        channel = at(provider, served.url)
        fake.inbound(provider.senders[0], REPLY.text)
        await channel.send(provider.another, REPLY)
        await channel.send(provider.senders[0], Reply("another", row=40))
        with pytest.raises(Uncertain):
            await channel.send(provider.senders[0], REPLY)
        if not provider.asked:
            with pytest.raises(NotAsked):
                await channel.taken(provider.senders[0], REPLY.text, since)
        else:
            await channel.send(provider.senders[0], REPLY)
            expected = [one.sid for one in fake.messages_to(provider.senders[0]) if one.text == REPLY.text]
            assert await channel.taken(provider.senders[0], REPLY.text, since) == expected
            assert await channel.taken(provider.senders[0], REPLY.text, since + timedelta(minutes=1)) == []
        await channel.close()


@each
async def test_errors_and_logs_never_name_the_person_the_text_or_a_secret(
    provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    """The logs of the libraries below too."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("asyncio").setLevel(logging.INFO)
    told = ""
    for plan in (("500",), ("close",), ("html",), ("hang",), provider.later):
        async with serving(provider.serve(provider.fake(plan))) as served:
            channel = at(provider, served.url, SHORT)
            caplog.clear()
            told += await _told(channel, provider.senders[0]) + await _told(channel, "+84") + _logged(caplog)
            await channel.close()
        told += await _told(channel, provider.senders[0]) + _logged(caplog)     # opened again: nobody there
        await channel.close()
    for secret in (provider.senders[0][-9:], "Hồ sơ", "H%E1%BB%93", provider.secret, "päss", "p%C3%A4ss"):
        assert secret not in told


async def _told(channel: Channel, to: str) -> str:
    told = ""
    for call in (channel.send(to, REPLY), channel.taken(to, REPLY.text, datetime.now(UTC))):
        try:
            await call
        except ChannelError as error:
            told += "".join(traceback.format_exception(error))
    return told


def _logged(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(record.getMessage() for record in caplog.records if record.name != "aiohttp.access")
