"""`motcua sms preview`: a text as it would be sent by SMS, what it costs, and what folding saves."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any

from bot.settings import Settings, load
from bot.texting import MOST_SEGMENTS, Said, Text, render
from bot.words import LANGUAGES
from text.clean import visible
from text.sms import Count, count, fold


class Unfit(ValueError):
    """A text that cannot be previewed; the message says why."""


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    sms = commands.add_parser("sms", help="texts").add_subparsers(dest="sms_command", required=True)
    preview = sms.add_parser("preview", help="a text as it would be sent, its segments and its price")
    preview.add_argument("text", metavar="TEXT", help='what to send, or "-" for standard input')
    preview.add_argument(
        "--fold", action=argparse.BooleanOptionalAction, help="as GSM-7; the authority decides if neither is given"
    )
    preview.add_argument("--price", type=_price, metavar="VND", help="of one segment; MOTCUA_SMS_PRICE if not given")
    preview.add_argument("--json", action="store_true")
    preview.set_defaults(run=_preview)


def _price(given: str) -> int:
    if not given.isascii() or not given.isdecimal():
        raise argparse.ArgumentTypeError(f"{given!r} is not a whole number of VND")
    return int(given)


def _preview(arguments: argparse.Namespace) -> int:
    try:
        written = _read(arguments.text)
    except Unfit as err:
        print(err, file=sys.stderr)
        return 2
    settings = load()
    price = settings.sms_price if arguments.price is None else arguments.price
    folded = _folds(settings) if arguments.fold is None else arguments.fold
    sent = render([Said("assistant", written, "", (), LANGUAGES[0])], folded=folded, link=None, price=price)
    counts = {"sent": sent.count, "written": count(written), "folded": count(fold(written))}
    print(_as_json(sent, counts, price) if arguments.json else _for_people(sent, counts, price))
    return 0


def _folds(settings: Settings) -> bool:
    """What the authority wants; before anything was imported, what the pack's would."""
    from knowledge import store as knowledge  # only where nothing else was said: it takes a while

    try:
        return knowledge.load(settings.beside("knowledge")).authority.sms_fold_to_gsm7
    except knowledge.NothingImported:
        return True


def _read(given: str) -> str:
    """The text as it was written; raises Unfit."""
    raw = sys.stdin.buffer.read() if given == "-" else given.encode("utf-8", "surrogateescape")
    try:
        text = raw.decode("utf-8-sig").strip()
    except UnicodeDecodeError as err:
        raise Unfit(f"The text is not UTF-8 (byte {err.start + 1}); write it as UTF-8.") from err
    if not visible(text):
        raise Unfit("There is nothing to send: the text is empty or invisible.")
    return text


def _as_json(sent: Text, counts: dict[str, Count], price: int) -> str:
    said: dict[str, Any] = {"text": sent.text, "cut": sent.cut}
    for name, one in counts.items():
        said[name] = {**asdict(one), "price_vnd": one.segments * price or None}
    return json.dumps(said, ensure_ascii=False)


def _for_people(sent: Text, counts: dict[str, Count], price: int) -> str:
    rows = [_row(name, one, price) for name, one in counts.items()]
    cut = [f"It is longer than {MOST_SEGMENTS} segments: the rest is read behind a link."] if sent.cut else []
    return "\n".join([sent.text, "", *rows, *cut])


def _row(name: str, one: Count, price: int) -> str:
    segments = f"{one.segments} segment{'s' * (one.segments != 1)}"
    cost = f"{one.segments * price} VND" if price else "price not set"
    return f"{name:<9}{one.encoding}  {one.units:>4} units  {segments:<12}{cost}"
