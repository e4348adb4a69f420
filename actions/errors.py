"""The failures that abilities know by name; base.py tells each honestly and offers a person."""

from __future__ import annotations

from typing import ClassVar

from actions.answer import Reason


class Failure(Exception):
    """Something that an ability needs does not answer; `values` fill the sentence that says so."""

    sentence: ClassVar[str]
    reason: ClassVar[Reason] = "failure"

    def __init__(self, **values: str) -> None:
        self.values = values
        super().__init__(self.__doc__)


class KnowledgeUnavailable(Failure):
    """The catalogue cannot be read."""

    sentence = "failed_knowledge"


class CaseSystemDown(Failure):
    """A case system does not answer: a person sees to it. `reference`: of the case; values: agency, whose it is."""

    sentence = "failed_case_system"
    reason = "case_system_down"

    def __init__(self, reference: str, **values: str) -> None:
        self.reference = reference
        super().__init__(**values)
