"""When a conversation goes to a person though nobody asked: somebody in need, a topic that is listed.

What the abilities hand over themselves (a complaint, a low rating, a case system that is down) comes with their answer.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.asking import Request
from bot.assistant import Answer
from bot.core import Core
from bot.promise import rules_of
from bot.store import Tx
from bot.words import say

IN_NEED = frozenset({"self_harm", "child"})  # kinds of danger after which a person looks in


async def forced(core: Core, tx: Tx, row: sa.Row[Any], answer: Answer) -> Request | None:
    """The hand-off that an answer leads to by policy; None where it goes on. `row`: of the inbox."""
    language, service = answer.reply.language, answer.about.get("service")
    agency = core.site.agency_of.get(service or "", core.site.identifier)
    if service and service in (await rules_of(tx, agency)).topics:
        return Request("topic", service, agency, say(language, "summary_last", text=row.text[:120]))
    return None


def in_need(core: Core, kind: str, text: str, language: str) -> Request | None:
    """The hand-off after a cry for help of somebody whom the emergency numbers alone do not serve."""
    if kind not in IN_NEED:
        return None
    return Request("vulnerable", None, core.site.identifier, say(language, "summary_in_need", text=text[:120]))
