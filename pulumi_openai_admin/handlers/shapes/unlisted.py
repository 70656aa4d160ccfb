"""A collection without a list: POST makes an object, and GET, POST and DELETE need its id.

A list is what finds an object whose creation got no response. Without one, a POST is sent once: after a lost response,
the error says what to look for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers.creation import Made
from pulumi_openai_admin.handlers.handler import Observation, Shows, Traits
from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.paths import fill
from pulumi_openai_admin.remedies import Advice, Message

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
    ) -> Mapping[str, Any] | None:
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
                raise errors.InvalidReplyError(f"Could not {action}: the response does not contain an id")
        except errors.AdminError as error:
            # The conflict may be with the same request, which a gateway has sent twice.
            if not (error.may_have_acted or isinstance(error, errors.ConflictError)):
                raise
            raise self._lost(called, error) from error
        client.acquire(reply[self.identity])
        self._learn_made(client, remote, body, reply)
        return Made(reply)

    def _lost(self, called: object, error: errors.AdminError) -> errors.ResponseLostError:
        """The error that names what may exist."""
        return errors.ResponseLostError(
            Message(error.happened, f". The {self.noun} may have been created"),
            Advice(
                f"OpenAI has no list of {self.noun}s, so look in its dashboard for a new {self.noun} with the "
                f"{self._recognition} {called!r}. If there is one, delete it there. Then ",
                remedies.RUN_AGAIN,
                ".",
            ),
        )
