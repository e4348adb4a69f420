"""Intent accuracy by 5-fold cross-validation, for each language, as typed and without diacritics.

    bot/rasa/.venv/bin/python bench/intents.py [--wrong]      (names of services: MOTCUA_HOME/gazetteer.json)

Trains the model of bot/rasa/intent_model.py directly; `rasa test nlu --cross-validation` gives the same, slower.
Writes bench/results/intents.json: {language: {form: accuracy}}.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

from nlu_data import examples, folds

from bot.rasa import intent_model
from bot.rasa.names import known
from text.fold import fold

RESULTS = Path(__file__).parent / "results" / "intents.json"
FORMS = {"as typed": str, "without diacritics": fold}


def read(text: str) -> intent_model.Said:
    return intent_model.said(text, known().find(text))


def main() -> None:
    found = examples()
    right: dict[tuple[str, str], list[bool]] = defaultdict(list)
    wrong: Counter[tuple[str, str, str, str]] = Counter()
    began = time.perf_counter()
    for kept, out in folds(found):
        model = intent_model.train([read(e.text) for e in kept], [e.intent for e in kept])
        for form, change in FORMS.items():
            guesses = [model.intents[i] for i in model.confidences([read(change(e.text)) for e in out]).argmax(axis=1)]
            for example, guess in zip(out, guesses, strict=True):
                right[example.language, form].append(guess == example.intent)
                if guess != example.intent:
                    wrong[example.language, example.intent, guess, example.text if form == "as typed" else ""] += 1
    for (language, form), values in sorted(right.items()):
        print(f"{language} {form:20} {sum(values) / len(values):.4f}  ({len(values)} examples)")
    print(f"{time.perf_counter() - began:.0f} s")
    figures: dict[str, dict[str, float]] = defaultdict(dict)
    for (language, form), values in sorted(right.items()):
        figures[language][form] = round(sum(values) / len(values), 4)
    RESULTS.write_text(json.dumps(figures, indent=1) + "\n")
    if "--wrong" in sys.argv:
        for (language, intent, guess, text), _ in sorted(wrong.items()):
            print(f"{language} {intent} → {guess}: {text}" if text else "", end="\n" if text else "")


if __name__ == "__main__":
    main()
