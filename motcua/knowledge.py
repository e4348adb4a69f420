"""`motcua knowledge`: check, import, search and evaluate what the assistant knows."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from bot.settings import Settings, load
from knowledge import gazetteer, store
from knowledge.articles import BadLine, read_articles, read_questions
from knowledge.catalogue import BrokenPack, Catalogue
from knowledge.catalogue import load as read
from knowledge.evaluate import Figures, figures
from knowledge.search import Index

BROKEN, UNREADABLE = 1, 2      # exit codes: the content has problems; the command line or a line of a file is wrong
READABLE = (
    "Import reads a folder with a knowledge pack (YAML), or a .jsonl file of articles "
    '{"id", "title", "body", "language", "url"}. CPSV-AP, HSDS and the portal\'s JSON are not read yet.'
)


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `knowledge` with its commands."""
    about = "check, import, search and evaluate what the assistant knows"
    group = commands.add_parser("knowledge", help=about, description=about).add_subparsers(required=True)
    for name, run, text in (
        ("check", _check, "every problem of a pack, by file and line"),
        ("import", _import, "put a pack, or a file of articles, where the assistant reads it"),
    ):
        command = _command(group, name, run, text)
        path = "folder of a pack, or .jsonl of articles; without it the pack of the settings"
        command.add_argument("path", nargs="?", type=Path, help=path)
    _add_search(group)
    _add_evaluate(group)


def _command(group: Any, name: str, run: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = group.add_parser(name, help=about, description=about)
    command.set_defaults(run=partial(_guarded, run))
    return command


def _add_search(group: Any) -> None:
    command = _command(group, "search", _search, "what the assistant would find")
    command.add_argument("question")
    command.add_argument("--language", choices=("vi", "en"))
    command.add_argument("--limit", type=int, default=5)
    command.add_argument("--json", action="store_true", help="print only JSON")
    command.add_argument("--explain", action="store_true", help="why: words, weights, score")


def _add_evaluate(group: Any) -> None:
    command = _command(group, "evaluate", _evaluate, "figures of the search over labelled questions")
    command.add_argument("--articles", type=Path, required=True)
    command.add_argument("--questions", type=Path, required=True)
    command.add_argument("--json", action="store_true", help="print only JSON")


def _guarded(run: Callable[[argparse.Namespace], int], arguments: argparse.Namespace) -> int:
    """What can be wrong with what was given, as sentences and an exit code."""
    try:
        return run(arguments)
    except BrokenPack as error:
        print(error, file=sys.stderr)
        print(f"{len(error.problems)} problems; nothing was imported.", file=sys.stderr)
        return BROKEN
    except store.NothingImported:
        print("Nothing has been imported yet: run `motcua knowledge import` first.", file=sys.stderr)
        return BROKEN
    except (BadLine, store.TakenIdentifier) as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
    return UNREADABLE


def _check(arguments: argparse.Namespace) -> int:
    path = arguments.path or load().pack
    if path.suffix == ".jsonl":
        print(f"{path}: {len(read_articles(path))} articles, no problem.")
    else:
        print(f"{path}: {_counted(read(path))}, no problem.")
    return 0


def _import(arguments: argparse.Namespace) -> int:
    settings = load()
    path: Path = arguments.path or settings.pack
    settings.home.mkdir(parents=True, exist_ok=True)
    url = settings.beside("knowledge")
    if path.suffix == ".jsonl":
        articles = read_articles(path)
        store.save_file(url, path.name, {"articles": {article.id: article for article in articles}})
        print(f"{path}: {len(articles)} articles imported.")
    elif path.is_dir() or not path.exists():
        catalogue = read(path)
        store.save(url, catalogue)
        print(f"{path}: {_counted(catalogue)} imported.")
    else:
        print(f"{path}: cannot be read. {READABLE}", file=sys.stderr)
        return UNREADABLE
    _write_gazetteer(url, settings)
    return 0


def _write_gazetteer(url: str, settings: Settings) -> None:
    try:
        gazetteer.write(store.load(url), settings.home / "gazetteer.json")
    except store.NothingImported:
        print("There is no pack yet, so no names were written; import one too.", file=sys.stderr)


def _search(arguments: argparse.Namespace) -> int:
    catalogue = store.load(load().beside("knowledge"))
    index = Index.of(catalogue)
    hits = index.search(arguments.question, language=arguments.language, limit=arguments.limit)
    why = index.explain(arguments.question, language=arguments.language) if arguments.explain else None
    found = [{"id": hit.id, "kind": hit.kind, "score": hit.score, "name": _name(catalogue, hit.id)} for hit in hits]
    if arguments.json:
        print(json.dumps({"hits": found, "why": why} if why else found, ensure_ascii=False))
        return 0
    for row in found:
        print(f"{row['score']:.2f}  {row['id']}  {row['name']}")
    if not found:
        print("I do not know.")
    if why:
        print(json.dumps(why, ensure_ascii=False, indent=2))
    return 0


def _evaluate(arguments: argparse.Namespace) -> int:
    articles = read_articles(arguments.articles)
    questions = read_questions(arguments.questions, {article.id for article in articles})
    result = figures(Index.of_articles(articles), questions)
    if arguments.json:
        print(json.dumps(result))
    else:
        print(_table(result, len(articles), len(questions)))
    return 0


def _table(result: Figures, articles: int, questions: int) -> str:
    rows = [f"{name:18s} {'-' if value is None else f'{value:.4g}'}" for name, value in result.items()]
    return "\n".join([f"{articles} articles, {questions} questions", *rows])


def _name(catalogue: Catalogue, identifier: str) -> str:
    if service := catalogue.services.get(identifier):
        return " / ".join(service.name.values())
    return catalogue.articles[identifier].title


def _counted(catalogue: Catalogue) -> str:
    years = ", ".join(map(str, sorted(catalogue.holidays)))
    return (
        f"{len(catalogue.services)} services, {len(catalogue.agencies)} agencies, {len(catalogue.offices())} offices, "
        f"{len(catalogue.life_events)} journeys, holidays of {years}"
    )
