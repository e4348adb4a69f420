"""`motcua audit verify`: whether the log of what was done holds together, from its first row to its last."""

from __future__ import annotations

import argparse

from bot import audit
from bot.settings import load
from bot.store import Tx
from motcua import main_database


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    log = commands.add_parser("audit", help="the audit log").add_subparsers(dest="audit_command", required=True)
    verify = log.add_parser("verify", help="walk the whole log; exit code 1 if a row was changed or removed")
    verify.add_argument("--holds", metavar="HASH", help="a last hash from before: was the end cut off since then?")
    verify.set_defaults(run=_verify)


def _verify(arguments: argparse.Namespace) -> int:
    return main_database.use(load(), lambda tx: _verified(tx, arguments.holds))


async def _verified(tx: Tx, known: str | None) -> int:
    found = await audit.verify(tx)
    if found.broken is not None:
        print(f"Row {found.broken} does not follow from row {found.rows}: one of them was changed, or one is gone.")
        return 1
    if known and not await audit.holds(tx, known):
        print(f"{found.rows} rows that follow each other, and none with the hash {known}: the end was cut off.")
        return 1
    print(f"{found.rows} rows, unbroken{f'; the last hash is {found.hash}' if found.rows else ''}")
    return 0
