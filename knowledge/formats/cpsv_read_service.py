"""One service of CPSV-AP as a pack has it: what cpsv_service.py writes, and what others write in its stead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from knowledge.contract import ChannelType, Text, Unit
from knowledge.formats import cpsv_terms as terms
from knowledge.formats.cpsv_view import View
from knowledge.formats.drafts import NO_ONLINE, SOME_ONLINE, Drafts, Tree
from text.fold import fold

_UNITS: dict[str, Unit] = {"unitDay": "calendar-day", "unitMonth": "month"}
_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:\d+M)?(?:\d+S)?)?")
# What channels are called elsewhere, looked for in that order: "e-mail" is no post, "homepage" no visit at home.
_CALLED: dict[ChannelType, str] = {
    "online": r"e-?mail|on-?line|web|home ?page|internet|digital|portal|app\b|truc tuyen",
    "phone": r"phone|call|hotline|dien thoai|tong dai",
    "post": r"\bpost|mail|letter|buu chinh",
    "in-person": r"person|desk|counter|office|bureau|physical|visit|truc tiep",
}


def facts(view: View, drafts: Drafts) -> Tree:
    """Everything but who it is, whose it is, and what it points to."""
    forms: dict[str, Tree] = {}
    for form in view.links("foaf:page"):
        _form(form, forms)
    evidence = _evidence(view, forms, drafts)
    channels = list(_channels(view, drafts))
    return {
        "code": _code(view),
        "alternative_names": view.names("skos:altLabel", "dct:alternative"),
        "keywords": view.names("dcat:keyword"),
        "who_may_apply": joined(view.links("dct:audience")),
        "evidence": evidence,
        "costs": list(_costs(view, drafts)),
        "time_limits": _time_limits(view),
        "steps": _steps(view),
        "channels": channels,
        **_online(view, channels),
        "output": joined(view.views("cpsv:produces")),
        "requirements": _requirements(view),
        "forms": list(forms.values()),
        "legal_basis": [legal(law) for law in view.links("cv:hasLegalResource")],
        **_period(view),
    }


def joined(views: list[View]) -> Text | None:
    """What several nodes are called, as one text; only the languages that all have."""
    texts = [text for view in views if (text := view.texts("skos:prefLabel", "dct:title", "dct:description"))]
    common = [language for language in ("vi", "en") if texts and all(language in text for text in texts)]
    return {language: "; ".join(text[language] for text in texts) for language in common} or None


def source(view: View) -> Tree | None:
    """Where a fact was read; None where the file does not say it as we do."""
    told = view.one("dct:provenance")
    law, read = (told.one("dct:source"), told.string("dct:date")) if told else (None, None)
    if told is None or law is None or not read:
        return None
    by, on = told.one("prov:wasAttributedTo"), told.string("dct:dateAccepted")
    confirmed = {"verified_by": by.string("dct:title", "foaf:name"), "verified_on": on} if by and on else {}
    return {"legal": legal(law), "read": read[:7], **confirmed}


def legal(view: View) -> Tree:
    """An act by its number or name; one that is only named by its address has that."""
    title, cited = view.texts("dct:title", "eli:title"), view.string("dct:bibliographicCitation")
    act = view.string("dct:identifier", "eli:id_local") or cited or next(iter(title.values()), view.node.iri)
    url = view.url("schema:url", "rdfs:seeAlso") or ("" if view.described else view.node.iri)
    given: dict[str, Any] = {
        "article": cited.removeprefix(f"{act}, ") if cited and cited.startswith(f"{act}, ") else None,
        "title": title if act not in title.values() else None,
        "url": url if url.startswith(("http://", "https://")) else None,
    }
    return {"act": act} | {key: value for key, value in given.items() if value}


def _code(view: View) -> str | None:
    """The national code, where one of its identifiers looks like it."""
    given = [one.string("skos:notation") for one in view.views("adms:identifier")] + [view.string("dct:identifier")]
    return next((code for code in given if code and re.fullmatch(r"[1-9]\.\d{6}", code)), None)


def _form(view: View, forms: dict[str, Tree]) -> str | None:
    """The code of a form, which is added to those known."""
    code, name = view.string("dct:identifier"), view.texts("dct:title")
    if not code or not name:
        return None
    url = view.url("schema:url", "dcat:downloadURL")
    forms.setdefault(code, {"code": code, "name": name} | ({"url": url} if url else {}))
    return code


def _evidence(view: View, forms: dict[str, Tree], drafts: Drafts) -> list[Tree]:
    """Papers by the case they are for: a requirement that they support and the service itself does not hold."""
    held = {requirement.node.iri for requirement in view.views("cv:holdsRequirement")}
    cases: list[tuple[str, Tree]] = []
    for paper in view.views("cpsv:hasInput") or view.views("cv:hasInputType"):
        name = paper.texts("dct:title", "skos:prefLabel", "dct:description")
        if not name:
            drafts.skip(view.called, f"evidence '{paper.end}' without a name in vi or en")
            continue
        case = next((one for one in paper.links("cv:supportsRequirement") if one.node.iri not in held), None)
        when = case.texts("dct:title") if case else {}
        if not cases or cases[-1][0] != (case.node.iri if case and when else ""):
            cases.append((case.node.iri, {"when": when, "items": []}) if case and when else ("", {"items": []}))
        cases[-1][1]["items"].append(_item(paper, name, forms))
    return [case for _, case in cases]


def _item(paper: View, name: Text, forms: dict[str, Tree]) -> Tree:
    note = paper.texts("dct:description")
    form = next((code for page in paper.links("foaf:page") if (code := _form(page, forms))), None)
    return {"name": name} | ({"note": note} if note and note != name else {}) | ({"form": form} if form else {})


def _costs(view: View, drafts: Drafts) -> Iterator[Tree]:
    for cost in view.views("cv:hasCost"):
        told, value = source(cost), cost.number("cv:hasValue", "cv:value")
        currency = re.split(r"[/#:]", cost.iri("cv:currency") or "")[-1].upper()
        amount, note = _amount(value, currency), cost.texts("dct:description")
        if value is not None and amount is None:
            words = f"{value:g} {currency}".strip()
            note = {one: f"{words}. {note[one]}" if one in note else words for one in note or ("vi", "en")}
        if amount is None and not note:
            drafts.skip(view.called, "a cost without a value or a description in vi or en")
            continue
        doubtful = told is None or (cost.iri("adms:status") or "").endswith(terms.UNCONFIRMED)
        channel = cost.one("cv:ifAccessedThrough")
        tree: Tree = {
            "channel": _type(channel) if channel else None,
            "applicant": joined(cost.links("dct:audience")),
            "note": note,
            "source": told,
            "unconfirmed": doubtful or None,
            **_period(cost),
        }
        yield {"amount": amount} | {key: value for key, value in tree.items() if value}


def _amount(value: float | None, currency: str) -> int | None:
    """Whole dong; nothing is nothing in every currency."""
    known = value is not None and value >= 0 and value.is_integer() and (currency == "VND" or value == 0)
    return int(value or 0) if known else None


def _time_limits(view: View) -> list[Tree]:
    rules = [rule for rule in _rules(view) if _kind(rule) == terms.TIME_LIMIT]
    if rules:
        return [_time_limit(rule) for rule in rules]
    text = view.string("cv:processingTime")
    return [_processing_time(text, view)] if text else []


def _time_limit(rule: View) -> Tree:
    when, note, told = rule.texts("dct:title"), rule.texts("dct:description"), source(rule)
    tree: Tree = {"amount": None}
    if lasting := rule.one("time:hasDuration"):
        unit = re.split(r"[/#:]", lasting.iri("time:unitType") or "")[-1]
        tree = {"amount": int(lasting.number("time:numericDuration") or 0), "unit": _UNITS.get(unit, unit)}
        said = terms.lasting(tree["amount"], tree["unit"]) if tree["unit"] in terms.UNITS else {}
        note = {one: text.removeprefix(said.get(one, "")).removeprefix(". ") for one, text in note.items()}
    given: Tree = {
        "when": when if when != {one: terms.RULES[terms.TIME_LIMIT][one] for one in when} else None,
        "note": {one: text for one, text in note.items() if text},
        "source": told,
    }
    return tree | {key: value for key, value in given.items() if value}


def _processing_time(text: str, view: View) -> Tree:
    """An estimated duration (ISO 8601). Hours are told in words: nobody says whether they are working hours."""
    known = _DURATION.fullmatch(text)
    years, months, weeks, days, hours = (int(part or 0) for part in known.groups()) if known else (0,) * 5
    if known is None or not any((years, months, weeks, days, hours)):
        view.wrong(f"'{text}' is no duration; write it as P7D")
    if hours:
        day = {"vi": f"{days} ngày ", "en": f"{days} days "} if days else {"vi": "", "en": ""}
        return {"amount": None, "note": {"vi": f"{day['vi']}{hours} giờ", "en": f"{day['en']}{hours} hours"}}
    if years or months:
        return {"amount": years * 12 + months, "unit": "month"}
    return {"amount": weeks * 7 + days, "unit": "calendar-day"}


def _rules(view: View) -> list[View]:
    return view.views("cpsv:follows")


def _kind(rule: View) -> str:
    return next((kind.end for kind in rule.links("dct:type")), "")


def _steps(view: View) -> list[Text]:
    """The numbered lines of the rule that lists them, side by side where the languages have as many."""
    rule = next((rule for rule in _rules(view) if _kind(rule) == terms.STEPS), None)
    lines = {
        language: [re.sub(r"^\d+[.)]\s*", "", line) for line in text.split("\n") if line.strip()]
        for language, text in (rule.texts("dct:description") if rule else {}).items()
    }
    if len({len(steps) for steps in lines.values()}) > 1:
        lines = dict([next(iter(lines.items()))])
    return [dict(zip(lines, step, strict=True)) for step in zip(*lines.values(), strict=True)]


def _requirements(view: View) -> list[Text]:
    """What the service holds, and the rules of others, which say what they are in a title and a description."""
    own = [one.texts("dct:title", "dct:description") for one in view.views("cv:holdsRequirement")]
    rules = [rule for rule in _rules(view) if _kind(rule) not in (terms.STEPS, terms.TIME_LIMIT)]
    return [text for text in (*own, *(rule.texts("dct:description", "dct:title") for rule in rules)) if text]


def _channels(view: View, drafts: Drafts) -> Iterator[Tree]:
    for channel in view.views("cv:hasChannel"):
        kind = _type(channel)
        if kind is None:
            drafts.skip(view.called, f"channel '{channel.end}' of a kind that is not known here")
            continue
        url = channel.url("schema:serviceUrl", "foaf:page", "cv:contactPage")
        yield {"type": kind, "description": channel.texts("dct:description", "dct:title") or terms.CHANNELS[kind]} | (
            {"url": url} if url else {}
        )


def _type(channel: View) -> ChannelType | None:
    """The kind of a channel: by its type, else by what it and its type are called, else by having an address."""
    types = channel.links("dct:type")
    said = [text for one in (*types, channel) for text in one.texts("skos:prefLabel", "dct:title").values()]
    said += [*channel.texts("dct:description").values(), *(one.end for one in types)]
    for kind in terms.CHANNELS:
        if any(one.end == kind for one in types):
            return kind
    for kind, pattern in _CALLED.items():
        if any(re.search(pattern, fold(text)) for text in said):
            return kind
    return "online" if channel.iri("schema:serviceUrl", "foaf:page") else None


def _online(view: View, channels: list[Tree]) -> Tree:
    """How much can be done online; where the file does not say it, that it does not is said."""
    for concept in view.links("cv:isClassifiedBy"):
        for broader in concept.links("skos:broader"):
            if broader.end.startswith("online-"):
                reason = concept.texts("skos:note")
                return {"online_level": broader.end.removeprefix("online-"), "partial_reason": reason or None}
    online = any(channel["type"] == "online" for channel in channels)
    return {"online_level": "partial", "partial_reason": SOME_ONLINE} if online else {"partial_reason": NO_ONLINE}


def _period(view: View) -> Tree:
    period = view.one("dct:temporal")
    days = {"effective_from": "dcat:startDate", "effective_to": "dcat:endDate"}
    given = {key: period.string(one, one.replace("dcat:", "schema:")) for key, one in days.items()} if period else {}
    return {key: day[:10] for key, day in given.items() if day}
