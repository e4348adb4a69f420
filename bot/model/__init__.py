"""The tables of the main database."""

from __future__ import annotations

from bot.model.base import BigId, Moment, metadata
from bot.model.desk import (
    attention,
    audit,
    canned,
    desk_day,
    desk_queue,
    draft,
    handoff,
    note,
    person,
    sign_in_failure,
    sign_in_link,
    staff_session,
    staff_token,
)
from bot.model.post import channel_switch, consent, correspondent, credential, delivery, envelope, link_code, task
from bot.model.talk import CONVERSATION, LOCKED, SETTLED, conversation, inbox, message, rating, turn

__all__ = [
    "CONVERSATION",
    "LOCKED",
    "SETTLED",
    "BigId",
    "Moment",
    "attention",
    "audit",
    "canned",
    "channel_switch",
    "consent",
    "conversation",
    "correspondent",
    "credential",
    "delivery",
    "desk_day",
    "desk_queue",
    "draft",
    "envelope",
    "handoff",
    "inbox",
    "link_code",
    "message",
    "metadata",
    "note",
    "person",
    "rating",
    "sign_in_failure",
    "sign_in_link",
    "staff_session",
    "staff_token",
    "task",
    "turn",
]
