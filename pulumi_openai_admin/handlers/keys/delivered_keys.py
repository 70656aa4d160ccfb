"""Keys that are delivered to a secret store and never enter the state: what all handlers of keys do for them.

The order is: check that the store can be written, create the key, deliver it. A key that the store did not take is
revoked. If it can't be revoked, or the store may have taken it, the state says so, and the next update replaces it: it
creates and delivers another key, and then revokes this one. So no reader of the store gets a revoked key.

A key whose revocation failed is a `PendingAction` with `replaces`. A refresh that finds another value in the store
records the same, or, if old keys have an overlap, that the next update delivers another key in place. What a store's
client raises is shown by its type only.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.delivery.secret_store import DeliveryError, Destination, Mask, Presence, destination_of
from pulumi_openai_admin.handlers.handler import Claim, PendingAction, Remote, Wanted
from pulumi_openai_admin.http import replies
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.remedies import RUN_AGAIN, Advice, Remedy, RemedyKind
from pulumi_openai_admin.schema.shapes import is_unknown

logger = logging.getLogger(__name__)

_POLICY = (
    " If the organization allows API keys of service accounts only, or none, an owner can change this policy in "
    "OpenAI's dashboard, in the organization's settings for API keys. Then "
)


@contextmanager
def explained_refusal(body: Mapping[str, Any]) -> Iterator[None]:
    """Create a key. If OpenAI refuses it without another reason, name the policy that may be the reason.

    Args:
        body: The properties that are sent. A refusal that names one of them is about that.

    Raises:
        StatusError: OpenAI's refusal, of the same class.
    """
    try:
        yield
    except (errors.BadRequestError, errors.PermissionDeniedError) as refusal:
        message = refusal.facts.message
        is_explained = refusal.facts.code in replies.NO_CONFLICT or replies.scopes_in(message) is not None
        if isinstance(refusal, errors.NoAccessError) or is_explained or any(name in message for name in body):
            raise
        advice = Advice(refusal.guidance, _POLICY, remedies.RUN_AGAIN, ".")
        raise type(refusal)(refusal.what, advice, refusal.facts) from refusal


DELIVER_TO = "deliver_to"
PLACE = "delivered_to"
VERSION = "delivered_version"
_COMMAND = "command"
_ANOTHER = "create and deliver a new key, and then revoke this one"
IN_PLACE = "create and deliver a new key, and revoke this one after the overlap"
"""What the next update does with a key that the store has lost, if old keys have an overlap."""


def deliver(destination: Destination, remote: Remote, key: str, name: str, revoke: Callable[[], None]) -> None:
    """Write a new key to a destination.

    Args:
        remote: The key. It has no value, and gets the place and the version.

    Raises:
        DeliveryError: The destination did not take it, or may not have taken it. If it was revoked, `remote` is as
            before its creation.
    """
    failure = write(destination, remote, key)
    if failure is None:
        return
    # Outside of `except`: no traceback of what follows leads to the text of the first error.
    name, place, reported = capitalized(name), destination.place, Mask(key)(failure.event)
    if failure.may_have_acted:
        due, next_ = f"It is not known whether {place} has the key", " The next update"
        what = f"{name} was created, and may not have been delivered: {reported}"
        what = f"{what}. The key was not revoked, because {place} may have it"
    else:
        what = f"{name} was created and not delivered: {reported}"
        try:
            revoke()
        except errors.AdminError as refusal:
            due, next_ = f"{name} was neither delivered nor revoked", " Nobody has the key. The next update"
            what = f"{what}. It also could not be revoked: {refusal.event}"
        else:
            remote.id, remote.step.has_changed = "", False
            remote.attributes.clear()
            raise DeliveryError(f"{what}. The key was revoked", failure.guidance)
    remote.pending_actions.append(PendingAction(due, _ANOTHER, DELIVER_TO))
    then = " creates and delivers a new key, and then revokes this one."
    raise DeliveryError(what, Advice(failure.guidance, next_, then))


def write(destination: Destination, remote: Remote, secret: str) -> errors.AdminError | None:
    """Write a new secret to a destination.

    Returns:
        Why the destination did not take it; None if it did. The text may contain the value.
    """
    try:
        version = destination.deliver(secret)
    except errors.AdminError as error:
        return error
    except Exception as error:  # noqa: BLE001 - whatever a store's client raises: its text may contain the key
        unknown = DeliveryError(f"{type(error).__name__} in the client of {destination.place}", Advice(RUN_AGAIN, "."))
        unknown.may_have_acted = True
        return unknown
    remote.attributes |= {PLACE: destination.place, VERSION: version}
    return None


def prepare(options: Mapping[str, Any], action: str) -> Destination | None:
    """The destination of a key that is about to be created; None if the state keeps the key.

    Raises:
        DeliveryError: No key can be delivered to the destination now. Nothing was created.
    """
    if not options.get(DELIVER_TO):
        return None
    destination = destination_of(options[DELIVER_TO])
    try:
        destination.check()
    except DeliveryError as error:
        raise DeliveryError(f"Could not {action}: {error.event}", error.guidance) from error
    return destination


def note(wanted: Wanted, what: str = "A new key") -> str:
    """What a preview says of a key that is created; empty if it is not known where it is delivered.

    Raises:
        DeliveryError: The client of the store is not installed.
    """
    deliver_to = wanted.options.get(DELIVER_TO)
    if not deliver_to:
        return ""
    return f"{what} is delivered to {destination_of(deliver_to).place}, and not kept in the state."


def claims(wanted: Wanted) -> Sequence[Claim]:
    """The place in a store: a second key there would take the place of the first one.

    What a command does with a key is not known, so it claims nothing.
    """
    deliver_to = wanted.options.get(DELIVER_TO)
    if not deliver_to or is_unknown(deliver_to) or _COMMAND in deliver_to:
        return ()
    place = f"{DELIVER_TO} {json.dumps(deliver_to, sort_keys=True)}"
    return [Claim(place, f"the secret that {DELIVER_TO} names ({', '.join(deliver_to)})")]


def notice(remote: Remote, name: str, purpose: str = "") -> None:
    """Find out what the destination has of a delivered key, and record it if another one has to be delivered.

    The key itself is valid, so it stays in the state: without it, nothing would revoke the key.

    Args:
        purpose: What the next update does, in place; if empty, it replaces the key.
    """
    if not is_delivered(remote):
        return
    place = remote.attributes[PLACE]
    try:
        presence = destination_of(remote.options[DELIVER_TO]).presence(remote.attributes[VERSION])
    except DeliveryError as error:
        logger.warning("The provider cannot tell whether %s still has %s: %s", place, name, error)
        return
    if presence is Presence.UNKNOWN:
        return
    remote.pending_actions = [
        due for due in remote.pending_actions if due.purpose not in {purpose, IN_PLACE} and due.replaces != DELIVER_TO
    ]
    if presence is not Presence.CURRENT:
        why = "" if presence is Presence.GONE else ", because its value was replaced"
        what = f"{capitalized(place)} no longer contains {name}{why}"
        remote.pending_actions.append(PendingAction(what, purpose or _ANOTHER, "" if purpose else DELIVER_TO))


def is_delivered(remote: Remote) -> bool:
    """Whether a store has the key."""
    return bool(remote.attributes.get(VERSION) and remote.options.get(DELIVER_TO))


def is_in_store(remote: Remote) -> bool:
    """Whether a store has the key, and a destroy removes it there. From a command, nothing removes a key."""
    return is_delivered(remote) and _COMMAND not in remote.options[DELIVER_TO]


def remove(remote: Remote, name: str, ended: str = "was revoked") -> None:
    """Remove a revoked key from the destination, if it has still this key.

    Raises:
        DeliveryError: It was not removed. The next run tries it again.
    """
    if not is_delivered(remote):
        return
    try:
        destination_of(remote.options[DELIVER_TO]).remove(remote.attributes[VERSION])
    except DeliveryError as error:
        what = f"{capitalized(name)} {ended}, and not removed from {remote.attributes[PLACE]}: {error.event}"
        skip = Remedy(RemedyKind.REMOVE_FROM_STATE, urn="<urn>")
        raise DeliveryError(what, Advice(error.guidance, " To leave it there, ", skip, ".")) from error
