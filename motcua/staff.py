"""`motcua staff`: accounts, one-time links and tokens of the people behind the desk."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime

import sqlalchemy as sa

from bot import audit, people, signing_in
from bot.model import person
from bot.settings import Settings, WrongSetting, load
from bot.store import Tx
from calendars.clock import clock_of
from motcua import main_database

Step = Callable[[Tx, Settings, argparse.Namespace, datetime], Awaitable[int]]
BY = "command line"


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    staff = commands.add_parser("staff", help="people, links and tokens").add_subparsers(
        dest="staff_command", required=True
    )
    add = _command(staff, "add", "a new person; prints a link that lets them in once", _add)
    add.add_argument("--role", choices=people.ROLES, required=True)
    _agencies(add)
    _command(staff, "link", "a link that lets a person in once, within 15 minutes", _link)
    _command(staff, "end", "deactivate a person: sessions, links and tokens end at once", _end)
    staff.add_parser("list", help="who there is").set_defaults(run=_run, step=_list, name="")
    token = _command(staff, "token", "a new token for a person, printed alone", _token)
    token.add_argument("--role", choices=people.ROLES, help="agent for a new person")
    _agencies(token)


def _command(
    staff: argparse._SubParsersAction[argparse.ArgumentParser], name: str, what: str, step: Step
) -> argparse.ArgumentParser:
    command = staff.add_parser(name, help=what)
    command.add_argument("name")
    command.set_defaults(run=_run, step=step)
    return command


def _agencies(command: argparse.ArgumentParser) -> None:
    what = "an agency that this person serves; may be repeated; all without it"
    command.add_argument("--agency", action="append", metavar="ID", help=what)


def _run(arguments: argparse.Namespace) -> int:
    settings = load()
    try:
        _check_agencies(settings, getattr(arguments, "agency", None) or [])
        now = clock_of(settings.clock)()
        return main_database.use(settings, lambda tx: arguments.step(tx, settings, arguments, now))
    except LookupError as err:
        hint = "; `motcua staff add` makes an account" if arguments.step is not _add else ""
        print(f"Nobody is called {err.args[0]}{hint}.", file=sys.stderr)
    except ValueError as err:
        print(f"{err}; nothing was changed.", file=sys.stderr)
    return 2


async def _add(tx: Tx, settings: Settings, arguments: argparse.Namespace, now: datetime) -> int:
    person_id = await people.add(tx, arguments.name, now, role=arguments.role, agencies=arguments.agency)
    token = await signing_in.new_link(tx, person_id, now)
    await _record(tx, "person_added", arguments.name, now, role=arguments.role)
    print(signing_in.address_of_link(settings, token))
    return 0


async def _link(tx: Tx, settings: Settings, arguments: argparse.Namespace, now: datetime) -> int:
    row = await _known(tx, arguments.name)
    if not row.active:
        raise ValueError(f"{row.name} was deactivated")
    token = await signing_in.new_link(tx, row.id, now)
    await _record(tx, "sign_in_link", row.name, now)
    print(signing_in.address_of_link(settings, token))
    return 0


async def _end(tx: Tx, _settings: Settings, arguments: argparse.Namespace, now: datetime) -> int:
    row = await _known(tx, arguments.name)
    await people.shut_out(tx, row.id)
    await _record(tx, "person_deactivated", row.name, now)
    print(f"{row.name} is deactivated: nothing that they hold opens the desk any more.")
    return 0


async def _list(tx: Tx, _settings: Settings, _arguments: argparse.Namespace, _now: datetime) -> int:
    rows = (await tx.execute(sa.select(person).order_by(person.c.name))).all()
    if not rows:
        print("Nobody yet: `motcua staff add` makes an account.")
    for row in rows:
        agencies = ", ".join(row.agencies or ["all agencies"])
        print(f"{row.name}  {row.role}  {agencies}{'' if row.active else '  deactivated'}")
    return 0


async def _token(tx: Tx, settings: Settings, arguments: argparse.Namespace, now: datetime) -> int:
    token = await people.new_token(
        tx,
        arguments.name,
        role=arguments.role,
        agencies=tuple(arguments.agency) if arguments.agency else None,
        now=now,
        create=settings.mode == "demonstration",
    )
    await _record(tx, "token", arguments.name, now)
    print(token)
    return 0


async def _known(tx: Tx, name: str) -> sa.Row[tuple[object, ...]]:
    row = await people.find(tx, name)
    if row is None:
        raise LookupError(name)
    return row


async def _record(tx: Tx, action: str, name: str, now: datetime, **details: str) -> None:
    await audit.record(tx, audit.SYSTEM, action, now, person=name, by=BY, **details)


def _check_agencies(settings: Settings, agencies: list[str]) -> None:
    """Raises ValueError for one that the knowledge does not know, WrongSetting where there is no knowledge."""
    if not agencies:
        return
    from knowledge import store as knowledge  # only where agencies are named: it takes a while

    try:
        known = knowledge.load(settings.beside("knowledge")).agencies
    except knowledge.NothingImported as err:
        raise WrongSetting("No agencies are known here yet; `motcua prepare` imports them") from err
    if unknown := [agency for agency in agencies if agency not in known]:
        named = f"No agency {', '.join(unknown)}"
        raise ValueError(f"{named}; `motcua knowledge search` and the pack's agencies/ name them")
