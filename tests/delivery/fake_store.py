"""A secret store on loopback: an HTTP server whose requests can be counted, and made to fail."""

from __future__ import annotations

import base64
import json
import threading
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from requests.structures import CaseInsensitiveDict

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping


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

        do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = _serve  # noqa: N815 - the names that http.server calls

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Nothing: the tests look at what is printed."""

    return Handler
