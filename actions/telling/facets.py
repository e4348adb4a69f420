"""What can be asked of a service, and how each answer is told; None where the catalogue does not say it."""

from __future__ import annotations

from collections.abc import Callable

from actions.answer import Choice, choice
from actions.said import Telling
from actions.telling.costs import costs, fee, time_limit
from actions.telling.nearest import nearest_first
from actions.telling.places import other_ways, where
from actions.telling.short import fits, joined, one_line, sentences
from actions.telling.sources import act
from actions.telling.view import View
from actions.telling.write import bullets, lines, sentence, steps
from actions.voice import Voice
from knowledge.contract import EvidenceCase, EvidenceItem, Form

Tell = Callable[[View], Telling | None]
BESIDE = 2              # papers of one case that stand on its line; with more in any case, all stand under theirs


def how_to(view: View) -> Telling | None:
    said = [view.voice.pick(step) for step in view.service.steps]
    if not said:
        return None
    text = lines(view.voice("how_to", name=view.inside), steps(said), _result(view))
    brief = joined(view.voice, f"{view.short_name}: ", [f"{n}) {step.rstrip('.')}" for n, step in enumerate(said, 1)])
    return view.telling(text, brief)


def _result(view: View) -> str:
    return view.voice("result", output=view.voice.pick(view.service.output)) if view.service.output else ""


def documents(view: View) -> Telling | None:
    cases = view.service.evidence
    if not _papers(view):
        return None
    always = [case for case in cases if case.when is None]
    told = [_item(view, item) for case in always for item in case.items]
    special = [case for case in cases if case.when is not None]
    apart = any(len(case.items) > BESIDE for case in special)
    others = [_case(view, case, apart=apart) for case in special]
    text = lines(view.voice("documents", name=view.inside), bullets(told), *others)
    names = [view.voice.pick(item.name) for case in always for item in case.items]
    lead = view.voice("documents_lead", name=view.short_name)
    return view.telling(text, joined(view.voice, lead, [*names, *_only_in_a_case(view, special)]))


def _papers(view: View) -> bool:
    return any(case.items for case in view.service.evidence)


def _only_in_a_case(view: View, special: list[EvidenceCase]) -> list[str]:
    """The papers of each case, its first one behind the case; the case that is asked about comes first."""
    nearest, _ = nearest_first(view, special, [_when(view, case) for case in special])
    told: list[str] = []
    for case in nearest:
        papers = [view.voice.inside(view.voice.pick(item.name)) for item in case.items]
        told += [f"{view.voice.inside(_when(view, case))}: {papers[0]}", *papers[1:]] if papers else []
    return told


def _when(view: View, case: EvidenceCase) -> str:
    return sentence(view.voice.pick(case.when or {})).rstrip(".")


def _item(view: View, item: EvidenceItem) -> str:
    name = view.voice.pick(item.name)
    if item.form and not any(code.lower() in name.lower() for code in (item.form, _code(view, item.form))):
        name += f" ({_code(view, item.form)})"
    return f"{name}. {view.voice.pick(item.note)}" if item.note else name


def _case(view: View, case: EvidenceCase, *, apart: bool) -> str:
    """A case with its papers beside it, or under it."""
    when = _when(view, case)
    items = [_item(view, item).rstrip(".") for item in case.items]
    return lines(f"{when}:", bullets(items)) if apart else f"- {when}: {'; '.join(items)}"


def who_may_apply(view: View) -> Telling | None:
    if not view.service.who_may_apply:
        return None
    who = sentence(view.voice.pick(view.service.who_may_apply))
    conditions = [view.voice.pick(one) for one in view.service.requirements]
    text = lines(
        view.voice("who", name=view.head, who=who),
        lines(view.voice("requirements"), bullets(conditions)) if conditions else "",
    )
    brief = view.voice("who", name=view.short_name, who=who)
    if not fits(sentences(one_line(brief))[0]):
        brief = joined(view.voice, view.voice("who", name=view.short_name, who=""), who.split("; "))
    return view.telling(text, brief)


