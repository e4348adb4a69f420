"""What runs for as long as an application does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any

from aiohttp import web


def during(app: web.Application, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Begin `work` when the application starts, and cancel it when it ends."""

    async def running(_app: web.Application) -> AsyncGenerator[None]:
        task = asyncio.create_task(work())
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    app.cleanup_ctx.append(running)
