"""What the catalogue says of a service, for staff to put into a reply: each side of it, as the assistant tells it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from actions.answer import Language
from actions.said import Telling
from actions.telling.facets import TELL
from actions.telling.view import View
from actions.voice import Voice
from bot.words import LANGUAGES
from knowledge.catalogue import Catalogue


def answers(catalogue: Catalogue) -> Callable[[str, Language, datetime], list[dict[str, Any]]]:
    """(service, language, now) → [{"side", "label": {"vi", "en"}, "text", "brief": for one SMS, "sources": titles}]:
    the sides that the catalogue tells; [] for a service that is not there."""

    def of(service: str, language: Language, now: datetime) -> list[dict[str, Any]]:
        found = catalogue.services.get(service)
        if found is None:
            return []
        view = View(found, catalogue, Voice(language), now)
        told = [(side, tell(view)) for side, tell in TELL.items()]
        return [_shown(side, telling) for side, telling in told if telling is not None]

    return of


def _shown(side: str, telling: Telling) -> dict[str, Any]:
    label = {language: Voice(language)(f"facet_{side}") for language in LANGUAGES}
    sources = [source["title"] for source in telling.sources]
    return {"side": side, "label": label, "text": telling.text, "brief": telling.brief, "sources": sources}
