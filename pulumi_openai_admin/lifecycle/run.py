"""What one run of the engine knows. A host makes it when an operation of the engine begins, and passes it."""

from __future__ import annotations

import math
import os
import re
import ssl
import threading
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.error import HTTPError
from urllib.request import urlopen

from pulumi_openai_admin import config, errors
from pulumi_openai_admin.handlers.baseline import HIDDEN
from pulumi_openai_admin.handlers.memory import MemoryPart
from pulumi_openai_admin.http.clock import Clock
from pulumi_openai_admin.lifecycle.claims import Claims
from pulumi_openai_admin.lifecycle.state import strings_in
from pulumi_openai_admin.printable import printable
from pulumi_openai_admin.remedies import PLAIN, Words, describe
from pulumi_openai_admin.schema.paths import PROJECT, parents_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pulumi_openai_admin.config import Settings
    from pulumi_openai_admin.handlers.handler import Remote
    from pulumi_openai_admin.http.client import Client, Executor
    from pulumi_openai_admin.http.transport import Transport
    from pulumi_openai_admin.lifecycle.state import Outputs, Resource


class Run:
    """One run: an operation of the engine for a provider, or one run of a program with provider functions.

    Args:
        transport: Makes what sends the requests; over the network if there is none.
        executor: Runs the parallel steps of an operation; in threads if there is none.
        clock: The clock of your machine; it knows whether the user has cancelled the operation.
    """

    def __init__(
        self, transport: Transport | None = None, executor: Executor | None = None, clock: Clock | None = None
    ) -> None:
        self._transport = transport
        self._executor = executor
        self.clock = clock or Clock()
        self.claims = Claims()
        self.secrets: set[str] = set()
        """The strings in secret inputs."""
        self.secrets_of: defaultdict[str, set[str]] = defaultdict(set)
        """By URN, those of one resource: its messages do not show them."""
        self.names: dict[str, str] = {}
        """By URN, the names of objects in the state: a replacement gets another."""
        self.clocks_asked: set[str] = set()
        """The base URLs of the servers that were asked for their time."""
        self.ids_in_state: set[str] = set()
        """The ids of the objects and keys of resources that were compared with the program: they are in use."""
        self.imported: set[tuple[str, str]] = set()
        """The URNs and ids of the objects that this run has imported: no earlier run knows their values."""
        self.previews: set[str] = set()
        """The URNs of the resources that the engine previews, where only the program knows it."""
        self._lock = threading.Lock()
        self._notes: set[str] = set()
        self._is_first_preview: bool | None = None
        """Whether the stack is new; None before the first resource."""
        self._clients: dict[Settings, Client] = {}
        self._availability: defaultdict[tuple[str, str], ApiAvailability] = defaultdict(ApiAvailability)

    def client(self, settings: Settings, guard: Callable[[], None]) -> Client:
        """The client for these settings, which all operations of the run share.

        Args:
            settings: Key, base URL and time limits.
            guard: See `Requestor`.
        """
        from pulumi_openai_admin.http.client import Client  # noqa: PLC0415 - a preview needs no client
        from pulumi_openai_admin.http.requestor import Requestor  # noqa: PLC0415 - the same
        from pulumi_openai_admin.http.transport import Wire  # noqa: PLC0415 - the same

        with self._lock:
            if settings not in self._clients:
                requestor = Requestor(settings, guard, self.clock, self._transport or Wire)
                self._clients[settings] = Client(requestor, settings.parallel, self._executor)
            return self._clients[settings]

    def record_check(self, *, is_new: bool) -> None:
        """Record whether a resource is in the state. The first one that is checked says whether the stack is new."""
        with self._lock:
            if self._is_first_preview is None:
                self._is_first_preview = is_new

    def begin_note(self, text: str, *, of_new_stack: bool = False) -> bool:
        """Return whether the caller has to log something that may be about many resources: once in a run.

        Args:
            text: What is logged, or its topic.
            of_new_stack: Whether it is logged in the first preview of a stack only.
        """
        with self._lock:
            if text in self._notes or (of_new_stack and not self._is_first_preview):
                return False
            self._notes.add(text)
            return True

    def availability(self, provider: str, project_key: str = "") -> ApiAvailability:
        """Whether previews can ask the OpenAI of a provider.

        Args:
            provider: Its name in the program; empty for the default provider.
            project_key: The API key of a project with which they ask; empty for the admin key.
        """
        with self._lock:
            return self._availability[provider, project_key]


