"""What goes out: open data that a second reader understands, and that comes back as the same catalogue."""
# ruff: noqa: E501, PT018 a row of a table is one line; streams and codes are looked at together

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import rdflib

from knowledge.catalogue import Catalogue, load
from knowledge.contract import PublicOrganisation
from knowledge.formats import files, pack_write
from knowledge.formats.cpsv_write import document
from knowledge.formats.jsonld import Graph, Literal
from knowledge.formats.place import Place
from knowledge.formats.vocabulary import PREFIXES
from motcua.cli import main

ADDRESS = "https://mau.example.vn"
LATER = date(2031, 1, 1)              # whatever day it comes back, facts keep the month in which they were read


pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")     # rdflib's own


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load("knowledge/pack")


@pytest.fixture(scope="module")
def written(catalogue: Catalogue) -> dict[str, Any]:
    return document(catalogue, ADDRESS)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MOTCUA_PUBLIC_URL", ADDRESS + "/")
    monkeypatch.delenv("MOTCUA_DATABASE_URL", raising=False)
    return tmp_path / "home"


def back(written: dict[str, Any], tmp_path: Path) -> files.Brought:
    file = tmp_path / "catalogue.jsonld"
    file.write_text(json.dumps(written), encoding="utf-8")
    return files.read(file, LATER)


def published(agency: PublicOrganisation) -> PublicOrganisation:
    """What of an agency goes out: how its cases are found and routed does not."""
    return replace(agency, case_prefixes=(), case_system=None, show_due_date=True)


def test_what_went_out_comes_back(catalogue: Catalogue, written: dict[str, Any], tmp_path: Path) -> None:
    """All of services and journeys. Not carried: the routing of cases, the authority's settings, holidays, articles."""
    brought = back(written, tmp_path)
    assert brought.left_out == []
    assert brought.documents == {
        "services": catalogue.services,
        "agencies": {key: published(agency) for key, agency in catalogue.agencies.items()},
        "journeys": catalogue.life_events,
    }


def test_another_address_changes_nothing_of_it(catalogue: Catalogue, tmp_path: Path) -> None:
    assert back(document(catalogue, "http://127.0.0.1:8080"), tmp_path).documents["services"] == catalogue.services


def triples(graph: Graph) -> Iterator[tuple[str, str, str, str | None]]:
    """Ours: subject, property, value, language; of nodes with an IRI."""
    for node in graph.nodes.values():
        for kind in node.types:
            yield node.iri, _full("rdf:type"), _full(kind), None
        for name, values in node.values.items():
            for value in values:
                if isinstance(value, Literal):
                    yield node.iri, _full(name), value.text, value.language
                else:
                    yield node.iri, _full(name), value.iri, None


def _full(short: str) -> str:
    prefix, _, rest = short.partition(":")
    return {**PREFIXES, "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#"}.get(prefix, f"{prefix}:") + rest


def read_by_rdflib(text: str) -> set[tuple[str, str, str, str | None]]:
    graph = rdflib.Graph().parse(data=text, format="json-ld")
    found: set[tuple[str, str, str, str | None]] = set()
    for subject, name, value in graph:
        if isinstance(value, rdflib.Literal):
            found.add((str(subject), str(name), str(value).removesuffix(".0"), value.language))
        else:
            found.add((str(subject), str(name), str(value), None))
    return {one for one in found if not _blank(one)}


def _blank(triple: tuple[str, str, str, str | None]) -> bool:
    return any(not text.startswith(("http://", "https://")) for text in triple[:2]) or _is_blank(triple[2])


def _is_blank(value: str) -> bool:
    return value.startswith("_:") or (len(value) == 33 and value[0] == "N" and value[1:].isalnum())


