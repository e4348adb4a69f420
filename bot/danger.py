"""Danger to life and limb: recognised by phrases alone, before anything else sees a text, above any confidence.

bot/words/danger.<language>.yml holds the phrases in tiers. `now` tells of what goes on and is never overruled; `body`
tells of what happens to somebody, and is overruled only where they have died; `told` may be over or about papers, and
is overruled by words that say so, unless others say that it still goes on; `alone` must be the whole message and
`clause` a whole clause; `cry` and `plea` say nothing but "save me", which people also write when a form is due. What
holds a dangerous word and means something else is `harmless` and is taken out first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from itertools import accumulate

from bot.phrases import Found, Phrases, read_sets, read_templates
from bot.spelling import BREAK, Spelling
from bot.words import LANGUAGES, table

TIERS = ("now", "body", "told", "clause", "alone", "cry", "plea")
_ERRAND = {"errand", "papers"}
OVERRULED = {
    "body": {"dead"},
    "told": {"dead", "over", "papers"},
    "clause": _ERRAND,
    "cry": {"errand"},
    "plea": _ERRAND,
}
SHORT = ("clause", "alone")
AROUND = ("harmless", "dead", "over", "papers", "errand", "still", "beside")


def danger(text: str) -> str | None:
    """The kind of emergency that a text tells of ("fire", "medical", …), the most urgent one first, else None."""
    phrases, surroundings, spelling = _compiled()
    words = spelling.words(text)
    told = phrases.found(words)
    if not told:
        return None
    around = surroundings.found(words)
    said = {one.tag for one in around}
    kinds = {kind for tier, kind in _telling(words, _real(told, around), around) if _stands(tier, said)}
    return next((kind for kind in table("door")["numbers"] if kind in kinds), None)


def _real(told: Collection[Found], around: Collection[Found]) -> list[Found]:
    """Without those that a harmless phrase takes out."""
    harmless: defaultdict[int, list[Found]] = defaultdict(list)
    for one in around:
        for at in range(one.start, one.end) if one.tag == "harmless" else ():
            harmless[at].append(one)
    return [
        one
        for one in told
        if not any(_takes_out(other, one) for at in range(one.start, one.end) for other in harmless[at])
    ]


def _takes_out(harmless: Found, danger: Found) -> bool:
    """Of two that share words: whether the danger says no more than the harmless phrase, as "gọi chữa cháy" does."""
    inside = danger.start <= harmless.start and harmless.end <= danger.end
    return not inside or harmless[1:] == danger[1:]


def _stands(tier: str, said: set[str]) -> bool:
    return (tier == "told" and "still" in said) or said.isdisjoint(OVERRULED.get(tier, ()))


def _telling(words: Sequence[str], real: Collection[Found], around: Collection[Found]) -> Iterator[tuple[str, str]]:
    """Tier and kind of each phrase that counts where it stands."""
    split = [(one, *one.tag.split("/")) for one in real]
    beside = [*(one for one, tier, _ in split if tier in SHORT), *(one for one in around if one.tag == "beside")]
    covered = {at for one in beside for at in range(one.start, one.end)}
    clauses = list(accumulate(word == BREAK for word in words))
    unclear = {clauses[at] for at, word in enumerate(words) if word != BREAK and at not in covered}
    for one, tier, kind in split:
        if tier not in SHORT or not unclear or (tier == "clause" and clauses[one.start] not in unclear):
            yield tier, kind


@cache
def _compiled() -> tuple[Phrases, Phrases, Spelling]:
    phrases, surroundings = Phrases(crossing=True), Phrases()
    for language in LANGUAGES:
        said = table(f"danger.{language}")
        sets = read_sets(said["sets"])
        for tier in TIERS:
            for kind, templates in said[tier].items():
                phrases.add(f"{tier}/{kind}", read_templates(templates, sets))
        for around in AROUND:
            surroundings.add(around, read_templates(said[around], sets))
    return phrases, surroundings, Spelling(phrases.words | surroundings.words)
