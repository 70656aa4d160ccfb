"""Reads the objects of a stack's resources, and compares each with the state. It changes nothing."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import connection, recorded, terminal, words
from pulumi_openai_admin.cli.changes import changes_between, in_native, is_any_input_compared, new_notes, not_compared
from pulumi_openai_admin.cli.concurrency import run_concurrently
from pulumi_openai_admin.cli.connection import CachingClient
from pulumi_openai_admin.cli.drift.exported import ExportedResource
from pulumi_openai_admin.cli.drift.report import Difference
from pulumi_openai_admin.cli.organization import read_list
from pulumi_openai_admin.data_sources.organization_user import KIND as USERS
from pulumi_openai_admin.handlers.handler import Wanted
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.lifecycle.read import current
from pulumi_openai_admin.schema.fields import ABSENT, FieldRole

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from rich.progress import Progress

    from pulumi_openai_admin.cli.drift.exported import Exported, ResourceGroup
    from pulumi_openai_admin.cli.spool import Spool
    from pulumi_openai_admin.config import Settings
    from pulumi_openai_admin.http.client import Client
    from pulumi_openai_admin.resources.base import AdminResource
    from pulumi_openai_admin.schema.fields import Declaration

_OF_ONE_OBJECT = (
    errors.BadRequestError,
    errors.ConfigurationError,
    errors.NotFoundError,
    errors.PermissionDeniedError,
    errors.ResourceGoneError,
    errors.UnrelatedNotFoundError,
)
"""Errors that say nothing about other objects; all others end the command."""


@dataclass
class Outcome:
    """What is known after all objects were read."""

    compared: int = 0
    not_compared: int = 0
    """How many resources have only secret inputs, so that nothing that the program sets was compared."""
    secret: int = 0
    """How many resources have inputs that were not compared, because they are secret."""
    not_read: list[tuple[str, str]] = field(default_factory=list)
    """URNs of resources that could not be read, with the reasons."""
    announcements: list[str] = field(default_factory=list)
    """What will become due in the next days, such as the end of access for a limited time."""
    with_project_key: list[str] = field(default_factory=list)
    """URNs of resources that were not read, because they are read with an API key that the state has encrypted."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def announce(self, text: str) -> None:
        """Add to `announcements`."""
        with self.lock:
            self.announcements.append(text)

    @property
    def is_nothing_compared(self) -> bool:
        """Whether resources were read, and none of their inputs could be compared."""
        return bool(self.not_compared and not self.compared)


def clients(settings: Mapping[str, Settings]) -> dict[str, CachingClient]:
    """A client for each provider: each list is read once in a run.

    Args:
        settings: The settings, by the reference to the provider; the default one has an empty one.
    """
    return {provider: CachingClient(chosen) for provider, chosen in settings.items()}


def read_all(exported: Exported, by_provider: Mapping[str, Client], found: Spool[str]) -> Outcome:
    """Read and compare the resources of the given providers, place by place.

    Args:
        exported: The stack.
        by_provider: The clients; resources of other providers are omitted.
        found: Gets the resources that differ, by project.

    Raises:
        errors.AdminError: OpenAI can't be reached, or refuses the key.
    """
    places = [place for place in exported.resources.groups() if place.provider in by_provider]
    outcome = Outcome()
    parallel = max((client.parallel for client in by_provider.values()), default=1)
    with terminal.progress("Comparing", sum(map(exported.resources.count, places))) as bar:

        def read(place: ResourceGroup) -> None:
            _read_place(exported, place, by_provider[place.provider], found, outcome, bar)

        for _, error in run_concurrently(read, places, parallel):
            if error is not None:
                raise error
    return outcome


def _read_place(  # noqa: PLR0913, PLR0917 - the parts of a run
    exported: Exported, place: ResourceGroup, client: Client, found: Spool[str], outcome: Outcome, bar: Progress
) -> None:
    own = connection.with_own_lists(client)
    for kept in exported.resources.documents(place):
        resource = ExportedResource.of(kept, exported.anchors.get(place.provider, ""))
        if recorded.resource_of(resource.kind).handler.traits.project_key:
            with outcome.lock:
                outcome.with_project_key.append(resource.urn)
            bar.advance(bar.task_ids[0])
            continue
        is_read = True
        try:
            differs = difference(resource, own, place.project_id, outcome.announce)
        except _OF_ONE_OBJECT as error:
            with outcome.lock:
                outcome.not_read.append((resource.urn, words.describe(error)))
            differs, is_read = None, False
        if differs is not None:
            found.add(place.project_id, {**differs.kept(), "provider": place.provider})
        _count(outcome, resource, is_read=is_read, is_differing=differs is not None)
        bar.advance(bar.task_ids[0])


