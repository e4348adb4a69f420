"""Names for recognising: which are written, which are left out, and the file itself."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge import gazetteer
from knowledge.catalogue import Catalogue, load
from knowledge.contract import Place


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load("knowledge/pack")


@pytest.mark.parametrize(("kind", "identifier", "language", "name"), [
    ("service", "passport", "en", "passport"),
    ("service", "birth-registration", "vi", "Đăng ký khai sinh"),
    ("agency", "mau-ward", "vi", "UBND phường Mẫu"),
    ("office", "mau-ward-centre", "en", "Mau Ward Public Service Centre"),
    ("event", "having-a-baby", "", ""),
    ("document", "", "vi", "Giấy chứng sinh"),
])  # fmt: skip
def test_names_of_every_kind(catalogue: Catalogue, kind: str, identifier: str, language: str, name: str) -> None:
    found = [n for n in gazetteer.names(catalogue) if n.kind == kind]
    found = [n for n in found if n.id.startswith(identifier) and n.language.startswith(language)]
    assert any(name.lower() in n.name.lower() for n in found)


@pytest.mark.parametrize(("language", "name", "kept"), [
    ("vi", "chợ", False),
    ("vi", "phí", False),
    ("vi", "giấy tờ", False),
    ("vi", "Chợ Mẫu", True),
    ("vi", "UBND", True),
    ("en", "fee", False),
    ("en", "documents", False),
    ("en", "Market Street", True),
    ("en", "a name that nobody would ever say whole in a question", False),
])  # fmt: skip
def test_names_that_are_too_common_are_left_out(catalogue: Catalogue, language: str, name: str, kept: bool) -> None:
    named = {"vi": "Chỗ nào đó", "en": "Some place there", language: name}
    authority = replace(catalogue.authority, places=(Place("here", named),))
    names = gazetteer.names(replace(catalogue, authority=authority))
    assert any(n.kind == "place" and n.name == name for n in names) == kept


def test_no_name_twice_and_no_document_called_like_a_service(catalogue: Catalogue) -> None:
    names = gazetteer.names(catalogue)
    assert len(names) == len(set(names))
    services = {n.name.lower() for n in names if n.kind == "service"}
    assert not [n for n in names if n.kind == "document" and n.name.lower() in services]


def test_the_file(catalogue: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "home" / "gazetteer.json"
    count = gazetteer.write(catalogue, path)
    written = json.loads(path.read_text(encoding="utf-8"))
    assert written["version"] == catalogue.version()
    assert len(written["names"]) == count > 300
    assert set(written["names"][0]) == {"kind", "id", "language", "name"}
    assert [file.name for file in path.parent.iterdir()] == ["gazetteer.json"]
