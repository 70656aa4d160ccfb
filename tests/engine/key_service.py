"""A service that encrypts the keys of stacks, as Vault's transit engine does.

The engine derives the key of a passphrase in a million rounds, in each command: 0.2 s of CPU. Stacks of most tests use
this service instead. Those that a test makes with `pulumi stack init` have a passphrase.
"""

from __future__ import annotations

import base64
import json
import threading
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.fernet import Fernet

PROVIDER = "hashivault://stacks"
"""The name for `--secrets-provider`."""
_FERNET = Fernet(base64.urlsafe_b64encode(b"k" * 32))
"""The same key in all processes that test: one may make the stack that another uses."""
_PREFIX = "vault:v1:"


@lru_cache(maxsize=1)
def environment() -> dict[str, str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return {"VAULT_SERVER_URL": f"http://127.0.0.1:{server.server_port}", "VAULT_SERVER_TOKEN": "none"}


class _Handler(BaseHTTPRequestHandler):
    def do_PUT(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if "/encrypt/" in self.path:
            data = {"ciphertext": _PREFIX + _FERNET.encrypt(asked["plaintext"].encode()).decode()}
        else:
            data = {"plaintext": _FERNET.decrypt(asked["ciphertext"].removeprefix(_PREFIX)).decode()}
        body = json.dumps({"data": data}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base
        """Quiet."""
