"""The desk beside the conversations: callbacks, search, board, hours, ready answers, the guide; pages and JSON."""

from __future__ import annotations

from aiohttp import web

from bot.core import Core
from bot.desk import (
    board_page,
    callbacks_page,
    canned_pages,
    guide_page,
    office_api,
    queue_page,
    schedule_page,
    search_page,
)
from bot.desk.pages import Desk


def routes(core: Core) -> list[web.RouteDef]:
    desk = Desk(core)
    pages = (callbacks_page, search_page, canned_pages, board_page, queue_page, schedule_page, guide_page)
    return [*(route for page in pages for route in page.routes(core, desk)), *office_api.routes(core)]
