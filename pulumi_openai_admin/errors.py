"""The errors that a user can get, as a tree.

* AdminError                  any error of this package; its text is for the user
  + ConfigurationError        the key is missing, or a setting is invalid
  + NoMatchError              no object has the name; the text gives the nearest names
  + PreviewReadError          a preview with `previewReads` could not read from OpenAI
  + NotAdoptableError         an existing object can't be imported; the text gives the reason
  + ResourceGoneError         the object in the state no longer exists at OpenAI
    - ParentEndedError        its parent has ended
      * ProjectArchivedError  its project was archived
    - ParentNotFoundError     the key may be for another organization, so the object may still exist
      * ProjectNotFoundError  OpenAI does not show the project, although no project can be deleted
  + UpdateNotAppliedError     OpenAI accepted the request, and shows another value
  + KeyRevocationError        OpenAI refuses to revoke a key, and to let it expire
  + DeliveryError             a secret store did not take a key, or could not be read
  + PartialUpdateError        some of several objects could not be updated; the text names them
  + OperationTimeoutError     `maxWaitSeconds` passed, or the user has cancelled the operation
  + TransportError            there is no usable response
    - RequestNotSentError     the request did not reach OpenAI
    - ResponseLostError       the request may have arrived; its result is unknown
      * UnknownCreationError  only the user can find out what it has created
    - InvalidResponseError    the response is not in the documented form
  + StatusError               OpenAI responded with an error status
    - RedirectError           3xx: redirects are not followed
    - AuthenticationError     401
    - PermissionDeniedError   403
      * NoAccessError         the organization has no access to the endpoint
    - NotFoundError           404 about the object of the request
    - UnexpectedResponseError a 4xx that is not from OpenAI, or a path that OpenAI does not have
      * UnrelatedNotFoundError a 404 that is not known to be about the object
    - BadRequestError         400, 422 and every other status for an invalid request
      * ConflictError         409: another change was in progress
    - RateLimitError          429, which can be retried after a wait
    - SpendLimitError         429, which can't be retried
    - InternalServerError     408 and 5xx

A provider function that finds nothing raises `LookUpError` (in `data_sources`). A declaration that can't be applied
raises `DeclarationError` (in `program`). Both are `AdminError`s that end a program without a traceback.

Each text says what happened, to which object, and what to do. It contains the status, the error code and the request id
if there are any. No text contains a key.

A text names a kind of remedy (`remedies`) instead of a command, and a setting without saying how it is set. Each tool
has words for both (`engine/wording.py`). `str` of an error is in plain English.
"""

from __future__ import annotations

from typing import NamedTuple

from typing_extensions import override

from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.remedies import REFRESH_THEN_RUN, RUN_AGAIN, Advice, Message, Worded, Words


class AdminError(Worded, Exception):
    """Base of all errors of this package.

    Args:
        what: What happened, to which object: a full sentence without its full stop, which may name settings.
        advice: What to do now: one or two full sentences, which name remedies by their kind.
    """

    may_have_acted = False
    """Whether OpenAI may have carried out the request."""
    facts: ResponseFacts | None = None
    """The response that says so, where messages name it."""

    def __init__(self, what: str | Message, advice: str | Advice = "") -> None:
        self._what = Message(what) if isinstance(what, str) else what
        self.guidance = Advice(advice) if isinstance(advice, str) else advice
        super().__init__(self._what, self.guidance)

    @property
    def what(self) -> str:
        """What happened, to which object, in plain English."""
        return str(self._what)

    @property
    def advice(self) -> str:
        """What to do now, in plain English."""
        return str(self.guidance)

    @property
    def event(self) -> str:
        """What happened, without the full stop and without the advice, in plain English."""
        return str(self.happened)

    @property
    def happened(self) -> Message:
        """The event, for a message that quotes it in the words of the tool that shows the message."""
        return Message(self._what, f" ({self.facts})") if self.facts else self._what

    @override
    def in_words(self, words: Words) -> str:
        """What happened and what to do now, in the words of one tool."""
        return f"{self.happened.in_words(words)}. {self.guidance.in_words(words)}".strip()


class ConfigurationError(AdminError):
    """The key, the base URL or another setting is missing or invalid."""

    @classmethod
    def of_edited_state(cls) -> ConfigurationError:
        """The memory in a state has what this package never writes."""
        what = "The state has a __managed that pulumi-openai-admin did not write"
        return cls(what, "Import the last exported state that was not edited.")


class NoMatchError(AdminError):
    """No object has the name that the program gives."""


class PreviewReadError(AdminError):
    """A preview with `previewReads` could not read from OpenAI."""


class NotAdoptableError(AdminError):
    """An existing object can't be imported: no program can declare it as it is."""


class ResourceGoneError(AdminError):
    """The object in the state no longer exists at OpenAI."""

    is_absent = False
    """Whether OpenAI shows no such object. Otherwise it shows one that is treated as deleted: an archived project."""
    name: str = ""
    """The absent object, as messages call it; empty if it is a parent."""
    parent: tuple[str, str] | None = None
    """The parent that has ended, or that OpenAI does not show: the name of its id in paths, and the id."""

    @classmethod
    def absent(cls, name: str, then: str) -> ResourceGoneError:
        """The error for an object that the state has.

        Args:
            name: The object, as messages call it.
            then: What the remedy does, after it: ". That creates it again."
        """
        gone = cls(f"{name} no longer exists at OpenAI", Advice(REFRESH_THEN_RUN, then))
        gone.is_absent, gone.name = True, name
        return gone

    @classmethod
    def not_found(cls, name: str) -> ResourceGoneError:
        """The error for an object that no state has: its id may be wrong."""
        missing = cls(f"{name} was not found", "Check its id.")
        missing.is_absent = True
        return missing