def _count(outcome: Outcome, resource: ExportedResource, *, is_read: bool, is_differing: bool) -> None:
    declaration = recorded.resource_of(resource.kind).declaration
    is_compared = is_differing or is_any_input_compared(declaration, resource.state)
    with outcome.lock:
        outcome.compared += is_read and is_compared
        outcome.not_compared += is_read and not is_compared
        outcome.secret += bool(not_compared(declaration, resource.state))


def difference(
    resource: ExportedResource, client: Client, project_id: str, announce: Callable[[str], None] = lambda _: None
) -> Difference | None:
    """How a resource differs from its object; None if it does not.

    Args:
        resource: The resource.
        client: Sends the requests.
        project_id: The project that it is in, or is.
        announce: Gets what will become due in the next days.

    Raises:
        errors.ParentNotFoundError: The object may belong to another organization.
        errors.AdminError: It could not be read.
    """
    class_ = recorded.resource_of(resource.kind)
    about = Difference(
        resource.urn,
        resource.kind,
        resource.name,
        resource.id,
        project_id,
        since=resource.since,
        other_ids=_other_ids(class_.declaration, resource.state),
    )
    try:
        with client.requestor.only_reads(), client.operation():
            read = current(class_, client, resource.id, resource.readable)
    except errors.ParentNotFoundError:
        raise
    except errors.ResourceGoneError as gone:
        return about.because(gone.event)
    news = read.outputs.values
    changes = changes_between(class_.declaration, resource.state, news)
    if resource.is_native:
        changes = in_native(class_.declaration, changes)
    notes = [*new_notes(resource.state, news), *_times(class_, client, resource.id, news, announce)]
    if not changes and not notes:
        return None
    return about.with_changes(changes, notes, member_ids(class_.declaration, resource.state, news))


def _times(
    class_: type[AdminResource], client: Client, id_: str, news: Mapping[str, Any], announce: Callable[[str], None]
) -> list[str]:
    """Access whose time is over, and that is still there, in words."""
    handler, now = class_.handler, client.clock.now()
    if now is None or not handler.is_scheduled(news):
        return []
    remote = state.remote_of(class_.declaration, id_, news)
    wanted = Wanted({}, {}, remote.options)
    for text in handler.announcements(remote, wanted, now):
        announce(text)
    return [action.what for action in handler.pending_actions(remote, wanted, now)]


def _other_ids(declaration: Declaration, values: Mapping[str, Any]) -> list[str]:
    """Ids that OpenAI gave to what belongs to the object, such as the key of an account, or the present key."""
    outputs = [field for field in declaration.with_role(FieldRole.OUTPUT) if field.name.endswith("_id")]
    found = (state.known(values, field.stored) for field in outputs)
    return [value for value in found if isinstance(value, str) and not recorded.has_secret(value)]


def member_ids(declaration: Declaration, *states: Mapping[str, Any]) -> dict[str, str]:
    """The ids that a set remembers for the names of its members, before and after."""
    ids: dict[str, str] = {}
    for field_ in declaration.fields.values():
        for values in states if field_.hidden else ():
            value = field_.to_handler(values.get(field_.stored, ABSENT))
            if isinstance(value, dict):
                ids |= {name: id_ for name, id_ in value.items() if isinstance(id_, str)}
    return ids


def addresses(client: Client, ids: Collection[str]) -> dict[str, str]:
    """The addresses of users, from the list of the organization's users; none if the key may not read it."""
    try:
        rows = read_list(client, USERS)
    except errors.PermissionDeniedError:
        return {}  # then the ids are shown
    return {row["id"]: row["email"] for row in rows if row.get("id") in ids and row.get("email")}


def of_kept(kept: Mapping[str, Any]) -> Difference:
    """A resource that differs, from the disk."""
    return Difference.of({name: value for name, value in kept.items() if name != "provider"})
