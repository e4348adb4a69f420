"""The sealed proof: what gateway and actions pass through Rasa so that no proof rests anywhere in the clear.

The one module of `text` that needs more than the standard library; Rasa never imports it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from cryptography.fernet import Fernet, InvalidToken

VALID_SECONDS = 600


class BadProof(Exception):
    """This proof cannot be opened: forged, older than ten minutes, or of another conversation."""


def _seconds(now: datetime | None) -> int:
    return int((now or datetime.now(UTC)).timestamp())


def seal(key: str, conversation: str, value: str, *, now: datetime | None = None) -> str:
    """A token for a proof (four digits, or a phone in E.164), good for this conversation and ten minutes.

    `key` is a Fernet key (`Fernet.generate_key().decode()`), setting MOTCUA_PROOF_KEY.
    """
    content = json.dumps({"conversation": conversation, "value": value}).encode()
    return Fernet(key).encrypt_at_time(content, _seconds(now)).decode()


def open_proof(key: str, conversation: str, token: str, *, now: datetime | None = None) -> str:
    """The proof that was sealed. Raises BadProof."""
    try:
        content = json.loads(Fernet(key).decrypt_at_time(token.encode(), VALID_SECONDS, _seconds(now)))
    except InvalidToken as err:
        raise BadProof from err
    if content["conversation"] != conversation:
        raise BadProof
    return content["value"]
