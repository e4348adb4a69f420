"""A citizen talking to the abilities through rasa-sdk's own executor and tracker, slots kept as Rasa keeps them."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from rasa_sdk.executor import ActionExecutor

from actions.all import abilities
from actions.answer import Answer, Language
from actions.telling.facets import TELL
from actions.world import World
from knowledge import gazetteer
from knowledge.catalogue import Catalogue
from text.fold import strip_diacritics, words

Names = dict[str, list[tuple[str, str]]]
ACTIONS = {**dict.fromkeys((*TELL, "name_service"), "action_service"), "nlu_fallback": "action_clarify"}

PERSON = "intent=talk_to_person"

Row = tuple[Language, str, str, str]     # language, what the citizen writes, and two things more


def both_spellings(rows: list[Row]) -> list[Row]:
    """Vietnamese twice: as it should be typed, and as it often is."""
    plain: list[Row] = [(one[0], strip_diacritics(one[1]), one[2], one[3]) for one in rows]
    return [*rows, *(row for row in plain if row not in rows)]


def offered(answer: Answer) -> list[str]:
    """The values of the choices; of a person without why one is offered."""
    values = [one["value"] for one in answer["reply"]["choices"]]
    return [PERSON if value.startswith(PERSON) else value for value in values]


def passed_on(answer: Answer) -> str | None:
    """Why it hands the conversation to staff, without asking; None where it does not."""
    handoff = answer.get("handoff")
    return handoff["reason"] if handoff else None


def names_of(catalogue: Catalogue) -> Names:
    """The gazetteer's names, folded."""
    names: Names = {}
    for one in gazetteer.names(catalogue):
        meant = names.setdefault(" ".join(words(one.name)), [])
        if (one.kind, one.id) not in meant:
            meant.append((one.kind, one.id))
    return names


def find_names(names: Names, text: str) -> list[dict[str, str]]:
    """What the gazetteer finds: the longest names, in any spelling of diacritics."""
    said, found, start = words(text), list[dict[str, str]](), 0
    while start < len(said):
        sizes = [size for size in range(8, 0, -1) if " ".join(said[start : start + size]) in names]
        size = min(sizes[0], len(said) - start) if sizes else 1
        found += [{"entity": kind, "value": one} for kind, one in names.get(" ".join(said[start : start + size]), [])]
        start += size
    return found


class Conversation:
    def __init__(self, world: World, language: str = "vi", names: Names | None = None) -> None:
        self.executor: Any = ActionExecutor()
        for ability in abilities(world):
            self.executor.register_action(ability)
        self.language = language
        self.channel = "web"
        self.names = names or {}
        self.slots: dict[str, Any] = {}
        self.events: list[dict[str, Any]] = []
        self.last: Answer | None = None
        self.messages = 0
        self.handovers = 0

    async def say(
        self,
        text: str,
        intent: str,
        *,
        language: str | None = None,
        likely: tuple[str, ...] = (),
        confidence: float = 0.9,
        chance: float = 0.5,
        **entities: Any,
    ) -> Answer:
        """One turn: what the citizen writes, and what the understanding makes of it."""
        self.language = language or self.language
        self.slots["language"] = self.language
        given = [
            {"entity": name, "value": value}
            for name, values in entities.items() for value in (values if isinstance(values, tuple) else (values,))
        ]
        message = {
            "text": text,
            "intent": {"name": intent, "confidence": confidence},
            "intent_ranking": [{"name": name, "confidence": chance} for name in (intent, *likely)],
            "entities": given or find_names(self.names, text),
            "metadata": self._metadata(),
        }
        self.events.append({"event": "user", "text": text, "parse_data": message, "metadata": message["metadata"]})
        return await self._run(ACTIONS.get(intent, f"action_{intent}"), message)

    def _metadata(self) -> dict[str, Any]:
        """What our channel says of a new message."""
        self.messages += 1
        message = {"message": f"m-{self.messages}", "handovers": self.handovers}
        return message | {"language": self.language, "channel": self.channel, "address": "hash"}

    async def say_unheard(self, text: str, intent: str, **given: Any) -> Answer:
        """A turn that Rasa does not keep, for it broke off: nothing is remembered, and the next message is the same."""
        kept = dict(self.slots), list(self.events), self.last, self.messages
        answer = await self.say(text, intent, **given)
        self.slots, self.events, self.last, self.messages = kept
        return answer

    async def choose(self, place: int) -> Answer:
        """Taking a choice of the last answer, 1 being the first."""
        assert self.last
        chosen = self.last["reply"]["choices"][place - 1]
        given = {name: values[0] for name, values in parse_qs(chosen["value"]).items()}
        intent = given.pop("intent")
        return await self.say(
            chosen["label"], intent, language=None, likely=(), confidence=1.0, chance=0.5, **given
        )

    async def _run(self, action: str, message: dict[str, Any]) -> Answer:
        tracker = {"sender_id": "c-1", "slots": dict(self.slots), "latest_message": message, "events": self.events}
        result = await self.executor.run({"next_action": action, "tracker": tracker, "domain": {}})
        assert result
        self.slots |= {event["name"]: event["value"] for event in result.events if event["event"] == "slot"}
        (response,) = result.responses
        self.last = response["custom"]
        return response["custom"]
