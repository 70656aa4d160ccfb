"""Webhook endpoints of a project. Their requests are sent with an API key of the project.

A project is never named: the key says which one it is. The state has only keys that OpenAI has shown the endpoint for:
the key of its creation, or one with which an update has read it. So a 404 with the key in the state means that the
endpoint was deleted, and a key of another project is refused before it enters the state.

Only the responses to the creation and to a rotation have the signing secret. Whenever nobody has it, because a response
was lost or a store did not take it, the secret is rotated: in the same run, or in the next one. A rotation without a
response may still act for a minute, and would end the secret of another one: the next rotation waits for that. OpenAI
shows the end of the secret. If that is another one than in the last response, somebody else has rotated the secret.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors
from pulumi_openai_admin.config import PROJECT_KEY
from pulumi_openai_admin.delivery.secret_store import DeliveryError, Destination, Mask
from pulumi_openai_admin.handlers import lost_changes
from pulumi_openai_admin.handlers.audit_events import NOT_LOGGED, AuditEvents
from pulumi_openai_admin.handlers.handler import Claim, Observation, PendingAction, Remote, Traits, Wanted
from pulumi_openai_admin.handlers.keys import delivered_keys
from pulumi_openai_admin.handlers.keys.rotation import ROTATE_EVERY, Schedule
from pulumi_openai_admin.handlers.memory import MemoryPart
from pulumi_openai_admin.handlers.shapes.collection import Collection, show
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.printable import bounded, capitalized
from pulumi_openai_admin.remedies import Advice
from pulumi_openai_admin.schema.paths import fill
from pulumi_openai_admin.schema.shapes import are_same
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)

EVENT_TYPES_PATH = "/webhook_event_types"
_SECRET = "signing_secret"  # noqa: S105 - the name of a property
_HINT = "signing_secret_hint"
_KEEP_OLD = "keep_old_secret_active_for_24_hours"
_TRIGGERS = "triggers"
_EVENT_TYPES = "event_types"
_NAME = "name"
_DELIVER_AGAIN = "rotate the signing secret, and deliver the new one"


@dataclass(eq=False, repr=False)
class SigningSecret(MemoryPart):
    """What is remembered of the current signing secret."""

    secret_made_at: int | None = None
    """When it was made, in seconds since 1970 by OpenAI's clock."""
    is_rotation_due: bool = False
    """Whether the next update rotates it: a rotation did not finish, or nobody has the secret."""
    rotation_lost_at: int | None = None
    """When the last rotation ended without a response, in seconds since 1970 by OpenAI's clock."""


@dataclass(eq=False, repr=False)
class KnownEventTypes:
    """The types of events that the project of a key can receive, requested once in a run (`Client.shared`)."""

    known: list[str] | None = None

    def read(self, client: Client) -> list[str]:
        """The types (GET /webhook_event_types)."""
        action = "list the webhook event types"
        with client.exclusively(EVENT_TYPES_PATH, action):
            if self.known is None:
                shown = client.send(Call("GET", fill(EVENT_TYPES_PATH), action)).get("data")
                if not isinstance(shown, list) or not all(isinstance(name, str) for name in shown):
                    what = f"Could not {action}: the response does not contain a list of names"
                    raise errors.InvalidResponseError(what, errors.UNDOCUMENTED_ADVICE)
                self.known = shown
            return self.known