@dataclass(eq=False, repr=False)
class Host:
    """Serves one call of the engine; without arguments, a call that no engine makes.

    The verbs do not keep the host: each call may have its own host, and several calls may run at the same time.
    """

    run: Run = field(default_factory=Run)
    urn: str = ""
    """The URN of the resource; empty if the host does not know it."""
    timeout: float = 0
    """The time limit of the operation in seconds; 0 if the program sets none."""
    setting: Callable[[str], object] = dict[str, object]().get
    """Gives a setting of the provider, such as `openai-admin:adminApiKey`; None if it is not set."""
    words: ClassVar[Words] = PLAIN
    """The commands of the user's tool."""

    def guard(self) -> None:
        """Called before each request that may change something: does not return if the engine has ended."""

    def serve_in_parallel(self, operations: int) -> None:
        """Set how many operations the host serves at a time, if it can."""

    def learn_secrets(self, names: Iterable[str], values: Mapping[str, Any]) -> None:
        """Add the strings in secret inputs of the resource."""
        texts = {text for name in names for text in strings_in(values.get(name))}
        self.run.secrets |= texts
        self.run.secrets_of[self.urn] |= texts

    def respell(self, text: str) -> str:
        """Return a message without secret inputs, and with the names that the program has for properties."""
        secrets = [secret for secret in self.run.secrets_of[self.urn] if len(secret) >= _MIN_HIDDEN]
        if not secrets:
            return text
        shown = {form for secret in secrets for form in (secret, printable(secret), repr(secret)[1:-1])}
        pattern = "|".join(map(re.escape, sorted(shown, key=len, reverse=True)))
        return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", HIDDEN, text, flags=re.IGNORECASE)

    def describe(self, error: Exception) -> str:
        """Return the text of an error, in the user's words."""
        return self.respell(describe(error, self.words))

    def keep_partial(self, id_: str, outputs: Outputs, error: Exception) -> bool:  # noqa: ARG002 - hosts use them
        """Record the state of an operation that partly failed, with its error. The caller then raises the error.

        Returns:
            Whether the engine gets the state. If not, nothing was recorded.
        """
        return False

    def time_at_server(self, *, is_near: bool = False) -> float | None:
        """Return the time in seconds since 1970 by the clock of the server, if it is known; else None.

        It is known if the server has responded in this run. A server on your machine, such as an emulator, is asked for
        it. OpenAI is asked only if something falls due soon: a request without a key, once in a run.

        Args:
            is_near: Whether something falls due in the next days by the clock of your machine.
        """
        from pulumi_openai_admin.http import replies  # noqa: PLC0415 - most previews need no client

        try:
            settings = config.resolve(os.environ, self.setting)
        except errors.ConfigurationError:  # a preview needs no key; what sends a request reports the error
            return None
        clock = self.run.client(settings, self.guard).clock
        is_asked = (settings.is_loopback or is_near) and settings.base_url not in self.run.clocks_asked
        if clock.now() is None and is_asked:
            self.run.clocks_asked.add(settings.base_url)
            clock.set(replies.parse_date(_date_header(settings.base_url)))
        return clock.now()


@dataclass(eq=False, repr=False)
class ApiAvailability:
    """Whether the OpenAI of one provider can be asked. The first question is asked alone, so that only one waits."""

    is_connected: bool = False
    """Whether the settings are complete."""
    is_lost: bool = False
    """Whether a question could not be asked, and an error said so."""
    _has_answered: bool = False
    _first: threading.Lock = field(default_factory=threading.Lock)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def turn(self, clock: Clock) -> Iterator[ApiAvailability]:
        """Wait while the first question is asked, which has a time limit.

        Args:
            clock: Knows how to wait, and whether the user has cancelled the operation.
        """
        is_first = not (self._has_answered or self.is_lost)
        is_held = is_first and clock.wait_until(lambda seconds: self._first.acquire(timeout=seconds), lambda: math.inf)
        try:
            yield self
            self._has_answered = True
        finally:
            if is_held:
                self._first.release()

    def mark_unreachable(self) -> bool:
        """Record that OpenAI can't be asked. Returns whether this is the first time, so that it has to be reported."""
        with self._lock:
            was_lost, self.is_lost = self.is_lost, True
            return not was_lost


