"""`motcua channels`: the official channels, and switching one off for a while, with a message, without a restart."""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import UTC, datetime

from bot import switches
from bot.settings import Settings, load
from bot.store import Store

KNOWN = ("web", "sms", "zalo", "whatsapp", "messenger", "telegram")
OFF = {
    "vi": "Kênh này đang tạm ngừng. Điều bạn viết đã được giữ lại.",
    "en": "This channel is out of service for now. What you wrote is kept.",
}


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    channels = commands.add_parser("channels", help="the official channels").add_subparsers(
        dest="channels_command", required=True
    )
    channels.add_parser("list", help="each channel, and since when it is off").set_defaults(run=_run)
    off = channels.add_parser("off", help="answer with a message only; what is written is kept")
    off.add_argument("channel", choices=KNOWN)
    off.add_argument("--vi", default=OFF["vi"], metavar="TEXT", help="the message in Vietnamese")
    off.add_argument("--en", default=OFF["en"], metavar="TEXT", help="the message in English")
    off.set_defaults(run=_run)
    on = channels.add_parser("on", help="answer again")
    on.add_argument("channel", choices=KNOWN)
    on.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    return asyncio.run(_switched(load(), arguments))


async def _switched(settings: Settings, arguments: argparse.Namespace) -> int:
    store = Store(settings.main_database)
    try:
        async with store.write() as tx:
            if arguments.channels_command == "list":
                return _listed(_there(settings, store), await switches.states(tx))
            if arguments.channels_command == "on":
                return _told(await switches.switch_on(tx, arguments.channel), arguments.channel)
            await switches.switch_off(tx, arguments.channel, _message(arguments), datetime.now(UTC))
            print(f"{arguments.channel} is off; every message is kept and answered with your words.")
            return 0
    except ValueError as err:
        print(err, file=sys.stderr)
        return 2
    finally:
        await store.close()


def _message(arguments: argparse.Namespace) -> dict[str, str]:
    message = {"vi": arguments.vi.strip(), "en": arguments.en.strip()}
    if not all(message.values()):
        raise ValueError("the message is empty; write what citizens are to read in both languages")
    return message


def _there(settings: Settings, store: Store) -> set[str]:
    """The channels by which the running system can be reached. Knowing them loads what no other command needs."""
    from bot.secrets import load_or_make
    from calendars.clock import clock_of
    from motcua import wiring

    secrets = load_or_make(settings.home)
    channels = wiring.opened(wiring.with_made_up(settings, secrets), secrets, store, clock_of(settings.clock))
    return {"web"} | {channel.name for channel in channels.values()}


def _listed(there: set[str], off: dict[str, dict[str, object]]) -> int:
    for channel in KNOWN:
        if channel in off:
            print(f"{channel}  off since {off[channel]['off_since']:%Y-%m-%d %H:%M} UTC")
        elif channel in there:
            print(f"{channel}  on")
    return 0


def _told(was_off: bool, channel: str) -> int:
    print(f"{channel} is on again." if was_off else f"{channel} was on already.")
    return 0
