"""What staff read when a conversation reaches them: three lines of fields, nothing the citizen typed."""

from __future__ import annotations

from actions.answer import Handoff, Reason
from actions.desk import front_desk
from actions.knowledge import Known
from actions.turn import Turn
from actions.voice import Voice


def handoff(turn: Turn, reason: Reason, known: Known | None) -> Handoff:
    """To the remembered service's agency, or to the authority's front desk."""
    service = known.catalogue.services.get(turn.memory.service or "") if known else None
    desk = front_desk(known.catalogue) if known else None
    return {
        "reason": reason,
        "topic": service.identifier if service else turn.memory.event,
        "agency": service.competent_authority if service else desk and desk.identifier,
        "summary": summary(turn, reason, known),
    }


def summary(turn: Turn, reason: Reason, known: Known | None) -> str:
    voice = Voice(turn.language)
    lines = [voice("summary_reason", reason=voice(f"reason_{reason}"), language=voice("this_language"))]
    lines += [_topic(voice, turn, known)] if known and _topic(voice, turn, known) else []
    if turn.memory.case_reference:
        lines.append(voice("summary_case", reference=turn.memory.case_reference))
    return "\n".join(lines)


def _topic(voice: Voice, turn: Turn, known: Known) -> str:
    service = known.catalogue.services.get(turn.memory.service or "")
    if service:
        facet = voice(f"facet_{turn.memory.facet}") if turn.memory.facet else voice("facet_any")
        return voice("summary_service", service=voice.pick(service.name), facet=facet)
    event = known.catalogue.life_events.get(turn.memory.event or "")
    return voice("summary_event", event=voice.pick(event.name)) if event else ""
