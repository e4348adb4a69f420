"""Files that cannot be imported: each is refused as a whole, by name and place, and nothing of it is kept."""
# ruff: noqa: E501, PT018 a row of a table is one line; streams and codes are looked at together

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from knowledge import store
from knowledge.formats.place import LARGEST
from motcua.cli import main

SAMPLES = Path(__file__).parent / "samples"
PROCEDURES, DIRECTORY, TABLES, CATALOGUE = "procedures.json", "directory.json", "tables.json", "catalogue.jsonld"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("MOTCUA_DATABASE_URL", raising=False)
    return tmp_path / "home"


def kept(home: Path) -> list[str]:
    return store.files(f"sqlite:///{home / 'knowledge.db'}")


def refused(home: Path, capsys: pytest.CaptureFixture[str], file: Path, *more: str) -> str:
    """What is said of the file; it starts with its name, and nothing was imported."""
    assert main(["knowledge", "import", str(file), *more]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith(str(file)) and kept(home) == []
    return err.removeprefix(str(file))


RAW: list[tuple[str, bytes, str]] = [
    ("empty", b"", ": the file is empty"),
    ("blank", b" \n\t", ": the file is empty"),
    ("truncated", (SAMPLES / DIRECTORY).read_bytes()[:700], ":21:"),
    ("no JSON", b"<html></html>", ":1:1: not readable as JSON"),
    ("two values", b"{} {}", ":1:4: not readable as JSON: Extra data"),
    ("invalid UTF-8", b'{"id": "\xff"}', ": byte 9 is no UTF-8 text"),
    ("UTF-16", '{"id": "1"}'.encode("utf-16"), ": byte 1 is no UTF-8 text"),
    ("a key twice", b'{"id": 1, "id": 2}', ": not readable as JSON: 'id' is written twice"),
    ("not a number", b'{"id": NaN}', ": not readable as JSON: NaN is no number"),
    ("too deep", b"[" * 200_000, ": not readable as JSON: nested too deeply"),
    ("pages in pages", b'{"contents": [' * 400 + b"]}" * 400, ": in no known format"),
    ("nodes in nodes", b'{"@id": "a", "http://a.vn/in": ' * 450 + b"1" + b"}" * 450, ": nested too deeply"),
    ("a number without end", b'{"id": ' + b"9" * 5000 + b"}", ": not readable as JSON: "),
    ("nothing we know", b'{"hello": "world"}', ": in no known format; readable are: a folder with a knowledge pack (pack), CPSV-AP"),
    ("a text", b'"hello"', ": in no known format"),
    ("a list of nothing", b"[]", ": in no known format"),
    ("a list of lists", b"[[]]", ": in no known format"),
    ("null", b"null", ": in no known format"),
]


@pytest.mark.parametrize(("content", "said"), [case[1:] for case in RAW], ids=[case[0] for case in RAW])
def test_what_is_no_file_of_ours(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(content)
    assert refused(home, capsys, file).startswith(said)


def test_letters_that_are_none(home: Path, tmp_path: Path) -> None:
    """Half a character, a null byte and invisible ones are left out of what is kept."""
    file = tmp_path / "a.json"
    text = (SAMPLES / DIRECTORY).read_text(encoding="utf-8")
    file.write_text(text.replace("A volunteer", "A \\ud800vol\\u0000un\\u200bteer"), encoding="utf-8")
    assert main(["knowledge", "import", str(file)]) == 0
    assert "A volunteer brings" in file_text(home)


def file_text(home: Path) -> str:
    return (home / "knowledge.db").read_bytes().decode("utf-8", "replace")


@pytest.mark.parametrize("format_", ["cpsv-ap", "hsds", "portal"])
@pytest.mark.parametrize("content", ["[]", '{"contents": []}', '{"@graph": []}', "7"])
def test_a_format_that_is_said_and_not_there(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], format_: str, content: str) -> None:
    file = tmp_path / "a.json"
    file.write_text(content)
    assert refused(home, capsys, file, "--format", format_)


def test_a_file_that_is_too_large(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.json"
    with file.open("wb") as sparse:
        sparse.truncate(LARGEST + 1)
    assert refused(home, capsys, file) == ": larger than 50 MB; split it\n"


def test_a_file_that_is_not_there(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["knowledge", "import", str(tmp_path / "none.json"), "--format", "hsds"]) == 2
    assert capsys.readouterr().err == f"{tmp_path / 'none.json'}: No such file or directory\n"


Change = Callable[[Any], Any]


def put(*way: str | int, value: Any) -> Change:
    """Puts a value at a place of the sample."""

    def change(tree: Any) -> Any:
        at = tree
        for key in way[:-1]:
            at = at[key]
        at[way[-1]] = value
        return tree

    return change


def drop(*way: str | int) -> Change:
    def change(tree: Any) -> Any:
        at = tree
        for key in way[:-1]:
            at = at[key]
        del at[way[-1]]
        return tree

    return change


CHANGED: list[tuple[str, str, Change, str]] = [
    ("portal: metadata a text", PROCEDURES, put(0, "metadata", value="x"), "[1].metadata: must be an object"),
    ("portal: no code", PROCEDURES, drop(0, "metadata", "mã_thủ_tục"), "[1].metadata: lacks 'mã_thủ_tục'"),
    ("portal: a code of another form", PROCEDURES, put(0, "metadata", "mã_thủ_tục", value="TT-1"), "[1].metadata.mã_thủ_tục: 'TT-1' is no national procedure code"),
    ("portal: a code that is a number", PROCEDURES, put(1, "metadata", "mã_thủ_tục", value=9.000102), "[2].metadata.mã_thủ_tục: must be text"),
    ("portal: the same code twice", PROCEDURES, put(1, "metadata", "mã_thủ_tục", value="9.000101"), "9.000101: services identifier 'tthc-9-000101' is already in"),
    ("portal: no name", PROCEDURES, put(0, "metadata", "tên_thủ_tục", value=" "), "[1].metadata: lacks 'tên_thủ_tục'"),
    ("portal: no agency", PROCEDURES, put(0, "content", "cơ_quan_thực_hiện", value="Không có thông tin"), "[1].content: names no agency"),
    ("portal: a table that is none", PROCEDURES, put(0, "tables", "hinh_thuc_nop", value={}), "[1].tables.hinh_thuc_nop: must be a list"),
    ("portal: a row that is a text", PROCEDURES, put(0, "tables", "thanh_phan_ho_so", 0, value="x"), "[1].tables.thanh_phan_ho_so[1]: must be an object"),
    ("portal: a paper without a name", PROCEDURES, put(0, "tables", "thanh_phan_ho_so", 1, "ten_giay_to", value=None), "[1].tables.thanh_phan_ho_so[2]: lacks 'ten_giay_to'"),
    ("portal: a record that is null", PROCEDURES, put(1, value=None), "[2]: must be an object"),
    ("HSDS: contents no list", DIRECTORY, put("contents", value={}), "contents: must be a list"),
    ("HSDS: a service without a name", DIRECTORY, drop("contents", 1, "name"), "contents[2]: lacks 'name'"),
    ("HSDS: a name that is a number", DIRECTORY, put("contents", 1, "name", value=7), "contents[2].name: must be text"),
    ("HSDS: an id used twice", DIRECTORY, put("contents", 1, "id", value="a1"), "contents[2].id: 'a1' is used twice"),
    ("HSDS: no organisation", DIRECTORY, drop("contents", 1, "organization"), "contents[2]: names no organisation"),
    ("HSDS: an organisation without a name", DIRECTORY, drop("contents", 0, "organization", "name"), "contents[1].organization: lacks 'name'"),
    ("HSDS: phones no list", DIRECTORY, put("contents", 0, "phones", value="024"), "contents[1].phones: must be a list"),
    ("HSDS: an age in words", DIRECTORY, put("contents", 0, "minimum_age", value="sixty"), "contents[1].minimum_age: must be a number"),
    ("HSDS: an amount that is a truth", DIRECTORY, put("contents", 0, "cost_options", 0, "amount", value=True), "contents[1].cost_options[1].amount: must be a number"),
    ("HSDS: a cost that says nothing", DIRECTORY, put("contents", 0, "cost_options", 0, value={"id": "c1"}), "contents[1].cost_options[1]: says no amount"),
    ("HSDS: a date that does not exist", DIRECTORY, put("contents", 0, "cost_options", 1, "valid_from", value="2026-02-30"), "Library books at your door: costs[2].effective_from is '2026-02-30'"),
    ("HSDS: a location that is a text", DIRECTORY, put("contents", 0, "service_at_locations", 0, "location", value="l1"), "contents[1].service_at_locations[1].location: must be an object"),
    ("HSDS: a paper without a name", DIRECTORY, drop("contents", 0, "required_documents", 0, "document"), "contents[1].required_documents[1]: lacks 'document'"),
    ("tables: an unknown organisation", TABLES, put("services.csv", 0, "organization_id", value="o9"), "services.csv[1].organization_id: no row of 'organizations' has the id 'o9'"),
    ("tables: an unknown service", TABLES, put("cost_options.csv", 0, "service_id", value="s9"), "cost_options.csv[1].service_id: no row of 'services' has the id 's9'"),
    ("tables: an unknown location", TABLES, put("service_at_location.csv", 0, "location_id", value="l9"), "no row of 'locations' has the id 'l9'"),
    ("tables: a row without an id", TABLES, drop("services.csv", 0, "id"), "services.csv[1]: lacks 'id'"),
    ("CPSV-AP: no such agency", CATALOGUE, put("@graph", 0, "cv:hasCompetentAuthority", value={"@id": "ex:nobody"}), "@graph[1]: names 'https://garden.example.org/id/nobody', of which this file says nothing"),
    ("CPSV-AP: no agency", CATALOGUE, drop("@graph", 0, "cv:hasCompetentAuthority"), "@graph[1]: has no competent authority"),
    ("CPSV-AP: no such cost", CATALOGUE, put("@graph", 0, "costs", value=["ex:cost9"]), "@graph[1]: names 'https://garden.example.org/id/cost9'"),
    ("CPSV-AP: no such life event", CATALOGUE, put("@graph", 0, "cv:isGroupedBy", value={"@id": "ex:winter"}), "names 'https://garden.example.org/id/winter'"),
    ("CPSV-AP: no such service", CATALOGUE, put("@graph", 0, "dct:requires", value={"@id": "ex:other"}), "names 'https://garden.example.org/id/other'"),
    ("CPSV-AP: requires itself", CATALOGUE, put("@graph", 0, "dct:requires", value={"@id": "ex:plot"}), "Thuê vườn rau: no other service 'plot'"),
    ("CPSV-AP: an identifier used twice", CATALOGUE, put("@graph", 1, "dct:identifier", value="plot"), "services identifier 'plot' is already in"),
    ("CPSV-AP: a value that is no number", CATALOGUE, put("@graph", 4, "cv:hasValue", value="a lot"), "@graph[5]: 'a lot' is no number"),
    ("CPSV-AP: a duration in words", CATALOGUE, put("@graph", 0, "cv:processingTime", value="two weeks"), "@graph[1]: 'two weeks' is no duration; write it as P7D"),
    ("CPSV-AP: an id that is a number", CATALOGUE, put("@graph", 0, "@id", value=7), "@graph[1].@id: must be text"),
    ("CPSV-AP: a type that is a number", CATALOGUE, put("@graph", 0, "@type", value=7), "@graph[1].@type: must be text"),
    ("CPSV-AP: a graph of texts", CATALOGUE, put("@graph", value=["x"]), "@graph[1]: must be an object"),
    ("CPSV-AP: a list in a list", CATALOGUE, put("@graph", 0, "dct:title", value=[["x"]]), "@graph[1].dct:title[1]: must be one value"),
    ("CPSV-AP: a reversed property", CATALOGUE, put("@graph", 0, "@reverse", value={}), "@graph[1].@reverse: '@reverse' is not read here"),
    ("CPSV-AP: a scoped context", CATALOGUE, put("@context", 1, "costs", "@context", value={}), "@context[2].costs.@context: '@context' of a term is not read here"),
    ("CPSV-AP: an index", CATALOGUE, put("@context", 1, "label", "@container", value="@index"), "@context[2].label.@container: '@index' is not read here"),
    ("CPSV-AP: a context that is a number", CATALOGUE, put("@context", 1, value=7), "@context[2]: must be an object"),
    ("CPSV-AP: words of a context that is not fetched", CATALOGUE, lambda _: {"@context": "https://example.org/words.jsonld", "@graph": [{"@id": "http://a.vn/1", "@type": "Dienst"}]}, "the context https://example.org/words.jsonld is not fetched"),
    ("CPSV-AP: no service at all", CATALOGUE, lambda _: {"@id": "http://a.vn/1", "@type": "http://a.vn/Shop"}, "holds no service that could be imported"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "said"), [case[1:] for case in CHANGED], ids=[case[0] for case in CHANGED])
def test_one_thing_is_wrong_with_it(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, change: Change, said: str) -> None:
    file = tmp_path / name
    file.write_text(json.dumps(change(json.loads((SAMPLES / name).read_text(encoding="utf-8")))), encoding="utf-8")
    assert said in refused(home, capsys, file)


def test_one_bad_file_of_a_folder_brings_nothing(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.json").write_bytes((SAMPLES / PROCEDURES).read_bytes())
    (folder / "b.json").write_text("{")
    assert main(["knowledge", "import", str(folder)]) == 2
    assert capsys.readouterr().err.startswith(f"{folder / 'b.json'}:1:") and kept(home) == []


def test_what_was_imported_before_stays(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.json"
    file.write_bytes((SAMPLES / DIRECTORY).read_bytes())
    assert main(["knowledge", "import", str(file)]) == 0
    file.write_bytes((SAMPLES / DIRECTORY).read_bytes()[:700])
    assert main(["knowledge", "import", str(file)]) == 2
    assert kept(home) == ["a.json"]


def test_check_says_the_same_and_keeps_nothing(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["knowledge", "check", str(SAMPLES / DIRECTORY)]) == 0
    assert "2 services, 1 agencies (Open Referral HSDS 3), no problem" in capsys.readouterr().out
    (tmp_path / "a.json").write_text("{")
    assert main(["knowledge", "check", str(tmp_path / "a.json")]) == 2
    assert kept(home) == []
