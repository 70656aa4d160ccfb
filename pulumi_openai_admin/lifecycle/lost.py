"""What requests without a response may have created: the look of each verb, and resources whose creation got none.

If `create` fails without an id, and may have created the object, the state gets a resource with the id `UNKNOWN`, which
is none of OpenAI's. The next update replaces it: `delete` looks for the object and removes it.
"""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.handlers.creation import OpenRequests, in_words, is_open
from pulumi_openai_admin.handlers.handler import PendingAction
from pulumi_openai_admin.handlers.memory import part_of
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.remedies import Advice, Message, Remedy, RemedyKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote, Wanted
    from pulumi_openai_admin.http.client import Client
    from pulumi_openai_admin.lifecycle.run import Host
    from pulumi_openai_admin.lifecycle.state import Resource

logger = logging.getLogger(__name__)

UNKNOWN = "(no response)"
"""The own id of an object of which it is not known whether it exists."""


def is_unknown(id_: str) -> bool:
    """Whether a Pulumi id is that of an object of which it is not known whether it exists."""
    return id_.rpartition("/")[2] == UNKNOWN


def become_unknown(remote: Remote, wanted: Wanted) -> bool:
    """Give a failed creation an id for the state, if it may have created an object. Returns whether it has one now."""
    if remote.id or not is_open(remote):
        return False
    remote.id = UNKNOWN
    remote.attributes = documents.nested({name: value for name, value in wanted.settings.items() if value is not None})
    return True


def unknown_error(resource: Resource, error: errors.AdminError) -> errors.ResponseLostError:
    """The error of a creation whose result the next update finds out, or the user."""
    then = f": it looks for the {_noun(resource)}, and deletes it before it creates another one."
    is_for_user = isinstance(error, errors.UnknownCreationError)
    lost = errors.ResponseLostError(error.happened, error.guidance if is_for_user else Advice(remedies.RUN_AGAIN, then))
    lost.__cause__ = error
    return lost


def pending_actions(olds: Mapping[str, Any]) -> list[PendingAction]:
    """The looks that the next update has to repeat."""
    return [
        PendingAction(in_words(request), f"look for the {request['noun']}, and remove it", renews=False)
        for request in _open_requests(olds)
    ]


def _open_requests(olds: Mapping[str, Any]) -> list[Any]:
    return part_of(olds.get(state.MANAGED) or {}, OpenRequests).open_requests


def replaced_input(resource: Resource) -> str:
    """The input that a difference names because of which a resource is replaced although no input differs."""
    return resource.declaration.inputs[0].name


def replacement_note(resource: Resource, olds: Mapping[str, Any]) -> str:
    """What an update does to a resource with an unknown object."""
    requests = _open_requests(olds)
    what = in_words(requests[-1]) if requests else "A creation did not finish"
    noun = _noun(resource)
    return f"{what}, so the {noun} may exist. This update looks for it, and deletes it before it creates another one."


def resolve(resource: Resource, client: Client, remote: Remote, seconds: float = 0, *, removes: bool = True) -> None:
    """Look for what open requests of a resource have created; see `Creations.resolve`."""
    if is_open(remote):
        for lost in resource.handler.creations(client, remote):
            lost.resolve(seconds, removes=removes)


def resolve_until_closed(resource: Resource, host: Host, client: Client, remote: Remote) -> None:
    """Look until no request of a resource can still create anything, within the operation's time limit."""
    try:
        resolve(resource, client, remote, math.inf)
    except errors.ResponseLostError as unknown:
        kept = Remedy(RemedyKind.REMOVE_FROM_STATE, urn=host.urn or "<urn>")
        advice = Advice(unknown.guidance, " If nothing is left, ", kept, ", then ", remedies.RUN_AGAIN, ".")
        raise errors.ResponseLostError(Message(unknown.happened), advice) from unknown


def _noun(resource: Resource) -> str:
    return str(getattr(resource.handler, "noun", "") or getattr(resource.handler, "key_noun", "object"))
