"""The page of a demonstration: what can be tried and with what; there is none where cases are people's own."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.settings import Settings
from bot.web import app
from knowledge.catalogue import load
from motcua.wiring import site
from tests.bot.conftest import Gateway

PACK = load(Path(__file__).parents[2] / "knowledge" / "pack")


@pytest.mark.parametrize(("mode", "status"), [("demonstration", 200), ("production", 404)])
async def test_it_exists_in_a_demonstration_alone(gateway: Gateway, mode: str, status: int) -> None:
    shown = site(PACK, Settings.model_validate({"mode": mode}), {})
    core = replace(gateway.core, site=shown)
    async with TestClient(TestServer(app.public(core, gateway.assistant, gateway.figures))) as public:
        answer = await public.get("/demo", headers={"Accept": "text/html"})
        told = await answer.text()
    assert answer.status == status
    assert bool(shown.demonstration_cases) == ("H15.50.05.13-261008-0975" in told) == (status == 200)
    assert bool(re.search(r"<code>\d{4}</code>", told)) == (status == 200)
