"""Labelled questions for the search: real sets from ../shared/data, with what must be declined, and the sample's own.

Each Set is an index and questions with their right ids; [] means that declining is right. Where a set has no questions
of its own (a catalogue of names), they are made by a fixed rule: words dropped, an everyday frame around, marks off.
"""
# ruff: noqa: S311 sampling needs to repeat itself, not to be secret

from __future__ import annotations

import csv
import json
import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from knowledge.catalogue import BrokenPack, load
from knowledge.contract import Article
from knowledge.entries import Entry, article_entries, service_entries
from knowledge.search import ARTICLES, SERVICES, Index, Tuning
from text.fold import strip_diacritics

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
FRAMES = {
    "vi": ["{}", "{} cần giấy tờ gì", "làm thế nào để {}", "{} hết bao nhiêu tiền", "tôi muốn hỏi về {}",
           "{} nộp ở đâu", "cho em hỏi {} mất bao lâu ạ", "thủ tục {}"],
    "en": ["{}", "how do I get {}", "what do I need for {}", "how much is {}", "I want to apply for {}",
           "where do I go for {}", "how long does {} take", "{} please"],
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question; `right` empty: to be declined."""

    question: str
    language: str
    right: frozenset[str]


@dataclass(frozen=True, slots=True)
class Set:
    name: str
    entries: list[Entry]
    asked: list[Asked]
    tuning: Tuning = ARTICLES

    def index(self) -> Index:
        return Index(self.entries, self.tuning)


def sets(negatives: int = 150) -> list[Set]:
    """Every set whose data is present, each with its share of questions to decline."""
    makers = [_pack, _quebec, _quebec_holes, _procedures, _kenya, _banking, _clinc, _home, _bilingual]
    return [made for maker in makers if (made := maker(negatives)) is not None]


def _rows(name: str) -> list[Any]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def _both(asked: Iterable[Asked]) -> list[Asked]:
    """Vietnamese questions a second time without diacritics."""
    asked = list(asked)
    bare = [Asked(strip_diacritics(a.question), a.language, a.right) for a in asked if a.language == "vi"]
    return asked + [a for a in bare if a not in asked]


def _strangers(language: str, count: int, seed: int, leave: frozenset[str] = frozenset()) -> list[Asked]:
    """Real questions to other systems: a smart home, a bank, a general assistant."""
    home = [row["text"] for row in _rows(f"home-assistant-intents/{language}.jsonl")] if "home" not in leave else []
    texts = {"home": home}
    if language == "en":
        clinc = json.loads((DATA / "clinc150/data_full.json").read_text(encoding="utf-8"))
        texts["clinc"] = [row[0] for row in clinc["oos_test"] + clinc["test"][:2000]]
        texts["banking"] = [text for text, _ in _banking_rows("test")]
    chosen = random.Random(seed)
    kept = {name: sorted(set(rows)) for name, rows in texts.items() if rows and name not in leave}
    each = max(1, count // max(1, len(kept)))
    picked = [q for rows in kept.values() for q in chosen.sample(rows, min(each, len(rows)))]
    return [Asked(q, language, frozenset()) for q in picked]


def _banking_rows(part: str) -> list[tuple[str, str]]:
    with (DATA / f"banking77/{part}.csv").open(encoding="utf-8") as file:
        return [(row["text"], row["category"]) for row in csv.DictReader(file)]


def _own(key: str) -> Any:
    return yaml.safe_load((ROOT / "tests/knowledge/questions.yml").read_text(encoding="utf-8"))[key]


def _declined() -> list[Asked]:
    return [Asked(q, language, frozenset()) for language, rows in _own("declined").items() for q in rows]


def _pack(negatives: int) -> Set | None:
    try:
        catalogue = load(ROOT / "knowledge/pack")
    except BrokenPack:
        return None
    asked = [
        Asked(question, language, frozenset({service}))
        for service, by_language in _own("services").items() if service in catalogue.services
        for language, rows in by_language.items() for question in rows
    ]
    strangers = _strangers("vi", negatives // 2, 1) + _strangers("en", negatives // 2, 2) if DATA.exists() else []
    return Set("sample pack", service_entries(catalogue), _both(asked + _declined() + strangers), SERVICES)


def _quebec_articles() -> list[Article]:
    return [Article(r["id"], r["question"], r["answer"], "en") for r in _rows("covidfaq-quebec/kb_en.jsonl")]


def _quebec_asked() -> list[Asked]:
    return [Asked(r["query"], "en", frozenset({r["gold"]})) for r in _rows("covidfaq-quebec/queries_en.jsonl")]


def _quebec(negatives: int) -> Set | None:
    if not (DATA / "covidfaq-quebec").exists():
        return None
    return Set("quebec faq", article_entries(_quebec_articles()), _quebec_asked() + _strangers("en", negatives, 3))


def _holes(name: str, articles: list[Article], asked: list[Asked], seed: int) -> Set:
    """A third of the articles taken away: their questions look in place, but nothing answers them."""
    gone = set(random.Random(seed).sample(sorted(a.id for a in articles), len(articles) // 3))
    left = [Asked(a.question, a.language, a.right - gone) for a in asked]
    return Set(name, article_entries(a for a in articles if a.id not in gone), left)


def _quebec_holes(_: int) -> Set | None:
    if not (DATA / "covidfaq-quebec").exists():
        return None
    return _holes("quebec with holes", _quebec_articles(), _quebec_asked(), 4)


def _procedure_articles() -> list[Article]:
    files = sorted((DATA / "procedures-vn").glob("*.json"))
    rows = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    return [
        Article(row["thu_tuc_id"], row["metadata"]["tên_thủ_tục"], _text(row["content"]), "vi")
        for row in rows if row["metadata"].get("tên_thủ_tục")
    ]


def _text(value: Any) -> str:
    if isinstance(value, dict):
        value = list(cast(dict[str, Any], value).values())
    return "\n".join(map(_text, cast(list[Any], value))) if isinstance(value, list) else str(value or "")


def _named(named: list[tuple[str, str]], language: str, seed: int, each: int) -> list[Asked]:
    """Questions made from names: a stretch of the name, sometimes a word dropped, in an everyday frame."""
    chosen = random.Random(seed)
    asked: list[Asked] = []
    owners: dict[str, set[str]] = defaultdict(set)
    for identifier, name in named:
        owners[name].add(identifier)
    for _, name in named:
        words = [w for w in name.removeprefix("Thủ tục ").replace(",", " ").rstrip(".").split() if w]
        for _ in range(each):
            size = min(len(words), chosen.randint(6, 14) if language == "vi" else chosen.randint(3, 6))
            start = chosen.randint(0, len(words) - size)
            kept = words[start : start + size]
            if len(kept) > 3 and chosen.random() < 0.4:
                kept.pop(chosen.randrange(len(kept)))
            right = frozenset[str]().union(*(ids for n, ids in owners.items() if " ".join(kept) in n)) | owners[name]
            asked.append(Asked(chosen.choice(FRAMES[language]).format(" ".join(kept).lower()), language, right))
    return asked


def _procedures_asked() -> list[Asked]:
    return _named([(a.id, a.title) for a in _procedure_articles()], "vi", 5, 3)


def _procedures(negatives: int) -> Set | None:
    if not (DATA / "procedures-vn").exists():
        return None
    asked = _both(_procedures_asked() + _strangers("vi", negatives, 6))
    return Set("procedures vn", article_entries(_procedure_articles()), asked)


def _kenya(negatives: int) -> Set | None:
    if not (DATA / "kenya-ecitizen").exists():
        return None
    rows = json.loads((DATA / "kenya-ecitizen/services.json").read_text(encoding="utf-8"))
    named = [(r["service_id"], r["service_name"]) for r in rows if r["service_name"]]
    articles = [Article(identifier, name, "", "en") for identifier, name in named]
    long = [pair for pair in named if len(pair[1].split()) >= 3]
    asked = _named(random.Random(8).sample(long, 400), "en", 9, 1)
    by_name: dict[str, set[str]] = defaultdict(set)
    for identifier, name in named:
        by_name[name.lower()].add(identifier)
    names = dict(named)
    full = [
        Asked(a.question, "en", frozenset[str]().union(*(by_name[names[i].lower()] for i in a.right))) for a in asked
    ]
    return Set("kenya services", article_entries(articles), full + _strangers("en", negatives, 10))


Rows = list[tuple[str, str]]


def _examples(name: str, rows: Rows, test: Rows, language: str, own: list[Asked]) -> Set:
    """Intents as articles: a few of the training sentences are the body, the intent's name the title."""
    by_intent: dict[str, list[str]] = defaultdict(list)
    for text, intent in rows:
        by_intent[intent].append(text)
    chosen = random.Random(11)
    articles: list[Article] = []
    for intent, texts in sorted(by_intent.items()):
        body = chosen.sample(texts, min(8, len(texts)))
        articles.append(Article(intent, body[0], "\n".join(body[1:]), language))
    asked = [Asked(text, language, frozenset({intent})) for text, intent in chosen.sample(test, min(400, len(test)))]
    return Set(name, article_entries(articles), _both(asked + own))


def _banking(negatives: int) -> Set | None:
    if not (DATA / "banking77").exists():
        return None
    strangers = _strangers("en", negatives, 12, frozenset({"banking"}))
    return _examples("banking77", _banking_rows("train"), _banking_rows("test"), "en", strangers)


def _clinc(negatives: int) -> Set | None:
    if not (DATA / "clinc150").exists():
        return None
    rows = json.loads((DATA / "clinc150/data_full.json").read_text(encoding="utf-8"))
    own = [Asked(text, "en", frozenset()) for text, _ in random.Random(13).sample(rows["oos_test"], 2 * negatives)]
    return _examples("clinc150", rows["train"], rows["test"], "en", own)


def _home(negatives: int) -> Set | None:
    if not (DATA / "home-assistant-intents").exists():
        return None
    rows = [(r["text"], r["file"]) for r in _rows("home-assistant-intents/vi.jsonl")]
    random.Random(14).shuffle(rows)
    cut = len(rows) // 2
    known = {intent for _, intent in rows[:cut]}
    test = [(text, intent) for text, intent in rows[cut:] if intent in known]
    others = [Asked(a.question, "vi", frozenset()) for a in random.Random(15).sample(_procedures_asked(), 60)]
    return _examples("home vi", rows[:cut], test, "vi", others + [a for a in _declined() if a.language == "vi"])


def _bilingual(negatives: int) -> Set | None:
    """Vietnamese and English articles in one index, as an authority has them."""
    if not (DATA / "procedures-vn").exists() or not (DATA / "covidfaq-quebec").exists():
        return None
    chosen = random.Random(16)
    asked = chosen.sample(_quebec_asked(), 200) + chosen.sample(_procedures_asked(), 100)
    strangers = _strangers("vi", negatives // 2, 17) + _strangers("en", negatives // 2, 18)
    entries = article_entries(_quebec_articles() + _procedure_articles())
    return Set("both languages", entries, _both(asked + strangers + _declined()))
