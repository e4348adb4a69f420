"""A one-time link for the demonstration's administrator, from a short-lived process: the runner stays small.

There is none in production.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot import audit, people, signing_in
from bot.model import sign_in_link
from bot.settings import Settings, WrongSetting, load
from bot.store import Tx
from calendars.clock import clock_of
from motcua import main_database

NAME = "Quản trị mẫu"
LASTS = timedelta(hours=12)  # whoever tries the system out reads for a while first


def main() -> int:
    """Prints the link alone."""
    settings = load()
    if settings.mode == "production":
        return 1
    try:
        return main_database.use(settings, lambda tx: _link(tx, settings, clock_of(settings.clock)()))
    except WrongSetting as err:
        print(err, file=sys.stderr)
        return 2


async def _link(tx: Tx, settings: Settings, now: datetime) -> int:
    """None for an administrator whom somebody put away or made into something else."""
    row = await people.find(tx, NAME)
    if row is not None and (not row.active or row.role != "administrator"):
        return 1
    person_id = row.id if row is not None else await people.add(tx, NAME, now, role="administrator", agencies=None)
    await tx.execute(sa.delete(sign_in_link).where(sign_in_link.c.person == person_id))  # of earlier starts
    token = await signing_in.new_link(tx, person_id, now, LASTS)
    await audit.record(tx, audit.SYSTEM, "sign_in_link", now, person=NAME, by="demonstration")
    print(f"{signing_in.address_of_link(settings, token)}?next=/desk")
    return 0


if __name__ == "__main__":
    sys.exit(main())
