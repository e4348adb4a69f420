"""The intent model: kept as trained, marks an extra, unknown words not trusted, names of services do not count."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.rasa import intent_model
from bot.rasa.intent_model import IntentModel, Said, said
from bot.rasa.names import Name

EXAMPLES = {
    "fee": [
        "bao nhiêu tiền",
        "lệ phí hộ chiếu bao nhiêu",
        "phí làm căn cước",
        "how much is it",
        "what is the fee",
        "phí gì",
    ],
    "documents": [
        "cần giấy tờ gì",
        "hồ sơ gồm gì",
        "giấy tờ làm hộ chiếu",
        "which papers",
        "what documents",
        "giấy gì",
    ],
    "where": ["nộp ở đâu", "làm hộ chiếu ở đâu", "đến đâu để làm", "where do I go", "which office", "ở chỗ nào"],
}


def read(text: str) -> Said:
    at = text.find("hộ chiếu")
    return said(text, [Name(at, at + 8, "service", "passport")] if at >= 0 else [])


@pytest.fixture(scope="module")
def model() -> IntentModel:
    pairs = [(read(text), intent) for intent, texts in EXAMPLES.items() for text in texts]
    return intent_model.train([text for text, _ in pairs], [intent for _, intent in pairs])


@pytest.mark.parametrize(
    ("text", "intent"),
    [("phí bao nhiêu", "fee"), ("phi bao nhieu", "fee"), ("cần giấy gì", "documents"), ("can giay gi", "documents"),
     ("ở đâu vậy", "where"), ("o dau z", "where"), ("which documents", "documents")],
)  # fmt: skip
def test_ranks(model: IntentModel, text: str, intent: str) -> None:
    ranking = model.rank(said(text))
    assert ranking[0][0] == intent
    assert 0 < sum(share for _, share in ranking) <= 1.001
    assert [share for _, share in ranking] == sorted((share for _, share in ranking), reverse=True)


@pytest.mark.parametrize("text", ["我要办护照", "привет", "7777", "sdfkjh wefoij"])
def test_of_unknown_words_nothing_is_sure(model: IntentModel, text: str) -> None:
    assert model.rank(said(text))[0][1] < 0.1


@pytest.mark.parametrize("text", ["phí hộ chiếu, phí bao nhiêu?", "phi", "giấy tờ GÌ", "which papers?", "xyz", ""])
def test_one_text_scores_what_the_matrix_of_training_scores(model: IntentModel, text: str) -> None:
    one = read(text)
    matrix = intent_model._features(model.vectorizers, [one]) @ model.weights.T + model.bias
    assert model._scores(one) == pytest.approx(matrix[0], abs=1e-5)


def test_known_words_are_trusted_whole(model: IntentModel) -> None:
    assert sum(share for _, share in model.rank(said("giấy tờ gì"))) == pytest.approx(1)


def test_without_diacritics_it_is_the_same_text_but_for_the_marked_words() -> None:
    marked, bare = said("Lệ phí ĐĂNG KÝ bao nhiêu?"), said("le phi dang ky bao nhieu?")
    assert (marked.words, marked.unnamed) == (bare.words, bare.unnamed)
    assert marked.marked
    assert not bare.marked


def test_marks_tell_apart_what_folding_makes_one() -> None:
    examples = [("dừng", "cancel"), ("dừng lại", "cancel"), ("thôi", "cancel"), ("khỏi làm", "cancel"),
                ("bỏ đi", "cancel"), ("đúng", "affirm"), ("đúng rồi", "affirm"), ("dung roi", "affirm"),
                ("phải", "affirm"), ("vâng", "affirm"), *((text, "fee") for text in EXAMPLES["fee"])]  # fmt: skip
    model = intent_model.train([said(text) for text, _ in examples], [intent for _, intent in examples])
    assert [model.rank(said(text))[0][0] for text in ("dừng", "đúng", "dung roi")] == ["cancel", "affirm", "affirm"]


def test_a_service_is_a_service() -> None:
    name = "giấy phép nuôi voi"
    unseen = said(f"lệ phí {name} bao nhiêu", [Name(7, 7 + len(name), "service", "elephant")])
    assert unseen.unnamed == read("lệ phí hộ chiếu bao nhiêu").unnamed


def test_kept_and_read_again(model: IntentModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    again = intent_model.load(tmp_path)
    for text in ("phí bao nhiêu", "hộ chiếu", "?", ""):
        assert again.rank(read(text)) == pytest.approx(model.rank(read(text)), rel=1e-4) or [
            name for name, _ in again.rank(read(text))
        ] == [name for name, _ in model.rank(read(text))]
    assert again.named


def test_trained_without_names_it_leaves_them() -> None:
    pairs = [(said(text), intent) for intent, texts in EXAMPLES.items() for text in texts]
    model = intent_model.train([text for text, _ in pairs], [intent for _, intent in pairs])
    assert not model.named
    assert model.rank(read("hộ chiếu")) == model.rank(said("hộ chiếu"))
