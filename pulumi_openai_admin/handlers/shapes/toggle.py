"""Certificates that are active in a place or not: `POST …/activate` and `POST …/deactivate` with up to ten ids.

What is active before the resource stays active on destroy: `Membership`, whose members are the active certificates.
Resources that run in parallel share requests. OpenAI makes all changes of a request or none, and making one twice has
the effect of making it once.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers import baseline, lost_changes
from pulumi_openai_admin.handlers.audit_events import CERTIFICATE_ACTIVATION_EVENTS, AuditEvents
from pulumi_openai_admin.handlers.baseline import Unrestored
from pulumi_openai_admin.handlers.handler import GrantedAccess, Remote, Subject, Traits, Wanted
from pulumi_openai_admin.handlers.lost_changes import LostChanges
from pulumi_openai_admin.handlers.memory import MemoryPart
from pulumi_openai_admin.handlers.removals import NOTHING, Removal, moved
from pulumi_openai_admin.handlers.shapes.membership import Membership
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.schema.paths import Paging, fill
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)

MOST_IDS = 10
"""The most ids that OpenAI takes in a request."""
WINDOW_SECONDS = 0.05
"""How long a request waits for the ids of other resources."""


_STAYS_ACTIVE = Unrestored("active", "true", baseline.MANAGED_ELSEWHERE, "false")


@dataclass(eq=False, repr=False)
class FoundActive(MemoryPart):
    """Whether the certificate was active before the resource; None if that is not known."""

    found_active: bool | None = None


def _found(remote: Remote) -> bool | None:
    """Whether the certificate was active before; that of an activation that was imported counts as inactive."""
    found = remote.memory[FoundActive].found_active
    return found if found is not None or remote.step.inputs else False


@dataclass(eq=False, repr=False)
class Toggle(Membership):
    """The handler; see `Membership` for its arguments."""

    audit_events: ClassVar[AuditEvents] = CERTIFICATE_ACTIVATION_EVENTS
    grants: ClassVar[GrantedAccess | None] = None

    traits: ClassVar[Traits] = replace(Membership.traits, subject=Subject.OTHER, deletes_first=False)
    """The next certificate has to be active before this one is deactivated, or clients are refused."""

    noun: str = "certificate activation"
    id_name: str = "certificate_id"
    paging: Paging = Paging.LAST_ID

    def is_own(self, row: Mapping[str, Any]) -> bool:
        """See `Membership.is_own`: one that is active."""
        return bool(row.get("active"))

    @override
    def grant(self, client: Client, remote: Remote, wanted: Wanted, *, is_new: bool = False) -> None:
        remote.memory.put(FoundActive(self._was_active(client, remote) if is_new else _found(remote)))
        super().grant(client, remote, wanted, is_new=is_new)

    def _was_active(self, client: Client, remote: Remote) -> bool | None:
        """Return whether the certificate is active before this resource; None if two lists in a row lack it."""
        id_ = self.member_id(client, remote, Wanted({}, {}))
        with client.inside(self._inside(remote)):
            listing = self.listing(client, remote)
            row = listing.find(id_)
            if row is None and client.is_owned(id_):  # this run has created it
                return False
            row = row or listing.find_with_refetch(lambda shown: shown.get(self.identity) == id_)
        return None if row is None else bool(row.get("active"))

    def stays(self, parents: Mapping[str, str], id_: str) -> bool:
        """See `Membership.stays`: a certificate that was active."""
        return True

    def find(self, client: Client, remote: Remote) -> Mapping[str, Any] | None:
        """Return the certificate if it is active; as the state has it if the list lacks it and it exists."""
        row = super().listed(client, remote)
        if row is not None:
            return row if row.get("active") else None
        try:
            call = Call("GET", fill("/organization/certificates/{id}", id=remote.id), f"read {self.name(remote)}")
            with client.inside(self._inside(remote)):
                client.send(call)
        except errors.NotFoundError:
            return None
        return remote.attributes

    def listed(self, client: Client, remote: Remote) -> Mapping[str, Any] | None:
        """See `Membership.listed`: the certificate, if it is active."""
        shown = super().listed(client, remote)
        return shown if shown is not None and shown.get("active") else None

    def require_candidate(self, client: Client, parents: Mapping[str, str], name: str) -> None:
        """See `Membership.require_candidate`: a certificate of the organization, which lists show active or not."""
        if not self.is_place_known(parents):
            return
        rows = self.rows(client, Remote(parents))
        if name not in rows:
            what = f"The organization has no certificate {name}"
            raise errors.NoMatchError(what, suggestion(name, rows, "Certificates"))

    def _add(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Activate the certificate. A request whose response is lost is repeated."""
        try:
            shown = self._switch(client, remote, "activate")
        except errors.AdminError as error:
            remote.step.has_changed = remote.step.has_changed or error.may_have_acted
            raise
        remote.step.has_changed = True
        self._learn(remote, shown)

    def remove(self, client: Client, remote: Remote) -> bool:
        """See `Membership.remove`; an activation that another resource keeps stays for good, which a warning says."""
        is_removed = super().remove(client, remote)
        if not is_removed and _found(remote) is False:
            baseline.warn(remote, self.name(remote), [_STAYS_ACTIVE])
        return is_removed

    @override
    def _ending(self, remote: Remote) -> Removal:
        return Removal("deactivated") if _found(remote) is False else NOTHING

    @override
    def _handed_over(self, remote: Remote, manager: str) -> Removal:
        is_lost = _found(remote) is False
        return moved(manager, baseline.lost_originals([_STAYS_ACTIVE] if is_lost else []))

    def _remove(self, client: Client, remote: Remote) -> None:
        """Deactivate the certificate, unless it was active before, or may have been."""
        found = _found(remote)
        if found is None:
            logger.warning(
                "%s was not deactivated: it is not known whether it was active before this resource. If nothing needs "
                "it, deactivate it in OpenAI's dashboard.",
                capitalized(self.name(remote)),
            )
            return
        if found:
            logger.log(
                remedies.NOTE, "%s was left active, as it was before this resource.", capitalized(self.name(remote))
            )
            return
        with suppress(errors.NotFoundError, errors.ParentEndedError):  # the certificate or its project has ended
            self._switch(client, remote, "deactivate")

    def _switch(self, client: Client, remote: Remote, verb: str) -> dict[str, Any]:
        """Activate or deactivate the certificate, in a request that it may share; how the response shows it."""
        path, listing = fill(self.path, **remote.parents) + f"/{verb}", self.listing(client, remote)
        with client.inside(self._inside(remote)):
            shown = client.shared(_Batches).send(client, path, remote, f"{verb} certificates")
        shown = {**shown, self.identity: remote.id, "active": verb == "activate"}
        listing.learn({**(listing.row(remote.id) or {}), **shown})
        return shown


