"""The command `motcua`: each subcommand imports what it needs only when it is called, so that --help is quick."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from importlib import import_module, metadata

# Subcommands with options of their own: the module has register(subparsers).
GROUPS = {
    "train": "motcua.train",
    "knowledge": "motcua.knowledge",
    "staff": "motcua.staff",
    "audit": "motcua.audit",
    "cases": "motcua.cases",
    "channels": "motcua.channels",
    "sms": "motcua.sms",
}
HELP = {
    "run": "the whole system: prepares it, starts it and watches over it",
    "serve": "the gateway process alone",
    "train": "Rasa's model, if its data is newer than it",
    "migrate": "bring the main database to the newest shape",
    "prepare": "databases, knowledge and demonstration cases, as run does it",
    "knowledge": "import, check, search and evaluate what the assistant knows",
    "staff": "people behind the desk: accounts, one-time links, tokens",
    "audit": "whether the log of what was done holds together",
    "cases": "the demonstration cases to try",
    "channels": "the official channels; switch one off for a while",
    "sms": "a text as it would be sent by SMS, and its price",
    "version": "the version",
}
ABOUT = "Một Cửa: one assistant for every public service of an authority."
WITHOUT_SETTINGS = frozenset({"run", "version"})  # run reads them in a process of its own


def main(arguments: list[str] | None = None) -> int:
    """The exit code: 2 for a wrong setting or a wrong command line."""
    _keep_bytecode()
    given = sys.argv[1:] if arguments is None else arguments
    chosen = _parser(given[0] if given else "").parse_args(given)
    if chosen.command in WITHOUT_SETTINGS:
        return chosen.run(chosen)
    from bot.settings import WrongSetting  # a third of a second that `run` does not need

    try:
        return chosen.run(chosen) or 0
    except WrongSetting as err:
        print(err, file=sys.stderr)
        return 2


def _keep_bytecode() -> None:
    """Where the surroundings forbid it, Rasa would start in 25 seconds instead of 5, every time."""
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def _parser(wanted: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="motcua", description=ABOUT)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, text in HELP.items():
        if name == wanted and name in GROUPS:
            import_module(GROUPS[name]).register(commands)
        else:
            commands.add_parser(name, help=text, description=text).set_defaults(run=SIMPLE.get(name))
    return parser


def _run(_chosen: argparse.Namespace) -> int:
    from motcua import runner

    return runner.run()


def _serve(_chosen: argparse.Namespace) -> int:
    from bot.settings import load
    from motcua.serve import serve

    serve(load())
    return 0


def _migrate(_chosen: argparse.Namespace) -> int:
    from bot.settings import load
    from bot.store import migrate

    migrate(load().main_database)
    return 0


def _prepare(_chosen: argparse.Namespace) -> int:
    from bot.settings import load
    from motcua.prepare import prepare

    return prepare(load())


def _version(_chosen: argparse.Namespace) -> int:
    print(metadata.version("motcua"))
    return 0


SIMPLE: dict[str, Callable[[argparse.Namespace], int]] = {
    "run": _run,
    "serve": _serve,
    "migrate": _migrate,
    "prepare": _prepare,
    "version": _version,
}


if __name__ == "__main__":
    sys.exit(main())
