"""Answers that staff have ready: of their agencies and of everybody, in both languages, with blanks such as {name}.

In a conversation of an agency a shortcut means one answer: neither the agency nor everybody has another with it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot import audit
from bot.core import Core
from bot.errors import Conflict, NotAllowed, NotFound, Unreadable
from bot.model import audit as audit_log
from bot.model import canned
from bot.people import Person, require
from bot.store import Tx
from bot.words import LANGUAGES, table
from text.clean import clean, visible
from text.fold import fold, words

LONGEST = 1_500  # code points, so that filled blanks still fit into a message
LONGEST_TITLE = 80
MOST_BLANKS = 10
_SHORTCUT = re.compile(r"[a-z0-9][a-z0-9-]{0,29}")
_BLANK = re.compile(r"\{([^\W\d_][\w ]{0,29})\}")
SAMPLED = "put_samples"


@dataclass(frozen=True, slots=True)
class Written:
    """What a person wrote for an answer; agency None is everybody's, `text` has both languages."""

    agency: str | None
    shortcut: str
    title: str
    text: Mapping[str, str]


async def available(core: Core, who: Person, conversation_language: str | None = None) -> list[dict[str, Any]]:
    """What `who` can use, by title: [{"id", "agency", "shortcut", "title", "text": {"vi", "en"}, "blanks", "mine"}];
    `mine`: they may change it. With the language of a conversation also "reply", the text in that language."""
    async with core.store.read() as tx:
        rows = list(await tx.execute(sa.select(canned).where(*_seen_by(who))))
    shown = [_shown(row, who) for row in sorted(rows, key=lambda row: (fold(row.title), row.id))]
    if conversation_language is None:
        return shown
    return [one | {"reply": one["text"][conversation_language]} for one in shown]


async def search(core: Core, who: Person, q: str, conversation_language: str | None = None) -> list[dict[str, Any]]:
    """Those of them that have every word of `q`, or words that begin so, in shortcut, title or text."""
    wanted = words(q)
    return [
        one
        for one in await available(core, who, conversation_language)
        if all(any(had.startswith(word) for had in _words(one)) for word in wanted)
    ]


def _words(one: dict[str, Any]) -> list[str]:
    return words(" ".join([one["shortcut"], one["title"], *one["text"].values()]))


def _seen_by(who: Person) -> list[sa.ColumnElement[bool]]:
    return [] if who.agencies is None else [sa.or_(canned.c.agency.is_(None), canned.c.agency.in_(who.agencies))]


def _shown(row: sa.Row[Any], who: Person) -> dict[str, Any]:
    return {
        "id": row.id,
        "agency": row.agency,
        "shortcut": row.shortcut,
        "title": row.title,
        "text": row.text,
        "blanks": blanks(row.text[LANGUAGES[0]]),
        "mine": who.may("edit") and _is_own(who, row.agency),
    }


def _is_own(who: Person, agency: str | None) -> bool:
    """What is everybody's is changed only by people of all agencies."""
    return who.agencies is None if agency is None else who.may_see(agency)


def blanks(text: str) -> list[str]:
    """The names of the blanks in a text, each once, in order."""
    return list(dict.fromkeys(_BLANK.findall(text)))


def pieces(text: str) -> list[tuple[str, bool]]:
    """A text cut at its blanks, in order: (what stands there, whether it is the name of a blank)."""
    cut = [(piece, place % 2 == 1) for place, piece in enumerate(_BLANK.split(text))]
    return [one for one in cut if one[0]]


async def save(core: Core, who: Person, written: Written) -> int:
    """A new answer; its id. Raises Unreadable naming the field, Conflict for a shortcut that is taken, NotAllowed."""
    async with core.store.write() as tx:
        values = await _checked(core, tx, who, written)
        made = await tx.execute(sa.insert(canned).values(**values).returning(canned.c.id))
        number = int(made.scalar_one())
        await _record(core, tx, who, "save_canned", number, written.agency, values["shortcut"])
    return number


async def change(core: Core, who: Person, number: int, written: Written) -> None:
    """Write an answer anew. Raises NotFound for one that `who` cannot see, else as `save`."""
    async with core.store.write() as tx:
        await _own(tx, who, number)
        values = await _checked(core, tx, who, written, but=number)
        await tx.execute(sa.update(canned).where(canned.c.id == number).values(**values))
        await _record(core, tx, who, "change_canned", number, written.agency, values["shortcut"])


async def remove(core: Core, who: Person, number: int) -> None:
    """Raises NotFound, NotAllowed."""
    async with core.store.write() as tx:
        row = await _own(tx, who, number)
        await tx.execute(sa.delete(canned).where(canned.c.id == number))
        await _record(core, tx, who, "remove_canned", number, row.agency, row.shortcut)


async def _own(tx: Tx, who: Person, number: int) -> sa.Row[Any]:
    """The answer, if `who` may change it."""
    row = (await tx.execute(sa.select(canned).where(canned.c.id == number, *_seen_by(who)))).one_or_none()
    if row is None:
        raise NotFound("No such answer.")
    _require_own(who, row.agency)
    return row


