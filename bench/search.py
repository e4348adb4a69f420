"""The search as it stands, on every labelled set: the figures of `motcua knowledge evaluate`.

    .venv/bin/python -m bench.search
"""

from __future__ import annotations

from bench.search_data import sets
from knowledge.articles import LabelledQuestion
from knowledge.evaluate import figures


def main() -> None:
    for made in sets():
        asked = [LabelledQuestion(str(i), a.question, a.language, a.right) for i, a in enumerate(made.asked)]
        found = figures(made.index(), asked)
        row = "  ".join(f"{name} {'-' if value is None else f'{value:.3f}'}" for name, value in found.items())
        print(f"{made.name:18s} {len(made.entries):5d} entries {len(asked):5d} questions  {row}", flush=True)


if __name__ == "__main__":
    main()
