"""A Chromium for the browser tests: the system's, or Debian's package installed now. Without one the tests fail."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-core", "fonts-noto-color-emoji")
APT_SECONDS = 600


class NoBrowser(Exception):
    """There is no Chromium and none can be installed: install chromium or google-chrome, then run the tests again."""


def find_or_install() -> Path:
    """The program; raises NoBrowser."""
    with (Path(tempfile.gettempdir()) / "motcua-chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two workers of one test run, one apt
        found = _find()
        if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
            _install()
            found = _find()
    if found is None:
        raise NoBrowser(NoBrowser.__doc__)
    return found


def _find() -> Path | None:
    return next((Path(found) for name in NAMES if (found := shutil.which(name))), None)


def _install() -> None:
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *PACKAGES]):
        subprocess.run(["apt-get", "-qq", *command], env=quiet, check=True, timeout=APT_SECONDS)  # noqa: S603, S607
