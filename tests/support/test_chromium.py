"""Which browser the tests take, and what they install where there is none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support import chromium

LIGHT, WHOLE = "chromium-headless-shell", "chromium"
APT = """#!/bin/sh
for package in {packages}; do
    case " $* " in *" update "*) exit 0;; *" $package "*) exec /bin/ln -s /bin/true "{folder}/$package";; esac
done
exit 100
"""

ROWS: list[tuple[str, tuple[str, ...], tuple[str, ...], int, str]] = [
    # label, what is there, what apt can install, user, what is taken
    ("both are there", (LIGHT, WHOLE), (), 0, LIGHT),
    ("the light one can be had", (WHOLE,), (LIGHT, WHOLE), 0, LIGHT),
    ("no such package", (WHOLE,), (), 0, WHOLE),
    ("nobody may install", (WHOLE,), (LIGHT, WHOLE), 1000, WHOLE),
    ("nothing there", (), (LIGHT, WHOLE), 0, LIGHT),
    ("nothing there and no such package", (), (WHOLE,), 0, WHOLE),
    ("nothing to be had", (), (), 0, ""),
    ("nothing there and nobody may install", (), (LIGHT, WHOLE), 1000, ""),
]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_the_light_browser_is_taken_where_it_can_be_had(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, row: tuple[str, tuple[str, ...], tuple[str, ...], int, str]
) -> None:
    _, there, packages, user, taken = row
    for name in there:
        (tmp_path / name).symlink_to("/bin/true")
    apt = tmp_path / "apt-get"
    apt.write_text(APT.format(packages=" ".join(packages), folder=tmp_path))
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: user)
    if taken:
        assert chromium.find_or_install() == tmp_path / taken
    else:
        with pytest.raises(chromium.NoBrowser, match="none can be installed"):
            chromium.find_or_install()
