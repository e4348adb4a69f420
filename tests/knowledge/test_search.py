"""What the search finds: the sample's services by every name, in both languages, with and without diacritics; and what
it declines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.catalogue import Catalogue, load
from knowledge.contract import Article
from knowledge.search import Index
from text.fold import strip_diacritics

ASKED: Any = yaml.safe_load(Path("tests/knowledge/questions.yml").read_text(encoding="utf-8"))
ARTICLES = [
    Article("bins-en", "When is rubbish collected?", "Household bins are emptied on Monday and Thursday.", "en"),
    Article("bins-vi", "Rác được thu gom khi nào?", "Xe lấy rác sinh hoạt vào thứ Hai và thứ Năm.", "vi"),
    Article("library-en", "Opening hours of the library", "The reading room opens at nine.", "en"),
    Article("rent-vi", "Thuê nhà ở xã hội", "Người thuê nhà nộp đơn tại phường.", "vi"),
    Article("tax-vi", "Thuế nhà đất", "Chủ nhà nộp thuế mỗi năm một lần.", "vi"),
]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load("knowledge/pack")


@pytest.fixture(scope="module")
def services(catalogue: Catalogue) -> Index:
    return Index.of_services(catalogue)


@pytest.fixture(scope="module")
def articles() -> Index:
    return Index.of_articles(ARTICLES)


def share_first(index: Index, asked: list[tuple[str, str, str]]) -> float:
    firsts = [(hits := index.search(q, language=language)) and hits[0].id == right for q, language, right in asked]
    return sum(map(bool, firsts)) / len(firsts)


def names(catalogue: Catalogue, language: str) -> Iterator[tuple[str, str, str]]:
    for service in catalogue.services.values():
        for name in (service.name[language], *service.alternative_names.get(language, ())):
            yield name, language, service.identifier


def questions(language: str) -> list[tuple[str, str, str]]:
    rows = ((service, by_language[language]) for service, by_language in ASKED["services"].items())
    return [(question, language, service) for service, asked in rows for question in asked]


def folded(asked: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return [(strip_diacritics(question), language, right) for question, language, right in asked]


@pytest.mark.parametrize(("language", "bare", "least"), [("vi", False, 0.97), ("vi", True, 0.95), ("en", False, 0.97)])
def test_a_service_is_found_by_each_of_its_names(
    services: Index, catalogue: Catalogue, language: str, bare: bool, least: float
) -> None:
    asked = list(names(catalogue, language))
    assert share_first(services, folded(asked) if bare else asked) >= least


@pytest.mark.parametrize(("language", "bare", "least"), [("vi", False, 0.95), ("vi", True, 0.93), ("en", False, 0.95)])
def test_a_service_is_found_by_what_people_ask(services: Index, language: str, bare: bool, least: float) -> None:
    asked = questions(language)
    assert share_first(services, folded(asked) if bare else asked) >= least


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("lafm theer cawn cuwowcs owr ddaau", "identity-card"), ("thuwowngf trus caanf gif", "permanent-residence"),
     ("ddawng kys keets hoon", "marriage-registration"), ("xin lys lichj tuw phaps", "judicial-record")],
)  # fmt: skip
def test_telex_keys_left_in_the_text_change_nothing(services: Index, asked: str, meant: str) -> None:
    hits = services.search(asked, language="vi")
    assert hits[0].id == meant
    assert hits[0].score >= 0.65


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_no_service_answers_is_declined(services: Index, language: str) -> None:
    asked = ASKED["declined"][language]
    asked = [*asked, *map(strip_diacritics, asked)]
    declined = [not services.search(question, language=language) for question in asked]
    assert sum(declined) / len(declined) >= 0.85


@pytest.mark.parametrize(("question", "language", "right"), [
    ("lam the can cuoc o dau", "vi", "identity-card"),
    ("mat cccd", "vi", "identity-card"),
    ("doi gplx", "vi", "driving-licence-renewal"),
    ("sổ đỏ lần đầu", "vi", "land-certificate-first-issue"),
    ("so do lan dau", "vi", "land-certificate-first-issue"),
    ("rut bhxh 1 lan", "vi", "social-insurance-lump-sum"),
    ("nhập hktt", "vi", "permanent-residence"),
    ("xin gpxd", "vi", "building-permit"),
    ("giaays khai sinh", "vi", "birth-registration"),
    ("d9ăng ký kết hôn", "vi", "marriage-registration"),
    ("khaisinh cho con", "vi", "birth-registration"),
    ("thông báo lưu trú cho khách", "vi", "overnight-stay"),
    ("thong bao luu tru cho khach", "vi", "overnight-stay"),
    ("gia hạn passport bao nhiêu tiền", "vi", "passport"),
    ("renew passport bao nhieu tien", "vi", "passport"),
    ("renew passport bao nhieu tien", None, "passport"),
    ("my passprt has expired", "en", "passport"),
    ("birth certifcate", "en", "birth-registration"),
    ("driver's license renewal", "en", "driving-licence-renewal"),
    ("hộ chiếu", "en", "passport"),
    ("passport", "vi", "passport"),
])  # fmt: skip
def test_as_people_type(services: Index, question: str, language: str | None, right: str) -> None:
    hits = services.search(question, language=language)
    assert [hit.id for hit in hits[:1]] == [right], services.explain(question, language=language)


@pytest.mark.parametrize(("question", "language", "first"), [
    ("when do they empty the bins", "en", "bins-en"),
    ("khi nào thu gom rác", "vi", "bins-vi"),
    ("khi nao thu gom rac", "vi", "bins-vi"),
    ("thuê nhà", "vi", "rent-vi"),
    ("thuế nhà", "vi", "tax-vi"),
    ("how do I bake a chocolate cake", "en", None),
    ("cách nấu phở bò", "vi", None),
    ("cach nau pho bo", "vi", None),
    ("", None, None),
    ("?!", "vi", None),
    ("làm thế nào", "vi", None),
    ("\u200b\u202e", None, None),
    ("😀", None, None),
])  # fmt: skip
def test_articles_are_found_or_declined(
    articles: Index, question: str, language: str | None, first: str | None
) -> None:
    hits = articles.search(question, language=language)
    assert (hits[0].id if hits else None) == first, articles.explain(question, language=language)


TINY = [
    Article("birth", "Đăng ký khai sinh", "Cha, mẹ nộp tờ khai và giấy chứng sinh tại phường.", "vi"),
    Article("marriage", "Đăng ký kết hôn", "Hai bên nam nữ nộp tờ khai tại phường.", "vi"),
    Article("bins", "When is rubbish collected?", "Household bins are emptied on Monday and Thursday.", "en"),
]


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("bare", [False, True])
def test_a_handful_of_articles_is_found_and_nothing_else(size: int, bare: bool) -> None:
    index, there = Index.of_articles(TINY[:size]), {article.id for article in TINY[:size]}
    for question, language, right in (
        ("làm giấy khai sinh ở đâu", "vi", "birth"),
        ("đăng ký khai sinh cho con cần gì", "vi", "birth"),
        ("kết hôn cần gì", "vi", "marriage"),
        ("when do they collect the rubbish", "en", "bins"),
        ("đăng ký xe máy", "vi", None),
        ("cách nấu phở bò", "vi", None),
        ("who won the chess championship", "en", None),
    ):
        hits = index.search(strip_diacritics(question) if bare else question, language=language)
        assert (hits[0].id if hits else None) == (right if right in there else None), question


def test_the_asked_language_is_preferred() -> None:
    same = "VNeID 2026"
    index = Index.of_articles([Article("a-vi", same, same, "vi"), Article("a-en", same, same, "en")])
    assert [hit.id for hit in index.search("VNeID 2026", language="en")] == ["a-en", "a-vi"]
    assert [hit.id for hit in index.search("VNeID 2026", language="vi")] == ["a-vi", "a-en"]


def test_scores_are_between_none_and_one_and_fall(services: Index) -> None:
    hits = services.search("đăng ký thường trú", language="vi", limit=10)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 <= hit.score <= 1 and hit.kind == "service" for hit in hits)
    assert len(services.search("đăng ký thường trú", limit=2)) == 2


def test_marks_anywhere_mean_the_same(services: Index) -> None:
    for old, new in (("hoà giải uỷ ban", "hòa giải ủy ban"), ("thuỷ", "thủy"), ("Đăng ký", "Đăng ky\u0301")):
        assert services.search(f"khai sinh {old}") == services.search(f"khai sinh {new}")


def test_an_index_of_nothing_knows_nothing() -> None:
    assert Index.of_articles([]).search("anything") == []


def test_a_long_question_is_answered_quickly_and_not_refused(services: Index) -> None:
    assert services.search("tôi muốn làm hộ chiếu " * 90)[0].id == "passport"
    assert services.search("x" * 2000) == []


def test_explaining_names_words_and_score(services: Index) -> None:
    why = services.explain("lam ho chieu bao nhieu tien", language="vi")
    assert why["candidates"][0]["id"] == "passport"
    assert {"ho", "chieu"} <= {row["word"] for row in why["words"]}
    assert why["score"] >= why["threshold"]
