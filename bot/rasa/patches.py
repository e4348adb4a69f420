"""What Rasa 3.6.21 does and should not, put right in the running process. Each replacement says why."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from functools import lru_cache, partial
from types import SimpleNamespace
from typing import Any

import aiohttp
import rasa.core.actions.action as actions
import rasa.core.processor as processor
import rasa.engine.runner.dask as graph_runner
import rasa.shared.data as data
import ujson  # comes with sanic
from jsonschema.exceptions import best_match
from jsonschema.validators import extend, validator_for
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.rasa.paths import home

ACTION_SECONDS = 20.0  # Rasa waits five minutes for an action, and holds the conversation's lock as long


def apply() -> None:
    """Idempotent; called by the importer, the channel, the tracker store and a component: every command has it."""
    RemoteAction._validate_action_result = _validate
    RemoteAction.__init__ = _remote_action
    RemoteAction._action_call_format = _call
    Event.resolve_by_type = staticmethod(_resolve)
    Agent._create_tracker_store = staticmethod(_own_store)
    actions.DEFAULT_REQUEST_TIMEOUT = ACTION_SECONDS
    ClientResponseError.__init__ = _response_error
    data._find_data_files_in_directory = _find_files
    graph_runner.dask = SimpleNamespace(get=_run_graph)
    TrainingData.merge = _merge
    processor.MessageProcessor._predict_next_with_tracker = _predict
    for speaks in (actions.logger, processor.logger):
        speaks.addFilter(_tell_once)
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")  # citizens' use is nobody else's business


@lru_cache(maxsize=1)
def _validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    plain = validator_for(schema)
    return extend(plain, {"oneOf": partial(_one_form, plain.VALIDATORS["oneOf"])})(schema)


def _one_form(one_of: Callable[..., Iterator[Any]], validator: Any, forms: list[Any], event: Any, schema: Any) -> Any:
    """An event can only have the form of its name; Rasa tries each of 23 on each event."""
    of_its_name = [form for form in forms if form.get("properties", {}).get("event") == {"const": _name(event)}]
    return one_of(validator, of_its_name or forms, event, schema)


def _name(event: Any) -> Any:
    return event.get("event") if isinstance(event, dict) else None


def _validate(self: RemoteAction, result: dict[str, Any]) -> bool:
    """jsonschema.validate checks its own schema again at every call: 20 to 44 ms of every turn."""
    error = best_match(_validator().iter_errors(result))
    if error is not None:
        error.message += ". The action server's answer does not have Rasa's form"
        raise error
    return True


def _remote_action(self: RemoteAction, name: str, action_endpoint: EndpointConfig | None) -> None:
    self._name = name
    self.action_endpoint = _reached(action_endpoint)


def _reached(written: EndpointConfig | None) -> EndpointConfig | None:
    """endpoints.yml cannot give a default beside an environment variable: where the runner names a port it counts.

    `rasa shell` beside a running system is told nothing by the runner and finds the secret where that one keeps it.
    """
    port, secret = os.environ.get("MOTCUA_ACTIONS_PORT"), os.environ.get("MOTCUA_ACTIONS_SECRET") or _kept_secret()
    if port:
        return action_server(f"http://127.0.0.1:{port}/webhook", secret)
    return action_server(written.url, secret) if written and secret and not written.token else written


def _kept_secret() -> str | None:
    try:
        return json.loads((home() / "secrets.json").read_text())["actions_secret"]
    except (OSError, ValueError, KeyError):
        return None  # no system has run here, or it is not ours to read


@lru_cache(maxsize=1)
def action_server(url: str, secret: str | None) -> EndpointConfig:
    return _Connected(url, token=secret, enable_selective_domain=True)


_call_format = RemoteAction._action_call_format


def _call(self: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
    """Without the domain, as endpoints.yml says, unless an action wants it; rasa-sdk refuses a call that has none."""
    return {"domain": {}, **_call_format(self, tracker, domain)}


class _Connected(EndpointConfig):
    """The action server with its connections kept: Rasa makes a session and a connection anew for every action."""

    _open: aiohttp.ClientSession | None = None
    _loop: asyncio.AbstractEventLoop | None = None

    @asynccontextmanager
    async def session(self) -> AsyncIterator[aiohttp.ClientSession]:  # type: ignore[override]
        loop = asyncio.get_running_loop()
        if self._open is None or self._loop is not loop:  # `rasa test` runs several loops, one after the other
            self._open, self._loop = aiohttp.ClientSession(json_serialize=ujson.dumps), loop
        yield self._open


def _run_graph(graph: dict[str, tuple[Any, ...]], targets: list[str]) -> tuple[Any, ...]:
    """dask plans, orders and queues each run anew; for a dozen functions that wait for one another this is enough."""
    results: dict[str, Any] = {}

    def result_of(name: str) -> Any:
        if name not in graph:
            return name  # what a component can do without
        if name not in results:
            function, *needs = graph[name]
            results[name] = function(*map(result_of, needs)) if callable(function) else graph[name]
        return results[name]

    return tuple(map(result_of, targets))


_predict_slowly = processor.MessageProcessor._predict_next_with_tracker


def _predict(self: processor.MessageProcessor, tracker: DialogueStateTracker) -> PolicyPrediction:
    """After an action behind which every rule only listens, Rasa looks through the history and the rules once more."""
    ends = tracker.latest_action_name in _enders(self.graph_runner)
    if not ends or tracker.followup_action or tracker.active_loop:
        return _predict_slowly(self, tracker)
    return PolicyPrediction.for_action_name(self.domain, ACTION_LISTEN_NAME, RulePolicy.__name__)


@lru_cache(maxsize=1)
def _enders(runner: Any) -> frozenset[str]:
    """The actions that are in some rule, and in each are followed by nothing; none where another policy has a say."""
    policies = [one._component for one in runner._instantiated_nodes.values() if isinstance(one._component, Policy)]
    if [type(one) for one in policies] != [RulePolicy]:
        return frozenset()
    next_ones: dict[str, set[str]] = {}
    for states, action in policies[0].lookup[RULES].items():
        before = json.loads(states)[-1].get(PREVIOUS_ACTION, {}).get(ACTION_NAME, ACTION_LISTEN_NAME)
        next_ones.setdefault(before, set()).add(action)
    return frozenset(one for one, behind in next_ones.items() if behind == {ACTION_LISTEN_NAME})


_merge_slowly = TrainingData.merge


def _merge(self: TrainingData, *others: TrainingData | None) -> TrainingData:
    """Rasa copies, cleans and hashes every example a dozen times a training, mostly to add nothing to them.

    Examples are shared here instead: nothing changes them once they are read.
    """
    filled = [one for one in (self, *others) if one and (not one.is_empty() or one.responses)]
    if any(one.entity_synonyms or one.regex_features or one.lookup_tables or one.responses for one in filled):
        return _merge_slowly(self, *others)
    if len(filled) < 2:
        return filled[0] if filled else self
    merged = TrainingData()
    merged.training_examples = list(dict.fromkeys(example for one in filled for example in one.training_examples))
    return merged


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


def _tell_once(record: logging.LogRecord) -> bool:
    """An action server that is away is told by Rasa twice, with a traceback of its own code: one sentence will do."""
    raised = sys.exc_info()[1]
    if isinstance(raised, aiohttp.ClientConnectionError):
        record.msg = f"No action server answers ({raised}): it starts with the system, by `make run`."
        record.args = ()
    return not isinstance(getattr(raised, "__context__", None), aiohttp.ClientConnectionError)


def _find_files(folder: str, wanted: Callable[[str], bool]) -> set[str]:
    """Bare `rasa test` looks for stories below the root, where the environments are too, with Rasa's own samples."""
    found: set[str] = set()
    for place, below, files in os.walk(folder, followlinks=True):
        below[:] = [name for name in below if not name.startswith(".")]
        candidates = [os.path.join(place, name) for name in sorted(files)]
        found.update(file for file in candidates if data.is_valid_filetype(file) and wanted(file))
    return found
