"""Which life event a text names: "chú tôi mất hôm qua" is a death, "chú tôi mất ví" a lost purse."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from actions.answer import Language
from actions.knowledge import Known
from actions.naming import telling_words
from actions.turn import LANGUAGES, Turn
from actions.which import hits_of
from knowledge.contract import LifeEvent
from text.fold import fold, words

MOST_OF = 0.6           # of a name's telling words
# In folded text. Whose relative it is, one for the other; and what may stand between the words of a name.
_WHOSE = frozenset({"toi", "em", "minh", "my", "our", "his", "her"})
_BETWEEN = _WHOSE | {
    "cua", "chung", "nha", "ho", "noi", "ngoai", "ruot", "vua", "moi", "da", "bi", "cung",
    "has", "have", "had", "just", "is", "was", "s", "ve", "recently", "suddenly", "been",
}
# "Mất" is to die where nothing follows, or a time, a place, a reason, a question; before anything else it is to lose or
# to take. Folded, "cần" is "căn" of the card too, "do" is "đồ", "tại" is "tài khoản", "vì" is a purse.
_ILL = "benh|ung|tai nan|dot|tuoi|gia|covid|bi|som"
_LOST = re.compile(
    r"\bmat (?!(?:roi|hom|tuan|thang|nam|sang|trua|chieu|toi|dem|ngay|luc|thi|phai|lam|o|duoc|co|nen|hoi|va|cach|moi"
    r"|nay|khi|xin|gio|som|het|lau|ca|cung|tu|vao|sau|truoc"
    r"|cuoi|chua|em|minh|a|khoi|trong|ra|dot ngot|can(?! cuoc)|tai(?! khoan| san| lieu| nghe)"
    rf"|(?:do|vi) (?:{_ILL})|ma (?:chua|khong|ko|gio|gia|toi|em|minh|con))\b)\w"
)
Likeness = Callable[[str, Language], int]


def named_event(turn: Turn, known: Known, *, loosely: bool = False) -> LifeEvent | None:
    """The event that the understanding names, or a name of which stands in the text: its words in order, or `loosely`
    all of them anywhere."""
    events, said, lost = known.catalogue.life_events, words(turn.text), loses_something(turn.text)
    named = [events[one] for one in turn.entities.get("event", ()) if one in events]
    if named and not lost:
        return named[0]

    def stands(name: str, _: Language) -> int:
        spoken = words(name)
        if lost and spoken[-1] == "mat":
            return 0
        return _in_order(spoken, said) or (_all_of(spoken, set(said)) if loosely else 0)

    return _likest(events.values(), stands)


def which_event(turn: Turn, known: Known) -> LifeEvent | None:
    """The event most of whose name's telling words are said; else the only one that the service found belongs to."""
    events, said = known.catalogue.life_events, set(words(turn.text))
    if event := _likest(events.values(), lambda name, language: _most_of(name, language, said)):
        return event
    hits = hits_of(turn, known)
    of_service = known.catalogue.services[hits[0].id].life_events if hits else ()
    return events.get(of_service[0]) if len(of_service) == 1 else None


def loses_something(text: str) -> bool:
    """Whether a Vietnamese text tells of something lost, or of how long it takes: "mất căn cước", "mất bao lâu"."""
    return _LOST.search(fold(text)) is not None


def _in_order(name: Sequence[str], said: Sequence[str]) -> int:
    """How many words a name has that stands in the text so; 0 where it does not."""
    return len(name) if any(_begins(name, said[start:]) for start in range(len(said))) else 0


def _begins(name: Sequence[str], said: Sequence[str]) -> bool:
    place = 0
    for word in name:
        while place < len(said) and not _alike(word, said[place]) and place and said[place] in _BETWEEN:
            place += 1
        if place >= len(said) or not _alike(word, said[place]):
            return False
        place += 1
    return True


def _alike(one: str, other: str) -> bool:
    return one == other or (one in _WHOSE and other in _WHOSE)


def _all_of(name: Sequence[str], said: set[str]) -> int:
    return len(set(name)) if set(name) <= said else 0


def _most_of(name: str, language: Language, said: set[str]) -> int:
    telling = telling_words(name, language)
    common = len(telling & said)
    return common if common >= 2 and common >= MOST_OF * len(telling) else 0


def _likest(events: Iterable[LifeEvent], likeness: Likeness) -> LifeEvent | None:
    """The event one of whose names is most like the text; none if none is."""
    scores = [(max(likeness(name, language) for name, language in _names(event)), event) for event in events]
    best = max(scores, key=lambda scored: scored[0], default=(0, None))
    return best[1] if best[0] else None


def _names(event: LifeEvent) -> list[tuple[str, Language]]:
    others = {language: event.alternative_names.get(language, ()) for language in LANGUAGES}
    return [(name, language) for language in LANGUAGES for name in (event.name[language], *others[language])]
