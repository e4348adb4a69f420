"""What a service costs and how long it takes, by case, channel and applicant."""

from __future__ import annotations

from datetime import date

from actions.said import Telling
from actions.telling.nearest import nearest_first
from actions.telling.short import joined
from actions.telling.view import View
from actions.telling.write import bullets, limit, lines, money, sentence, short_day
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
    apart = [cost for cost in found if not any(_lowers(cost, other) for other in found)]
    ordered, meant = nearest_first(view, apart, [_condition(view, cost) for cost in apart])
    lower = [[one for one in found if _lowers(one, cost)] for cost in ordered]
    said = [_cost(view, cost, rates) for cost, rates in zip(ordered, lower, strict=True)]
    if len(said) == 1:
        text = view.voice("fee_one", name=view.head, fee=sentence(said[0]))
    else:
        text = _listed(view, view.voice("fee_many", name=view.inside), said, meant=meant)
    if any(view.voice("unconfirmed") in line for line in said):
        text = lines(text, view.voice("fee_unconfirmed"))
    brief = [_brief(view, cost, lower=bool(rates)) for cost, rates in zip(ordered, lower, strict=True)]
    return Telling(text, joined(view.voice, f"{view.short_name}: ", brief), view.sources(*_sourced(found)))


def _lowers(cost: Cost, other: Cost) -> bool:
    """Whether a cost is a dated, unconfirmed lower rate of the other: told beside it, not as a case of its own."""
    amounts = cost.amount is not None and other.amount is not None and cost.amount < other.amount
    same = (cost.channel, cost.applicant) == (other.channel, other.applicant)
    return amounts and same and cost.unconfirmed and cost.effective_to is not None


def _listed(view: View, head: str, said: list[str], *, meant: bool) -> str:
    """The facts under their head; `meant`: the first is what the question is about."""
    told = [sentence(line) for line in said]
    if not meant:
        return lines(head, bullets(told))
    return lines(head, bullets(told[:1]), view.voice("other_cases"), bullets(told[1:]))


def _sourced(found: list[Cost]) -> list[Source | None]:
    """The sources to name: an unconfirmed fee has none, nor does it lean on the service's."""
    sources = [cost.source for cost in found if cost.source or not cost.unconfirmed]
    return sources or [None]


def _condition(view: View, cost: Cost) -> str:
    channel = view.voice(f"channel_{cost.channel}") if cost.channel else ""
    applicant = view.voice.pick(cost.applicant) if cost.applicant else ""
    return ", ".join(part for part in (channel, applicant) if part)


def _cost(view: View, cost: Cost, lower: list[Cost]) -> str:
    """"nộp trực tiếp: 20.000 đồng (đến hết … có thể chỉ thu 10.000 đồng, chưa xác nhận). Ghi chú"."""
    note = _note(view, cost)
    said = _amount(view, cost) + _may_be(view, lower)
    return f"{said}. {note}" if note and cost.amount is not None else said


def _may_be(view: View, lower: list[Cost]) -> str:
    """" (đến hết … có thể chỉ thu 10.000 đồng, chưa xác nhận)"; nothing where there is no lower rate."""
    until = [short_day(view.voice, cost.effective_to) if cost.effective_to else "" for cost in lower]
    fees = [money(view.voice, cost.amount or 0) for cost in lower]
    told = (view.voice("fee_lower", until=day, fee=fee) for day, fee in zip(until, fees, strict=True))
    return "".join(f" ({one})" for one in told)


def _amount(view: View, cost: Cost) -> str:
    """The amount under its condition; the note where there is none."""
    amount = money(view.voice, cost.amount) if cost.amount is not None else _note(view, cost) or view.voice("not_known")
    condition = _condition(view, cost)
    said = f"{condition}: {amount}" if condition else amount
    return f"{said} ({view.voice('unconfirmed')})" if _to_be_doubted(view, cost, said) else said


def _brief(view: View, cost: Cost, *, lower: bool) -> str:
    """The same with what makes it true in brackets: "miễn phí (đăng ký khai sinh trong 60 ngày từ ngày sinh)"."""
    first = _note(view, cost).split(". ")[0]
    amount = money(view.voice, cost.amount) if cost.amount is not None else first or view.voice("not_known")
    condition = _condition(view, cost)
    said = f"{condition}: {amount}" if condition else amount
    beside = [view.voice.inside(first)] if first and cost.amount is not None else []
    beside += [view.voice("fee_may_be_lower")] if lower else []
    beside += [view.voice("unconfirmed")] if _to_be_doubted(view, cost, said) else []
    return f"{said} ({', '.join(beside)})" if beside else said


def _note(view: View, cost: Cost) -> str:
    return view.voice.pick(cost.note).rstrip(".") if cost.note else ""


def _to_be_doubted(view: View, cost: Cost, said: str) -> bool:
    """Whether it is to be marked as not confirmed; a note may say it in its own words."""
    return cost.unconfirmed and view.voice("confirmed") not in said


def time_limit(view: View) -> Telling | None:
    found = view.service.time_limits
    if not found:
        return None
    ordered, meant = nearest_first(view, found, [view.voice.pick(one.when) if one.when else "" for one in found])
    said = [_limit(view, one) for one in ordered]
    if len(said) == 1:
        text = view.voice("time_one", name=view.head, time=sentence(said[0]))
    else:
        text = _listed(view, view.voice("time_many", name=view.inside), said, meant=meant)
    return view.telling(text, joined(view.voice, f"{view.short_name}: ", said), *(one.source for one in found))


def _limit(view: View, one: TimeLimit) -> str:
    said = limit(view.voice, one)
    return f"{view.voice.pick(one.when)}: {said}" if one.when else said
