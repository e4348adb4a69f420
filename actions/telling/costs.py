"""What a service costs and how long it takes, by case, channel and applicant."""

from __future__ import annotations

from datetime import date

from actions.said import Telling
from actions.telling.short import joined
from actions.telling.view import View
from actions.telling.write import bullets, limit, lines, money, sentence
from knowledge.contract import Cost, Source, TimeLimit


def in_force(cost: Cost, today: date) -> bool:
    """Whether a dated cost applies today; both days belong to it."""
    begun = cost.effective_from is None or cost.effective_from <= today
    return begun and (cost.effective_to is None or today <= cost.effective_to)


def costs(view: View) -> list[Cost]:
    return [cost for cost in view.service.costs if in_force(cost, view.today)]


def fee(view: View) -> Telling | None:
    found = costs(view)
    if not found:
        return None
    said = [_cost(view, cost) for cost in found]
    if len(said) == 1:
        text = view.voice("fee_one", name=view.head, fee=sentence(said[0]))
    else:
        text = lines(view.voice("fee_many", name=view.inside), bullets([sentence(line) for line in said]))
    if any(cost.unconfirmed for cost in found):
        text = lines(text, view.voice("fee_unconfirmed"))
    brief = joined(view.voice, f"{view.short_name}: ", [_cost(view, cost, notes=False) for cost in found])
    return Telling(text, brief, view.sources(*_sourced(found)))


def _sourced(found: list[Cost]) -> list[Source | None]:
    """The sources to name: an unconfirmed fee has none, nor does it lean on the service's."""
    sources = [cost.source for cost in found if cost.source or not cost.unconfirmed]
    return sources or [None]


def _condition(view: View, cost: Cost) -> str:
    channel = view.voice(f"channel_{cost.channel}") if cost.channel else ""
    applicant = view.voice.pick(cost.applicant) if cost.applicant else ""
    return ", ".join(part for part in (channel, applicant) if part)


def _cost(view: View, cost: Cost, *, notes: bool = True) -> str:
    """"nộp trực tiếp: 20.000 đồng (chưa xác nhận). Ghi chú"; without notes, the first sentence of what it must say."""
    note = view.voice.pick(cost.note).rstrip(".") if cost.note else ""
    said_instead = (note if notes else note.split(". ")[0]) or view.voice("not_known")
    amount = money(view.voice, cost.amount) if cost.amount is not None else said_instead
    condition = _condition(view, cost)
    said = f"{condition}: {amount}" if condition else amount
    if cost.unconfirmed:
        said += f" ({view.voice('unconfirmed')})"
    return f"{said}. {note}" if notes and note and cost.amount is not None else said


def time_limit(view: View) -> Telling | None:
    found = view.service.time_limits
    if not found:
        return None
    said = [_limit(view, one) for one in found]
    if len(said) == 1:
        text = view.voice("time_one", name=view.head, time=sentence(said[0]))
    else:
        text = lines(view.voice("time_many", name=view.inside), bullets([sentence(line) for line in said]))
    return view.telling(text, joined(view.voice, f"{view.short_name}: ", said), *(one.source for one in found))


def _limit(view: View, one: TimeLimit) -> str:
    said = limit(view.voice, one)
    return f"{view.voice.pick(one.when)}: {said}" if one.when else said
