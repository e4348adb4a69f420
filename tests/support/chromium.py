"""A Chromium for the browser tests: the system's, or Debian's package installed now. Without one the tests fail."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

LIGHT = "chromium-headless-shell"       # the same engine without the desktop's half: the same visits in 21 s for 54 s
WHOLE = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONTS = ("fonts-noto-core", "fonts-noto-color-emoji")
APT_SECONDS = 600


class NoBrowser(Exception):
    """There is no Chromium and none can be installed: install chromium or google-chrome, then run the tests again."""


def find_or_install() -> Path:
    """The program; raises NoBrowser."""
    with (Path(tempfile.gettempdir()) / "motcua-chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two workers of one test run, one apt
        found = _find(LIGHT) or _install(LIGHT) or _find(*WHOLE) or _install("chromium")
    if found is None:
        raise NoBrowser(NoBrowser.__doc__)
    return found


def _find(*names: str) -> Path | None:
    return next((Path(found) for name in names if (found := shutil.which(name))), None)


def _install(package: str) -> Path | None:
    """The program of that name; None where there is no such package, or whoever runs the tests may not install."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", package, *FONTS]):
        try:
            subprocess.run(["apt-get", "-qq", *command], env=quiet, check=True, timeout=APT_SECONDS)  # noqa: S603, S607
        except subprocess.SubprocessError:      # apt has said why
            return None
    return _find(package)
