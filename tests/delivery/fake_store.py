"""A secret store on loopback: an HTTP server whose requests can be counted, and made to fail."""

from __future__ import annotations

import base64
import json
import ssl
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import trustme
from requests.structures import CaseInsensitiveDict

from pulumi_openai_admin.delivery.secret_store import DeliveryError
from pulumi_openai_admin.remedies import page_address

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_openai_admin.delivery.secret_store import SecretStore


@dataclass(frozen=True)
class Request:
    verb: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes
    target: str = ""
    """The path and the query as they were sent."""

    @property
    def json(self) -> Any:
        return json.loads(self.body or b"{}")

    def __str__(self) -> str:
        return f"{self.verb} {self.path}"


@dataclass(frozen=True)
class Reply:
    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def raw(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Fault:
    """What happens instead of a reply.

    Args:
        first: The number of the first request that it happens to.
        status: The status of the reply; 0 if the connection is closed without one.
        is_late: The store does what is asked before it fails.
        text: What the reply says.
        echoes: The reply says what the request said, too.
        times: How many requests it happens to; None if it happens to all later ones.
        then: The status of all later requests; None for the same.
        headers: What the reply has besides; `{target}` is the path that was asked for.
    """

    first: int
    status: int
    is_late: bool = False
    text: str = "no"
    echoes: bool = False
    times: int | None = None
    then: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class FakeStore:
    """Subclasses say what each request does (`answer`), and how errors look (`error`)."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.fault: Fault | None = None
        self.at_first_write: Callable[[], None] | None = None
        """What somebody else does just before the first request that writes."""
        self.at_write: tuple[int, Callable[[], None]] | None = None
        """What happens just before a later request that writes, and before which."""
        self.refused: set[str] = set()
        """What the store forbids: the words are its own."""
        self._lock = threading.RLock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.scheme = "http"

    def secure(self, context: ssl.SSLContext) -> None:
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.scheme = "https"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def answer(self, request: Request) -> Reply:
        raise NotImplementedError

    def error(self, status: int, text: str) -> Reply:
        raise NotImplementedError

    def is_write(self, request: Request) -> bool:
        return request.verb != "GET"

    def is_counted(self, request: Request) -> bool:  # noqa: ARG002 - a subclass leaves out those of credentials
        return True

    @property
    def writes(self) -> list[str]:
        return [str(request) for request in self.requests if self.is_write(request)]

    def handle(self, request: Request) -> Reply | None:
        """The reply; None if the connection is to be closed without one."""
        with self._lock:
            if not self.is_counted(request):
                return self.answer(request)
            number = len(self.requests)
            self.requests.append(request)
            if self.is_write(request) and self.at_first_write:
                interrupt, self.at_first_write = self.at_first_write, None
                interrupt()
            if self.at_write and self.is_write(request) and len(self.writes) > self.at_write[0]:
                (_, interrupt), self.at_write = self.at_write, None
                interrupt()
            fault = self.fault
            turn = number - fault.first if fault else -1
            if fault is None or turn < 0 or (fault.times is not None and turn >= fault.times):
                return self.answer(request)
            is_later = turn > 0 and fault.then is not None
            if fault.is_late and not is_later:
                self.answer(request)
            status = fault.then if is_later else fault.status
            return self._failed(request, fault, status) if status else None

    def _failed(self, request: Request, fault: Fault, status: int) -> Reply:
        asked = request.body.decode(errors="replace")
        encoded = base64.b64encode(b"x" + request.body).decode()
        text = f"{fault.text} {fault.text[:-5]} {asked} {encoded}" if fault.echoes else fault.text
        reply = self.error(status, text)
        headers = {name: value.format(target=request.target) for name, value in fault.headers.items()}
        return replace(reply, headers={**reply.headers, **headers})


def _handler(store: FakeStore) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # each reply is one packet: the second of two would wait for an acknowledgement

        def _serve(self) -> None:
            url = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            headers = CaseInsensitiveDict(self.headers.items())
            reply = store.handle(Request(self.command, unquote(url.path), query, headers, body, self.path))
            if reply is None:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            if reply.status != 204:
                self.send_header("Content-Length", str(len(reply.raw)))
            self.end_headers()
            if reply.status != 204:
                self.wfile.write(reply.raw)

        do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = do_CONNECT = _serve  # noqa: N815 - the names that http.server calls

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Nothing: the tests look at what is printed."""

    return Handler


AUTHORITY = "ca.pem"
"""The file of the authority of `secured`."""


@dataclass(frozen=True)
class Place:
    """Where a test runs: what it may set, and where it may write."""

    patch: pytest.MonkeyPatch
    folder: Path


def secured(server: FakeStore, place: Place) -> FakeStore:
    """The server with TLS, and a certificate of a private authority."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(place.folder / AUTHORITY)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server.secure(context)
    return server


Arrangement = Callable[[Any, pytest.MonkeyPatch], None]
Refusal = tuple[Arrangement, str, *tuple[str, ...]]
"""What makes a store refuse a key, the verbs that then fail, and parts of their errors."""
Removal = tuple[bool, Callable[[Any], object], object]
"""Whether the secret exists before, what is looked at after a removal, and what is left there."""


def server(**values: Any) -> Arrangement:
    """Have the server behave in another way."""
    return lambda store, _: vars(store.server).update(values)


def variables(**values: str | None) -> Arrangement:
    """Set variables of the environment, or remove those that are None."""

    def arrange(_store: Any, patch: pytest.MonkeyPatch) -> None:
        for name, value in values.items():
            patch.delenv(name) if value is None else patch.setenv(name, value)

    return arrange


def destination(**values: str) -> Arrangement:
    """Deliver to another place."""

    def arrange(store: Any, _patch: pytest.MonkeyPatch) -> None:
        store.destination = replace(store.destination, **values)

    return arrange


def page(section: str) -> str:
    """The address of a section of the page of secret stores."""
    return page_address(f"secret-stores.md#{section}")


class Store(ABC):
    """A running store, and a destination in it."""

    fake: ClassVar[type[FakeStore]]
    server: FakeStore
    destination: SecretStore
    server_variable = ""
    """The variable of the environment with the URL of the server."""
    has_urls = True
    """Whether properties are parts of URLs."""
    elsewhere: ClassVar[Mapping[str, Sequence[str]]] = {}
    """Values of properties that lead to another place."""
    refusals: ClassVar[Mapping[str, Refusal]] = {}
    removals: ClassVar[Mapping[str, Removal]] = {}

    def __init__(self, place: Place) -> None:
        self.server = self.make_server(place)
        self.server.start()
        self.set_up(place)

    def make_server(self, place: Place) -> FakeStore:  # noqa: ARG002 - Azure needs it
        return self.fake()

    @abstractmethod
    def set_up(self, place: Place) -> None:
        """Set the environment of the client, and make the destination."""

    @abstractmethod
    def value(self) -> str | None:
        """What a reader gets; None if there is nothing."""

    def accepted(self, request: Request) -> Reply:  # noqa: ARG002 - some stores respond to each request in another way
        """A response that accepts a request, wherever it goes, so that each verb sends all of its requests."""
        return Reply(200, {})

    @abstractmethod
    def put(self, value: str) -> None:
        """What somebody else does: set the secret, or its member."""


StoreT = TypeVar("StoreT", bound=Store)


class Start(Protocol):
    """Starts a store."""

    def __call__(self, kind: type[StoreT]) -> StoreT: ...


class MemberStore(Store):
    """A store where the key is one member of a document."""

    member = "api_key"

    @abstractmethod
    def document(self) -> dict[str, str]:
        """All members."""

    @abstractmethod
    def put_member(self, name: str, value: str) -> None:
        """What somebody else does: set a member of the document."""

    @abstractmethod
    def put_text(self, text: str) -> None:
        """What somebody else does: write the whole document, a JSON object, in the way of the store."""

    @abstractmethod
    def document_text(self) -> str:
        """The document as the store has it."""

    def empty(self) -> None:
        """Have a secret without a value."""

    def value(self) -> str | None:
        return self.document().get(self.member)

    def put(self, value: str) -> None:
        self.put_member(self.member, value)

    def members(self) -> dict[str, str]:
        """The other members of the document."""
        return {name: value for name, value in self.document().items() if name != self.member}


def refusal(verb: Callable[[], object]) -> str:
    """The error of a verb that fails."""
    with pytest.raises(DeliveryError) as caught:
        verb()
    assert "\n" not in str(caught.value)
    return str(caught.value)
