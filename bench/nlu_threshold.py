"""Where to decline: the curve behind `threshold` of FallbackClassifier in config.yml, on held-out folds of the examples.

    bot/rasa/.venv/bin/python bench/nlu_threshold.py

Out-of-scope examples count as caught when they are called out_of_scope or fall under the threshold; the others as right
when they are kept and right. `lost` are right ones that the threshold throws away: each costs one clarifying question.
"""

from __future__ import annotations

import numpy as np
from intents import read
from nlu_data import examples, folds

from bot.rasa import intent_model

AWAY = "out_of_scope"


def main() -> None:
    truth, guess, sure = [], [], []
    for kept, out in folds(examples()):
        model = intent_model.train([read(e.text) for e in kept], [e.intent for e in kept])
        shares = model.confidences([read(e.text) for e in out])
        guess += [model.intents[i] for i in shares.argmax(axis=1)]
        sure += list(shares.max(axis=1))
        truth += [e.intent for e in out]
    report(np.array(truth), np.array(guess), np.array(sure))


def report(truth: np.ndarray, guess: np.ndarray, sure: np.ndarray) -> None:
    away, right = truth == AWAY, truth == guess
    print("threshold  kept and right  kept and wrong   lost   out of scope caught   right of what is kept")
    for threshold in np.arange(0.0, 0.95, 0.05):
        kept = sure >= threshold
        inside = ~away
        caught = (away & ((guess == AWAY) | ~kept)).sum() / away.sum()
        print(
            f"{threshold:9.2f}  {(inside & kept & right).sum() / inside.sum():14.3f}"
            f"  {(inside & kept & ~right).sum() / inside.sum():14.3f}  {(inside & ~kept & right).sum() / inside.sum():5.3f}"
            f"  {caught:20.3f}  {(inside & kept & right).sum() / max((inside & kept).sum(), 1):22.3f}"
        )


if __name__ == "__main__":
    main()
