"""What the commands read from OpenAI: projects, and lists, several at a time, with a client that only reads."""

from __future__ import annotations

import os
import queue
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any, TypeVar, cast

from typing_extensions import override

from pulumi_openai_admin import config, errors, remedies
from pulumi_openai_admin.cli import terminal
from pulumi_openai_admin.data_sources import kinds
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.http.requestor import Requestor, require_read
from pulumi_openai_admin.printable import bounded
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from pulumi_openai_admin import GetProjectResult
    from pulumi_openai_admin.data_sources.kind import LookUpKind
    from pulumi_openai_admin.http.call import Call

_MAX_WAIT = config.SettingName("maxWaitSeconds")


class ReadOnlyRequestor(Requestor):
    """Sends only GET requests, and none after the time limit: a list that is not complete by then is an error."""

    @override
    def send(self, call: Call) -> dict[str, Any]:
        require_read(call)
        if self._left() > 0:
            try:
                return super().send(call)
            except errors.ResponseLostError:
                if self._left() > 0:
                    raise
        what = remedies.Message(f"Could not {call.action}: the list was not complete within ", _MAX_WAIT)
        advice = remedies.Advice(remedies.RUN_AGAIN, ", and raise ", _MAX_WAIT, " to wait longer.")
        raise errors.OperationTimeoutError(what, advice)


class _CachingRequestor(ReadOnlyRequestor):
    def __init__(self, settings: config.Settings) -> None:
        super().__init__(settings)
        self.responses: dict[str, dict[str, Any]] = {}
        self._turns: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    @override
    def send(self, call: Call) -> dict[str, Any]:
        key = _key(call.path, call.query)
        with self._lock:
            turn = self._turns.setdefault(key, threading.Lock())
        with turn:  # a second thread that needs the same response waits for the first
            if key not in self.responses:
                self.responses[key] = super().send(call)
            return dict(self.responses[key])


def _key(path: str, query: Mapping[str, Any]) -> str:
    return f"{path}?{sorted(query.items())}"


class CachingClient(Client):
    """Sends each request once, for a command that reads an organization as it is now. It can't change anything."""

    def __init__(self, settings: config.Settings) -> None:
        self._requestor = _CachingRequestor(settings)
        super().__init__(self._requestor, settings.parallel)

    def preload(self, path: str, shown: dict[str, Any]) -> None:
        """Set what GET shows of an object that was read in a list."""
        self._requestor.responses[_key(path, {})] = shown


KEY, ADDRESS, ORGANIZATION_ID = (config.VARIABLES[name] for name in ("adminApiKey", "baseUrl", "organization"))


def settings(
    max_wait: float, parallel: int = config.Settings.parallel, otherwise: Mapping[str, Any] | None = None
) -> config.Settings:
    """Return the settings, with key and base URL from the environment.

    The stack configuration, by full name, is for what the environment has not.
    """
    options = {f"{config.NAMESPACE}:maxWaitSeconds": max_wait, f"{config.NAMESPACE}:parallel": parallel}
    return of_provider({**(otherwise or {}), **options})


def of_provider(values: Mapping[str, Any], mappings: Mapping[str, str] | None = None) -> config.Settings:
    """Return the settings of a provider, which a command has by full name from its options and from a file.

    Whoever wrote the file could otherwise read the key: a key of the environment is sent only to the address of the
    environment, or to OpenAI. The mappings are the provider's `envVarMappings`.
    """
    environ = config.mapped(os.environ, mappings)
    resolved = config.resolve(environ, values.get)
    is_of_environment = resolved.admin_api_key == environ.get(KEY, "").strip()
    known = {config.DEFAULT_BASE_URL, environ.get(ADDRESS, "").strip().rstrip("/")}
    if is_of_environment and resolved.base_url not in known:
        named = {name: variable for variable, name in (mappings or {}).items()}
        key = next(variable for variable in (named.get(KEY, KEY), KEY) if variable in os.environ)
        what = f"The admin key from {key} is not sent to {resolved.base_url}, because only the state has this address"
        raise errors.ConfigurationError(what, f"If the address is right, set {named.get(ADDRESS, ADDRESS)} to it.")
    return resolved


def read_only_client(settings: config.Settings) -> Client:
    """Return a client that cannot change anything."""
    return Client(ReadOnlyRequestor(settings), settings.parallel)


def with_own_lists(client: Client) -> Client:
    """Return a client with the same requestor and its own lists, which are freed with it."""
    return Client(client.requestor, client.parallel)


Item = TypeVar("Item")
Result = TypeVar("Result")
ORGANIZATION_NAME = "The organization"
"""The organization, in the place of the name of a project."""
Rows = list[dict[str, Any]]
"""A list as OpenAI shows it."""


def chosen_projects(client: Client, wanted: Sequence[str]) -> list[GetProjectResult]:
    """Return the projects with the given names or ids, in order; without any, all that are not archived."""
    try:
        return in_order(selected_projects(all_projects(client, include_archived=False), wanted))
    except errors.NoMatchError:
        for project in selected_projects(all_projects(client), wanted):
            if project.is_archived:
                what = f"Project {project.name or project.project_id} ({project.project_id}) is archived"
                advice = (
                    "It has no limits, members and keys. `spend --by project` shows its costs, and `audit` its events."
                )
                raise errors.ConfigurationError(what, advice) from None
        raise