@dataclass(eq=False, repr=False)
class WebhookEndpoints(Collection):
    """The handler of webhook endpoints."""

    shown_once: ClassVar[tuple[str, ...]] = (_SECRET,)
    audit_events: ClassVar[AuditEvents] = NOT_LOGGED
    _recognition: ClassVar[str] = _NAME
    traits: ClassVar[Traits] = replace(
        Collection.traits,
        not_shown=(delivered_keys.PLACE, delivered_keys.VERSION),
        project_key=PROJECT_KEY,
        proves_organization=True,  # the key does: it shows the endpoints of one project
        not_adoptable=(
            "it is read with an API key of its project, which no import file or generated program may contain, and "
            "OpenAI shows its signing secret only once"
        ),
    )

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Create the endpoint. If the response with the secret was lost, find the endpoint, and rotate the secret."""
        destination = delivered_keys.prepare(wanted.options, f"create {self.noun} {wanted.settings[_NAME]!r}")
        remote.memory[SigningSecret].is_rotation_due = True
        self._make(client, remote, wanted.settings)
        if not remote.attributes.get(_SECRET):
            self._rotate(client, remote, wanted)
        else:
            self._keep_or_deliver(client, remote, destination)

    def read(self, client: Client, remote: Remote) -> None:
        """Read the endpoint, and what a store has of its secret.

        An endpoint in the state is not read with a key that OpenAI refuses: the program may have another one.
        """
        try:
            with _of_project(errors.PermissionDeniedError):
                super().read(client, remote)
        except errors.AuthenticationError as refused:
            if _NAME not in remote.attributes:
                raise
            logger.warning(
                "%s was not read, because OpenAI refuses the API key in the state: %s. If the program has another key, "
                "the next update uses it.",
                capitalized(self.name(remote)), refused.event,
            )  # fmt: skip
            return
        delivered_keys.notice(remote, f"the signing secret of {self.name(remote)}", _DELIVER_AGAIN)

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Change what differs in place, and rotate the secret if that is due. Another key only enters the state."""
        before = remote.step.former_options
        if before.get(PROJECT_KEY) != wanted.options.get(PROJECT_KEY):
            self._require_shown(client, remote)
        secret = remote.memory[SigningSecret]
        secret.is_rotation_due = self._is_rotation_due(client, remote, before, wanted)
        super().update(client, remote, wanted)
        if secret.is_rotation_due:
            self._rotate(client, remote, wanted)

    def delete(self, client: Client, remote: Remote) -> None:
        """Delete the endpoint, and remove its secret from where it was delivered."""
        with _of_project(errors.AuthenticationError, errors.PermissionDeniedError):
            super().delete(client, remote)
        delivered_keys.remove(remote, f"the signing secret of {self.name(remote)}", "is no longer used")

    def observe(self, client: Client, remote: Remote, wanted: Wanted) -> Observation:
        """The endpoint as it is listed."""
        given = wanted.options.get(PROJECT_KEY)
        if remote.id and given and given != remote.options.get(PROJECT_KEY):
            self._require_shown(client, remote)
        found = super().observe(client, remote, wanted)
        types = wanted.settings.get(_EVENT_TYPES)
        known = client.shared(KnownEventTypes).read(client) if types else []
        unknown = [name for name in types or () if name not in known]
        if unknown:
            what = f"The project of the API key has no webhook event type {bounded(', ', map(repr, unknown))}"
            raise errors.NoMatchError(what, suggestion(unknown[0], known, "Webhooks"))
        return found

    def is_scheduled(self, inputs: Mapping[str, Any]) -> bool:
        """Whether the secret has a maximum age."""
        return inputs.get(ROTATE_EVERY) is not None

    def pending_actions(self, remote: Remote, wanted: Wanted, now: float) -> list[PendingAction]:
        """A rotation of the secret because of its age."""
        schedule, made_at = Schedule.of(wanted.options), remote.memory[SigningSecret].secret_made_at
        if made_at is None or not schedule.is_due(made_at, now):
            return []
        due = schedule.due(f"the signing secret of {self.name(remote)}", made_at, now)
        return [PendingAction(due.what, "rotate it")]

    def renews(self, remote: Remote, wanted: Wanted) -> bool:
        """Whether an update rotates the secret because of an input."""
        return _differ(remote.options, wanted.options)

    def claims(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Sequence[Claim]:
        """See `delivered_keys.claims`."""
        return delivered_keys.claims(wanted)

    def is_in_store(self, remote: Remote) -> bool:
        """See `delivered_keys.is_in_store`."""
        return delivered_keys.is_in_store(remote)

    def creation_note(self, wanted: Wanted) -> str:
        """Where the secret is delivered."""
        return delivered_keys.note(wanted, "A new signing secret")

    def _is_rotation_due(self, client: Client, remote: Remote, before: Mapping[str, Any], wanted: Wanted) -> bool:
        is_noticed = any(action.purpose == _DELIVER_AGAIN for action in remote.pending_actions)
        if remote.memory[SigningSecret].is_rotation_due or is_noticed or _differ(before, wanted.options):
            return True
        if self.pending_actions(remote, wanted, client.clock.now_or_local()):
            self._read_clock(client, remote)
        return bool(self.pending_actions(remote, wanted, client.clock.now_or_local()))

    def _read_clock(self, client: Client, remote: Remote) -> None:
        """Find out the time at OpenAI, if no response has shown it yet."""
        if client.clock.now() is None:
            self.listing(client, remote).rows()

    def _rotate(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Rotate the secret, once more if a response is lost: nobody has the secret that was in it.

        The old secret stays valid for 24 hours unless the program says otherwise, so that no delivery is refused until
        the receivers have the new one.
        """
        action = f"rotate the signing secret of {self.name(remote)}"
        destination = delivered_keys.prepare(wanted.options, action)
        secret = remote.memory[SigningSecret]
        secret.is_rotation_due = True
        keeps = wanted.options.get(_KEEP_OLD)
        body = {_KEEP_OLD: True if keeps is None else keeps}
        call = Call("POST", self.path_of(remote) + "/rotate_secret", action, body=body, idempotent=False)
        if secret.rotation_lost_at is not None:
            self._read_clock(client, remote)
        for is_last in (False, True):
            if left := lost_changes.seconds_left(client, secret.rotation_lost_at):
                lost_changes.pause(client, left, action)
            try:
                reply = client.send(call)
                break
            except errors.AdminError as error:
                if error.may_have_acted:
                    secret.rotation_lost_at = int(client.clock.now_or_local()) + 1
                    remote.step.has_changed = True
                if is_last or not error.may_have_acted:
                    raise
        remote.step.has_changed = True
        if not reply.get(_SECRET):
            what = f"Could not {action}: the response does not contain a signing secret"
            raise errors.InvalidResponseError(what, "The next update rotates it again.")
        remote.attributes.pop(_HINT, None)
        self._learn(remote, reply)
        self._keep_or_deliver(client, remote, destination)

    def _learn(self, remote: Remote, reply: Mapping[str, Any]) -> None:
        """Store what a response shows, and note if the secret is no longer that of the last response with one."""
        before = remote.attributes.get(_HINT)
        super()._learn(remote, reply)
        shown = remote.attributes.get(_HINT)
        if before and shown and shown != before and not reply.get(_SECRET):
            remote.memory[SigningSecret].is_rotation_due = True
            what = f"OpenAI shows another signing secret of {self.name(remote)} than the one that this resource got"
            remote.pending_actions.append(PendingAction(what, "rotate it"))

    def _keep_or_deliver(self, client: Client, remote: Remote, destination: Destination | None) -> None:
        """Keep the new secret for the state, or deliver it to the store."""
        if destination is None:
            for name in (delivered_keys.PLACE, delivered_keys.VERSION):
                remote.attributes.pop(name, None)
        else:
            value = remote.attributes.pop(_SECRET)
            # If the engine has ended, nobody would know of a delivered secret.
            client.requestor.guard()
            failure = delivered_keys.write(destination, remote, value)
            if failure is not None:
                what = f"The signing secret of {self.name(remote)} was not delivered: {Mask(value)(failure.event)}"
                then = " Nobody has the secret. The next update rotates it, and delivers the new one."
                raise DeliveryError(what, Advice(failure.guidance, then))
        remote.memory.put(SigningSecret(int(client.clock.now_or_local())))

    def _require_shown(self, client: Client, remote: Remote) -> None:
        """Check that a new key is of the endpoint's project, before it enters the state."""
        name = self.name(remote)
        call = Call("GET", self.path_of(remote), f"read {name} with the new API key")
        try:
            show(client, call, remote.attributes.get("created_at"), {}, name)
        except errors.NotFoundError as missing:
            raise errors.ConfigurationError(
                f"OpenAI does not show {name} with the API key that is now in {PROJECT_KEY}, so nothing was changed",
                "Use a key of the project that has the endpoint. To have the endpoint in the project of the new key, "
                "force the replacement of the resource. If the endpoint was deleted, refresh the state.",
            ) from missing

    def _called(self, body: Mapping[str, Any]) -> object:
        return body.get(_NAME)

    def _parent(self, remote: Remote) -> str:
        return "the project of the API key"


def _differ(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether an option differs because of which the secret is rotated: `triggers`, or where it is delivered."""
    return any(not are_same(before.get(name), now.get(name)) for name in (_TRIGGERS, delivered_keys.DELIVER_TO))


@contextmanager
def _of_project(*refusals: type[errors.StatusError]) -> Iterator[None]:
    """A refused key does not say that the endpoint no longer exists."""
    try:
        yield
    except refusals as refused:
        advice = Advice(
            refused.guidance,
            " The request was sent with the key in the state, which may be for another project or another "
            "organization. If the program has another key, update the resource without a refresh.",
        )
        raise errors.ParentNotFoundError(refused.happened, advice) from refused
