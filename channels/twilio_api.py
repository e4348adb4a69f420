"""Twilio's own client over our wire. Facts and links: twilio_errors.py."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from aiohttp import encode_basic_auth
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response as TwilioResponse
from yarl import URL

from channels.twilio_errors import error_in, fault
from channels.wire import Wire

log = logging.getLogger(__name__)

HOST = "https://api.twilio.com"


class Api(AsyncTwilioHttpClient):
    """Twilio's client over our wire: whatever is no good answer is raised as what to do about it, and told once."""

    def __init__(self, base_url: str, timeout: float) -> None:
        super().__init__(pool_connections=False)    # pyright: ignore[reportUnknownMemberType]
        self._base_url = base_url
        self._wire = Wire(timeout)
        self._told = set[str]()

    async def request(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, method: str, url: str, params: Mapping[str, Any] | None = None, data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None, auth: tuple[str, str] | None = None, **_: object,
    ) -> TwilioResponse:
        address = URL(self._base_url + url.removeprefix(HOST) if self._base_url else url).update_query(params or {})
        proof = {"Authorization": encode_basic_auth(*auth)} if auth else {}
        answer = await self._wire.call(method, address, data=data, headers={**(headers or {}), **proof})
        error = error_in(answer.status, answer.headers, answer.text)
        if error:
            self._tell(error.code)
            raise error
        self._told.clear()
        return TwilioResponse(answer.status, answer.text, answer.headers)

    def _tell(self, code: str) -> None:
        found = fault(int(code))
        if found.do in ("account", "alert") and code not in self._told:
            self._told.add(code)
            log.error("Twilio refuses with code %s: %s", code, found.means)

    async def close(self) -> None:
        await self._wire.close()
