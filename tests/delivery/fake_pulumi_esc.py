"""The REST API of Pulumi Cloud for environments of Pulumi ESC, from its documentation and the source of Pulumi's CLI.

`GET` replies with the definition, in which secrets are ciphertext, and `GET …/decrypt` with plain text. Both replies
have an `ETag` and the revision. `PATCH` takes a definition. With an `ETag` in its header it is refused with 409 unless
that is the current one. Plain secrets become ciphertext.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any, ClassVar

import yaml

from pulumi_openai_admin.delivery.pulumi_esc import PulumiEsc
from tests.delivery.fake_store import FakeStore, MemberStore, Place, Reply, Request, destination, server, variables

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.delivery.fake_store import Arrangement

TOKEN = "pul-made-up"
NAME = "acme/ci/openai"
_ROOT = "/api/esc/environments/"


class FakePulumiEsc(FakeStore):
    def __init__(self) -> None:
        super().__init__()
        self.revisions: dict[str, list[str]] = {NAME: [""]}
        """The definitions of each environment, with ciphertext."""
        self.diagnostics: list[str] = []
        self.has_etags = True
        self.at_first_decryption: Callable[[], None] | None = None
        """What somebody else does just after the first decryption."""

    def error(self, status: int, text: str) -> Reply:
        return Reply(status, {"code": status, "message": text})

    def answer(self, request: Request) -> Reply:
        if request.headers["Authorization"] != f"token {TOKEN}":
            return self.error(401, "Unauthorized: No credentials provided or are invalid.")
        assert request.path.startswith(_ROOT)
        name, decrypt, _ = request.path.removeprefix(_ROOT).partition("/decrypt")
        if name not in self.revisions:
            return self.error(404, f"Not Found: Environment '{name}' not found")
        if request.verb in self.refused or decrypt in self.refused:
            return self.error(403, "Forbidden: the caller is missing the permission environment:write")
        if request.verb == "GET":
            return self._shown(name, is_decrypted=bool(decrypt))
        assert request.verb == "PATCH"
        if "ETag" in request.headers and request.headers["ETag"] != self._etag(name):
            return self.error(409, "Conflict: the environment has been modified")
        if self.diagnostics:
            found = [{"summary": summary, "severity": "error"} for summary in self.diagnostics]
            return Reply(400, {"code": 400, "message": "Bad Request", "diagnostics": found})
        self.put(request.body.decode(), name)
        return Reply(200, {}, self._headers(name))

    def put(self, text: str, name: str = NAME) -> None:
        """Update the environment, as anybody can."""
        self.revisions[name].append(_rewritten(text, _encrypted))

    def text(self) -> str:
        """The definition, with ciphertext."""
        return self.revisions[NAME][-1]

    def opened(self) -> dict[str, Any]:
        """What a program gets that opens the environment."""
        values: dict[str, Any] = _evaluated((yaml.safe_load(_rewritten(self.text(), _decrypted)) or {}).get("values"))
        return values or {}

    def _shown(self, name: str, is_decrypted: bool) -> Reply:
        text = self.revisions[name][-1]
        reply = Reply(200, (_rewritten(text, _decrypted) if is_decrypted else text).encode(), self._headers(name))
        if is_decrypted and self.at_first_decryption:
            interrupt, self.at_first_decryption = self.at_first_decryption, None
            interrupt()
        return reply

    def _etag(self, name: str) -> str:
        return hashlib.sha256(self.revisions[name][-1].encode() + bytes([len(self.revisions[name])])).hexdigest()

    def _headers(self, name: str) -> dict[str, str]:
        revision = {"Content-Type": "application/x-yaml", "Pulumi-ESC-Revision": str(len(self.revisions[name]))}
        return {**revision, "ETag": self._etag(name)} if self.has_etags else revision


def _rewritten(text: str, change: Callable[[Any], str | None]) -> str:
    """The text with another argument of each `fn::secret`."""
    found: list[tuple[int, int, str]] = []

    def visit(node: Any) -> None:
        for entry in node.value if isinstance(node, yaml.CollectionNode) else ():
            key, value = entry if isinstance(entry, tuple) else (None, entry)
            argument = change(value) if key is not None and key.value == "fn::secret" else None
            if argument is not None:
                start, end = value.start_mark.index, value.end_mark.index
                found.append((start, start + len(text[start:end].rstrip()), argument))
            visit(value)

    visit(yaml.compose(text, Loader=yaml.SafeLoader))
    for start, end, argument in reversed(found):
        text = text[:start] + argument + text[end:]
    return text


def _encrypted(node: Any) -> str | None:
    if not isinstance(node, yaml.ScalarNode):
        return None
    return f"{{ciphertext: {base64.b64encode(bytes(byte ^ 42 for byte in node.value.encode())).decode()}}}"


def _decrypted(node: Any) -> str:
    assert isinstance(node, yaml.MappingNode)
    ((_, ciphertext),) = node.value
    return json.dumps(bytes(byte ^ 42 for byte in base64.b64decode(ciphertext.value)).decode())


def _evaluated(value: Any) -> Any:
    """A value without the calls of `fn::secret`."""
    if not isinstance(value, dict):
        return value
    return value["fn::secret"] if set(value) == {"fn::secret"} else {key: _evaluated(v) for key, v in value.items()}


def _definition(text: str) -> Arrangement:
    return lambda store, _: store.server.revisions[store.destination.environment].append(text)


class Esc(MemberStore):
    server_variable = "PULUMI_BACKEND_URL"
    elsewhere: ClassVar = {"environment": ["acme/../openai", "ci/openai"]}
    member = "key"
    server: FakePulumiEsc
    fake = FakePulumiEsc
    destination: PulumiEsc
    refusals: ClassVar = {
        "no environment": (
            destination(environment="acme/ci/other"),
            "check deliver presence",
            "ulumi Cloud returned 404: Not Found: Environment 'acme/ci/other' not found. Create the environment",
        ),
        "no permission": (
            server(refused={"PATCH"}),
            "deliver",
            "Pulumi Cloud returned 403: Forbidden: the caller is missing the permission environment:write",
            "Give the token's owner the permission 'write' for the environment",
        ),
        "a definition that is refused": (
            server(diagnostics=["unknown provider"]),
            "deliver",
            "Pulumi Cloud returned 400: unknown provider. Run the command again.",
        ),
        "no YAML": (
            _definition("values: ["),
            "check",
            "its definition can't be read as YAML (line 1). Correct it with `pulumi env edit`",
        ),
        "an alias": (
            _definition("values:\n  a: &a {b: c}\n  openai: *a\n"),
            "check",
            "has a form that can't be changed without changing other values",
        ),
        "an expired token": (
            variables(PULUMI_ACCESS_TOKEN="expired"),
            "check",
            "Cloud returned 401: Unauthorized: No credentials provided or are invalid. Set PULUMI_ACCESS_TOKEN",
        ),
    }
    removals: ClassVar = {"existing": (True, lambda store: store.server.opened()["openai"], {})}

    def set_up(self, place: Place) -> None:
        for name in ("PULUMI_API", "PULUMI_HOME", "PULUMI_CREDENTIALS_PATH"):
            place.patch.delenv(name, raising=False)
        place.patch.setenv("PULUMI_BACKEND_URL", self.server.url)
        place.patch.setenv("PULUMI_ACCESS_TOKEN", TOKEN)
        self.destination = PulumiEsc(environment=NAME, path="openai.key")

    def accepted(self, request: Request) -> Reply:  # noqa: ARG002
        return Reply(200, b"values: {openai: {key: x}}", {"ETag": "1", "Pulumi-ESC-Revision": "1"})

    def put_text(self, text: str) -> None:
        self.server.put(f"# Ours.\nvalues:\n  openai: {text} # a comment\n  last: 1.10\n")

    def document_text(self) -> str:
        return _rewritten(self.server.text(), _decrypted)

    def document(self) -> dict[str, str]:
        return self.server.opened().get("openai") or {}

    def put_member(self, name: str, value: str) -> None:
        secrets = {key: {"fn::secret": text} for key, text in {**self.document(), name: value}.items()}
        self.server.put(json.dumps({"values": {"openai": secrets}}))  # which is YAML, too