SMALL = [
    ("a prefix", {"@context": {"dct": PREFIXES["dct"]}, "@id": "http://a.vn/1", "dct:title": "x"}),
    ("a full IRI", {"@id": "http://a.vn/1", PREFIXES["dct"] + "title": {"@value": "x", "@language": "vi"}}),
    ("a term", {"@context": {"t": PREFIXES["dct"] + "title"}, "@id": "http://a.vn/1", "t": ["x", "y"]}),
    ("a term in a language", {
        "@context": {"dct": PREFIXES["dct"], "t": {"@id": "dct:title", "@language": "vi"}},
        "@id": "http://a.vn/1", "t": "x",
    }),
    ("a language map", {
        "@context": {"t": {"@id": PREFIXES["dct"] + "title", "@container": "@language"}},
        "@id": "http://a.vn/1", "t": {"vi": ["x", "y"], "en": "z"},
    }),
    ("the language of a context", {
        "@context": {"@language": "en", "dct": PREFIXES["dct"]}, "@id": "http://a.vn/1", "dct:title": "x",
    }),
    ("references", {
        "@context": {"cv": PREFIXES["cv"], "ex": "http://a.vn/", "cost": {"@id": "cv:hasCost", "@type": "@id"}},
        "@id": "ex:1", "cost": ["ex:2", "http://a.vn/3"], "cv:hasChannel": {"@id": "ex:4"},
    }),
    ("a node inside", {
        "@context": {"cv": PREFIXES["cv"]}, "@id": "http://a.vn/1",
        "cv:hasCost": {"@id": "http://a.vn/2", "@type": "cv:Cost", "cv:hasValue": 5},
    }),
    ("a graph", {"@context": {"dct": PREFIXES["dct"]}, "@graph": [
        {"@id": "http://a.vn/1", "dct:title": "x"}, {"@id": "http://a.vn/1", "dct:title": "y"},
    ]}),
    ("aliases", {
        "@context": {"id": "@id", "kind": "@type", "cv": PREFIXES["cv"]}, "id": "http://a.vn/1", "kind": "cv:Cost",
    }),
    ("a base and a vocabulary", {
        "@context": {"@base": "http://a.vn/", "@vocab": PREFIXES["dct"]}, "@id": "1", "title": "x", "@type": "Agent",
    }),
    ("a context inside", {
        "@context": {"cv": PREFIXES["cv"]}, "@id": "http://a.vn/1",
        "cv:hasCost": {"@context": {"t": PREFIXES["dct"] + "title"}, "@id": "http://a.vn/2", "t": "x"},
    }),
    ("contexts in a list", {
        "@context": [{"dct": PREFIXES["dct"]}, {"t": "dct:title"}], "@id": "http://a.vn/1", "t": "x",
    }),
    ("a term that is not to be read", {
        "@context": {"dct": PREFIXES["dct"], "dct:title": None},
        "@id": "http://a.vn/1", "dct:title": "x", "dct:type": "y",
    }),
]  # fmt: skip


@pytest.mark.parametrize("small", [case[1] for case in SMALL], ids=[case[0] for case in SMALL])
def test_both_readers_find_the_same(small: dict[str, Any]) -> None:
    ours = {one for one in triples(Graph(Place(small, "a.jsonld"))) if not _blank(one)}
    assert ours == read_by_rdflib(json.dumps(small)) != set()


def test_both_readers_find_the_same_in_what_goes_out(written: dict[str, Any]) -> None:
    ours = {one for one in triples(Graph(Place(written, "a.jsonld"))) if not _blank(one)}
    theirs = read_by_rdflib(json.dumps(written))
    assert ours == theirs and len(ours) > 4000


