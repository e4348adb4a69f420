"""Where to decline: the curve behind `threshold` of FallbackClassifier in config.yml, on held-out folds.

    bot/rasa/.venv/bin/python bench/nlu_threshold.py

Out-of-scope examples count as caught when they are called out_of_scope or fall under the threshold; the others as right
when they are kept and right. `lost` are right ones that the threshold throws away: each costs one clarifying question.
Strangers (strangers.txt: other languages, gibberish, bare numbers) should all be caught: FAMILIAR of the model was
chosen here, as the share of known letters that loses least of what is right for it.
"""

from __future__ import annotations

import numpy as np
from intents import read
from nlu_data import ROOT, examples, folds

from bot.rasa import intent_model

AWAY = "out_of_scope"
STRANGERS = (ROOT / "bench" / "strangers.txt").read_text(encoding="utf-8").splitlines()


def main() -> None:
    truth, guess, sure = [], [], []
    strangers: list[tuple[str, float]] = []
    for kept, out in folds(examples()):
        model = intent_model.train([read(e.text) for e in kept], [e.intent for e in kept])
        shares = model.confidences([read(e.text) for e in out])
        guess += [model.intents[i] for i in shares.argmax(axis=1)]
        sure += list(shares.max(axis=1))
        truth += [e.intent for e in out]
        strangers += [model.rank(read(text))[0] for text in STRANGERS]
    for threshold in (0.5, 0.6, 0.7):
        caught = sum(intent == AWAY or share < threshold for intent, share in strangers) / len(strangers)
        print(f"strangers caught at {threshold}: {caught:.3f}")
    report(np.array(truth), np.array(guess), np.array(sure))


def report(truth: np.ndarray, guess: np.ndarray, sure: np.ndarray) -> None:
    away, right = truth == AWAY, truth == guess
    print("threshold  kept and right  kept and wrong   lost   out of scope caught   right of what is kept")
    inside = ~away
    for threshold in np.arange(0.0, 0.95, 0.05):
        kept = sure >= threshold
        correct, mistaken, lost = (
            (inside & group).sum() / inside.sum() for group in (kept & right, kept & ~right, ~kept & right)
        )
        caught = (away & ((guess == AWAY) | ~kept)).sum() / away.sum()
        precision = (inside & kept & right).sum() / max((inside & kept).sum(), 1)
        print(f"{threshold:9.2f}  {correct:14.3f}  {mistaken:14.3f}  {lost:5.3f}  {caught:20.3f}  {precision:22.3f}")


if __name__ == "__main__":
    main()
