"""Where a fact comes from and how sure it is, as a link under the answer."""

from __future__ import annotations

import re
from collections.abc import Iterable

from actions.answer import SourceLink
from actions.telling.write import month, short_day
from actions.voice import Voice, act_words
from knowledge.contract import LegalResource, Source


def act(voice: Voice, legal: LegalResource, *, titled: bool = False) -> str:
    """ "Luật Hộ tịch 2014, Điều 11" or "Law on Civil Status 2014, Article 11"; `titled`: with what it is about, where
    the pack says so."""
    name = _said(voice, legal.act)
    name = f"{name} ({voice.pick(legal.title)})" if titled and legal.title else name
    return f"{name}, {_article(voice, legal.article)}" if legal.article else name


def _article(voice: Voice, article: str) -> str:
    plural = re.sub(r"\bĐiều (?=\d+\w*(?:, \d|–\d))", "Articles ", article) if voice.language == "en" else article
    return _said(voice, plural)


def _said(voice: Voice, text: str) -> str:
    if voice.language == "en":
        for vietnamese, english in act_words().items():
            text = text.replace(vietnamese, english)
    return text


def verified(voice: Voice, source: Source) -> str:
    if source.verified_by and source.verified_on:
        return voice("source_verified", by=source.verified_by, on=short_day(voice, source.verified_on))
    return voice("source_read", month=month(voice, source.read))


def links(voice: Voice, sources: Iterable[Source | None]) -> tuple[SourceLink, ...]:
    """Each source once, in order; facts without one of their own give none."""
    found: dict[str, SourceLink] = {}
    for source in sources:
        if source:
            title = act(voice, source.legal)
            found.setdefault(title, {"title": title, "url": source.legal.url, "verified": verified(voice, source)})
    return tuple(found.values())