def test_what_goes_out(catalogue: Catalogue, written: dict[str, Any]) -> None:
    nodes = {node["@id"]: node for node in written["@graph"]}
    passport = nodes[f"{ADDRESS}/catalogue/services/passport"]
    assert {"@language": "vi", "@value": "Cấp hộ chiếu phổ thông"} in passport["dct:title"]
    assert passport["cv:hasCompetentAuthority"] == {"@id": f"{ADDRESS}/catalogue/agencies/provincial-police"}
    assert passport["cv:hasCost"][0]["cv:currency"]["@id"].endswith("/currency/VND")
    assert {cost["dct:provenance"]["dct:date"] for cost in passport["cv:hasCost"] if "dct:provenance" in cost} == {"2026-11"}
    residence = nodes[f"{ADDRESS}/catalogue/services/permanent-residence"]
    assert residence["cv:processingTime"] == {"@value": "P7D", "@type": "xsd:duration"}
    rules = {text["@value"] for rule in residence["cpsv:follows"] for text in rule["dct:description"]}
    assert any(text.startswith("7 working days") for text in rules)
    dataset = nodes[f"{ADDRESS}/catalogue"]
    assert len(dataset["dct:hasPart"]) == len(catalogue.services)
    assert "demonstration" in dataset["dct:description"][1]["@value"]
    assert "H15.50" not in json.dumps(written), "how cases are routed is the authority's own"


def test_copies_for_a_missing_language_do_not_go_out(catalogue: Catalogue, tmp_path: Path) -> None:
    samples = Path(__file__).parent / "samples"
    brought = files.read(samples / "procedures.json", date(2026, 11, 27)).documents
    written = document(replace(catalogue, **_as_catalogue(brought)), ADDRESS)
    service = next(node for node in written["@graph"] if node["@id"].endswith("tthc-9-000101"))
    assert [title["@language"] for title in service["dct:title"]] == ["vi"]
    assert back(written, tmp_path).documents == brought


def _as_catalogue(brought: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {"services": brought["services"], "agencies": brought["agencies"], "life_events": {}}


def test_a_pack_comes_back_whole(catalogue: Catalogue, tmp_path: Path) -> None:
    assert pack_write.write(catalogue, tmp_path / "pack") == 45
    assert load(tmp_path / "pack") == catalogue


def test_export_as_it_is_typed(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["knowledge", "export"]) == 1
    assert "knowledge import" in capsys.readouterr().err
    assert main(["knowledge", "import"]) == 0
    capsys.readouterr()
    assert main(["knowledge", "export"]) == 0
    out, err = capsys.readouterr()
    assert err == "" and json.loads(out)["@graph"][0]["@id"] == f"{ADDRESS}/catalogue"
    file, pack = tmp_path / "open.jsonld", tmp_path / "pack"
    assert main(["knowledge", "export", "--format", "cpsv-ap", "--output", str(file)]) == 0
    assert file.read_text(encoding="utf-8") == out and "28 services" in capsys.readouterr().out
    assert main(["knowledge", "export", "--format", "pack", "--output", str(pack)]) == 0
    assert main(["knowledge", "check", str(pack)]) == 0


@pytest.mark.parametrize(("arguments", "said"), [
    (["--format", "pack"], "--output"),
    (["--format", "pack", "--output", "."], "is not empty"),
    (["--output", "none/at/all.jsonld"], "none/at/all.jsonld: No such file or directory"),
])  # fmt: skip
def test_where_it_cannot_go(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    main(["knowledge", "import"])
    assert main(["knowledge", "export", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_what_went_out_is_imported_beside_another_pack(
    home: Path, tmp_path: Path, written: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """In a home that has an authority and nothing else, all 28 services are there and found."""
    small = tmp_path / "small"
    small.mkdir()
    (small / "authority.yml").write_text(
        "identifier: elsewhere\nname: {vi: Nơi khác, en: Elsewhere}\ndefault_language: vi\n", encoding="utf-8"
    )
    file = tmp_path / "open.jsonld"
    file.write_text(json.dumps(written), encoding="utf-8")
    assert main(["knowledge", "import", str(small)]) == 0
    assert main(["knowledge", "import", str(file)]) == 0
    assert "28 services, 9 agencies, 5 journeys (CPSV-AP in JSON-LD) imported" in capsys.readouterr().out
    assert main(["knowledge", "search", "lam ho chieu", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["id"] == "passport"
    assert "Hộ chiếu" in (home / "gazetteer.json").read_text(encoding="utf-8")
