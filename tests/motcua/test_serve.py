"""What the gateway process loads: it is back within a moment only while it loads nothing that it does not use."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("library", ["alembic", "mako", "twilio.rest", "rasa_sdk", "sanic", "requests"])
def test_a_library_that_serves_nobody_is_not_loaded(library: str) -> None:
    program = f"import sys, motcua.serve; sys.exit({library!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0  # noqa: S603
