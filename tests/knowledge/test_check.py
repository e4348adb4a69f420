"""Every rule of the validator has a row that breaks it: the file, what is changed in it, what is then said."""
# ruff: noqa: E501, PT018 a row of a table is one line; a text is looked at in both languages together

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge import check
from knowledge.catalogue import BrokenPack, load

PACK = {
    "authority.yml": """\
identifier: small-ward
name: {vi: Phường Nhỏ, en: Small Ward}
default_language: vi
demonstration: true
demonstration_note: {vi: Bản trình diễn, en: A demonstration}
starters:
  - {label: {vi: Hộ chiếu, en: Passport}, text: {vi: Hộ chiếu?, en: Passport?}, value: intent=documents&service=passport}
places:
  - {identifier: market, name: {vi: Chợ Nhỏ, en: Small Market}}
""",
    "agencies/police.yml": """\
identifier: police
name: {vi: Công an, en: Police}
alternative_names: {vi: [CA phường], en: [cops]}
case_prefixes: ["H1"]
phone: "0241 234"
offices:
  - identifier: police-desk
    name: {vi: Quầy, en: Desk}
    address: {vi: Số 1, en: 1 Street}
    shifts:
      - {days: [mon, tue], opens: "07:30", closes: "11:30"}
      - {days: [mon], opens: "13:30", closes: "17:00"}
""",
    "services/passport.yml": """\
identifier: passport
code: "1.001193"
name: {vi: Cấp hộ chiếu, en: Passport}
description: {vi: Cấp hộ chiếu, en: Gives a passport}
competent_authority: police
offices: [police-desk]
life_events: [travel]
requires: [photo]
evidence:
  - items:
      - {name: {vi: Tờ khai, en: Form}, form: TK01}
forms:
  - {code: TK01, name: {vi: Tờ khai, en: Form}, url: "https://example.org/tk01"}
costs:
  - {amount: 200000, source: {act: Luật, article: Điều 1}}
  - {amount: null, note: {vi: Do tỉnh quy định, en: Set locally}, unconfirmed: true}
time_limits:
  - {amount: 8, unit: working-day}
online_level: partial
partial_reason: {vi: Phải có mặt, en: In person}
effective_from: 2026-01-01
effective_to: 2026-12-31
source: {act: Luật, article: Điều 1, read: 2026-11, verified_by: A, verified_on: 2026-11-02}
""",
    "services/photo.yml": """\
identifier: photo
name: {vi: Chụp ảnh, en: Photo}
description: {vi: Chụp ảnh chân dung, en: Takes a portrait}
competent_authority: police
""",
    "journeys/travel.yml": """\
identifier: travel
name: {vi: Đi nước ngoài, en: Going abroad}
introduction: {vi: Trước hết, en: First}
steps:
  - {service: passport, text: {vi: Làm hộ chiếu, en: Get a passport}}
""",
    "holidays/2026.yml": """\
year: 2026
source: Thông báo
days_off:
  2026-01-01: {vi: Tết, en: New Year}
swapped_workdays: [2026-08-22]
""",
}
PASSPORT, POLICE, AUTHORITY, TRAVEL, DAYS = (
    "services/passport.yml", "agencies/police.yml", "authority.yml", "journeys/travel.yml", "holidays/2026.yml",
)  # fmt: skip
BROKEN = [
    ("not YAML", PASSPORT, "code: \"1", "code: \"1\"\"", 2, "not readable as YAML"),
    ("a key twice", PASSPORT, "offices: [police-desk]", "offices: []\noffices: []", 7, "'offices' is written twice"),
    ("empty file", TRAVEL, PACK[TRAVEL], "", 1, "the file is empty"),
    ("not a mapping", TRAVEL, PACK[TRAVEL], "- a\n", 1, "must be a mapping"),
    ("unknown key", PASSPORT, "code:", "codex:", 2, "unknown key 'codex'"),
    ("unknown key inside", PASSPORT, "unit: working-day", "units: 1", 18, "unknown key 'units' in time_limits[1]"),
    ("missing key", PASSPORT, "competent_authority: police\n", "", 1, "lacks 'competent_authority'"),
    ("missing language", PASSPORT, ", en: Gives a passport", "", 4, "description lacks the language 'en'"),
    ("unknown language", PASSPORT, "en: Gives", "fr: Donne, en: Gives", 4, "unknown language 'fr'"),
    ("text in one language", PASSPORT, "{vi: Cấp hộ chiếu, en: Passport}", "Hộ chiếu", 3, "in both languages"),
    ("empty text", PASSPORT, "en: Gives a passport", "en: ' '", 4, "description.en is empty"),
    ("null text", PASSPORT, "en: Gives a passport", "en: null", 4, "description.en is empty"),
    ("text for a list", PASSPORT, "[police-desk]", "police-desk", 6, "offices must be a list"),
    ("list for a text", PASSPORT, "\"1.001193\"", "[a]", 2, "code must be one value, not a list"),
    ("mapping for a text", PASSPORT, "\"1.001193\"", "{a: b}", 2, "code must be one value, not a mapping"),
    ("amount with a dot", PASSPORT, "200000", "200.000", 15, "write a whole number"),
    ("amount with a unit", PASSPORT, "200000", "200k", 15, "write a whole number"),
    ("not true or false", PASSPORT, "unconfirmed: true", "unconfirmed: maybe", 16, "write true or false"),
    ("unknown unit", PASSPORT, "working-day", "fortnight", 18, "use one of working-hour"),
    ("bad date", PASSPORT, "2026-01-01", "2026-02-30", 21, "write a date that exists"),
    ("bad time", POLICE, "\"07:30\"", "\"25:00\"", 11, "write a time of day"),
    ("bad address", PASSPORT, "https://example.org/tk01", "example", 13, "write a web address"),
    ("bad month", PASSPORT, "read: 2026-11", "read: November", 23, "write the month it was read"),
    ("bad telephone", POLICE, "0241 234", "call us", 5, "write a telephone number"),
    ("bad identifier", POLICE, "identifier: police-desk", "identifier: Police Desk", 7, "lower-case words"),
    ("bad code", PASSPORT, "1.001193", "TT-1", 2, "no national procedure code"),
    ("dangling agency", PASSPORT, "authority: police", "authority: navy", 5, "no agency 'navy'"),
    ("dangling office", PASSPORT, "[police-desk]", "[desk]", 6, "no office 'desk'"),
    ("dangling life event", PASSPORT, "[travel]", "[moon]", 7, "no life event 'moon'"),
    ("dangling requirement", PASSPORT, "[photo]", "[visa]", 8, "no other service 'visa'"),
    ("requires itself", PASSPORT, "[photo]", "[passport]", 8, "no other service 'passport'"),
    ("dangling form", PASSPORT, "form: TK01", "form: TK02", 11, "no form 'TK02'"),
    ("form twice", PASSPORT, "forms:\n", "forms:\n  - {code: TK01, name: {vi: A, en: B}}\n", 14, "listed twice"),
    ("journey to nowhere", TRAVEL, "service: passport", "service: visa", 5, "no service 'visa'"),
    ("journey without steps", TRAVEL, PACK[TRAVEL][PACK[TRAVEL].index("steps") :], "steps: []", 1, "without steps"),
    ("fee without source", PASSPORT, ", source: {act: Luật, article: Điều 1}}", "}", 15, "a fee needs a source"),
    ("fee without amount", PASSPORT, "note: {vi: Do tỉnh quy định, en: Set locally}, ", "", 16, "needs a 'note'"),
    ("negative fee", PASSPORT, "200000", "-1", 15, "cannot be negative"),
    ("no time", PASSPORT, "amount: 8", "amount: 0", 18, "at least 1"),
    ("time without amount", PASSPORT, "amount: 8", "amount: null", 18, "needs a 'note'"),
    ("facts without source", PASSPORT, "\nsource: {act: Luật, article: Điều 1, read: 2026-11, ver", "\n#", 1, "without a source"),
    ("source without act", PASSPORT, "source: {act: Luật, article: Điều 1}}", "source: {article: B}}", 15, "lacks 'act'"),
    ("source without month", PASSPORT, "read: 2026-11, ", "", 23, "lacks 'read'"),
    ("half verified", PASSPORT, ", verified_on: 2026-11-02", "", 23, "belong together"),
    ("ends before it begins", PASSPORT, "2026-12-31", "2025-12-31", 22, "before it begins"),
    ("partial without reason", PASSPORT, "partial_reason: {vi: Phải có mặt, en: In person}\n", "", 19, "does not say why"),
    ("overlapping shifts", POLICE, "13:30", "11:00", 10, "overlap on Monday at 11:00"),
    ("closes before it opens", POLICE, "17:00", "13:00", 10, "before it opens"),
    ("unknown day", POLICE, "[mon, tue]", "[mo]", 11, "unknown day 'mo'"),
    ("a shift without days", POLICE, "days: [mon, tue], ", "", 11, "a shift is"),
    ("another file name", POLICE, "identifier: police\n", "identifier: polis\n", 1, "file of another name"),
    ("workday on a weekday", DAYS, "2026-08-22", "2026-08-21", 5, "an ordinary weekday"),
    ("workday of another year", DAYS, "2026-08-22", "2027-08-21", 5, "is not in 2026"),
    ("day off of another year", DAYS, "2026-01-01", "2025-01-01", 4, "is not in 2026"),
    ("holidays without source", DAYS, "source: Thông báo\n", "", 1, "holidays need a 'source'"),
    ("workday on a day off", DAYS, "2026-01-01:", "2026-08-22:", 5, "a day off and a workday"),
    ("silent demonstration", AUTHORITY, "demonstration_note: {vi: Bản trình diễn, en: A demonstration}\n", "", 4, "must say so"),
    ("starter to nowhere", AUTHORITY, "service=passport", "service=visa", 7, "no service 'visa'"),
    ("starter that is no choice", AUTHORITY, "intent=documents&", "", 7, "is no choice"),
    ("folding that is no switch", AUTHORITY, "starters:", "sms_fold_to_gsm7: sometimes\nstarters:", 6, "write true or false"),
    ("written in none", PASSPORT, "effective_from", "written_in: []\neffective_from", 21, "names no language"),
    ("written in another", PASSPORT, "effective_from", "written_in: [fr]\neffective_from", 21, "use one of vi, en"),
    ("not what it is written in", PASSPORT, "name: {vi: Cấp hộ chiếu, en: Passport}", "written_in: [vi]\nname: {en: Passport}", 4, "lacks the language 'vi'"),
    ("no language", AUTHORITY, "default_language: vi", "default_language: fr", 3, "use one of vi, en"),
]  # fmt: skip
DOUBLE = [
    ("service code", "services/photo.yml", "identifier: photo\n", "identifier: photo\ncode: \"1.001193\"\n", "code '1.001193' is"),
    ("office", "agencies/navy.yml", "", PACK[POLICE].replace("identifier: police\n", "identifier: navy\n"), "office 'police-desk'"),
    ("prefix", "agencies/navy.yml", "", PACK[POLICE].replace("identifier: police\n", "identifier: navy\n"), "prefix 'H1' is"),
    ("identifier", "agencies/navy.yml", "", PACK[POLICE], "identifier 'police' is already in"),
]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    for name, text in PACK.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path


