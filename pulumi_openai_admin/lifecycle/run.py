"""What one run of the engine knows. A host makes it when an operation of the engine begins, and passes it."""

from __future__ import annotations

import math
import threading
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pulumi_openai_admin.http.executor import in_threads
from pulumi_openai_admin.lifecycle.claims import Claims
from pulumi_openai_admin.lifecycle.secret_outputs import SecretStrings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_openai_admin.config import Settings
    from pulumi_openai_admin.http.client import Client
    from pulumi_openai_admin.http.clock import Clock
    from pulumi_openai_admin.http.executor import Executor
    from pulumi_openai_admin.http.transport import Transport


class Run:
    """One run: an operation of the engine for a provider, or one run of a program with provider functions.

    Args:
        transport: Makes what sends the requests; over the network if there is none.
        executor: Runs the parallel steps of an operation.
    """

    def __init__(self, transport: Transport | None = None, executor: Executor = in_threads) -> None:
        self._transport = transport
        self._executor = executor
        self.claims = Claims()
        self.first_preview = FirstPreview()
        self.secrets = SecretStrings()
        self.names: dict[str, str] = {}
        """By URN, the names of objects in the state: a replacement gets another."""
        self.clocks_asked: set[str] = set()
        """The base URLs of the servers that were asked for their time."""
        self.ids_in_state: set[str] = set()
        """The ids of the objects and keys of resources that were compared with the program: they are in use."""
        self._lock = threading.Lock()
        self._clients: dict[Settings, Client] = {}
        self._availability: defaultdict[tuple[str, str], ApiAvailability] = defaultdict(ApiAvailability)

    def client(self, settings: Settings, guard: Callable[[], None], clock: Clock | None = None) -> Client:
        """The client for these settings, which all operations of the run share.

        Args:
            settings: Key, base URL and time limits.
            guard: See `Requestor`.
            clock: How its operations wait; by default they can't be cancelled.
        """
        from pulumi_openai_admin.http.client import Client  # noqa: PLC0415 - a preview needs no client
        from pulumi_openai_admin.http.requestor import Requestor  # noqa: PLC0415 - the same
        from pulumi_openai_admin.http.transport import Wire  # noqa: PLC0415 - the same

        with self._lock:
            if settings not in self._clients:
                requestor = Requestor(settings, guard, clock, self._transport or Wire)
                self._clients[settings] = Client(requestor, settings.parallel, self._executor)
            return self._clients[settings]

    def availability(self, provider: str, project_key: str = "") -> ApiAvailability:
        """Whether previews can ask the OpenAI of a provider.

        Args:
            provider: Its name in the program; empty for the default provider.
            project_key: The API key of a project with which they ask; empty for the admin key.
        """
        with self._lock:
            return self._availability[provider, project_key]


@dataclass
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
        is_held = is_first and clock.succeeds(lambda seconds: self._first.acquire(timeout=seconds), lambda: math.inf)
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


@dataclass
class FirstPreview:
    """Whether a run is the first preview of a stack, and whether it was explained."""

    _is_of_new_stack: bool | None = None
    """None before the first resource."""
    _is_explained: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def record(self, *, is_new: bool) -> None:
        """Record whether the stack is new. The first resource that is checked in a run says it.

        Args:
            is_new: Whether the resource that is checked is not in the state.
        """
        with self._lock:
            if self._is_of_new_stack is None:
                self._is_of_new_stack = is_new

    def is_to_be_explained(self) -> bool:
        """Whether the user has to be shown what a preview asks: once, in the first preview of a stack."""
        with self._lock:
            is_first = bool(self._is_of_new_stack) and not self._is_explained
            self._is_explained = self._is_explained or is_first
            return is_first
