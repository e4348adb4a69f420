"""What can be found, as the search sees it: services and articles as weighted texts, long ones in stretches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge.catalogue import Catalogue
from knowledge.contract import LANGUAGES, Article, PublicService
from knowledge.languages import own
from knowledge.postings import Field

_STRETCH = 100                # words; bench/search_threshold.py: decline AUC .872 against .862 for whole texts


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be found. `language` None: in every language."""

    id: str
    kind: str
    language: str | None
    fields: tuple[Field, ...]

    def names(self) -> Iterator[Field]:
        """What it is called: its name or title, and what people call it."""
        return (field for field in self.fields if field.name in ("name", "other"))

    def parts(self) -> list[list[Field]]:
        """A long text in stretches, each with the names: words that stand together answer together."""
        head = [field for field in self.fields if field.name != "body"]
        bodies = [field for field in self.fields if field.name == "body"]
        stretches = [Field("body", text, body.language) for body in bodies for text in _stretches(body.text)]
        return [[*head, stretch] for stretch in stretches] or [head]


def service_entries(catalogue: Catalogue) -> list[Entry]:
    """Every service of the catalogue, findable in both languages."""
    services = catalogue.services.values()
    return [Entry(service.identifier, "service", None, tuple(_service_fields(service))) for service in services]


def article_entries(articles: Iterable[Article]) -> list[Entry]:
    """Articles, each in its own language."""
    return [
        Entry(a.id, "article", a.language, (Field("name", a.title, a.language), Field("body", a.body, a.language)))
        for a in articles
    ]


def _service_fields(service: PublicService) -> Iterator[Field]:
    named = own(service.name, service.written_in)
    texts = [service.description, service.output, service.who_may_apply, *service.requirements]
    texts += [item.name for case in service.evidence for item in case.items]
    written = [own(text, service.written_in) for text in texts if text]
    for language in LANGUAGES:
        if language in named:
            yield Field("name", named[language], language)
        for name in service.alternative_names.get(language, ()):
            yield Field("other", name, language)
        for word in service.keywords.get(language, ()):
            yield Field("keyword", word, language)
        if body := "\n".join(text[language] for text in written if language in text):
            yield Field("body", body, language)


def _stretches(text: str) -> list[str]:
    """Whole sentences together up to so many words; a longer sentence alone."""
    stretches: list[str] = []
    words = 0
    for sentence in re.split(r"(?<=[.;:!?\n])\s+", text.strip()):
        size = len(sentence.split())
        if stretches and words + size <= _STRETCH:
            stretches[-1] += " " + sentence
            words += size
        else:
            stretches.append(sentence)
            words = size
    return stretches
