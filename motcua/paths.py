"""Where the project's own files are."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RASA_PYTHON = ROOT / "bot" / "rasa" / ".venv" / "bin" / "python"
MODELS = ROOT / "models"
MODEL = MODELS / "motcua.tar.gz"