class ParentEndedError(ResourceGoneError):
    """The parent of the object has ended, and the object with it."""


class ParentNotFoundError(ResourceGoneError):
    """The key may be for another organization than the object's, so the object may still exist."""


ARCHIVED_ADVICE = Advice(
    "An archived project can't be restored. To end it in the stack, too, remove it and its objects from the program, "
    "then ",
    REFRESH_THEN_RUN,
    ": nothing changes at OpenAI. If the program still declares it, the same commands create another project, with new "
    "ids and new keys, which applications have to use.",
)
"""What to do about a project that was archived outside the program."""
UNDOCUMENTED_ADVICE = "Run the command again. If this happens again, update pulumi-openai-admin."
"""What to do if OpenAI shows an object in another form than its documentation."""


class ProjectArchivedError(ParentEndedError):
    """The project was archived: its objects can no longer be used or changed."""


class ProjectNotFoundError(ParentNotFoundError):
    """OpenAI shows no such project. No project can be deleted, so the key is probably for another organization."""

    @classmethod
    def named(cls, project: str) -> ProjectNotFoundError:
        """The error for a project, by the name that messages give it."""
        what = f"{capitalized(project)} does not exist, or belongs to another organization"
        missing = cls(
            what, "OpenAI does not delete projects. Check the project's id, and that the key is for its organization."
        )
        missing.is_absent = True
        return missing


class UpdateNotAppliedError(AdminError):
    """OpenAI accepted a change, and responded with another value."""

    may_have_acted = True

    def __init__(self, what: str) -> None:
        super().__init__(what, Advice(RUN_AGAIN, "; if the value is still wrong, ask OpenAI's support."))


class KeyRevocationError(AdminError):
    """OpenAI refuses to revoke a key, and to let it expire."""


class DeliveryError(AdminError):
    """A secret store did not take a key, or could not be read. The text names the store and says what to do."""


class PartialUpdateError(AdminError):
    """Some of several objects could not be updated. The updated objects are recorded in the state."""


class OperationTimeoutError(AdminError):
    """The time limit of the operation passed, or the user has cancelled it; the next request was not sent."""


class TransportError(AdminError):
    """There is no usable response."""


class RequestNotSentError(TransportError):
    """The request did not reach OpenAI."""


class ResponseLostError(TransportError):
    """The request may have arrived; its response did not."""

    may_have_acted = True


class UnknownCreationError(ResponseLostError):
    """Only the user can find out what a request without a response has created; the advice says how."""


class InvalidResponseError(TransportError):
    """The response is not in the form that the API documents."""

    may_have_acted = True


class ResponseFacts(NamedTuple):
    """The content of a response with an error status, in one form.

    OpenAI's responses have three forms: `{"error": {…}}`, `{"error": "…"}` and `{"code": …, "message": …}`. A proxy
    responds with HTML or nothing.
    """

    status: int
    message: str = ""
    code: str = ""
    request_id: str = ""
    answered_at: float | None = None
    """The time of the response (header `Date`), in seconds since 1970."""
    wait: float | None = None
    """The wait that the response advises, in seconds."""
    should_retry: bool | None = None
    """Header `x-should-retry`, which overrides the status."""
    is_openais: bool = True
    """Whether the response is from OpenAI; the page of a proxy is in none of its forms."""
    is_about_object: bool = True
    """Whether a 404 is about an object of the request, see `http/replies.py`."""
    denied_feature: str = ""
    """What the organization has no access to, such as "external keys"; empty if the response does not say that."""

    def __str__(self) -> str:
        parts = (f"status {self.status}", self.code, f"request {self.request_id}" if self.request_id else "")
        return ", ".join(filter(None, parts))


class StatusError(AdminError):
    """OpenAI responded with an error status."""

    facts: ResponseFacts

    def __init__(self, what: str | Message, advice: str | Advice, facts: ResponseFacts) -> None:
        super().__init__(what, advice)
        self.facts = facts


class RedirectError(StatusError):
    """3xx: a redirect would send the key to another address, so it is not followed."""


class AuthenticationError(StatusError):
    """401: the key is not accepted."""


class PermissionDeniedError(StatusError):
    """403: the key may not do this."""


class NoAccessError(PermissionDeniedError):
    """OpenAI serves the endpoint to some organizations only, and not to this one (403, or 404)."""

    @property
    def reason(self) -> str:
        """What is missing, as a clause: "the organization has no access to external keys"."""
        return f"the organization has no access to {self.facts.denied_feature}"


class NotFoundError(StatusError):
    """404 about the object of the request: it does not exist."""


class UnexpectedResponseError(StatusError):
    """A 4xx from a proxy or a portal, or for a path that OpenAI does not have. It says nothing about the object."""


class UnrelatedNotFoundError(UnexpectedResponseError):
    """404 with a message that is not about the object, such as `Unsupported endpoint`. The object may exist."""


class BadRequestError(StatusError):
    """The request is invalid. A retry does not help."""


class ConflictError(BadRequestError):
    """409: another change was in progress, or the request conflicts with the current state."""


class RateLimitError(StatusError):
    """429: too many requests. The request can be sent again after a wait."""


class SpendLimitError(StatusError):
    """429 with a code for which a retry does not help."""


class InternalServerError(StatusError):
    """408 or 5xx: an error inside OpenAI."""

    may_have_acted = True