def broken(pack: Path, name: str, old: str, new: str) -> list[str]:
    before = PACK.get(name, "")
    assert old in before
    (pack / name).write_text(before.replace(old, new, 1) if old else new, encoding="utf-8")
    return [str(problem) for problem in check.check(pack)]


def test_a_good_pack_has_no_problem(pack: Path) -> None:
    assert check.check(pack) == []
    assert load(pack).services["passport"].costs[0].amount == 200000


@pytest.mark.parametrize(("name", "old", "new", "line", "said"), [row[1:] for row in BROKEN], ids=[r[0] for r in BROKEN])
def test_each_mistake_is_told_with_its_line(pack: Path, name: str, old: str, new: str, line: int, said: str) -> None:
    problems = broken(pack, name, old, new)
    assert any(f"{name}:{line}: " in problem and said in problem for problem in problems), problems


@pytest.mark.parametrize(("name", "old", "new", "said"), [row[1:] for row in DOUBLE], ids=[row[0] for row in DOUBLE])
def test_what_must_be_used_once(pack: Path, name: str, old: str, new: str, said: str) -> None:
    assert any(said in problem for problem in broken(pack, name, old, new))


def test_a_file_may_say_that_it_is_written_in_one_language(pack: Path) -> None:
    body = "identifier: photo\nwritten_in: [vi]\nname: {vi: Chụp ảnh}\ndescription: {vi: Chụp ảnh chân dung, en: Portrait}\n"
    (pack / "services/photo.yml").write_text(body + "keywords: {vi: [ảnh]}\ncompetent_authority: police\n", encoding="utf-8")
    photo = load(pack).services["photo"]
    assert photo.name == {"vi": "Chụp ảnh", "en": "Chụp ảnh"} and photo.description["en"] == "Portrait"
    assert photo.keywords == {"vi": ("ảnh",), "en": ()}


