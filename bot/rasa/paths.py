"""Where things are: the repository, and the folder that keeps the running system's state."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def home() -> Path:
    """MOTCUA_HOME, or var/ of the repository."""
    return Path(os.environ.get("MOTCUA_HOME") or ROOT / "var").absolute()
