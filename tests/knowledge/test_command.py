"""`motcua knowledge …` as it is typed: exit codes, what goes to which stream, and what a bad line says."""
# ruff: noqa: E501, PT018 a row of a table is one line; streams are looked at together

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from motcua.cli import main

ARTICLES = [
    {"id": "bins", "title": "When is rubbish collected?", "body": "On Monday and Thursday.", "language": "en", "url": None},
    {"id": "rac", "title": "Rác được thu gom khi nào?", "body": "Thứ Hai và thứ Năm.", "language": "vi", "url": "https://a.vn"},
    {"id": "pool", "title": "Swimming pool", "body": "The swimming pool opens at nine.", "language": "en"},
]
QUESTIONS = [
    {"id": "1", "question": "when is rubbish collected", "language": "en", "relevant": ["bins"]},
    {"id": "2", "question": "khi nao thu gom rac", "language": "vi", "relevant": ["rac", "bins"]},
    {"id": "3", "question": "who won the chess championship", "language": "en", "relevant": []},
]


SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("MOTCUA_DATABASE_URL", raising=False)
    return tmp_path / "home"


def lines(path: Path, rows: list[Any]) -> str:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return str(path)


def evaluate(tmp_path: Path, articles: list[Any], questions: list[Any], *more: str) -> int:
    given = ["--articles", lines(tmp_path / "a.jsonl", articles), "--questions", lines(tmp_path / "q.jsonl", questions)]
    return main(["knowledge", "evaluate", *given, *more])


def test_evaluate_prints_only_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(tmp_path, ARTICLES, QUESTIONS, "--json") == 0
    out, err = capsys.readouterr()
    figures = json.loads(out)
    assert err == "" and figures.pop("ms_per_query") >= 0
    assert figures == {
        "recall@1": 1.0, "recall@3": 1.0, "recall@5": 1.0, "mrr": 1.0, "decline_precision": 1.0, "decline_recall": 1.0,
    }  # fmt: skip


def test_evaluate_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(tmp_path, ARTICLES, QUESTIONS) == 0
    assert capsys.readouterr().out.startswith("3 articles, 3 questions\nrecall@1")


@pytest.mark.parametrize(("questions", "figure", "value"), [
    (QUESTIONS[:2], "decline_precision", None),
    (QUESTIONS[:2], "decline_recall", None),
    (QUESTIONS[2:], "recall@1", None),
    (QUESTIONS[2:], "decline_precision", 1.0),
    ([{**QUESTIONS[2], "relevant": ["pool"]}], "recall@5", 0.0),
    ([{**QUESTIONS[2], "relevant": ["pool"]}], "decline_precision", 0.0),
    ([], "mrr", None),
])  # fmt: skip
def test_a_share_of_nothing_is_null(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], questions: list[Any], figure: str, value: float | None
) -> None:
    assert evaluate(tmp_path, ARTICLES, questions, "--json") == 0
    assert json.loads(capsys.readouterr().out)[figure] == value


BAD_ARTICLES = [
    ("not JSON", "{", "not JSON"),
    ("not an object", "[1]", "must be a JSON object"),
    ("no id", {**ARTICLES[0], "id": ""}, "'id' is empty"),
    ("id of another type", {**ARTICLES[0], "id": 7}, "'id' must be text"),
    ("body missing", {"id": "x", "title": "x", "language": "en"}, "lacks 'body'"),
    ("title null", {**ARTICLES[0], "id": "x", "title": None}, "'title' must be text"),
    ("url a number", {**ARTICLES[0], "id": "x", "url": 1}, "'url' must be text or null"),
    ("unknown language", {**ARTICLES[0], "id": "x", "language": "fr"}, "'language' is 'fr'"),
    ("same id again", ARTICLES[0], "id 'bins' is already on line 1"),
]
BAD_QUESTIONS = [
    ("unknown article", {**QUESTIONS[0], "id": "x", "relevant": ["none"]}, "no article has the id 'none'"),
    ("relevant a text", {**QUESTIONS[0], "id": "x", "relevant": "bins"}, "'relevant' must be a list"),
    ("relevant of numbers", {**QUESTIONS[0], "id": "x", "relevant": [1]}, "'relevant' must be a list"),
    ("relevant missing", {"id": "x", "question": "x", "language": "en"}, "'relevant' must be a list"),
    ("question a number", {**QUESTIONS[0], "id": "x", "question": 1}, "'question' must be text"),
    ("language missing", {"id": "x", "question": "x", "relevant": []}, "lacks 'language'"),
    ("same id again", QUESTIONS[0], "id '1' is already on line 1"),
]


@pytest.mark.parametrize(("row", "said"), [case[1:] for case in BAD_ARTICLES], ids=[case[0] for case in BAD_ARTICLES])
def test_a_bad_article_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], row: Any, said: str) -> None:
    assert evaluate(tmp_path, [ARTICLES[0], "", row], QUESTIONS, "--json") == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith(f"{tmp_path / 'a.jsonl'}:3: ") and said in err


