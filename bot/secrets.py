"""The keys that the processes share, made at the first start, kept in home/secrets.json for its owner alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from cryptography.fernet import Fernet


@dataclass(frozen=True, slots=True)
class Secrets:
    """rasa_secret: gateway → Rasa; actions_secret: Rasa → actions; the rest are HMAC and Fernet keys."""

    rasa_secret: str
    actions_secret: str
    proof_key: str
    address_key: str
    session: str

    def __repr__(self) -> str:
        return "Secrets(…)"

    @property
    def session_key(self) -> bytes:
        return self.session.encode()

    def address(self, address: str) -> str:
        """A keyed hash of a sender's address, the only form in which it is kept."""
        return keyed(self.address_key.encode(), address)

    def sealed(self, value: str) -> str:
        """`value` encrypted so that only a gateway with these secrets can read it: addresses, unopened messages."""
        return self._letters.encrypt(value.encode("utf-8", "surrogatepass")).decode()

    def unsealed(self, token: str) -> str:
        """What was sealed; raises cryptography.fernet.InvalidToken with other secrets."""
        return self._letters.decrypt(token.encode()).decode("utf-8", "surrogatepass")

    @property
    def _letters(self) -> Fernet:
        key = hmac.new(self.session_key, b"letters", hashlib.sha256).digest()
        return Fernet(base64.urlsafe_b64encode(key))

    def environment(self) -> dict[str, str]:
        """What the inner processes are given."""
        return {
            "MOTCUA_RASA_SECRET": self.rasa_secret,
            "MOTCUA_ACTIONS_SECRET": self.actions_secret,
            "MOTCUA_PROOF_KEY": self.proof_key,
            "MOTCUA_ADDRESS_KEY": self.address_key,
        }


def keyed(key: bytes, value: str) -> str:
    """HMAC-SHA256 in hex."""
    return hmac.new(key, value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def load_or_make(home: Path) -> Secrets:
    """The secrets of this home; written once, atomically, with mode 0600."""
    file = home / "secrets.json"
    if not file.exists():
        home.mkdir(parents=True, exist_ok=True)
        _write(file, _make())
    return Secrets(**json.loads(file.read_text()))


def _make() -> Secrets:
    fernet = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    made = {field.name: secrets.token_urlsafe(32) for field in fields(Secrets)}
    return Secrets(**(made | {"proof_key": fernet}))


def _write(file: Path, made: Secrets) -> None:
    draft = file.with_suffix(f".{os.getpid()}.tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        json.dump(asdict(made), out)
    try:
        os.link(draft, file)  # fails if another process was first: its keys stand
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def digest(token: str) -> str:
    """SHA-256 in hex: all that is kept of a token. Any string will do, also what no header should hold."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
