"""The package in TensorFlow's name: Rasa imports it, and nothing can use it quietly."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import tensorflow as tf

ROOT = Path(__file__).resolve().parents[4]


@pytest.mark.parametrize(
    "use",
    [
        lambda: tf.constant(1),
        lambda: tf.keras.layers.Dense(10),
        lambda: tf.random.set_seed(1),
        lambda: tf.config.list_physical_devices("GPU"),
        lambda: list(tf.float32),
        lambda: bool(tf.executing_eagerly),
        lambda: type("Layer", (tf.keras.layers.Layer,), {})(),
    ],
)
def test_any_use_raises(use: object) -> None:
    with pytest.raises(tf.WrongPlace, match=r"config\.yml"):
        use()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        (
            "nlu",
            "pipeline: [{name: WhitespaceTokenizer}, {name: CountVectorsFeaturizer}, {name: DIETClassifier}]",
        ),
        ("core", "policies: [{name: TEDPolicy, epochs: 1}]"),
    ],
)
def test_training_what_needs_it_fails_loudly(tmp_path: Path, kind: str, part: str) -> None:
    config = tmp_path / "config.yml"
    config.write_text(f"recipe: default.v1\nassistant_id: x\nlanguage: en\n{part}\n", encoding="utf-8")
    (tmp_path / "stories.yml").write_text(
        'version: "3.1"\nstories:\n- story: s\n  steps:\n  - intent: greet\n  - action: utter_greet\n', encoding="utf-8"
    )
    data = [str(tmp_path / "stories.yml"), str(ROOT / "tests/bot/rasa/nlu.yml")]
    command = [
        str(Path(sys.executable).with_name("rasa")),
        "train",
        kind,
        "--config",
        str(config),
        "--out",
        str(tmp_path),
    ]
    command += [
        "--domain",
        str(ROOT / "bot/domain"),
        *(["--nlu", data[1]] if kind == "nlu" else ["--stories", data[0]]),
    ]
    trained = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)  # noqa: S603
    assert trained.returncode != 0
    assert "TensorFlow is not part of this project" in trained.stdout + trained.stderr
    assert not list(tmp_path.glob("*.tar.gz"))
