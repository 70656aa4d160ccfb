"""The errors a user can meet, as a tree.

* AdminError                   anything this package says no to; the text is for the user
  + ConfigurationError         no key, an address that will not do
  + NoMatchError             a name that no row or object has, with the nearest ones
  + ResourceGoneError                       what the state knows is no longer at OpenAI
    - ParentEndedError              … because what it is inside has ended
      * ProjectArchivedError        … a project that was archived
    - ParentNotFoundError           … or nothing shows that the key is for the same organization
      * ProjectNotFoundError        … which does not show a project, although OpenAI deletes none
  + UpdateNotAppliedError                 OpenAI answered yes, and the value is another
  + KeyRevocationError              OpenAI refuses to end a key in every way there is
  + PartialUpdateError             of many rows some did not take; the text names both kinds
  + OperationTimeoutError                   `maxWaitSeconds` went by before a request could leave
  + TransportError             no usable reply came back
    - RequestNotSentError                  the request certainly did not reach OpenAI
    - ResponseLostError                     it may have arrived, and nobody knows what became of it
    - InvalidReplyError              a reply came, and it is not what the API promises
  + StatusError                OpenAI answered with an error status
    - RedirectError               3xx: followed by nobody
    - AuthenticationError          401
    - PermissionDeniedError                403
    - NotFoundError                 404
    - UnexpectedReplyError             a 4xx that is not OpenAI's, or a path that OpenAI does not have
    - BadRequestError                  400, 422 and whatever else is the request's fault
      * ConflictError               409: something else was being changed at the same time
    - RateLimitError                429 that clears by waiting
    - SpendLimitError        429 that never does
    - InternalServerError              408 and 5xx

A look-up that finds nothing raises `LookUpError` (in `data_sources`), a declaration that can't be applied
`DeclarationError` (in `dynamic`): `AdminError`s that end a program without a traceback.

Each text says what happened, to what, then what to do; a status, a code and a
request id stand in it where there are any. No text holds a key.

What to do names no command but a kind of remedy (`remedies`), for which the dynamic provider and the command line each
have words. `str` of an error is in plain English.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pulumi_openai_admin.printable import printable
from pulumi_openai_admin.remedies import PLAIN, RUN_AGAIN, Advice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.remedies import Kind

__all__ = [
    "AdminError",
    "AuthenticationError",
    "BadRequestError",
    "ConfigurationError",
    "ConflictError",
    "InternalServerError",
    "InvalidReplyError",
    "KeyRevocationError",
    "NoMatchError",
    "NotFoundError",
    "OperationTimeoutError",
    "ParentEndedError",
    "ParentNotFoundError",
    "PartialUpdateError",
    "PermissionDeniedError",
    "ProjectArchivedError",
    "ProjectNotFoundError",
    "RateLimitError",
    "RedirectError",
    "ReplyFacts",
    "RequestNotSentError",
    "ResourceGoneError",
    "ResponseLostError",
    "SpendLimitError",
    "StatusError",
    "TransportError",
    "UnexpectedReplyError",
    "UpdateNotAppliedError",
]


class AdminError(Exception):
    """Base of all errors of this package.

    Args:
        what: What happened, to which object. A full sentence without its stop.
        advice: What to do now. One or two full sentences, which name remedies by their kind.
    """

    may_have_acted = False
    """Whether OpenAI may have done what was asked, in spite of the error."""

    def __init__(self, what: str, advice: str | Advice = "") -> None:
        self.what = printable(what)
        self.guidance = Advice(advice) if isinstance(advice, str) else advice
        super().__init__(self.what, self.guidance)

    @property
    def advice(self) -> str:
        """What to do now, in plain English."""
        return str(self.guidance)

    @property
    def remedy(self) -> Kind | None:
        """The kind of what to do now; None where the advice is a sentence for this error alone."""
        return self.guidance.kind

    @property
    def event(self) -> str:
        """What happened, without its stop and without the advice."""
        return self.what

    def in_words(self, words: Mapping[Kind, str]) -> str:
        """What happened and what to do now, in the words of one tool."""
        return f"{self.event}. {self.guidance.in_words(words)}".strip()

    def __str__(self) -> str:
        return self.in_words(PLAIN)


class ConfigurationError(AdminError):
    """The key, the address or another setting will not do."""


class NoMatchError(AdminError):
    """No row or object has the name that the program gives."""


class ResourceGoneError(AdminError):
    """What the state knows is no longer at OpenAI."""


class ParentEndedError(ResourceGoneError):
    """What the object is inside has ended, and the object with it."""


class ParentNotFoundError(ResourceGoneError):
    """Nothing shows that the key is for the organization that the object belongs to: it may still be there."""


class ProjectArchivedError(ParentEndedError):
    """The project was archived: nothing in it can be used or changed."""


class ProjectNotFoundError(ParentNotFoundError):
    """OpenAI shows this key no such project. It deletes none, so the key is more likely another organization's."""

    @classmethod
    def named(cls, project: str) -> ProjectNotFoundError:
        """The error for a project, as a message calls it."""
        what = f"{project[0].upper()}{project[1:]} does not exist, or belongs to another organization"
        return cls(what, "OpenAI deletes no project: check the project's id, and that the key is its organization's.")


