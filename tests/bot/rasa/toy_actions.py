"""A small action server for tests of Rasa's process: it answers, counts, raises, says nothing or is slow, as asked."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

CALLS: dict[str, int] = {}


def answer(tracker: Tracker, text: str) -> dict[str, Any]:
    return {
        "outcome": "answered",
        "reply": {"text": text, "short": text, "choices": [], "sources": [], "language": tracker.get_slot("language")},
        "about": {
            "calls": CALLS[tracker.sender_id],
            "service": tracker.get_slot("service"),
            "events": len(tracker.events),
            "asked": next(event["metadata"] for event in reversed(tracker.events) if event["event"] == "user"),
        },
    }


class Service(Action):
    def name(self) -> str:
        return "action_service"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        text = tracker.latest_message["text"] or ""
        CALLS[tracker.sender_id] = CALLS.get(tracker.sender_id, 0) + 1
        if "slow" in text:
            await asyncio.sleep(1.5)
        if "broken" in text:
            raise ValueError("a broken action")
        if "formless" in text:
            dispatcher.utter_message(json_message={"not": "an answer"})
        elif "nothing" not in text:
            dispatcher.utter_message(json_message=answer(tracker, text))
        service = next(tracker.get_latest_entity_values("service"), None)
        return [SlotSet("service", service)] if service else []


class Clarify(Action):
    def name(self) -> str:
        return "action_clarify"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        CALLS[tracker.sender_id] = CALLS.get(tracker.sender_id, 0) + 1
        dispatcher.utter_message(json_message={**answer(tracker, "?"), "outcome": "clarified"})
        return []
