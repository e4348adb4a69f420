"""Where providers call: every request is proved before it is read, and kept before it is acknowledged."""

from __future__ import annotations

import logging

from aiohttp import web

from bot import inbox
from bot.core import Core
from bot.errors import NotGenuine, Unreadable
from bot.web.health import Figures
from bot.web.problems import Handler
from channels import contract
from channels.contract import Channel

log = logging.getLogger(__name__)

BODY_LIMIT = 1024 * 1024  # bytes: Meta gathers events, https://developers.facebook.com/docs/graph-api/webhooks


def routes(core: Core, figures: Figures) -> list[web.RouteDef]:
    """Two addresses a provider: messages, and at /status what became of ours. Which methods it may use, it proves."""
    return [
        web.route("*", path, _handler(core, channel, figures))
        for channel in core.channels.values()
        for path in _paths(channel)
    ]


def paths(core: Core) -> frozenset[str]:
    """Where bodies may be as long as BODY_LIMIT."""
    return frozenset(path for channel in core.channels.values() for path in _paths(channel))


def _paths(channel: Channel) -> tuple[str, str]:
    return channel.path, f"{channel.path}/status"


def _handler(core: Core, channel: Channel, figures: Figures) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        asked = await _plain(core, request)
        try:
            events = _read(channel, asked, figures)
        except contract.Unreadable as err:
            figures.webhooks.labels(channel.provider, "unreadable").inc()
            log.warning("a request to %s held what cannot be read: %s", channel.path, err.code)
            if not err.read and not channel.ends_webhook:
                raise Unreadable(f"Not a request as {channel.provider} sends it.") from err
            events = err.read
        if any(isinstance(event, contract.Message) for event in events):
            core.wake.knock()
        kept = await inbox.keep(core, channel, events, figures.text_moved)
        figures.webhooks.labels(channel.provider, "kept" if kept else "settled").inc()
        return _said(channel, asked)

    return handle


def _said(channel: Channel, asked: contract.Request) -> web.Response:
    answer = channel.answer(asked)
    return web.Response(status=answer.status, text=answer.body, content_type=answer.content_type)


async def _plain(core: Core, request: web.Request) -> contract.Request:
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        headers.setdefault(name.lower(), value)
    return contract.Request(request.method, request.raw_path, headers, await request.read(), core.settings.address)


def _read(channel: Channel, asked: contract.Request, figures: Figures) -> list[contract.Message | contract.Receipt]:
    """Raises NotGenuine and the channel's Unreadable; nothing of the request is logged."""
    try:
        channel.verify(asked)
        return channel.parse(asked)
    except contract.NotGenuine as err:
        figures.webhooks.labels(channel.provider, "forged").inc()
        log.warning("a request to %s was not %s's; refused", channel.path, channel.provider)
        raise NotGenuine(f"This request is not proved to be {channel.provider}'s; check its secret.") from err
