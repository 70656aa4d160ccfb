"""A collection without a list: POST makes an object, and GET, POST and DELETE need its id.

A list is what finds an object whose creation got no response. Without one, a POST is sent once. After a lost response,
the error says what to look for, and the request stays open until the user removes the resource from the state.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.creation import Made, in_words, lost_now
from pulumi_openai_admin.handlers.handler import Observation, Shows, Traits
from pulumi_openai_admin.handlers.lost_requests import LostRequests
from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.remedies import Message
from pulumi_openai_admin.schema.paths import fill

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote, Wanted
    from pulumi_openai_admin.http.client import Client


@dataclass(frozen=True)
class Unlisted(Collection):
    """The shape; see `Collection` for its arguments. `recognized_by` is what a user looks for after a lost response."""

    traits: ClassVar[Traits] = replace(Collection.traits, shows=Shows.EACH)

    def ids(self, client: Client, remote: Remote) -> list[str]:  # noqa: ARG002 - the shape's signature
        """None: a user has to name each object."""
        return []

    def observe(self, client: Client, remote: Remote, wanted: Wanted) -> Observation:
        """An object that is there, as GET shows it. Nothing can be found before a creation."""
        return self._observe_object(client, remote, wanted) if remote.id else Observation(self.noun)

    def _listed(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The object as GET shows it, in place of a list."""
        return self._shown(client, remote)

    def _listed_after(
        self,
        client: Client,  # noqa: ARG002 - the shape's signature
        remote: Remote,  # noqa: ARG002
        unrelated: errors.UnrelatedNotFoundError,
    ) -> Mapping[str, Any]:
        """Nothing else shows the object, so the 404 is an error."""
        raise unrelated

    def _make(self, client: Client, remote: Remote, body: Mapping[str, Any]) -> Made:
        """POST, once."""
        called, path = self._called(body), fill(self.path, **remote.parents)
        action = f"create {self.noun} {called!r} in {self._parent(remote)}"
        try:
            with client.inside(remote.parents):
                reply = client.send(Call("POST", path, action, body=self._sent(body), idempotent=False))
            if not isinstance(reply.get(self.identity), str) or not reply[self.identity]:
                raise errors.InvalidResponseError(f"Could not {action}: the response does not contain an id")
        except errors.AdminError as error:
            # The conflict may be with the same request, which a gateway has sent twice.
            if not (error.may_have_acted or isinstance(error, errors.ConflictError)):
                raise
            (requests,) = self.lost_requests(client, remote)
            requests.add(lost_now(client, action, self.noun), {"called": str(called)})
            raise self.unknown(error.happened, str(called)) from error
        client.acquire(reply[self.identity])
        self._learn_made(client, remote, body, reply)
        return Made(reply)

    def lost_requests(self, client: Client, remote: Remote) -> list[LostRequests]:
        """See `Handler.lost_requests`: nothing can be found."""
        return [_Unfindable(client, remote, self.place(client, remote), self)]

    def unknown(self, what: Message, called: str) -> errors.ResponseLostError:
        """The error that says what may exist.

        Args:
            what: What happened to the request.
            called: What identifies the object.
        """
        advice = (
            f"OpenAI has no list of {self.noun}s, so look in its dashboard for a new {self.noun} with the "
            f"{self._recognition} {called!r}. If there is one, delete it there."
        )
        return errors.ResponseLostError(Message(what, f". The {self.noun} may have been created"), advice)


@dataclass(frozen=True)
class _Unfindable(LostRequests):
    """Requests for objects that nothing lists."""

    handler: Unlisted

    def look(self, seconds: float = 0, *, removes: bool = True) -> None:  # noqa: ARG002 - the signature
        """Nothing but the user can decide.

        Raises:
            errors.ResponseLostError: A request is open, and the step would have to decide.
        """
        for request in self.requests if removes else ():
            raise self.handler.unknown(Message(in_words(request)), request["body"]["called"])