@pytest.mark.parametrize(("row", "said"), [case[1:] for case in BAD_QUESTIONS], ids=[case[0] for case in BAD_QUESTIONS])
def test_a_bad_question_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], row: Any, said: str) -> None:
    assert evaluate(tmp_path, ARTICLES, [QUESTIONS[0], row], "--json") == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith(f"{tmp_path / 'q.jsonl'}:2: ") and said in err


def test_text_that_is_not_utf8_and_a_line_separator_inside_a_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = lines(tmp_path / "q.jsonl", [])
    bad = tmp_path / "a.jsonl"
    odd = json.dumps({**ARTICLES[0], "body": "one\u2028two"}, ensure_ascii=False)
    bad.write_bytes(b"\xef\xbb\xbf" + odd.encode() + b"\n\xff\n")
    assert main(["knowledge", "evaluate", "--articles", str(bad), "--questions", questions]) == 2
    assert capsys.readouterr().err == f"{bad}:2: not UTF-8 text\n"


def test_a_missing_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here = str(tmp_path / "none.jsonl")
    assert main(["knowledge", "evaluate", "--articles", here, "--questions", here]) == 2
    assert capsys.readouterr().err == f"{here}: No such file or directory\n"


def test_import_then_search(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["knowledge", "search", "passport"]) == 1
    assert "knowledge import" in capsys.readouterr().err
    assert main(["knowledge", "import"]) == 0
    assert "28 services" in capsys.readouterr().out
    assert (home / "gazetteer.json").exists()
    assert main(["knowledge", "import", lines(tmp_path / "a.jsonl", ARTICLES)]) == 0
    capsys.readouterr()
    assert main(["knowledge", "search", "lam ho chieu", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["id"] == "passport"
    assert main(["knowledge", "search", "swimming pool", "--json", "--explain", "--language", "en"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["hits"][0]["id"] == "pool" and found["why"]["words"]
    assert main(["knowledge", "search", "thời tiết hôm nay thế nào"]) == 0
    assert capsys.readouterr().out == "I do not know.\n"


def test_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["knowledge", "check"]) == 0
    assert "no problem" in capsys.readouterr().out
    (tmp_path / "pack" / "services").mkdir(parents=True)
    (tmp_path / "pack" / "services" / "a.yml").write_text("identifier: a\nnames: x\n")
    assert main(["knowledge", "check", str(tmp_path / "pack")]) == 1
    assert "a.yml:2: unknown key 'names'" in capsys.readouterr().err


def test_import_says_what_it_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "services.jsonld").write_text("{}")
    assert main(["knowledge", "import", str(tmp_path / "services.jsonld")]) == 2
    said = capsys.readouterr().err
    assert all(name in said for name in ("(pack)", "(cpsv-ap)", "(portal)", "(hsds)", "(articles)"))


@pytest.mark.parametrize(("name", "more"), [("a.jsonl", []), ("a.txt", []), ("a.dat", ["--format", "articles"])])
def test_articles_are_known_by_name_content_or_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, more: list[str]
) -> None:
    assert main(["knowledge", "import", lines(tmp_path / name, ARTICLES), *more]) == 0
    out, err = capsys.readouterr()
    assert out.endswith("3 articles imported.\n") and "no pack yet" in err


def test_services_of_another_system(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Imported, found, named, taken away."""
    main(["knowledge", "import"])
    capsys.readouterr()
    assert main(["knowledge", "import", str(SAMPLES / "procedures.json")]) == 0
    out, err = capsys.readouterr()
    assert out.endswith("2 services, 1 agencies (the national portal's procedures) imported.\n")
    assert err == "9.000101: a way to apply that is not known here, 'Nộp tại nhà'; left out\n"
    assert main(["knowledge", "search", "xin dat quay sach", "--limit", "1"]) == 0
    assert capsys.readouterr().out.endswith("  tthc-9-000101  Cấp phép đặt quầy sách lưu động trên vỉa hè\n")
    assert "Giấy phép đặt quầy sách" in (home / "gazetteer.json").read_text(encoding="utf-8")
    assert main(["knowledge", "import", "--remove", "procedures.json"]) == 0
    assert capsys.readouterr().out == "procedures.json: taken away.\n"
    assert "Giấy phép đặt quầy sách" not in (home / "gazetteer.json").read_text(encoding="utf-8")
    assert main(["knowledge", "import", "--remove", "procedures.json"]) == 2
    assert "No file 'procedures.json' was imported" in capsys.readouterr().err


def test_what_the_pack_has_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["knowledge", "import"])
    procedures = (SAMPLES / "procedures.json").read_text(encoding="utf-8").replace("9.000101", "1.001193")
    (tmp_path / "p.json").write_text(procedures, encoding="utf-8")
    capsys.readouterr()
    assert main(["knowledge", "import", str(tmp_path / "p.json")]) == 0
    assert "left as they are: tthc-1-001193." in capsys.readouterr().out


def test_the_same_services_from_two_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "copy.json"
    copy.write_bytes((SAMPLES / "procedures.json").read_bytes())
    assert main(["knowledge", "import", str(SAMPLES / "procedures.json")]) == 0
    assert main(["knowledge", "import", str(copy)]) == 2
    assert "was brought by procedures.json" in capsys.readouterr().err
