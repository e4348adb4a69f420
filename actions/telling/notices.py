"""What a question asks beside a fact: whether a foreigner may, what the penalty is, what holds after the deadline."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.said import Telling
from actions.telling.view import View
from actions.telling.write import bullets, lines, sentence
from text.fold import fold

# In folded text. "Đi nước ngoài" is a journey, "người nước ngoài" a person.
_FOREIGN = re.compile(
    r"\b(nguoi|chong|vo|khach|quoc tich) (nuoc ngoai|ngoai quoc|tay)\b|\bngoai kieu\b|\bforeigners?\b|\bexpats?\b"
    r"|\bforeign (citizen|national|husband|wife|partner|spouse|guest|resident)s?\b|\bnon.?vietnamese\b"
)
_FOREIGN_TOLD = re.compile(r"\b(nguoi nuoc ngoai|foreigners?)\b")
_CITIZENS = re.compile(r"\bcong dan viet nam\b|\bvietnamese citizens?\b")
_PENALTY = re.compile(
    r"\b(bi|muc|tien|xu) phat\b|\bphat (khong|ko|k|bao|gi|tien|hanh)\b"
    r"|\b(penalty|penalties|fined|punished)\b|\ba fine\b"
)
_FINE_TOLD = re.compile(r"\bphat\b|\bfines?\b")
_DEADLINE = re.compile(r"\d+ (ngay|gio|days?|hours?)\b")
# "Muộn", late, is looked for as it is written: folded it is "muốn", to want.
_LATE = re.compile(
    r"\b(qua|tre|cham) (thoi )?han\b|\b(khai sinh|khai tu|dang ky|khai bao) (tre|cham)\b"
    r"|\bchua (lam|dang ky|khai|khai bao)\b|\blate\b|\boverdue\b|\b(after|past|missed|miss) the (deadline|time limit)\b"
    r"|\b(not|never|not yet|haven.?t|hasn.?t) registered\b"
)
_AFTER = re.compile(r"\b(?:qua|hon|sau|after|over|past|more than) (\d+) (?:ngay|days?)\b")
_TOLD_LATE = re.compile(r"\bqua han\b|\blate\b")
FINES = "traffic-fine"          # of this one the fine is the subject


def asks_for_penalty(view: View) -> bool:
    return view.service.identifier != FINES and speaks_of_penalty(view.asked)


def speaks_of_penalty(text: str) -> bool:
    return _PENALTY.search(fold(text)) is not None


def for_the_late(view: View, telling: Telling, facet: str | None) -> Telling:
    """The same, preceded by the deadline and what is paid after it, where the question is about being late."""
    terms = [text for text in _conditions(view)[1:] if _DEADLINE.search(fold(text)) or _TOLD_LATE.search(fold(text))]
    if not terms or not _is_late(view.asked, terms):
        return telling
    said = " ".join([*terms, *(_late_fees(view) if facet != "fee" else [])])
    return replace(telling, text=lines(said, telling.text), brief=f"{said} {telling.brief}")


def speaks_of_lateness(text: str) -> bool:
    return _LATE.search(fold(text)) is not None or "muộn" in text.lower()


def _is_late(text: str, terms: list[str]) -> bool:
    after, numbers = _AFTER.search(fold(text)), {number for term in terms for number in re.findall(r"\d+", term)}
    return speaks_of_lateness(text) or (after is not None and after[1] in numbers)


def _late_fees(view: View) -> list[str]:
    noted = [cost for cost in view.service.costs if cost.applicant and cost.note]
    told = [(view.voice.pick(cost.applicant or {}), view.voice.pick(cost.note or {})) for cost in noted]
    return [sentence(f"{who}: {note}") for who, note in told if _TOLD_LATE.search(fold(who))]


def for_foreigners(view: View, telling: Telling) -> Telling:
    """The same, preceded by what the record says of foreigners, where the question is about one."""
    said = _of_foreigners(view) if _FOREIGN.search(fold(view.asked)) else ""
    return replace(telling, text=lines(said, telling.text), brief=f"{said} {telling.brief}") if said else telling


def _of_foreigners(view: View) -> str:
    """What the record says of foreigners, or that it is for citizens."""
    texts = _conditions(view)
    told = next((text for text in texts if _FOREIGN_TOLD.search(fold(text))), "")
    citizens = any(_CITIZENS.search(fold(text)) for text in [*texts, view.voice.pick(view.service.description)])
    return told or (view.voice("citizens_only") if citizens else "")


def penalty(view: View) -> tuple[Telling, bool]:
    """The fine as far as the record tells it, else that it is not known, and by when the thing is to be done; whether
    the record tells anything."""
    texts = _conditions(view)[1:]
    fines = [text for text in texts if _FINE_TOLD.search(fold(text))]
    terms = [text for text in texts if _DEADLINE.search(fold(text)) and text not in fines]
    lead = f"{view.head}:" if fines else view.voice("penalty_unknown", name=view.inside)
    text = lines(lead, "" if fines or not terms else view.voice("penalty_known"), bullets([*fines, *terms]))
    return view.telling(text, " ".join([lead, *(fines or terms)])), bool(fines or terms)


def _conditions(view: View) -> list[str]:
    """Who may apply, and on what conditions, as sentences; who may apply is the first."""
    who = view.voice.pick(view.service.who_may_apply) if view.service.who_may_apply else ""
    return [sentence(text) for text in (who, *map(view.voice.pick, view.service.requirements))]