def online(view: View) -> Telling | None:
    level = view.service.online_level
    reason = view.voice.pick(view.service.partial_reason) if view.service.partial_reason else ""
    door = next((one for one in view.service.channels if one.type == "online"), None)
    at = sentence(view.voice.pick(door.description)) if door else ""
    fact = view.voice(f"online_{level}", name=view.inside)
    address = view.voice("online_at", url=door.url) if door and door.url else ""
    text = lines(fact, sentence(reason), view.voice("online_where", at=at) if at else "", address)
    return view.telling(text, " ".join(part for part in (fact, sentence(reason) or at) if part))


def form(view: View) -> Telling | None:
    forms = view.service.forms
    if not forms:
        return Telling(none := view.voice("no_form", name=view.inside), none, view.sources())
    said = [_form(view, one) for one in forms]
    text = lines(view.voice("forms", name=view.inside), bullets(said))
    names = [f"{_code(view, one.code)}, {view.voice.pick(one.name)}" for one in forms]
    return view.telling(text, joined(view.voice, view.voice("forms_lead", name=view.short_inside), names))


def _code(view: View, code: str) -> str:
    """How a form is called: "mẫu TK-KS", and "form 01" for "Mẫu số 01"."""
    return view.voice("form_code", code=code.removeprefix("Mẫu số ").removeprefix("Mẫu "))


def _form(view: View, one: Form) -> str:
    said = f"{sentence(_code(view, one.code)).rstrip('.')}: {view.voice.pick(one.name)}"
    return f"{said} – {one.url}" if one.url else said


def legal_basis(view: View) -> Telling | None:
    if not view.service.legal_basis:
        return None
    titled = [act(view.voice, legal, titled=True) for legal in view.service.legal_basis]
    text = lines(view.voice("legal_basis", name=view.inside), bullets(titled))
    acts = [act(view.voice, legal) for legal in view.service.legal_basis]
    return view.telling(text, joined(view.voice, f"{view.short_name}: ", acts))


def overview(view: View) -> Telling:
    """What the service is, who handles it and how to apply: the answer when no facet was asked."""
    description = view.voice.pick(view.service.description)
    handled = view.voice("handled_by", agency=view.agency_name)
    text = lines(f"{view.name}. {description}", handled, other_ways(view, every=True))
    return view.telling(text, f"{view.short_name}. {handled} {view.voice('ask_me')}")


TELL: dict[str, Tell] = {
    "documents": documents,
    "fee": fee,
    "time_limit": time_limit,
    "where": where,
    "how_to": how_to,
    "online": online,
    "who_may_apply": who_may_apply,
    "form": form,
    "legal_basis": legal_basis,
}
def with_sides(view: View, first: Telling, others: tuple[str, ...], *, by_sms: bool) -> tuple[Telling, tuple[str, ...]]:
    """The telling with the other sides below it, and those of them that are left: by SMS what has no room."""
    telling, left = first, list[str]()
    for side in others:
        told = TELL[side](view) or view.voice.telling("no_side", facet=view.voice(f"facet_{side}"))
        brief = f"{telling.brief} {_beside(view, side, told.brief)}"
        if by_sms and not fits(brief):
            left.append(side)
            continue
        sources = dict.fromkeys(source["title"] for source in telling.sources)
        new = tuple(source for source in told.sources if source["title"] not in sources)
        brief = brief if fits(brief) else telling.brief
        telling = Telling(lines(telling.text, told.text), brief, (*telling.sources, *new))
    return telling, tuple(left)


def _beside(view: View, side: str, brief: str) -> str:
    """A short form behind another of the same service: the side instead of the name."""
    lead, name = f"{view.short_name}: ", view.voice(f"facet_{side}")
    if not brief.startswith(lead):
        return brief
    fact = brief.removeprefix(lead)
    return fact if fact.startswith(name) else f"{name}: {fact}"


# What most people want next, in this order, and whether the catalogue says it: TELL would tell it only to know that.
FIRST: dict[str, Callable[[View], bool]] = {
    "documents": _papers,
    "fee": lambda view: bool(costs(view)),
    "time_limit": lambda view: bool(view.service.time_limits),
    "where": lambda view: bool(view.offices),
}


def facet_choices(voice: Voice, service: str, facets: tuple[str, ...]) -> tuple[Choice, ...]:
    return tuple(choice(voice(f"facet_{facet}"), facet, service=service) for facet in facets)
