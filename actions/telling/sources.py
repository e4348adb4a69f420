"""Where a fact comes from and how sure it is, as a link under the answer."""

from __future__ import annotations

import re
from collections.abc import Iterable

from actions.answer import SourceLink
from actions.telling.write import month, short_day
from actions.voice import Voice
from knowledge.contract import LegalResource, Source

_ENGLISH = (("Điều ", "Article "), ("điều ", "article "), ("Khoản ", "Clause "), ("khoản ", "clause "),
            ("Điểm ", "Point "), ("điểm ", "point "), ("Phụ lục ", "Annex "), ("Mẫu ", "Form "))


def act(voice: Voice, legal: LegalResource) -> str:
    """"Luật Hộ tịch 2014, Điều 11"; in English the act keeps its own name unless the pack has a title for it."""
    name = voice.pick(legal.title) if legal.title else legal.act
    return f"{name}, {_article(voice, legal.article)}" if legal.article else name


def _article(voice: Voice, article: str) -> str:
    if voice.language == "en":
        article = re.sub(r"^Điều (?=\d+\w*, \d)", "Articles ", article)
        for vietnamese, english in _ENGLISH:
            article = article.replace(vietnamese, english)
    return article


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