def test_all_problems_come_at_once(pack: Path) -> None:
    problems = broken(pack, PASSPORT, "200000", "200k") + broken(pack, POLICE, "0241 234", "call us")
    assert {problem.split(":")[0].rsplit("/", 1)[1] for problem in problems} >= {"passport.yml", "police.yml"}
    with pytest.raises(BrokenPack) as caught:
        load(pack)
    assert len(caught.value.problems) == len(set(map(str, caught.value.problems))) >= 2


@pytest.mark.parametrize("stray", ["services/a.yaml", "other/a.yml", "note.txt"])
def test_a_stray_file_is_refused(pack: Path, stray: str) -> None:
    (pack / stray).parent.mkdir(exist_ok=True)
    (pack / stray).write_text("a: b")
    assert "not part of a pack" in str(check.check(pack)[0])


def test_a_pack_says_whose_it_is(pack: Path) -> None:
    (pack / AUTHORITY).unlink()
    assert [problem.message for problem in check.check(pack)] == ["missing; every pack says whose it is"]


def test_text_that_is_not_utf8(pack: Path) -> None:
    (pack / TRAVEL).write_bytes("name: Đi".encode("utf-16"))
    assert any("not UTF-8" in problem.message for problem in check.check(pack))


def test_the_command_says_no_with_an_exit_code(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main([str(pack)]) == 0
    broken(pack, PASSPORT, "200000", "200k")
    assert check.main([str(pack)]) == 1
    assert "passport.yml:15: costs[1].amount is '200k'" in capsys.readouterr().err
    assert check.main([str(pack / "nowhere")]) == 1


def test_the_sample_pack_has_no_problem() -> None:
    assert check.check(Path("knowledge/pack")) == []