def selected_projects(projects: list[GetProjectResult], wanted: Sequence[str]) -> list[GetProjectResult]:
    """Return the projects with some names or ids; without any, all. A word of none or of several is refused."""
    if not wanted:
        return projects
    ids = set()
    for word in wanted:
        found = [project for project in projects if project.project_id == word]
        found = found or [project for project in projects if project.name and project.name == word]
        found = [project for project in found if not project.is_archived] or found
        if len(found) > 1:
            listed = bounded(", ", (project.project_id for project in found))
            what = f"{len(found)} projects have the name {word!r}: {listed}"
            raise errors.ConfigurationError(what, "Use an id instead of the name.")
        if not found:
            known = [*(project.name for project in projects if project.name), *(it.project_id for it in projects)]
            advice = suggestion(word, dict.fromkeys(known), look_up("Project").place)
            raise errors.NoMatchError(f"The organization has no project {word!r}, or it is archived", advice)
        ids.add(found[0].project_id)
    return [project for project in projects if project.project_id in ids]


def all_projects(client: Client, *, include_archived: bool = True) -> list[GetProjectResult]:
    """Return the projects of the organization, by name."""
    with terminal.waiting("Listing the projects"), client.operation():
        found = look_up("Project").all(client, include_archived=include_archived)
    return sorted(found, key=lambda it: (it.name or "", it.project_id))


def in_order(projects: Iterable[GetProjectResult]) -> list[GetProjectResult]:
    """Sort projects by name for people, case-insensitive; projects without a name are last."""
    return sorted(projects, key=lambda project: (not project.name, (project.name or "").casefold(), project.project_id))


def names_of(projects: Iterable[GetProjectResult]) -> dict[str, str]:
    """Return the name of each project by id, in the same order; with the id where the name is not unique."""
    known = list(projects)
    count = Counter(project.name for project in known)
    return {
        project.project_id: project.name
        if project.name and count[project.name] == 1
        else f"{project.name or 'Without a name'} ({project.project_id})"
        for project in known
    }


def place_name(project_id: str, names: Mapping[str, str]) -> str:
    """Return a project as headlines show it: its name and its id."""
    if not project_id:
        return ORGANIZATION_NAME
    return f"{names[project_id]} ({project_id})" if project_id in names else f"Project {project_id}"


def look_up(name: str) -> LookUpKind:
    """Return the provider function of a kind that has one, by the name of its resource."""
    return cast("LookUpKind", kinds.kind(name))


def read_list(client: Client, kind: LookUpKind, **parents: str) -> Rows:
    """Read a list, with all its pages within the time limit of one operation. The client does not keep it."""
    with client.operation():
        return kind.rows(with_own_lists(client), **parents)


def read_each(description: str, read: Callable[[str], Result], ids: Collection[str], threads: int) -> dict[str, Result]:
    """Return what is read for each id, in the order of the ids, with a progress bar.

    An object that no longer exists, such as a project that was archived since it was listed, is omitted with a warning,
    but not because something else no longer exists.
    """
    found: dict[str, Result] = {}
    for id_, result in run_with_progress(description, read, [*ids], threads) if ids else ():
        if isinstance(result, errors.ResourceGoneError) and (result.parent or ("", ""))[1] == id_:
            terminal.warn([f"{result.event}, so it is omitted."])
        elif isinstance(result, Exception):
            raise result
        else:
            found[id_] = result
    return {id_: found[id_] for id_ in ids if id_ in found}


def run_with_progress(
    description: str, work: Callable[[Item], Result], items: Sequence[Item], threads: int
) -> Iterator[tuple[Item, Result | Exception]]:
    """Do the same as `run_concurrently`, with a progress bar."""
    with terminal.progress(description, len(items)) as bar:
        for item, result in run_concurrently(work, items, threads):
            bar.advance(bar.task_ids[0])
            yield item, result


def run_concurrently(
    work: Callable[[Item], Result], items: Sequence[Item], threads: int
) -> Iterator[tuple[Item, Result | Exception]]:
    """Give each item with its result, in the order in which they finish.

    The threads are daemons, unlike those of `concurrent.futures`, so that Ctrl-C does not wait for a request that
    sleeps for a minute. No item is started after the caller stops iterating.
    """
    todo: queue.SimpleQueue[Item] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[Item, Result | Exception]] = queue.SimpleQueue()
    stop = threading.Event()

    def run() -> None:
        while not stop.is_set():
            try:
                item = todo.get_nowait()
            except queue.Empty:
                return
            try:
                done.put((item, work(item)))
            except Exception as error:  # noqa: BLE001 - the caller decides
                done.put((item, error))

    for item in items:
        todo.put(item)
    for _ in range(min(threads, len(items))):
        threading.Thread(target=run, daemon=True).start()
    try:
        for _ in items:
            yield done.get()
    finally:
        stop.set()