@dataclass(eq=False, repr=False)
class _Entry:
    """One certificate that waits to be sent, and what came of it: how the response shows it, or an error."""

    remote: Remote
    result: dict[str, Any] | errors.AdminError | None = None


class _Batches:
    """The requests of a run, by path. One is sent at a time; ids that come meanwhile wait, and share the next one."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, list[_Entry]] = defaultdict(list)
        self._lock = threading.Lock()

    def send(self, client: Client, path: str, remote: Remote, action: str) -> dict[str, Any]:
        """Send an id, together with others. Return the object as the response shows it.

        Raises:
            errors.AdminError: What became of the request that had the id.
        """
        entry = _Entry(remote)
        with self._lock:
            self._waiting[path].append(entry)
        try:
            with client.exclusively(path, f"{action} {remote.id}"):
                if entry.result is None:
                    client.pause(WINDOW_SECONDS, action)
                    self._send(client, path, self._take(path, entry), action)
        except errors.OperationTimeoutError as error:
            with self._lock:
                if entry in self._waiting[path]:  # its time was over before its turn
                    self._waiting[path].remove(entry)
                else:  # another operation is sending it
                    error.may_have_acted = True
                    remote.memory[LostChanges].lost_at = int(client.clock.now_or_local()) + 1
            raise
        if isinstance(entry.result, errors.AdminError):
            raise entry.result
        return entry.result or {}

    def _take(self, path: str, first: _Entry) -> list[_Entry]:
        with self._lock:
            batch = [first, *(entry for entry in self._waiting[path] if entry is not first)][:MOST_IDS]
            self._waiting[path] = [entry for entry in self._waiting[path] if entry not in batch]
        return batch

    def _send(self, client: Client, path: str, batch: Sequence[_Entry], action: str) -> None:
        """Send some ids. If OpenAI refuses them, each is sent alone, so that one fault does not stop the others.

        A response that was lost is recorded for each of them: this operation alone knows of it.
        """
        ids = list(dict.fromkeys(entry.remote.id for entry in batch))
        call = Call("POST", path, f"{action} {', '.join(ids)}", body={"certificate_ids": ids})
        try:
            rows = client.send(call).get("data")
        except errors.AdminError as error:
            is_refused = isinstance(error, errors.BadRequestError | errors.NotFoundError)
            for entry in batch:
                if is_refused and len(ids) > 1:
                    self._send(client, path, [entry], action)
                else:
                    entry.result = error
        else:
            shown = {row.get("id"): row for row in rows or () if isinstance(row, dict)}
            for entry in batch:
                entry.result = shown.get(entry.remote.id, {})
        finally:
            for entry in batch:
                lost_changes.note(client, entry.remote)
