"""What stands in the place of Rasa's own gives the same as Rasa's own, only sooner."""

from __future__ import annotations

import json
from typing import Any

import dask
import pytest
from jsonschema import ValidationError, validate
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.memoization import MemoizationPolicy
from rasa.core.policies.policy import Policy
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.rasa import patches

patches.apply()
SLOT = {"event": "slot", "timestamp": None, "name": "service", "value": {"of": "any kind"}}
ANSWERS: list[dict[str, Any]] = [
    {},
    {"events": [], "responses": []},
    {"events": [SLOT, {"event": "followup", "name": "action_listen"}], "responses": [{"text": "x"}]},
    {"events": [{"event": "user", "text": "x", "parse_data": {"intent": {"name": "fee"}, "entities": []}}]},
    {"events": [{"event": "bot", "text": 7}]},
    {"events": [{**SLOT, "name": 7}]},
    {"events": [{"event": "slot", "name": "service"}]},
    {"events": [{"event": "no such event"}]},
    {"events": [{"name": "service"}]},
    {"events": [{"event": "entities"}]},
    {"events": ["slot"]},
    {"events": {"event": "slot"}},
    {"responses": ["text"]},
]


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_an_answer_has_the_form_that_rasa_asks_for(answer: dict[str, Any]) -> None:
    action = RemoteAction("action_service", None)
    try:
        validate(answer, RemoteAction.action_response_format_spec())
    except ValidationError:
        with pytest.raises(ValidationError, match="does not have Rasa's form"):
            action._validate_action_result(answer)
    else:
        assert action._validate_action_result(answer)


def test_a_graph_gives_what_dask_gives() -> None:
    calls: list[str] = []

    def node(name: str) -> Any:
        def run(*needs: Any) -> tuple[str, Any]:
            calls.append(name)
            return name, [need if isinstance(need, str) else need[1] for need in needs]

        return run

    graph = {
        "input": ("input", "given"),
        "a": (node("a"), "input"),
        "b": (node("b"), "a", "input"),
        "c": (node("c"), "a", "b", "not there"),
        "unasked": (node("unasked"), "a"),
    }
    found = patches._run_graph(graph, ["c", "b"])
    assert calls == ["a", "b", "c"]
    assert found == tuple(dask.get({name: graph[name] for name in graph if name != "unasked"}, ["c", "b"]))


def examples(*texts: str) -> TrainingData:
    return TrainingData([Message(data={TEXT: text, INTENT: "fee"}) for text in texts])


@pytest.mark.parametrize(
    "parts",
    [
        [examples("a", "b"), TrainingData()],
        [TrainingData(), examples("a", "b"), None],
        [TrainingData(), TrainingData()],
        [examples("a", "b"), examples("b", "c")],
        [examples("a"), TrainingData(entity_synonyms={"x": "y"})],
        [examples("a"), TrainingData(responses={"utter_x": [{"text": "x"}]})],
    ],
)
def test_merged_data_is_what_rasa_merges(parts: list[Any]) -> None:
    merged, by_rasa = TrainingData.merge(*parts), patches._merge_slowly(*parts)
    assert merged.training_examples == by_rasa.training_examples
    assert merged.entity_synonyms == by_rasa.entity_synonyms
    assert merged.responses == by_rasa.responses
    assert merged.fingerprint() == by_rasa.fingerprint()


class Node:
    """A node of a loaded model's graph."""

    def __init__(self, component: Any) -> None:
        self._component = component


class Runner:
    """What holds the nodes of a loaded model."""

    def __init__(self, *policies: Policy) -> None:
        self._instantiated_nodes = {str(place): Node(one) for place, one in enumerate([object(), *policies])}


def rule_policy(rules: dict[str, tuple[str, ...]]) -> RulePolicy:
    """One that learned what follows what: of each action, behind which others and which intents it stands."""
    policy = RulePolicy.__new__(RulePolicy)
    policy.lookup = {RULES: {}}
    for before, behind in rules.items():
        for place, action in enumerate(behind):
            state = {"user": {"intent": f"i{place}"}, "prev_action": {"action_name": before}}
            policy.lookup[RULES][json.dumps([{}, state])] = action
    return policy


def test_only_an_action_behind_which_each_rule_listens_ends_a_turn() -> None:
    rules = rule_policy({
        "action_listen": ("ends", "goes_on", "either"),
        "ends": ("action_listen", "action_listen"),
        "goes_on": ("ends",),
        "either": ("action_listen", "ends"),
    })  # fmt: skip
    assert patches._enders(Runner(rules)) == {"ends"}
    assert patches._enders(Runner(rules, MemoizationPolicy.__new__(MemoizationPolicy))) == frozenset()
