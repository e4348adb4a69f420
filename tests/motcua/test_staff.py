"""`motcua staff` and `motcua audit` as they are typed: what is printed, what is changed, what bad input gets."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot import model
from bot.settings import load
from bot.store import Store
from motcua import sign_in_link
from motcua.cli import main
from tests.bot.test_audit import UNGUARDED

LINK = re.compile(r"http://127\.0\.0\.1:8081/desk/sign-in/[\w-]{43}")
Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture(params=["migrated_sqlite_url", "migrated_postgres_url", "sqlite_url"])
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With a database of each kind in its newest shape, and with one that was never used."""
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path))
    monkeypatch.setenv("MOTCUA_DATABASE_URL", request.getfixturevalue(request.param))
    return tmp_path


@pytest.fixture
def typed(home: Path, capsys: pytest.CaptureFixture[str]) -> Typed:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def rows(of: sa.Executable) -> list[tuple[Any, ...]]:
    async def read() -> list[tuple[Any, ...]]:
        store = Store(load().main_database)
        async with store.read() as tx:
            found = [tuple(row) for row in await tx.execute(of)]
        await store.close()
        return found

    return asyncio.run(read())


async def _do(store: Store, statements: list[str]) -> None:
    async with store.write() as tx:
        for statement in (*UNGUARDED[tx.dialect.name], *statements):
            await tx.exec_driver_sql(statement)
    await store.close()


def change(*statements: str) -> None:
    asyncio.run(_do(Store(load().main_database), list(statements)))


ACTIONS = sa.select(model.audit.c.who, model.audit.c.action, model.audit.c.details).order_by(model.audit.c.id)


