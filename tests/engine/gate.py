"""An address in front of the emulator that holds one call, for a test that does something at exactly that moment."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import requests

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADERS = ("Authorization", "Content-Type", "OpenAI-Organization")


@dataclass
class Gate:
    """Passes calls on, and holds those of one method and path until it is opened."""

    method: str
    path: str
    """With `*` for any id."""
    when: str
    """`before`: the emulator has not seen the call. `after`: it has acted, and its reply is held."""
    base_url: str = ""
    """For a program; the path of its calls begins as the emulator's."""
    _opened: threading.Event = field(default_factory=threading.Event)
    _held: threading.Event = field(default_factory=threading.Event)
    _under_way: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_holding(self) -> bool:
        """Whether a call has come to this moment; it does not go past it."""
        return self._held.is_set()

    @property
    def is_quiet(self) -> bool:
        """Whether no call is under way."""
        return not self._under_way

    def open(self) -> None:
        self._opened.set()

    def hold(self, method: str, path: str, when: str) -> None:
        """Hold a call that is at this moment."""
        if (method, when) == (self.method, self.when) and fnmatch(path, self.path):
            self._held.set()
            self._opened.wait()

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """While a call is served."""
        with self._lock:
            self._under_way += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1


@contextmanager
def gate(emulator_url: str, method: str, path: str, when: str) -> Iterator[Gate]:
    """A gate in front of the emulator; it is opened in the end.

    Args:
        emulator_url: The base URL of the emulator.
        method: Of the call that is held.
        path: Of the call, below the base URL.
        when: `before` or `after` the emulator acts.
    """
    made = Gate(method, path, when)
    origin, _, prefix = emulator_url.rpartition("/")

    class Handler(BaseHTTPRequestHandler):
        def _pass_on(self) -> None:
            with made.under_way(), suppress(OSError):  # the client may have been killed
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                called = self.path.partition("?")[0].removeprefix(f"/{prefix}")
                made.hold(self.command, called, "before")
                headers = {name: self.headers[name] for name in HEADERS if name in self.headers}
                reply = requests.request(
                    self.command, origin + self.path, data=body, headers=headers, timeout=60, allow_redirects=False
                )
                made.hold(self.command, called, "after")
                self.send_response(reply.status_code)
                for name, value in reply.headers.items():
                    if name.lower() not in {"connection", "content-length", "date", "server", "transfer-encoding"}:
                        self.send_header(name, value)
                self.send_header("Date", reply.headers["Date"])
                self.send_header("Content-Length", str(len(reply.content)))
                self.end_headers()
                self.wfile.write(reply.content)

        do_GET = do_POST = do_DELETE = _pass_on  # noqa: N815 - the names of the base

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.base_url = f"http://127.0.0.1:{server.server_port}/{prefix}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield made
    finally:
        made.open()
        server.shutdown()
        server.server_close()
