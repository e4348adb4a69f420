"""The compiled catalogue in both databases: what is saved is what is loaded, and the version tells of changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge import store
from knowledge.catalogue import Catalogue, load
from knowledge.contract import Article

BINS = Article("bins", "Bins", "Emptied on Monday.", "en", "https://example.org/bins")
ARTICLES = {"articles": {"bins": BINS}}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load("knowledge/pack")


@pytest.fixture(params=["plain", "with a search path"])
def url(request: pytest.FixtureRequest, database_url: str) -> str:
    """As given, and as the runner gives it, with the schema in the options of PostgreSQL."""
    if request.param == "plain" or database_url.startswith("sqlite"):
        return database_url
    return f"{database_url}{'&' if '?' in database_url else '?'}options=-csearch_path%3Dknowledge"


def test_nothing_before_the_first_import(url: str) -> None:
    assert store.version(url) is None
    with pytest.raises(store.NothingImported):
        store.load(url)


def test_what_is_saved_is_loaded(url: str, catalogue: Catalogue) -> None:
    version = store.save(url, catalogue)
    assert store.load(url) == catalogue
    assert store.version(url) == version == catalogue.version()


def test_the_version_follows_the_content(url: str, catalogue: Catalogue) -> None:
    first = store.save(url, catalogue)
    assert store.save(url, catalogue) == first
    fewer = replace(catalogue, services={k: v for k, v in catalogue.services.items() if k != "passport"})
    assert store.save(url, fewer) != first
    assert "passport" not in store.load(url).services
    assert store.save(url, catalogue) == first


def test_articles_stay_beside_the_pack(url: str, catalogue: Catalogue) -> None:
    before = store.save(url, catalogue)
    assert store.save_file(url, "a.jsonl", ARTICLES) != before
    store.save(url, catalogue)
    assert store.load(url).articles == {"bins": BINS}
    store.save_file(url, "a.jsonl", {})
    assert store.load(url).articles == {}
    assert store.version(url) == before


def test_an_id_belongs_to_one_file(url: str, catalogue: Catalogue) -> None:
    store.save(url, catalogue)
    version = store.save_file(url, "a.jsonl", ARTICLES)
    with pytest.raises(store.TakenIdentifier, match=r"a\.jsonl"):
        store.save_file(url, "b.jsonl", ARTICLES)
    assert store.version(url) == version


def test_articles_alone_are_no_catalogue(url: str) -> None:
    store.save_file(url, "a.jsonl", ARTICLES)
    with pytest.raises(store.NothingImported):
        store.load(url)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("no database, only words that stand here" * 100)
    url = f"sqlite:///{tmp_path / 'a.db'}"
    assert store.version(url) is None
    with pytest.raises(store.NothingImported):
        store.load(url)
