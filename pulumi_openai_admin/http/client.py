"""One client for each key, organization and address in a run: requestor, lists, and what was made in it."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from pulumi_openai_admin import errors
from pulumi_openai_admin.http import error_codes
from pulumi_openai_admin.http.admission import FEW, Admission
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.paging import Paging
from pulumi_openai_admin.http.parents import PROJECT, Parent, parents_in
from pulumi_openai_admin.http.paths import fill
from pulumi_openai_admin.http.requestor import Requestor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pulumi_openai_admin.config import Settings

logger = logging.getLogger(__name__)


class Listing:
    """All objects below one path: fetched once a run, joined by threads that ask at the same time.

    A run is one engine operation, or one run of a program, so a list is as old as that at most. What a
    POST answers is put in; what contradicts the list makes it be fetched again.
    """

    def __init__(self, requestor: Requestor, call: Call) -> None:
        self._requestor = requestor
        self._call = call
        self.identity = call.identity
        """The name of the objects' ids."""
        self._lock = threading.Lock()
        """Held for moments, never during a request."""
        self._rows: dict[str, dict[str, Any]] | None = None
        self._fetching = threading.Lock()
        self._learned: dict[str, dict[str, Any]] = {}
        """What was learned while the list was fetched, and may not be in it."""
        self._fetch = 0
        """Counts how often the list had to be fetched again: one that was under way then is not kept."""
        self._settling = threading.Lock()
        self._is_settled = False

    def rows(self) -> Mapping[str, dict[str, Any]]:
        """The objects by id.

        Raises:
            errors.OperationTimeoutError: Another thread was fetching them until the operation's time was over.
        """
        with self._requestor.hold(self._fetching, self._call.action):
            with self._lock:
                if self._rows is not None:
                    return dict(self._rows)
                fetch, self._learned = self._fetch, {}
            rows = {
                str(row[self._call.identity]): row
                for row in self._requestor.pages(self._call)
                if row.get(self._call.identity)
            }
            with self._lock:
                rows.update(self._learned)
                if fetch == self._fetch:
                    self._rows = rows
                return dict(rows)

    def row(self, id_: str) -> dict[str, Any] | None:
        """One object as the list has it now; None where it has none."""
        with self._lock:
            row = (self._rows or {}).get(id_)
            return None if row is None else dict(row)

    def settle(self, pause: Callable[[float, str], None], waits: Iterable[float]) -> None:
        """Fetch the list until two fetches in a row show the same objects: those of a new parent may lag behind.

        Args:
            pause: Waits, as `Client.pause` does.
            waits: The seconds before each further fetch; the last one counts even if it still differs.
        """
        with self._requestor.hold(self._settling, self._call.action):
            if self._is_settled:
                return
            shown = set(self.rows())
            for wait in waits:
                pause(wait, self._call.action)
                self.forget()
                before, shown = shown, set(self.rows())
                if shown == before:
                    break
            self._is_settled = True

    def know(self, rows: Iterable[dict[str, Any]]) -> None:
        """Take over a list that an earlier process fetched."""
        with self._lock:
            self._rows = {str(row[self._call.identity]): row for row in rows}

    def learn(self, row: dict[str, Any]) -> None:
        """Put in what OpenAI answered about one object."""
        with self._lock:
            self._learned[str(row[self._call.identity])] = row
            if self._rows is not None:
                self._rows[str(row[self._call.identity])] = row

    def drop(self, id_: str) -> None:
        """Take out an object that OpenAI has deleted."""
        with self._lock:
            self._learned.pop(id_, None)
            if self._rows is not None:
                self._rows.pop(id_, None)

    def forget(self) -> None:
        """Fetch the list again when it is next asked for."""
        with self._lock:
            self._rows = None
            self._fetch += 1