def test_a_person_is_added_in_production_too_and_sets_a_password_by_the_link(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTCUA_MODE", "production")
    code, out, err = typed("staff", "add", "Nguyễn Thị Lan", "--role", "supervisor")
    assert (code, err) == (0, "")
    assert LINK.fullmatch(out.strip())
    person = sa.select(model.person.c.name, model.person.c.role, model.person.c.agencies, model.person.c.password)
    assert rows(person) == [("Nguyễn Thị Lan", "supervisor", None, None)]
    made = {"person": "Nguyễn Thị Lan", "role": "supervisor", "by": "command line"}
    assert rows(ACTIONS) == [("system", "person_added", made)]
    assert typed("staff", "add", "Nguyễn Thị Lan", "--role", "agent") == (
        2, "", "somebody is called Nguyễn Thị Lan already; nothing was changed.\n",
    )  # fmt: skip


@pytest.mark.parametrize("name", ["", " Lan", "a\nb", "x" * 81, "system", "Lan\u200b"])
def test_names_that_nobody_can_have(name: str, typed: Typed) -> None:
    for command in (("staff", "add", name, "--role", "agent"), ("staff", "token", name)):
        code, out, err = typed(*command)
        assert (code, out) == (2, "")
        assert err.endswith("; nothing was changed.\n")


def test_a_person_gets_links_and_is_ended(typed: Typed) -> None:
    typed("staff", "add", "Lan", "--role", "agent")
    typed("staff", "token", "Mai")
    assert LINK.fullmatch(typed("staff", "link", "Lan")[1].strip())
    assert typed("staff", "list")[1] == "Lan  agent  all agencies\nMai  agent  all agencies\n"
    assert typed("staff", "end", "Lan")[0] == 0
    assert typed("staff", "list")[1].splitlines()[0] == "Lan  agent  all agencies  deactivated"
    assert rows(sa.select(sa.func.count()).select_from(model.sign_in_link)) == [(0,)]
    for command in ("link", "token"):
        assert typed("staff", command, "Lan") == (2, "", "Lan was deactivated; nothing was changed.\n")
    assert [action for _, action, _ in rows(ACTIONS)] == ["person_added", "token", "sign_in_link", "person_deactivated"]


@pytest.mark.parametrize("command", ["link", "end"])
def test_who_is_nobody(command: str, typed: Typed) -> None:
    assert typed("staff", command, "Lan") == (2, "", "Nobody is called Lan; `motcua staff add` makes an account.\n")
    assert typed("staff", "list") == (0, "Nobody yet: `motcua staff add` makes an account.\n", "")


def test_a_token_is_printed_alone_and_makes_accounts_in_demonstrations_alone(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, err = typed("staff", "token", "Lan")
    assert (code, err) == (0, "")
    assert re.fullmatch(r"mc_[\w-]{43}\n", out)
    assert typed("staff", "token", "Lan", "--role", "supervisor")[0] == 2
    monkeypatch.setenv("MOTCUA_MODE", "production")
    assert typed("staff", "token", "Lan")[0] == 0
    assert typed("staff", "token", "Mai") == (2, "", "Nobody is called Mai; `motcua staff add` makes an account.\n")


def test_agencies_are_those_of_the_knowledge(typed: Typed) -> None:
    none = (2, "", "No agencies are known here yet; `motcua prepare` imports them\n")
    assert typed("staff", "add", "Lan", "--role", "agent", "--agency", "tan-an-ward") == none
    assert main(["knowledge", "import"]) == 0
    typed("staff", "list")
    wrong = typed("staff", "token", "Lan", "--agency", "moon")
    assert (wrong[0], wrong[1]) == (2, "")
    assert wrong[2].startswith("No agency moon; ")
    known = typed("staff", "add", "Lan", "--role", "agent", "--agency", AGENCY)
    assert (known[0], known[2]) == (0, "")
    assert typed("staff", "list")[1] == f"Lan  agent  {AGENCY}\n"


AGENCY = sorted(file.stem for file in (Path(__file__).parents[2] / "knowledge/pack/agencies").glob("*.yml"))[0]


@pytest.mark.parametrize("command", [("staff", "list"), ("staff", "token", "Lan"), ("audit", "verify")])
@pytest.mark.parametrize(("setting", "value"), [
    ("MOTCUA_HOME", "/proc/nowhere"),
    ("MOTCUA_DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:1/none"),
    ("MOTCUA_DATABASE_URL", "sqlite:///{home}/broken.db"),
])  # fmt: skip
def test_where_nothing_can_be_kept_one_sentence_says_so(
    command: tuple[str, ...], setting: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    (tmp_path / "broken.db").write_bytes(b"this is no database, whatever its name says" * 100)
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path))
    monkeypatch.setenv(setting, value.format(home=tmp_path))
    assert main(list(command)) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert said.err.startswith(setting)
    assert "secret" not in said.err


# ---- the log --------------------------------------------------------------------------------------------------------


def test_an_unbroken_log(typed: Typed) -> None:
    assert typed("audit", "verify") == (0, "0 rows, unbroken\n", "")
    typed("staff", "add", "Lan", "--role", "agent")
    typed("staff", "end", "Lan")
    code, out, _ = typed("audit", "verify")
    assert code == 0
    found = re.fullmatch(r"2 rows, unbroken; the last hash is (\w{64})\n", out)
    assert found
    assert typed("audit", "verify", "--holds", found.group(1))[0] == 0


@pytest.mark.parametrize(("statement", "said"), [
    ("update audit set who = 'Mai' where id = 2", "Row 2 does not follow from row 1: one of them was changed"),
    ("delete from audit where id = 1", "Row 2 does not follow from row 0: one of them was changed"),
    ("delete from audit where id = 3", "2 rows that follow each other, and none with the hash"),
])  # fmt: skip
def test_a_log_that_somebody_changed(statement: str, said: str, typed: Typed) -> None:
    typed("staff", "add", "Lan", "--role", "agent")
    typed("staff", "link", "Lan")
    typed("staff", "end", "Lan")
    kept = typed("audit", "verify")[1].split()[-1]
    change(statement)
    code, out, err = typed("audit", "verify", "--holds", kept)
    assert (code, err) == (1, "")
    assert out.startswith(said)


# ---- the demonstration's own link -----------------------------------------------------------------------------------


def test_a_demonstration_prints_a_link_for_its_administrator_and_the_last_one_alone_opens(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert sign_in_link.main() == 0
        assert re.fullmatch(LINK.pattern + r"\?next=/desk\n", capsys.readouterr().out)
    assert rows(sa.select(sa.func.count()).select_from(model.sign_in_link)) == [(1,)]
    assert rows(sa.select(model.person.c.name, model.person.c.role)) == [(sign_in_link.NAME, "administrator")]


@pytest.mark.parametrize("why", ["production", "ended", "made an agent"])
def test_there_is_no_link(
    why: str, typed: Typed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if why == "production":
        monkeypatch.setenv("MOTCUA_MODE", "production")
    else:
        role = "agent" if why == "made an agent" else "administrator"
        typed("staff", "add", sign_in_link.NAME, "--role", role)
    if why == "ended":
        typed("staff", "end", sign_in_link.NAME)
    assert sign_in_link.main() == 1
    assert capsys.readouterr().out == ""
