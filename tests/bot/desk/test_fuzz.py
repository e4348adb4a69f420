"""The desk's API, tried by schemathesis with what its description allows and with what it does not, on every route."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any, cast

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from tests.bot.conftest import Gateway

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ENDLESS = "/desk/api/events"  # a stream: what it sends is tested where it is used
TRIES = 6  # of each route and mode
OURS = settings(
    max_examples=TRIES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


async def test_every_route_answers_as_it_is_described(gateway: Gateway) -> None:
    agent = await gateway.agent("Lan", role="administrator")
    citizen = await gateway.open("vi")
    await citizen.say("gặp nhân viên")
    assert (await agent.post(f"conversations/{citizen.conversation}/claim")).status == 200
    description = await (await gateway.staff.get("/desk/api/openapi.json")).json()
    address = str(gateway.staff.make_url("")).rstrip("/")
    tried, faults = await asyncio.to_thread(_tried, description, address, agent.headers, citizen.conversation)
    assert faults == []
    there = {(method, path) for path, methods in description["paths"].items() for method in methods}
    assert tried == {(method, path) for method, path in there if method != "parameters" and path != ENDLESS}
    assert (await agent.get("queue")).status == 200


def _tried(
    description: dict[str, Any], address: str, headers: dict[str, str], conversation: str
) -> tuple[set[tuple[str, str]], list[str]]:
    """The routes, and what was wrong with their answers."""
    schema = schemathesis.openapi.from_dict(description)
    tried, faults = set[tuple[str, str]](), list[str]()
    operations = [cast(Any, found).ok() for found in schema.get_all_operations()]
    for operation in (one for one in operations if one.path != ENDLESS):
        tried.add((operation.method, operation.path))
        for mode in GenerationMode:
            try:
                _try(operation, mode, address, headers, conversation)
            except Exception as err:
                faults.append(f"{operation.method} {operation.path}, {mode.value}: {err!r}")
    return tried, faults


def _try(operation: Any, mode: GenerationMode, address: str, headers: dict[str, str], conversation: str) -> None:
    """With ids that exist and ids that do not: half of them are of the conversation that is there."""
    checks = [*CHECKS, negative_data_rejection] if mode is GenerationMode.NEGATIVE else CHECKS

    @OURS
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case: Any) -> None:
        if "{id}" in operation.path and hash(str(case.path_parameters)) % 2:
            case.path_parameters["id"] = conversation
        if isinstance(case.body, dict) and "id" in case.body and mode is GenerationMode.POSITIVE:
            case.body["id"] = str(uuid.uuid4())
        response = case.call(base_url=address, headers=headers, timeout=20)
        case.validate_response(response, checks=checks, headers=headers)

    one()