@dataclass(eq=False, repr=False)
class Anchor(MemoryPart):
    """The id of a project of the organization; empty if the key shows none."""

    anchor: str = ""


def record_organization(resource: Resource, client: Client, remote: Remote) -> None:
    """Record a project of the organization, before an object is created or adopted.

    Raises:
        ConfigurationError: OpenAI shows no project, so later runs could not check their keys.
        PermissionDeniedError: The key can't list projects.
    """
    if _needs_proof(resource, remote):
        anchor = client.anchor()
        if not anchor:
            raise errors.ConfigurationError(
                "OpenAI lists no project of the organization for this key, so nothing was changed",
                "Use a key that can list projects. The provider records one project to recognize keys of another "
                "organization.",
            )
        remote.memory.put(Anchor(anchor))


def verify_organization(resource: Resource, client: Client, remote: Remote) -> None:
    """Check that the key belongs to the organization of an object in the state: one request in a run.

    Raises:
        ParentNotFoundError: Nothing proves that it does.
    """
    if not _needs_proof(resource, remote):
        return
    anchor = remote.memory[Anchor].anchor
    if not anchor:
        raise errors.ParentNotFoundError(
            "The key may belong to another organization: no project in the state identifies the organization",
            "Remove the resource from the state, and import it again with a key that can list projects.",
        )
    try:
        client.require_parent({PROJECT.id_name: anchor})
    except errors.ParentNotFoundError as missing:
        what = f"The key may belong to another organization: it does not show project {anchor}"
        raise errors.ParentNotFoundError(what, "Use a key of the organization that the state is from.") from missing
    remote.memory.put(Anchor(client.anchor()))  # the same one for all resources of the run


def _needs_proof(resource: Resource, remote: Remote) -> bool:
    is_in_project = any(parent is PROJECT for parent, _ in parents_in(remote.parents))
    return not is_in_project and not resource.handler.traits.proves_organization


@contextmanager
def operation(host: Host, project_key: str = "") -> Iterator[Client]:
    """A client for one operation, with the settings of the environment and of the host.

    Args:
        project_key: The API key of a project. Each key has its own client, with its own rate limiter and lists.
    """
    settings = config.resolve(os.environ, host.setting, project_key)
    host.serve_in_parallel(settings.parallel)
    client = host.run.client(settings, host.guard)
    with client.operation(host.timeout):
        yield client


def project_key(resource: Resource, values: Mapping[str, Any]) -> str:
    """The API key of a project with which the requests of a resource are sent; empty for the admin key.

    Raises:
        ConfigurationError: The resource needs one, and none is known.
    """
    name = resource.handler.traits.project_key
    if not name:
        return ""
    key = values.get(name)
    if not isinstance(key, str) or not key:
        raise errors.ConfigurationError(
            f"{resource.declaration.kind} is read with the API key of its project, and {name} is not set",
            f"Set {name}. To read an object that the program does not manage, use a provider function with {name}.",
        )
    return key


_TIMEOUT_SECONDS = 2
_MIN_HIDDEN = 3
"""The length of the shortest text that messages hide: a shorter one is a part of many words."""


def _date_header(base_url: str) -> str:
    """Return the header `Date` of a server; empty if it has none or does not respond. Errors have it, too."""
    from pulumi_openai_admin.http.certificates import ca_bundle  # noqa: PLC0415 - as above

    bundle = ca_bundle()
    try:
        context = ssl.create_default_context(cafile=bundle.path if bundle else None)
        with urlopen(f"{base_url}/", timeout=_TIMEOUT_SECONDS, context=context) as reply:  # noqa: S310 - the base URL is https, or on this machine
            return str(reply.headers.get("date", ""))
    except HTTPError as error:
        return str(error.headers.get("date", ""))
    except (OSError, ValueError):  # no connection, or a base URL that a request will report
        return ""
