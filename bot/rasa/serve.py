"""Starts Rasa for the gateway: `bot/rasa/.venv/bin/python -m bot.rasa.serve`, from anywhere with the root on the path.

Loopback only, the HTTP API behind the secret (which a command line would show to everyone in `ps`), no telemetry.
"""

import os
import sys

from bot.rasa.paths import ROOT


def command(environment: dict[str, str]) -> list[str]:
    """The `rasa run` that is meant. MOTCUA_RASA_SECRET is required, MOTCUA_RASA_PORT is 5005 if not given."""
    return [
        "rasa", "run", "--interface", "127.0.0.1", "--port", environment.get("MOTCUA_RASA_PORT") or "5005",
        "--enable-api", f"--auth-token={environment['MOTCUA_RASA_SECRET']}",      # a secret may begin with "-"
        "--credentials", str(ROOT / "credentials.yml"), "--endpoints", str(ROOT / "endpoints.yml"),
        "--model", environment.get("MOTCUA_RASA_MODEL") or str(ROOT / "models"),
    ]  # fmt: skip


def main() -> None:
    os.chdir(ROOT)
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    os.environ.setdefault("LOG_LEVEL_LIBRARIES", "ERROR")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    sys.argv = command(dict(os.environ))
    from rasa.__main__ import main as rasa

    rasa()


if __name__ == "__main__":
    main()