class UpdateNotAppliedError(AdminError):
    """OpenAI accepted a value twice, and answered with another one each time."""

    may_have_acted = True

    def __init__(self, what: str) -> None:
        super().__init__(what, Advice(RUN_AGAIN, "; if it stays so, ask OpenAI's support."))


class KeyRevocationError(AdminError):
    """OpenAI refuses to revoke a key, and to let it expire."""


class PartialUpdateError(AdminError):
    """Of many rows some did not take; what took is kept."""


class OperationTimeoutError(AdminError):
    """The time that one operation may take went by before the request could leave."""


class TransportError(AdminError):
    """No usable reply came back."""


class RequestNotSentError(TransportError):
    """The request certainly did not reach OpenAI."""


class ResponseLostError(TransportError):
    """The request may have arrived; its reply did not."""

    may_have_acted = True


class InvalidReplyError(TransportError):
    """A reply arrived that is not what the API promises."""

    may_have_acted = True


@dataclass(frozen=True)
class ReplyFacts:
    """What a reply with an error status says, in one shape.

    OpenAI has four: `{"error": {…}}`, `{"error": "…"}`, `{"code": …, "message": …}`
    and, from a proxy before it, HTML or nothing.
    """

    status: int
    message: str = ""
    code: str = ""
    request_id: str = ""
    answered_at: float | None = None
    """The reply's own clock (header `Date`), in seconds since 1970."""
    wait: float | None = field(default=None)
    """The wait that the reply advises, in seconds."""
    should_retry: bool | None = None
    """Header `x-should-retry`, which overrides the status."""
    is_openais: bool = True
    """Whether OpenAI answered; a proxy's page is in none of its shapes."""

    def __str__(self) -> str:
        parts = [f"status {self.status}"]
        if self.code:
            parts.append(self.code)
        if self.request_id:
            parts.append(f"request {self.request_id}")
        return ", ".join(parts)


class StatusError(AdminError):
    """OpenAI answered with an error status."""

    def __init__(self, what: str, advice: str | Advice, facts: ReplyFacts) -> None:
        super().__init__(what, advice)
        self.facts = facts

    @property
    def status_code(self) -> int:
        """The reply's HTTP status."""
        return self.facts.status

    @property
    def request_id(self) -> str:
        """OpenAI's id of the request (header `x-request-id`), for its support; empty where the reply has none."""
        return self.facts.request_id

    @property
    def event(self) -> str:
        """What happened, with the reply's status, code and request id."""
        return f"{self.what} ({self.facts})"


class RedirectError(StatusError):
    """3xx: a redirect would carry the key to another address, so it is not followed."""


class AuthenticationError(StatusError):
    """401: the key is not accepted."""


class PermissionDeniedError(StatusError):
    """403: the key may not do this."""


class NotFoundError(StatusError):
    """404: there is no such object."""


class UnexpectedReplyError(StatusError):
    """What answers with 4xx is a proxy or a portal, or the path is none of OpenAI's: it says nothing of any object."""


class BadRequestError(StatusError):
    """The request itself is at fault; repeating it changes nothing."""


class ConflictError(BadRequestError):
    """409: something else was being changed at the same time, or the request contradicts what there is."""


class RateLimitError(StatusError):
    """429: too many requests; clears by waiting."""


class SpendLimitError(StatusError):
    """429 with a code that never clears by waiting."""


class InternalServerError(StatusError):
    """408 or 5xx: OpenAI stumbled, and may or may not have acted."""

    may_have_acted = True
