"""Who may import whom (CONTRIBUTING.md): the imports are read, and any other arrow fails."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("motcua", "bot", "actions", "channels", "knowledge", "text", "calendars")
MAY = {
    "motcua": set(PACKAGES),
    "bot": {"bot", "channels", "text", "calendars"},
    "actions": {"actions", "knowledge", "text", "calendars"},
    "channels": {"channels", "text"},
    "knowledge": {"knowledge", "text", "calendars"},
    "text": {"text"},
    "calendars": {"calendars"},
}
RASA_MAY = {"text", "rasa", "spacy", "sklearn", "numpy", "scipy", "sqlalchemy", "sanic", "bot"} | {
    "aiohttp",
    "jsonschema",
    "ujson",
}  # the last three: what Rasa and its server call, where bot/rasa/patches.py mends it
STANDARD = __import__("sys").stdlib_module_names


def modules(package: str) -> list[Path]:
    return [
        file
        for file in (ROOT / package).rglob("*.py")
        if ".venv" not in file.parts and "no_tensorflow" not in file.parts
    ]


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            yield from (
                [node.module]
                if node.module and "." in node.module
                else [f"{node.module}.{alias.name}" for alias in node.names]
            )


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_import_only_what_they_may(package: str) -> None:
    wrong = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in modules(package)
        for name in imports(file)
        if (top := name.split(".")[0]) in PACKAGES and top not in MAY[package]
    ]
    assert wrong == []


def test_rasas_side_imports_nothing_else_of_the_bot() -> None:
    wrong = [
        f"{file.name}: {name}"
        for file in modules("bot/rasa")
        for name in imports(file)
        if name.split(".")[0] not in RASA_MAY | STANDARD
        or (name.startswith("bot.") and not name.startswith("bot.rasa"))
    ]
    assert wrong == []
    assert (ROOT / "bot/__init__.py").read_text() == ""


def test_the_web_framework_stays_in_the_web_and_the_staffs_views() -> None:
    allowed = ("bot/web/", "bot/desk/", "bot/phone/", "bot/insight/", "bot/review/", "motcua/serve.py")
    wrong = [
        str(file.relative_to(ROOT))
        for package in PACKAGES
        for file in modules(package)
        if any(name.startswith("aiohttp.web") for name in imports(file))
        and not str(file.relative_to(ROOT)).startswith(allowed)
    ]
    assert wrong == []


def test_leaves_are_imported_by_their_registry_alone() -> None:
    hubs = {"contract", "registry", "statuses", "references", "demonstration", "fake"}
    wrong = [
        f"{file.relative_to(ROOT)}: {name}"
        for package in PACKAGES
        for file in modules(package)
        for name in imports(file)
        if name.startswith("actions.cases.")
        and name.split(".")[2] not in hubs
        and not str(file.relative_to(ROOT)).startswith("actions/cases/")
    ]
    assert wrong == []


def test_adapters_of_channels_are_imported_by_their_registry_alone() -> None:
    may = {
        "bot": ("channels.contract",),
        "motcua": ("channels.registry", "channels.contract", "channels.fake"),
    }
    wrong = [
        f"{file.relative_to(ROOT)}: {name}"
        for package, allowed in may.items()
        for file in modules(package)
        for name in imports(file)
        if name.split(".")[0] == "channels" and not name.startswith(allowed)
    ]
    assert wrong == []
    adapters = set(imports(ROOT / "channels/registry.py")) - {"channels.contract"}
    adapters = {name for name in adapters if name.startswith("channels.")}
    wrong = [
        f"{file.name}: {name}"
        for file in modules("channels")
        for name in imports(file)
        if name in adapters and file.stem != "registry"
    ]
    assert adapters
    assert wrong == []


def test_twilios_library_stays_in_the_channels() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}: {name}"
        for package in PACKAGES
        if package != "channels"
        for file in modules(package)
        for name in imports(file)
        if name.split(".")[0] == "twilio"
    ]
    assert wrong == []


def test_text_needs_the_standard_library_alone() -> None:
    wrong = [
        f"{file.name}: {name}"
        for file in modules("text")
        if file.name != "proof.py"
        for name in imports(file)
        if name.split(".")[0] not in STANDARD | {"text"}
    ]
    assert wrong == []
