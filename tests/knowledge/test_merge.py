"""The pack and files beside it as one catalogue: the pack goes first, and nothing is there twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from functools import cache
from pathlib import Path

import pytest

from knowledge import gazetteer, store
from knowledge.catalogue import Catalogue, load
from knowledge.contract import JourneyStep, LifeEvent, Office, PublicOrganisation, PublicService, Shift
from knowledge.entries import service_entries
from knowledge.formats import files
from knowledge.merge import Part, merged
from knowledge.search import Index

SAMPLES = Path(__file__).parent / "samples"
TODAY = date(2026, 11, 27)


@cache
def pack() -> Catalogue:
    return load("knowledge/pack")


def text(said: str) -> dict[str, str]:
    return {"vi": said, "en": said}


def service(identifier: str, agency: str = "ward", code: str | None = None, **more: object) -> PublicService:
    return replace(PublicService(identifier, text(identifier), text(identifier), agency, code), **more)  # pyright: ignore[reportArgumentType]


def agency(identifier: str, name: str, *others: str) -> PublicOrganisation:
    office = Office(f"{identifier}-desk", text("desk"), text("1 Street"), (Shift(0, time(8), time(9)),))
    return PublicOrganisation(identifier, text(name), {"vi": others, "en": ()}, offices=(office,))


def part(*things: PublicService | PublicOrganisation | LifeEvent) -> Part:
    return Part(
        {one.identifier: one for one in things if isinstance(one, PublicService)},
        {one.identifier: one for one in things if isinstance(one, PublicOrganisation)},
        {one.identifier: one for one in things if isinstance(one, LifeEvent)},
    )


PACK = part(service("birth", code="1.001193"), agency("ward", "UBND phường Mẫu", "Ủy ban nhân dân cấp xã"))


def test_an_agency_is_known_by_what_the_pack_calls_it_too() -> None:
    brought = part(service("stall", "cap-xa", offices=("cap-xa-desk",)), agency("cap-xa", "ủy ban nhân dân CẤP XÃ"))
    whole = merged([PACK, brought])
    assert list(whole.agencies) == ["ward"]
    stall = whole.services["stall"]
    assert (stall.competent_authority, stall.offices) == ("ward", ())       # all offices of the pack's agency


def test_another_agency_stays_another() -> None:
    brought = part(service("stall", "police", offices=("police-desk",)), agency("police", "Công an"))
    whole = merged([PACK, brought])
    assert list(whole.agencies) == ["ward", "police"]
    assert whole.services["stall"].offices == ("police-desk",)


@pytest.mark.parametrize("other", [service("birth", "x"), service("khai-sinh", "x", "1.001193")])
def test_a_service_that_the_pack_has_is_the_packs(other: PublicService) -> None:
    steps = (JourneyStep(other.identifier, text("step")),)
    event = LifeEvent("baby", text("baby"), text("baby"), steps)
    brought = part(other, service("card", "x", requires=(other.identifier,)), agency("x", "X"), event)
    whole = merged([PACK, brought])
    assert list(whole.services) == ["birth", "card"]
    assert whole.services["birth"].competent_authority == "ward"
    assert whole.services["card"].requires == ("birth",)
    assert whole.life_events["baby"].steps[0].service == "birth"


def test_things_of_one_origin_are_never_the_same() -> None:
    alone = part(agency("a", "Trạm y tế"), agency("b", "Trạm y tế"), service("one", "b"))
    assert list(merged([alone]).agencies) == ["a", "b"]
    assert merged([alone]).services["one"].competent_authority == "b"


def test_the_pack_alone_is_itself() -> None:
    alone = Part(pack().services, pack().agencies, pack().life_events)
    assert merged([alone]) == alone


def test_files_beside_the_pack(database_url: str) -> None:
    store.save(database_url, pack())
    before = store.version(database_url)
    for name in ("procedures.json", "directory.json"):
        store.save_file(database_url, name, files.read(SAMPLES / name, TODAY).documents)
    whole = store.load(database_url)
    assert len(whole.services) == len(pack().services) + 4
    assert store.files(database_url) == ["directory.json", "procedures.json"]
    store.save(database_url, pack())                              # as each start does it
    assert store.load(database_url) == whole
    store.remove_file(database_url, "procedures.json")
    store.remove_file(database_url, "directory.json")
    assert store.version(database_url) == before
    with pytest.raises(store.NothingBrought, match="imported are: none"):
        store.remove_file(database_url, "procedures.json")


def test_two_files_may_bring_the_same_agency_but_not_the_same_service(database_url: str) -> None:
    procedures = files.read(SAMPLES / "procedures.json", TODAY).documents
    one, other = procedures["services"]
    store.save(database_url, pack())
    store.save_file(database_url, "a.json", procedures | {"services": {one: procedures["services"][one]}})
    store.save_file(database_url, "b.json", procedures | {"services": {other: procedures["services"][other]}})
    assert set(store.load(database_url).services) >= {one, other}
    with pytest.raises(store.TakenIdentifier, match=r"a\.json"):
        store.save_file(database_url, "b.json", procedures)


def brought_catalogue(name: str) -> Catalogue:
    brought = files.read(SAMPLES / name, TODAY).documents
    return replace(pack(), services=brought["services"], agencies=brought["agencies"], life_events={})


def test_copies_for_a_missing_language_are_neither_searched_nor_recognised() -> None:
    procedures = brought_catalogue("procedures.json")
    assert {field.language for entry in service_entries(procedures) for field in entry.fields} == {"vi"}
    names = [name for name in gazetteer.names(procedures) if name.kind != "place"]
    assert {name.language for name in names} == {"vi"}
    assert any((name.kind, name.name) == ("document", "Giấy phép đặt quầy sách") for name in names)


@pytest.mark.parametrize(("name", "question", "found"), [
    ("procedures.json", "xin đặt quầy sách trên vỉa hè", "tthc-9-000101"),
    ("procedures.json", "muon loa phat thanh", "tthc-9-000102"),
    ("directory.json", "can someone bring library books to my home", "library-books-at-your-door"),
    ("directory.json", "lop doc sach chu noi", "lop-doc-sach-cho-nguoi-khiem-thi"),
    ("catalogue.jsonld", "thuê vườn rau", "plot"),
    ("catalogue.jsonld", "allotment garden", "plot"),
])  # fmt: skip
def test_what_was_brought_is_found(name: str, question: str, found: str) -> None:
    services = {**pack().services, **files.read(SAMPLES / name, TODAY).documents["services"]}
    assert Index.of(replace(pack(), services=services)).search(question)[0].id == found
