"""What Rasa 3.6.21 does on every turn and should not, put right in the running process. Each replacement says why."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any

import aiohttp
import rasa.core.actions.action as actions
from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

ACTION_SECONDS = 20.0  # Rasa waits five minutes for an action, and holds the conversation's lock as long


def apply() -> None:
    """Idempotent; called by the channel and by the tracker store, so that every command that serves has it."""
    RemoteAction._validate_action_result = _validate
    RemoteAction.__init__ = _remote_action
    Event.resolve_by_type = staticmethod(_resolve)
    Agent._create_tracker_store = staticmethod(_own_store)
    actions.DEFAULT_REQUEST_TIMEOUT = ACTION_SECONDS
    ClientResponseError.__init__ = _response_error
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")  # citizens' use is nobody else's business


@lru_cache(maxsize=1)
def _validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    return validator_for(schema)(schema)


def _validate(self: RemoteAction, result: dict[str, Any]) -> bool:
    """jsonschema.validate checks its own schema again at every call: 20 to 44 ms of every turn."""
    error = best_match(_validator().iter_errors(result))
    if error is not None:
        error.message += ". The action server's answer does not have Rasa's form"
        raise error
    return True


def _remote_action(self: RemoteAction, name: str, action_endpoint: EndpointConfig | None) -> None:
    """endpoints.yml cannot give a default beside an environment variable: where the runner names a port it counts."""
    self._name = name
    port, secret = os.environ.get("MOTCUA_ACTIONS_PORT"), os.environ.get("MOTCUA_ACTIONS_SECRET")
    self.action_endpoint = action_server(port, secret) or action_endpoint


@lru_cache(maxsize=1)
def action_server(port: str | None, secret: str | None) -> EndpointConfig | None:
    return EndpointConfig(f"http://127.0.0.1:{port}/webhook", token=secret) if port else None


_resolve_slowly = Event.resolve_by_type


@lru_cache(maxsize=256)
def _resolve(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """Rasa walks all subclasses for each event of a tracker that it reads back: a third of that time."""
    return _resolve_slowly(type_name, default)


def _own_store(store: TrackerStore | None, domain: Domain) -> TrackerStore:
    """Rasa wraps the store so that a failing save goes to memory and is forgotten: a turn not kept must fail."""
    if store is None:
        return InMemoryTrackerStore(domain)
    store.domain = domain
    return store


def _response_error(self: ClientResponseError, status: int, message: str, text: str) -> None:
    """An action server that fails sends the whole conversation back, and Rasa would write it into its log."""
    aiohttp.ClientError.__init__(self, f"{status}, {message}")
    self.status, self.message, self.text = status, message, text