def _require_own(who: Person, agency: str | None) -> None:
    require(who, "edit")
    if not _is_own(who, agency):
        raise NotAllowed("You may change the answers of your own agencies only.", word="problem_not_your_agency")


async def _record(core: Core, tx: Tx, who: Person, action: str, number: int, agency: str | None, shortcut: str) -> None:
    await audit.record(tx, who.name, action, core.clock(), agency=agency, id=number, shortcut=shortcut)


async def _checked(core: Core, tx: Tx, who: Person, written: Written, but: int | None = None) -> dict[str, Any]:
    """The row to keep; `but`: the answer that it takes the place of."""
    if written.agency is not None and (written.agency not in core.site.agencies or not who.may_see(written.agency)):
        raise Unreadable("No such agency.", field="agency", word="problem_agency")
    _require_own(who, written.agency)
    shortcut = _shortcut(written.shortcut)
    values: dict[str, Any] = {"shortcut": shortcut, "title": _title(written.title), "text": _texts(written.text)}
    await _require_free(tx, written.agency, shortcut, but)
    return values | {"agency": written.agency, "updated_at": core.clock(), "person": who.id}


def _shortcut(typed: str) -> str:
    """As it is kept: "/Hẹn" is "hen"."""
    shortcut = fold(clean(typed)).removeprefix("/")
    if not _SHORTCUT.fullmatch(shortcut):
        detail = "A shortcut is 1 to 30 letters, digits and hyphens, without spaces."
        raise Unreadable(detail, field="shortcut", word="problem_shortcut")
    return shortcut


def _title(typed: str) -> str:
    title = clean(typed)
    if not visible(title) or "\n" in title or len(title) > LONGEST_TITLE:
        detail = f"A title is 1 to {LONGEST_TITLE} characters on one line."
        raise Unreadable(detail, field="title", word="problem_title")
    return title


def _texts(typed: Mapping[str, str]) -> dict[str, str]:
    """Both languages, with the same blanks: whoever fills them in is asked once, whatever the citizen speaks."""
    texts = {language: _text(typed.get(language, ""), language) for language in LANGUAGES}
    first, second = LANGUAGES
    if missing := set(blanks(texts[first])) ^ set(blanks(texts[second])):
        names = ", ".join(f"{{{name}}}" for name in sorted(missing))
        detail = f"Both languages need the same blanks; only one has {names}."
        raise Unreadable(detail, field=f"text.{second}", word="problem_blanks_differ", extra={"blanks": names})
    return texts


def _text(typed: str, language: str) -> str:
    text, field = clean(typed), f"text.{language}"
    if not visible(text):
        raise Unreadable("The text is missing; both languages are needed.", field=field, word="problem_text_missing")
    if len(text) > LONGEST:
        extra: dict[str, object] = {"limit": LONGEST, "over": len(text) - LONGEST}
        detail = f"The text is {extra['over']} characters too long; the limit is {LONGEST}."
        raise Unreadable(detail, field=field, word="problem_text_long", extra=extra)
    if re.search(r"[{}]", _BLANK.sub("", text)):
        detail = "A blank is written {name}: a letter first, then letters, digits or spaces; braces mean nothing else."
        raise Unreadable(detail, field=field, word="problem_blank")
    if len(blanks(text)) > MOST_BLANKS:
        detail = f"A text has at most {MOST_BLANKS} blanks."
        raise Unreadable(detail, field=field, word="problem_many_blanks", extra={"limit": MOST_BLANKS})
    return text


async def _require_free(tx: Tx, agency: str | None, shortcut: str, but: int | None) -> None:
    """Raises Conflict if the agency, or everybody, has the shortcut; two who save at once are one after the other."""
    if tx.dialect.name == "postgresql":
        await tx.execute(sa.text("LOCK TABLE canned IN SHARE ROW EXCLUSIVE MODE"))
    taken = sa.select(canned.c.id).where(canned.c.shortcut == shortcut, canned.c.id != (but or 0))
    if agency is not None:
        taken = taken.where(sa.or_(canned.c.agency.is_(None), canned.c.agency == agency))
    if (await tx.execute(taken.limit(1))).first():
        raise Conflict("This shortcut is taken.", field="shortcut", word="problem_shortcut_taken")


async def put_samples(core: Core) -> None:
    """The answers of a demonstration, at its first start alone: what people change or remove stays so.

    That it was done stands in the audit log, and nowhere else.
    """
    now = core.clock()
    async with core.store.write() as tx:
        before = sa.select(sa.exists().where(audit_log.c.action == SAMPLED))
        if (await tx.execute(before)).scalar_one():
            return
        rows = [one | {"updated_at": now} for one in samples(core.site.agencies)]
        await tx.execute(sa.insert(canned), rows)
        await audit.record(tx, audit.SYSTEM, SAMPLED, now, answers=len(rows))


def samples(agencies: Container[str]) -> list[dict[str, Any]]:
    """Those in bot/words/canned.yml that are everybody's or of one of the agencies, as rows."""
    answers: list[dict[str, Any]] = table("canned")["answers"]
    return [{"agency": None} | one for one in answers if "agency" not in one or one["agency"] in agencies]
