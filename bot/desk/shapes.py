"""What the desk's API takes in; unknown fields are refused."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from bot.web.api import message_id
from text.clean import clean


def _one_line(value: str) -> str:
    cleaned = clean(value)
    if not cleaned or "\n" in cleaned:
        raise ValueError("must be a text on one line")
    return cleaned


Line = Annotated[str, AfterValidator(_one_line)]
Seq = Annotated[int, Field(ge=1, le=2**31 - 1)]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Nothing(Shape):
    """An empty object, or no body at all."""


class Replying(Shape):
    """`id` is a UUID: the same again has no second effect."""

    id: Annotated[str, AfterValidator(message_id)]
    text: str
    draft: Seq | None = Field(None, description="seq of the assistant's draft that it was made from")


class Noting(Shape):
    """A private note; the citizen never sees it. `id` is a UUID: the same again has no second effect."""

    text: str
    id: Annotated[str, AfterValidator(message_id)] | None = None


class Transferring(Shape):
    """To an agency's queue, or to a colleague by name; exactly one of the two. `ask`: the citizen is asked first."""

    agency: Line | None = None
    person: Line | None = None
    ask: bool = False
    one_of: ClassVar[str] = "agency"

    @model_validator(mode="after")
    def _one_of(self) -> Transferring:
        if (self.agency is None) == (self.person is None):
            raise ValueError("send either agency or person")
        return self


class Blocking(Shape):
    """Why nothing more is taken from them; null: they are taken up again."""

    reason: Line | None = Field(max_length=80)


class Testing(Shape):
    """Whether the conversation is one of staff who try the assistant."""

    test: bool


class Using(Shape):
    """Which draft was taken over."""

    seq: Seq


class Reassigning(Shape):
    """To whom, by name."""

    person: Line


class Closing(Shape):
    """How it ended, in a word or two."""

    outcome: Line = Field(min_length=1, max_length=40)
