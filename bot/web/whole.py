"""The page behind the link in a text that was too long: the whole of what was said, for whoever has the link."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from aiohttp import web

from bot.core import Core
from bot.errors import NotFound
from bot.model import delivery, message
from bot.secrets import digest
from bot.web.page import Page

STANDS = timedelta(days=30)


def routes(page: Page) -> list[web.RouteDef]:
    async def shown(request: web.Request) -> web.StreamResponse:
        lines = await _said(page.core, request.match_info["token"])
        return page.show(request, "whole.html", lines=lines)

    return [web.get("/m/{token:[A-Za-z0-9_-]{16}}", shown)]


async def _said(core: Core, token: str) -> list[dict[str, str]]:
    """[{"text", "language"}]; raises NotFound for a link that is wrong or too old."""
    linked = sa.and_(
        delivery.c.conversation == message.c.conversation,
        message.c.seq >= delivery.c.from_seq,
        message.c.seq <= delivery.c.to_seq,
        message.c.author != "citizen",
    )
    said = sa.select(message.c.text, message.c.language).join_from(delivery, message, linked)
    of_link = said.where(delivery.c.link_digest == digest(token), delivery.c.written_at > core.clock() - STANDS)
    async with core.store.read() as tx:
        rows = await tx.execute(of_link.order_by(message.c.seq))
        lines = [{"text": row.text, "language": row.language} for row in rows]
    if not lines:
        raise NotFound("This link is wrong or too old.")
    return lines
