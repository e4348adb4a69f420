"""What can be wrong with a request, each with its HTTP status and what to do about it (RFC 9457)."""

from __future__ import annotations


class Problem(Exception):
    """A request that cannot be served; `detail` says what to do, `field` which part is meant, `word` names a sentence
    of the pages for it."""

    status = 400
    title = "Bad request"
    word = "problem_bad_request"

    def __init__(
        self,
        detail: str = "",
        *,
        field: str | None = None,
        word: str | None = None,
        extra: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.field = field
        self.word = word or type(self).word
        self.extra = extra or {}
        self.headers = headers or {}


class Unreadable(Problem):
    """The body is not what this address takes."""


class Empty(Problem):
    """The text has nothing that a person could read."""

    title = "Empty message"
    word = "problem_empty"


class NotOffered(Problem):
    """The payload was never offered as a choice in this conversation."""

    title = "Not one of the choices offered"
    word = "problem_not_offered"


class NotSignedIn(Problem):
    """No token, or one that opens nothing."""

    status = 401
    title = "A valid token is needed"
    word = "problem_not_signed_in"


class WrongSignIn(Problem):
    """No such name, or not its password: which of the two is not told."""

    status = 401
    title = "Wrong name or password"
    word = "wrong_sign_in"


class SpentLink(Problem):
    """A one-time link that was used, is too old, or never was one."""

    status = 410
    title = "This link opens nothing any more"
    word = "spent_link"


class Forged(Problem):
    """Something was asked for by a page that is not ours, or is too old to prove that it is."""

    status = 403
    title = "Load the page again"
    word = "forged"


class NotGenuine(Problem):
    """A provider's request without the provider's proof."""

    status = 403
    title = "Not genuine"
    word = "problem_not_found"


class NotAllowed(Problem):
    """Signed in, with a role that does not do this."""

    status = 403
    title = "Not allowed"
    word = "problem_not_allowed"


class NotFound(Problem):
    """Nothing here, or nothing that this person may see."""

    status = 404
    title = "Not found"
    word = "problem_not_found"


class Conflict(Problem):
    """Somebody was faster, or the same id came with other content."""

    status = 409
    title = "Conflict"
    word = "problem_conflict"


class TooLong(Problem):
    """Over the limit of the channel; `extra` tells the limit and the length."""

    status = 413
    title = "Message too long"
    word = "problem_too_long"


class TooMany(Problem):
    """Over a limit of the rate; try again after the seconds in Retry-After."""

    status = 429
    title = "Too many requests"
    word = "problem_too_many"
