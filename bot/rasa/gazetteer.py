"""The entity extractor as a component of Rasa's pipeline: names of the gazetteer, references, dates, phone numbers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from text.dates import find_dates
from text.phone import find_phones
from text.reference import find_references

from bot.rasa import patches
from bot.rasa.names import Name, Names, known

patches.apply()

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class Gazetteer(GraphComponent, EntityExtractorMixin):
    """Adds entities in the order of the text. What a case reference covers is never also a phone number or a date."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Gazetteer:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            found = [_entity(text, name) for name in find(text, known(), datetime.now(ZONE).date())]
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages


def find(text: str, names: Names, today: date) -> list[Name]:
    """Everything in a text that has a form or a name."""
    found: list[Name] = []
    for group in (_references(text), _phones(text), _dates(text, today), names.find(text)):
        taken = list(found)
        found += [n for n in group if not any(n.start < other.end and other.start < n.end for other in taken)]
    return sorted(found)


def _references(text: str) -> Iterable[Name]:
    return (Name(f.start, f.end, "case_reference", f.reference) for f in find_references(text))


def _phones(text: str) -> Iterable[Name]:
    return (Name(f.start, f.end, "phone", f.phone) for f in find_phones(text))


def _dates(text: str, today: date) -> Iterable[Name]:
    return (Name(f.start, f.end, "date", f.date) for f in find_dates(text, today))


def _entity(text: str, name: Name) -> dict[str, Any]:
    return {
        "entity": name.kind,
        "value": name.id,
        "start": name.start,
        "end": name.end,
        "text": text[name.start : name.end],
        "confidence_entity": 1.0,
        "extractor": "Gazetteer",
    }
