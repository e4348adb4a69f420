"""How a module of the desk describes its part of the API; bot/desk/openapi.py puts the parts together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class Step:
    """`path` behind /desk/api, "/people/{id}"; `answers`: the schema by status, None for a refusal; 400 and 401 are
    everywhere, 403 wherever something is changed. `query`: the schema by name. `is_open`: for who is not signed in."""

    method: Literal["get", "post"]
    path: str
    summary: str
    shape: type[BaseModel] | None
    answers: Mapping[str, dict[str, Any] | None]
    query: Mapping[str, dict[str, Any]] = field(default_factory=dict[str, Any])
    is_open: bool = False
