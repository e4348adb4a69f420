"""The documents are true: what they name exists, and what an operator meets is named."""

from __future__ import annotations

import argparse
import ast
import json
import re
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiohttp import web

from bot import model
from bot.settings import Settings
from bot.web.health import Figures
from bot.words import table
from channels import contract
from motcua import cli
from tests.contracts.test_channels import KINDS
from tests.support.kannel import INBOUND
from tests.support.ports import both_ports

ROOT = Path(__file__).parent.parent
TRACKED = subprocess.run(
    ["git", "ls-files", "-z"],  # noqa: S607
    cwd=ROOT,
    capture_output=True,
    text=True,
    check=True,
).stdout.split("\0")[:-1]
DOCUMENTS = [file for file in TRACKED if file.endswith(".md")]
OPERATING = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
LANGUAGE = re.compile(r"[\"'](?:vi|en)[\"']|(?:^|[{,\s])(?:vi|en):(?:\s|$)|titleVi", re.MULTILINE)
# Keys of kannel.conf whose values are no matter of the machine.
SAME = (
    "group", "store-type", "dlr-storage", "mo-recode", "concatenation", "max-messages", "keyword", "catch-all",
    "smsc", "smsc-id", "system-type", "transceiver-mode", "interface-version", "source-addr-autodetect",
    "dest-addr-ton", "dest-addr-npi", "user-deny-ip", "user-allow-ip", "admin-deny-ip", "admin-allow-ip",
    "box-allow-ip", "http-timeout", "admin-interface", "smsbox-interface", "sendsms-interface",
)  # fmt: skip
RESULTS = ("turn", "held_out", "footprint", "channels", "desk", "intents")
PIPELINE = "docs/adr/0003-the-pipeline.md"
NOT_ONCE = "not once in its conversation"
LOGGING = {"log-file": "", "log-level": ""}
MACHINE = re.compile(r"(?<![\w.~}-])/(?:wor[k]|roo[t]|hom[e]/\w+|User[s]/\w+)/")


