"""`motcua cases list`: the demonstration cases to try, and what proves that one may see them."""

from __future__ import annotations

import argparse

from actions.cases.demonstration import to_try


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    cases = commands.add_parser("cases", help="demonstration cases").add_subparsers(dest="cases_command", required=True)
    listing = cases.add_parser("list", help="the cases to try")
    listing.add_argument("--language", choices=("vi", "en"), default="vi")
    listing.set_defaults(run=_list)


def _list(arguments: argparse.Namespace) -> int:
    for case in to_try():
        print(f"{case.reference:<28}{case.proof}  {case.phone:<14}{case.what[arguments.language]}")
    return 0