class Client:
    """What the shapes of endpoints talk through."""

    def __init__(self, requestor: Requestor, parallel: int = 1) -> None:
        self.requestor = requestor
        self.parallel = parallel
        self._admission = Admission(requestor.is_throttled)
        self.progress = requestor.progress
        self.pause = requestor.pause
        self.clock = requestor.clock
        self._lock = threading.Lock()
        self._listings: dict[str, Listing] = {}
        self._owned: Counter[str] = Counter()
        self._shown_parents: set[str] = set()
        self._anchor: str | None = None
        self._turns: dict[str, threading.Lock] = {}
        self.in_flight = threading.BoundedSemaphore(FEW * parallel)
        """Entered for each step of an operation that is made of many: `FEW` operations take as many at a time as
        `parallel` says, and further ones share with them. All wait for one request limit, and the last of too many
        would wait longer than an operation may take."""

    @contextmanager
    def operation(self, at_most: float = 0) -> Iterator[None]:
        """See `Requestor.operation`; it begins when OpenAI's request limit leaves room for one more."""
        with self._admission.operation(), self.requestor.operation(at_most):
            yield

    def send(self, call: Call) -> dict[str, Any]:
        """See `Requestor.send`."""
        return self.requestor.send(call)

    def listing(
        self,
        path: str,
        action: str,
        query: Mapping[str, str | int],
        paging: Paging = Paging.LAST_ID,
        identity: str = "id",
    ) -> Listing:
        """The list below a path, shared by all who ask for it in this run with the same query."""
        key = f"{path}?{sorted(query.items())}"
        with self._lock:
            if key not in self._listings:
                self._listings[key] = Listing(
                    self.requestor, Call("GET", path, action, query, paging=paging, identity=identity)
                )
            return self._listings[key]

    def acquire(self, name: str) -> None:
        """Note that a resource of this run has created an object, or manages one that existed before.

        Args:
            name: The object's id, or its path where ids are not unique.
        """
        with self._lock:
            self._owned[name] += 1

    def release(self, names: Iterable[str]) -> None:
        """Give back what a step acquired that failed, so that nothing of it is in the state."""
        with self._lock:
            self._owned.subtract(names)

    def is_owned(self, name: str) -> bool:
        """Whether a resource of this run has created the object, or manages it."""
        with self._lock:
            return self._owned[name] > 0

    @contextmanager
    def turn(self, name: str, purpose: str) -> Iterator[None]:
        """One at a time of those who could take each other's objects or values for their own.

        Args:
            name: What they have in common.
            purpose: What the turn is for: it completes "Could not …".

        Raises:
            errors.OperationTimeoutError: It did not come before the operation's time was over.
        """
        with self._lock:
            lock = self._turns.setdefault(name, threading.Lock())
        with self.requestor.hold(lock, purpose):
            yield

    @contextmanager
    def inside(self, parents: Mapping[str, str]) -> Iterator[None]:
        """Where OpenAI refuses what is done inside, say so if the reason is that a parent has ended or is missing."""
        try:
            yield
        except (errors.NotFoundError, errors.BadRequestError, errors.PermissionDeniedError) as refusal:
            self.raise_if_parent_is_gone(parents, refusal)
            raise

    def raise_if_parent_is_gone(self, parents: Mapping[str, str], because: errors.AdminError) -> None:
        """Tell an archived or missing parent from other refusals, by looking at the parents themselves.

        Without a parent nothing is looked at.

        GET still shows an archived project, so its `status` decides
        (GET /organization/projects/{project_id}).
        """
        if isinstance(because, errors.StatusError) and because.facts.code in error_codes.ADVICE:
            return  # it says itself what is wrong
        for parent, id_ in parents_in(parents):
            call = Call("GET", fill(parent.path, **{parent.id_name: id_}), f"look at {parent.noun} {id_}")
            try:
                shown = self.send(call)
            except errors.NotFoundError:
                raise _missing(parent, id_) from because
            except errors.AdminError:
                return  # what led here says more than what came of looking
            if parent.can_be_archived and (shown.get("status") == "archived" or shown.get("archived_at")):
                what = f"{parent.name_of(id_)} is archived: nothing in it can be used or changed"
                raise parent.ended(what, "Take what belongs to it out of the program.") from because

    def require_parent(self, parents: Mapping[str, str]) -> None:
        """Make sure, once in a run, that the key shows what an object is inside.

        Raises:
            errors.ParentNotFoundError: It does not: the key may be another organization's.
        """
        for parent, id_ in parents_in(parents):
            purpose = f"look at {parent.noun} {id_}"
            with self.turn(f"{parent.noun} {id_}", purpose):
                if f"{parent.noun} {id_}" in self._shown_parents:
                    continue
                try:
                    self.send(Call("GET", fill(parent.path, **{parent.id_name: id_}), purpose))
                except errors.NotFoundError as missing:
                    raise _missing(parent, id_) from missing
                self._shown_parents.add(f"{parent.noun} {id_}")

    def ended_with_its_parent(self, parents: Mapping[str, str], because: errors.AdminError) -> bool:
        """Whether an object that can't be deleted ended already, with what it was inside.

        Raises:
            errors.ParentNotFoundError: The key does not show the parent: what is in it may live on.
        """
        try:
            self.raise_if_parent_is_gone(parents, because)
        except errors.ParentNotFoundError:
            raise
        except errors.ResourceGoneError:
            return True
        return False

    def anchor(self) -> str:
        """The id of a project, which proves later that a key is for the same organization: OpenAI deletes none.

        Empty where the key may not list projects. Asked for once in a run
        (GET /organization/projects?limit=1&include_archived=true).
        """
        purpose = "look for a project of the organization"
        with self.turn("anchor", purpose):
            if self._anchor is None:
                query: dict[str, str | int] = {"limit": 1, "include_archived": "true"}
                try:
                    rows = self.send(Call("GET", "/organization/projects", purpose, query)).get("data")
                except errors.PermissionDeniedError:
                    rows = None
                first = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], dict) else {}
                self._anchor = str(first.get("id") or "")
            return self._anchor

    def require_same_organization(self, anchor: str, name: str) -> None:
        """Make sure that the key is for the organization of an object that OpenAI does not show.

        Args:
            anchor: What `anchor` gave when the object was there; empty where nothing is remembered.
            name: The object, for messages.

        Raises:
            errors.ParentNotFoundError: Nothing shows that it is.
        """
        what = f"{name[0].upper()}{name[1:]} does not exist, or belongs to another organization"
        if not anchor:
            raise errors.ParentNotFoundError(
                what, "Nothing proves that the key is its organization's: check the key, and OpenAI's dashboard."
            )
        try:
            self.require_parent({PROJECT.id_name: anchor})
        except errors.ParentNotFoundError as missing:
            advice = f"The key does not show project {anchor} either: check that the key is the organization's."
            raise errors.ParentNotFoundError(what, advice) from missing


def _missing(parent: Parent, id_: str) -> errors.ResourceGoneError:
    name = parent.name_of(id_)
    if parent.can_be_deleted:
        return parent.ended(f"{name} is not at OpenAI any more", "Take what belongs to it out of the program.")
    return errors.ProjectNotFoundError.named(name)


class _Process:
    """The run of whoever names none: the process."""


_PROCESS = _Process()
_clients: WeakKeyDictionary[object, dict[Settings, Client]] = WeakKeyDictionary()
_clients_lock = threading.Lock()


def connect(settings: Settings, guard: Callable[[], None], run: object = _PROCESS) -> Client:
    """The client of a run for these settings, and so for one key and organization.

    Args:
        settings: Key, address and patience.
        guard: See `Requestor`.
        run: Something that lives as long as what may be remembered: a process may run several programs, or one again.
    """
    with _clients_lock:
        clients = _clients.setdefault(run, {})
        if settings not in clients:
            clients[settings] = Client(Requestor(settings, guard), settings.parallel)
        return clients[settings]