def read(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


def section(title: str) -> str:
    """One "## " section of operating.md."""
    return OPERATING.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def block(language: str, document: str) -> str:
    """The one block of code in that language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", document, flags=re.MULTILINE | re.DOTALL)
    return found


@pytest.mark.parametrize("key", Settings.model_fields)
def test_each_setting_stands_in_the_table_with_its_default_and_help(key: str) -> None:
    field = Settings.model_fields[key]
    default = "" if field.default in ("", ()) else str(field.default)
    default = default.lower() if isinstance(field.default, bool) else default
    row = f"| `MOTCUA_{key.upper()}` | {f'`{default}`' if default else '(empty)'} | {field.description} |"
    assert row in section("Settings").splitlines()
    assert re.search(rf"^# {key} = ", read("motcua.example.toml"), flags=re.MULTILINE)


@pytest.mark.parametrize("file", DOCUMENTS)
def test_every_setting_that_is_named_exists(file: str) -> None:
    known = {f"MOTCUA_{key.upper()}" for key in Settings.model_fields}
    assert set(re.findall(r"\bMOTCUA_[A-Z_]+[A-Z]\b", read(file))) <= known


async def test_every_address_of_both_ports_is_named_and_no_other(tmp_path: Path) -> None:
    named = set(re.findall(r"`([A-Z]+ /[^`]*)`", section("Ports")))
    async with both_ports(tmp_path) as ports:
        real = {address for port in ports for address in addresses(port)}
    assert {as_proved(address, real) for address in named} == real


def addresses(application: web.Application) -> Iterator[str]:
    for route in application.router.routes():
        if route.method != "HEAD" and route.resource is not None:
            yield f"{route.method} {route.resource.canonical}"


def as_proved(address: str, real: set[str]) -> str:
    """Which method a provider uses, its proof says: there the route takes any."""
    anyhow = f"* {address.partition(' ')[2]}"
    return anyhow if anyhow in real else address


def test_every_figure_is_named() -> None:
    figures = Figures()
    figures.turn_finished("answered", 0.1)
    figures.refused.labels("404").inc()
    figures.webhooks.labels("twilio", "kept").inc()
    figures.text_moved("twilio", "sent", 1, 500)
    shown = {sample.name for family in figures.registry.collect() for sample in family.samples}
    named = set(re.findall(r"motcua_[a-z_]+", section("Health and metrics")))
    assert {re.sub(r"_(bucket|sum|count)$", "", name) for name in shown if not name.endswith("_created")} == named


def test_every_state_of_a_text_and_every_kind_of_task_is_named() -> None:
    rows = set(re.findall(r"^\| `([a-z_]+)` \|", section("SMS"), flags=re.MULTILINE))
    assert rows == allowed(model.delivery, "state") | allowed(model.task, "kind")


def allowed(of: sa.Table, column: str) -> set[str]:
    """What a column's constraint lets in."""
    checks = [str(one.sqltext) for one in of.constraints if isinstance(one, sa.CheckConstraint)]
    (check,) = [one for one in checks if one.startswith(f"{column} in")]
    return set(re.findall(r"'(\w+)'", check))


@pytest.mark.parametrize("key", ["stop", "stop_alone", "start_alone", "help_alone"])
def test_every_word_of_consent_is_named(key: str) -> None:
    words = {word.replace(" ", "").upper() for word in table("door")[key]}
    assert words - set(re.findall(r"\b[A-Z]+\b", section("SMS"))) == set()


def test_the_configuration_of_kannel_is_the_one_that_is_tested() -> None:
    """Same groups, keys and get-url; values differ: waits, ports, secrets. Logs are files of their own there."""
    ours, tested = keys_of(block("ini", section("SMS"))), keys_of(read("tests/support/kannel.conf"))
    assert [{**one, **LOGGING} if one["group"] in ("core", "smsbox") else one for one in tested] == ours
    (get_url,) = re.findall(r'^get-url = "(.*)"$', block("ini", section("SMS")), flags=re.MULTILINE)
    assert get_url == INBOUND.format(url="https://PUBLIC", secret="SECRET")  # noqa: S106


def keys_of(configuration: str) -> list[dict[str, str]]:
    """A group a dictionary; of most keys only the name."""
    groups = [re.findall(r"^([a-z-]+) = (.*)$", group, flags=re.MULTILINE) for group in configuration.split("\n\n")]
    return [{key: value if key in SAME else "" for key, value in group} for group in groups]


def test_the_contract_of_channels_is_named_where_it_is_explained() -> None:
    document = read("docs/adding-a-channel.md")
    errors = [name for name, one in vars(contract).items() if isinstance(one, type) and issubclass(one, Exception)]
    parts = [*vars(contract.Channel), *contract.Channel.__annotations__]
    names = {name for name in (*errors, *parts) if not name.startswith("_") and name != "ChannelError"}
    assert {name for name in names | KINDS if f"`{name}" not in document} == set()


def commands() -> set[str]:
    """Every command that can be given, "knowledge check"."""
    parser = argparse.ArgumentParser()
    groups = parser.add_subparsers()
    for module in cli.GROUPS.values():
        import_module(module).register(groups)
    return set(cli.SIMPLE) | set(leaves(groups, ()))


def leaves(choices: argparse._SubParsersAction[argparse.ArgumentParser], path: tuple[str, ...]) -> Iterator[str]:
    for name, parser in choices.choices.items():
        below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
        if not below:
            yield " ".join((*path, name))
        for one in below:
            yield from leaves(one, (*path, name))


def test_every_command_is_named() -> None:
    named = re.findall(r"^\| `motcua ([a-z]+(?: [a-z]+)*)", section("Start and stop"), flags=re.MULTILINE)
    assert set(named) == commands()


@pytest.mark.parametrize("file", DOCUMENTS)
def test_every_command_that_is_named_exists(file: str) -> None:
    given = re.findall(r"(?:`|\.venv/bin/)motcua ([a-z]+)((?: [a-z]+)?)", read(file))
    known = commands()
    wrong = [first + second for first, second in given if not {first, first + second} & (known | set(cli.GROUPS))]
    assert wrong == []
    assert [second for first, second in given if second and first in cli.GROUPS and first + second not in known] == []


def targets() -> dict[str, bool]:
    """The Makefile's targets, and whether `make help` lists them."""
    found = re.findall(r"^([a-z][a-z-]*):(.*)$", read("Makefile"), flags=re.MULTILINE)
    return {name: "## " in rest for name, rest in found}


@pytest.mark.parametrize("file", DOCUMENTS)
def test_every_make_target_that_is_named_exists(file: str) -> None:
    named = re.findall(r"(?:`|^)make ([a-z][a-z-]*)", read(file), flags=re.MULTILINE)
    assert [name for name in named if name not in targets()] == []


def test_every_bench_that_make_runs_exists() -> None:
    run = re.findall(r"-m (bench\.\w+)|(bench/\w+\.py)", read("Makefile"))
    files = [path or f"{module.replace('.', '/')}.py" for module, path in run]
    assert [file for file in files if not (ROOT / file).exists()] == []


def test_the_makes_that_people_use_are_named_in_the_readme() -> None:
    missing = [name for name in ("run", "test", "check", "help") if f"make {name}" not in read("README.md")]
    assert missing == []
    assert all(targets()[name] for name in ("run", "test", "check", "help", "train", "clean"))


def anchors(file: Path) -> set[str]:
    """Headings as they are linked to."""
    headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("file", DOCUMENTS)
def test_every_link_inside_the_project_leads_somewhere(file: str) -> None:
    wrong: list[str] = []
    for target in re.findall(r"\]\(([^)\s]+)\)", read(file)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (ROOT / file).parent / path if path else ROOT / file
        if not there.exists() or (anchor and anchor not in anchors(there)):
            wrong.append(target)
    assert wrong == []


def test_no_file_names_a_place_on_one_machine() -> None:
    wrong: list[str] = []
    for file in TRACKED:
        content = (ROOT / file).read_bytes() if (ROOT / file).is_file() else b""
        if b"\0" not in content[:8000]:
            wrong += [f"{file}: {found.group()}" for found in MACHINE.finditer(content.decode(errors="replace"))]
    assert wrong == []


def test_both_readmes_show_the_same() -> None:
    """Pictures, addresses and code are the same in both languages, and as many sections."""
    for pattern in (r"!\[[^]]*\]\(([^)]+)\)", r"<(http[^>]+)>", r"^```sh\n((?:(?!make).*\n)+?)```", r"^(#+) "):
        ours, theirs = (re.findall(pattern, read(file), flags=re.MULTILINE) for file in ("README.md", "README.vi.md"))
        assert ours == theirs


@pytest.mark.parametrize("file", ["README.md", "README.vi.md"])
def test_the_figures_of_the_readmes_are_those_of_the_last_runs(file: str) -> None:
    assert [figure for figure in last_runs() if figure not in read(file)] == []


def test_the_pipelines_record_has_the_figures_of_the_last_run() -> None:
    intents = json.loads(read("bench/results/intents.json"))
    three = *intents["vi"].values(), intents["en"]["as typed"]
    assert " / ".join(f"{accuracy:.3f}".lstrip("0") for accuracy in three) + ": that is the last run" in read(PIPELINE)


def last_runs() -> Iterator[str]:
    """What bench/results holds, as it is written for people."""
    found = (json.loads(read(f"bench/results/{name}.json")) for name in RESULTS)
    turn, held_out, footprint, channels, desk, intents = found
    yield f"p50 {turn['p50_ms']:.0f} ms, p95 {turn['p95_ms']:.0f} ms"
    yield f"{turn['turn_200_over_turn_5']:.2f} ×"
    yield from (f"{held_out[language][key]:.3f}" for language in held_out for key in ("right", "out_of_scope_declined"))
    loads = channels["sqlite"], channels["postgresql"]
    yield "SQLite {:.0f} ms, PostgreSQL {:.0f} ms".format(*(load["acknowledged_ms"]["p99"] for load in loads))
    yield from (f"{load['delivered_once'] + load['failed_with_a_task']:,}" for load in loads)
    apps = [list(channels["apps"][database].values()) for database in ("sqlite", "postgresql")]
    yield "SQLite {:.0f} ms, PostgreSQL {:.0f} ms".format(*(slowest(each) for each in apps))
    yield from (f"{sum(app['messages'] - app['checks'][NOT_ONCE] for app in each):,}" for each in apps)
    yield from (f"{accuracy:.3f}" for forms in intents.values() for accuracy in forms.values())
    days = desk["sqlite"], desk["postgresql"]
    yield "SQLite {:.0f} ms, PostgreSQL {:.0f} ms".format(*(day["message_on_screen_p95_ms"] for day in days))
    yield "SQLite {:.0f} ms, PostgreSQL {:.0f} ms".format(*(day["queue_page_p95_ms"] for day in days))
    yield "{missing} / {repeated}".format(**{name: sum(day[name] for day in days) for name in ("missing", "repeated")})
    yield f"{sum(part['rss'] for part in footprint['memory_mb'].values()):,.0f} MB"
    yield f"{sum(footprint['disk_mb'].values()):,.0f} MB"
    yield from (f"| {footprint[what]:.0f} s |" for what in ("fresh_clone_s", "training_s", "second_start_s"))


def slowest(apps: list[dict[str, Any]]) -> float:
    return max(app["acknowledged_ms"]["p99"] for app in apps)


def test_every_file_that_tells_languages_apart_is_named() -> None:
    """docs/adding-a-language.md lists all that a third language would touch."""
    document = read("docs/adding-a-language.md")
    apart = ("tests/", "docs/", "data/", "knowledge/pack/", "bench/results/")
    code = [file for file in TRACKED if not file.startswith(apart) and (ROOT / file).is_file()]
    missing = [file for file in code if tells_languages_apart(file) and f"`{file}`" not in document]
    assert missing == []


def tells_languages_apart(file: str) -> bool:
    if file.endswith(".py"):
        constants = (node for node in ast.walk(ast.parse(read(file))) if isinstance(node, ast.Constant))
        return any(node.value in ("vi", "en") for node in constants)
    if file.endswith((".js", ".html", ".yml")):
        return LANGUAGE.search(read(file)) is not None
    return False
