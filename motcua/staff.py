"""`motcua staff`: accounts and tokens of the people behind the desk."""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import UTC, datetime

from bot import people
from bot.settings import Settings, load
from bot.store import Store


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    staff = commands.add_parser("staff", help="people and their tokens").add_subparsers(
        dest="staff_command", required=True
    )
    token = staff.add_parser("token", help="a new token for a person, printed alone")
    token.add_argument("name")
    token.add_argument("--role", choices=people.ROLES, help="agent for a new person")
    token.add_argument(
        "--agency",
        action="append",
        metavar="ID",
        help="an agency that this person serves; may be repeated; all without it",
    )
    token.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    return asyncio.run(_token(load(), arguments))


async def _token(settings: Settings, arguments: argparse.Namespace) -> int:
    store = Store(settings.main_database)
    agencies = tuple(arguments.agency) if arguments.agency else None
    unknown = _unknown(settings, agencies or ())
    if unknown:
        print(
            f"No agency {', '.join(unknown)}; `motcua knowledge search` and the pack's agencies/ name them.",
            file=sys.stderr,
        )
        return 2
    try:
        async with store.write() as tx:
            print(
                await people.new_token(
                    tx,
                    arguments.name,
                    role=arguments.role,
                    agencies=agencies,
                    now=datetime.now(UTC),
                    create=settings.mode == "demonstration",
                )
            )
    except LookupError:
        print(f"Nobody is called {arguments.name}; in production mode accounts are not made here.", file=sys.stderr)
        return 2
    except ValueError as err:
        print(f"{err}; nothing was changed.", file=sys.stderr)
        return 2
    finally:
        await store.close()
    return 0


def _unknown(settings: Settings, agencies: tuple[str, ...]) -> list[str]:
    from knowledge.store import load as knowledge  # only where agencies are named: it takes a while

    known = knowledge(settings.beside("knowledge")).agencies if agencies else {}
    return [agency for agency in agencies if agency not in known]
