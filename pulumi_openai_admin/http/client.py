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
from pulumi_openai_admin.http.paths import fill
from pulumi_openai_admin.http.requestor import Requestor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pulumi_openai_admin.config import Settings

logger = logging.getLogger("pulumi_openai_admin")


class Listing:
    """All objects below one path: fetched once a run, joined by threads that ask at the same time.

    A run is one engine operation, or one run of a program, so a list is as old as that at most. What a
    POST answers is put in; what contradicts the list makes it be fetched again.
    """

    def __init__(self, requestor: Requestor, call: Call) -> None:
        self._requestor = requestor
        self._call = call
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
            rows = {str(row["id"]): row for row in self._requestor.pages(self._call) if row.get("id")}
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
            self._rows = {str(row["id"]): row for row in rows}

    def learn(self, row: dict[str, Any]) -> None:
        """Put in what OpenAI answered about one object."""
        with self._lock:
            self._learned[str(row["id"])] = row
            if self._rows is not None:
                self._rows[str(row["id"])] = row

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
        self._shown_projects: set[str] = set()
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

    def listing(self, path: str, action: str, query: Mapping[str, str | int]) -> Listing:
        """The list below a path, shared by all who ask for it in this run with the same query."""
        key = f"{path}?{sorted(query.items())}"
        with self._lock:
            if key not in self._listings:
                self._listings[key] = Listing(self.requestor, Call("GET", path, action, query))
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
    def in_project(self, project_id: str | None) -> Iterator[None]:
        """Where OpenAI refuses what is done inside, say so if the reason is that the project is archived or missing."""
        try:
            yield
        except (errors.NotFoundError, errors.BadRequestError, errors.PermissionDeniedError) as refusal:
            self.raise_if_project_is_gone(project_id, refusal)
            raise

    def raise_if_project_is_gone(self, project_id: str | None, because: errors.AdminError) -> None:
        """Tell an archived or missing project from other refusals, by looking at the project itself.

        Without a project nothing is looked at.

        GET still shows an archived project, so its `status` decides
        (GET /organization/projects/{project_id}).
        """
        if project_id is None:
            return
        if isinstance(because, errors.StatusError) and because.facts.code in error_codes.ADVICE:
            return  # it says itself what is wrong
        action = f"look at project {project_id}"
        try:
            project = self.send(Call("GET", fill("/organization/projects/{project_id}", project_id=project_id), action))
        except errors.NotFoundError:
            raise errors.ProjectNotFoundError.named(f"Project {project_id}") from because
        except errors.AdminError:
            return  # what led here says more than what came of looking
        if project.get("status") == "archived" or project.get("archived_at"):
            what = f"Project {project_id} is archived: nothing in it can be used or changed"
            raise errors.ProjectArchivedError(what, "Take what belongs to it out of the program.") from because

    def require_project(self, project_id: str) -> None:
        """Make sure, once in a run, that the key shows a project.

        Raises:
            errors.ProjectNotFoundError: It does not: the key may be another organization's.
        """
        purpose = f"look at project {project_id}"
        with self.turn(f"project {project_id}", purpose):
            if project_id in self._shown_projects:
                return
            call = Call("GET", fill("/organization/projects/{project_id}", project_id=project_id), purpose)
            try:
                self.send(call)
            except errors.NotFoundError as missing:
                raise errors.ProjectNotFoundError.named(f"Project {project_id}") from missing
            self._shown_projects.add(project_id)

    def went_with_its_project(self, project_id: str | None, because: errors.AdminError) -> bool:
        """Whether an object that can't be ended needs not be, since its project is archived.

        Raises:
            errors.ProjectNotFoundError: The key does not show the project: what is in it may live on.
        """
        try:
            self.raise_if_project_is_gone(project_id, because)
        except errors.ProjectNotFoundError:
            raise
        except errors.ResourceGoneError:
            return True
        return False


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
