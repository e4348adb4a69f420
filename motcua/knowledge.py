"""`motcua knowledge`: check, import, search, evaluate and export what the assistant knows."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from bot.settings import Settings, load
from calendars.clock import clock_of
from calendars.working_time import ZONE
from knowledge import gazetteer, store
from knowledge.articles import BadLine, read_articles, read_questions
from knowledge.catalogue import BrokenPack, Catalogue
from knowledge.catalogue import load as read
from knowledge.evaluate import Figures, figures
from knowledge.formats import cpsv_write, files, pack_write
from knowledge.formats.place import BadFile
from knowledge.languages import own
from knowledge.search import Index

BROKEN, UNREADABLE = 1, 2  # exit codes: the content has problems; the command line or a line of a file is wrong
READS = f"Path: {files.READABLE}. Without one: the pack of the settings."
WRITES = {"cpsv-ap": "open data, CPSV-AP 3.2 in JSON-LD", "pack": "a knowledge pack to edit, in a new folder"}


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `knowledge` with its commands."""
    about = "check, import, search, evaluate and export what the assistant knows"
    group = commands.add_parser("knowledge", help=about, description=about).add_subparsers(required=True)
    _add_reading(group, "check", _check, "every problem of a pack, by file and line, or of what would be imported")
    reading = _add_reading(group, "import", _import, "put a pack, or services of other systems, where they are read")
    reading.add_argument("--remove", metavar="NAME", help="take away what the file or folder of that name brought")
    _add_search(group)
    _add_evaluate(group)
    _add_export(group)


def _command(group: Any, name: str, run: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = group.add_parser(name, help=about, description=about)
    command.set_defaults(run=partial(_guarded, run))
    return command


def _add_reading(
    group: Any, name: str, run: Callable[[argparse.Namespace], int], about: str
) -> argparse.ArgumentParser:
    command = _command(group, name, run, about)
    command.epilog = READS
    command.add_argument("path", nargs="?", type=Path, help="what to read, see below")
    command.add_argument("--format", choices=files.NAMES, help="instead of recognising it")
    command.add_argument("--language", choices=("vi", "en"), help="of texts that do not say theirs (HSDS, CPSV-AP)")
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


def _add_export(group: Any) -> None:
    about = "the catalogue for others: open data, or a pack"
    command = _command(group, "export", _export, about)
    meant = "; ".join(f"{name}: {what}" for name, what in WRITES.items())
    command.add_argument("--format", choices=tuple(WRITES), default="cpsv-ap", help=f"{meant}; default %(default)s")
    command.add_argument("--output", type=Path, help="file, or folder of a pack; without it standard output")


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
    except (BadFile, BadLine, pack_write.NotEmpty, store.NothingBrought, store.TakenIdentifier) as error:
        print(error, file=sys.stderr)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on: `… export | head`
        return 0
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
    return UNREADABLE


def _check(arguments: argparse.Namespace) -> int:
    settings = load()
    path = arguments.path or settings.pack
    if files.is_pack(path, arguments.format):
        print(f"{path}: {_counted(read(path))}, no problem.")
        return 0
    brought = _brought(path, arguments, settings)
    print(f"{path}: {_told(brought)}, no problem.")
    return 0


def _import(arguments: argparse.Namespace) -> int:
    settings = load()
    settings.home.mkdir(parents=True, exist_ok=True)
    url, path = settings.beside("knowledge"), arguments.path or settings.pack
    if arguments.remove:
        store.remove_file(url, arguments.remove)
        print(f"{arguments.remove}: taken away.")
    elif files.is_pack(path, arguments.format):
        catalogue = read(path)
        store.save(url, catalogue)
        print(f"{path}: {_counted(catalogue)} imported.")
    else:
        brought = _brought(path, arguments, settings)
        store.save_file(url, path.absolute().name, brought.documents)
        print(f"{path}: {_told(brought)} imported.")
        _tell_given_way(url, brought)
    _write_gazetteer(url, settings)
    return 0


def _brought(path: Path, arguments: argparse.Namespace, settings: Settings) -> files.Brought:
    """What a file brings; what of it was left out goes to the error stream."""
    today = clock_of(settings.clock)().astimezone(ZONE).date()
    brought = files.read(path, today, arguments.format, arguments.language)
    for line in brought.left_out:
        print(line, file=sys.stderr)
    return brought


def _told(brought: files.Brought) -> str:
    kinds = ("services", "agencies", "journeys", "articles")
    counts = ", ".join(f"{brought.count(kind)} {kind}" for kind in kinds if brought.count(kind)) or "0 articles"
    return f"{counts} ({', '.join(brought.formats)})" if brought.formats else counts


def _tell_given_way(url: str, brought: files.Brought) -> None:
    """The pack, and files that were there before, go first."""
    try:
        told = store.load(url).services
    except store.NothingImported:
        return
    services = brought.documents.get("services", {})
    others = [key for key, one in services.items() if key not in told or told[key].name != one.name]
    if others:
        print(f"Already there under the same identifier or code, and left as they are: {', '.join(others)}.")


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


def _export(arguments: argparse.Namespace) -> int:
    settings = load()
    catalogue, output = store.load(settings.beside("knowledge")), arguments.output
    if arguments.format == "pack":
        if output is None:
            print("A pack is a folder: say which one with --output.", file=sys.stderr)
            return UNREADABLE
        count = pack_write.write(catalogue, output)
        print(f"{output}: {count} files, {_counted(catalogue)}.")
        return 0
    text = json.dumps(cpsv_write.document(catalogue, settings.address), ensure_ascii=False, indent=1) + "\n"
    if output is None:
        sys.stdout.write(text)
        return 0
    output.write_text(text, encoding="utf-8")
    print(f"{output}: {_counted(catalogue)}.")
    return 0


def _table(result: Figures, articles: int, questions: int) -> str:
    rows = [f"{name:18s} {'-' if value is None else f'{value:.4g}'}" for name, value in result.items()]
    return "\n".join([f"{articles} articles, {questions} questions", *rows])


def _name(catalogue: Catalogue, identifier: str) -> str:
    if service := catalogue.services.get(identifier):
        return " / ".join(own(service.name, service.written_in).values())
    return catalogue.articles[identifier].title


def _counted(catalogue: Catalogue) -> str:
    years = ", ".join(map(str, sorted(catalogue.holidays)))
    return (
        f"{len(catalogue.services)} services, {len(catalogue.agencies)} agencies, {len(catalogue.offices())} offices, "
        f"{len(catalogue.life_events)} journeys, holidays of {years}"
    )
