"""The HTTP API of a KV version 2 engine, from the documentation of Vault and OpenBao."""

from __future__ import annotations

import json
import re
from typing import Any, ClassVar

from pulumi_openai_admin.delivery.vault import Vault
from tests.delivery.fake_store import FakeStore, MemberStore, Place, Reply, Request, destination, server, variables

TOKEN = "hvs.made-up"
_NUMBER = re.compile(r'"number (.*?)"')


def kept(text: bytes) -> Any:
    """JSON as Vault reads it: a number stays the text that it is (`json.Number` of Go)."""
    return json.loads(text, parse_float="number {}".format, parse_int="number {}".format)


def sent(value: Any) -> str:
    """JSON as Vault writes it: names in their order, without spaces."""
    return _NUMBER.sub(r"\1", json.dumps(value, sort_keys=True, separators=(",", ":")))


class FakeVault(FakeStore):
    def __init__(self) -> None:
        super().__init__()
        self.engines = {"kv": ("kv", "2"), "old": ("kv", "1"), "aws": ("aws", "")}
        self.versions: dict[str, list[dict[str, Any] | None]] = {}
        """The versions of each secret; None is a deleted one."""
        self.capabilities = ["create", "read", "update"]
        self.is_sealed = False

    def error(self, status: int, text: str) -> Reply:
        return Reply(status, {"errors": [text]})

    def is_write(self, request: Request) -> bool:
        return "/data/" in request.path and request.verb != "GET"

    def answer(self, request: Request) -> Reply:
        if self.is_sealed:
            return self.error(503, "Vault is sealed")
        if request.headers["X-Vault-Token"] != TOKEN:
            return self.error(403, "permission denied")
        path = request.path.removeprefix("/v1/")
        if path == "sys/capabilities-self":
            return Reply(200, {"data": dict.fromkeys(request.json["paths"], self.capabilities)})
        if path.startswith("sys/internal/ui/mounts/"):
            return self._engine(path.removeprefix("sys/internal/ui/mounts/"))
        mount, _, rest = path.partition("/data/")
        if self.engines.get(mount) != ("kv", "2"):
            return self.error(404, f'no handler for route "{path}". route entry not found.')
        if request.verb == "GET":
            return self._read(rest)
        return self._write(rest, kept(request.body))

    def _engine(self, mount: str) -> Reply:
        if mount not in self.engines:
            return self.error(
                403, f"preflight capability check returned 403, please ensure client's policies grant {mount}"
            )
        kind, version = self.engines[mount]
        return Reply(
            200, {"data": {"path": f"{mount}/", "type": kind, "options": {"version": version} if version else None}}
        )

    def _read(self, path: str) -> Reply:
        if "read" not in self.capabilities:
            return self.error(403, "1 error occurred:\n\t* permission denied\n\n")
        versions = self.versions.get(path, [])
        if not versions:
            return Reply(404, {"errors": []})
        deleted = versions[-1] is None
        at = "2026-11-26T00:00:00Z" if deleted else ""
        metadata = {"version": len(versions), "deletion_time": at, "destroyed": False}
        reply = sent({"data": {"data": versions[-1], "metadata": metadata}})
        return Reply(404 if deleted else 200, reply.encode())

    def _write(self, path: str, body: dict[str, Any]) -> Reply:
        versions = self.versions.get(path, [])
        if ("update" if versions else "create") not in self.capabilities:
            return self.error(403, "1 error occurred:\n\t* permission denied\n\n")
        if "cas" in body.get("options", {}) and body["options"]["cas"] != f"number {len(versions)}":
            return self.error(400, "check-and-set parameter did not match the current version")
        self.versions.setdefault(path, []).append(body["data"])
        return Reply(200, {"data": {"version": len(self.versions[path]), "deletion_time": "", "destroyed": False}})


class VaultField(MemberStore):
    elsewhere: ClassVar = {"path": ["ci/../../sys/policy"], "mount": ["/"]}
    server: FakeVault
    fake = FakeVault
    refusals: ClassVar = {
        "another version": (destination(mount="old"), "check", "the engine at 'old' is not a KV version 2 engine"),
        "another engine": (destination(mount="aws"), "check", "the engine at 'aws' is not a KV version 2 engine"),
        "no engine": (destination(mount="none"), "check", "preflight capability check returned 403"),
        "no engine, of a delivered key": (destination(mount="none"), "presence", "no handler for route"),
        "an expired token": (
            variables(VAULT_TOKEN="expired"),
            "check",
            "Vault returned Forbidden: permission denied. Renew the token",
        ),
        "no token": (variables(VAULT_TOKEN=None), "check", "there is no token. Set VAULT_TOKEN"),
        "sealed": (
            server(is_sealed=True),
            "check",
            "Vault returned VaultDown: Vault is sealed. Unseal or start the server",
        ),
    }

    def set_up(self, place: Place) -> None:
        place.patch.setenv("VAULT_TOKEN", TOKEN)
        self.destination = Vault(path="ci/openai", mount="kv", field="api_key", address=self.server.url)

    def accepted(self, request: Request) -> Reply:
        found = {"data": {"api_key": "x"}, "metadata": {"version": 1}, "version": 2, "type": "kv"}
        paths = request.json.get("paths", []) if request.body else []
        return Reply(200, {"data": {**found, "options": {"version": "2"}, **{path: ["root"] for path in paths}}})

    def document(self) -> dict[str, str]:
        versions = self.server.versions.get("ci/openai", [])
        return (versions[-1] or {}) if versions else {}

    def put_member(self, name: str, value: str) -> None:
        self.server.versions.setdefault("ci/openai", []).append({**self.document(), name: value})

    def put_text(self, text: str) -> None:
        self.server.versions.setdefault("ci/openai", []).append(kept(text.encode()))

    def document_text(self) -> str:
        versions = self.server.versions["ci/openai"]
        return sent(versions[-1])
