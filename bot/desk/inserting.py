"""What can be put into a reply: canned answers with what is known filled in, and what is said of a service."""

from __future__ import annotations

from typing import Any

from bot import canned
from bot.core import Core
from bot.desk.pages import words
from bot.people import Person
from text.fold import fold


async def ready(core: Core, who: Person, one: dict[str, Any]) -> list[dict[str, Any]]:
    """The canned answers for a conversation, with those blanks filled in that are known: who answers, the one case."""
    cases: list[str] = one["handoff"]["cases"] if one["handoff"] else []
    known = {"agent": who.name, "agency": core.site.agency_name(one["agency"], one["language"])}
    known |= {"reference": cases[0]} if len(cases) == 1 else {}
    offered = await canned.available(core, who, one["language"])
    fitting = (each for each in offered if each["agency"] in (None, one["agency"]))
    return [each | {"reply": _filled(each["reply"], known)} for each in fitting]


def _filled(text: str, known: dict[str, str]) -> str:
    for name, value in known.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def services(core: Core, who: Person) -> list[dict[str, str]]:
    """What can be told of, by name; found in both languages."""
    shown = [
        {
            "identifier": one["identifier"],
            "name": one["name"][who.language],
            "description": one["description"][who.language],
            "found": " ".join([*one["name"].values(), one["identifier"]]),
        }
        for one in core.site.services
    ]
    return sorted(shown, key=lambda one: fold(one["name"]))


def sides(core: Core, who: Person, service: str, language: str, *, brief: bool) -> list[dict[str, str]]:
    """What the catalogue says of a service in the citizen's language, each side with the text for a reply."""
    source = words(language)["conversation"]["source"]

    def reply(one: dict[str, Any]) -> str:
        told = [one["text"], source.format(titles="; ".join(one["sources"]))] if one["sources"] else [one["text"]]
        return one["brief"] if brief else "\n".join(told)

    return [
        {"which": f"{service}:{one['side']}", "name": one["label"][who.language], "reply": reply(one)}
        for one in core.site.answers(service, language, core.clock())
    ]
