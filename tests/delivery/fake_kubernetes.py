"""The API of Kubernetes for secrets, from its documentation."""

from __future__ import annotations

import base64
import json
import uuid
from typing import Any, ClassVar

from pulumi_openai_admin.delivery.kubernetes_secret import KubernetesSecret
from tests.delivery.fake_store import FakeStore, MemberStore, Place, Reply, Request, page, server, variables

TOKEN = "made-up"
NAMESPACE = "team"


class FakeKubernetes(FakeStore):
    def __init__(self) -> None:
        super().__init__()
        self.secrets: dict[str, dict[str, Any]] = {}
        self._version = 100

    def error(self, status: int, text: str) -> Reply:
        return Reply(
            status, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": text, "code": status}
        )

    def answer(self, request: Request) -> Reply:
        if request.headers["Authorization"] != f"Bearer {TOKEN}":
            return self.error(401, "Unauthorized")
        _, _, _, _, namespace, _, *names = request.path.split("/")
        if request.verb in self.refused:
            return self.error(403, 'secrets "openai" is forbidden: User "ci" cannot do this in the namespace "team"')
        if request.verb == "POST":
            return self._create(namespace, request)
        (name,) = names
        if namespace != NAMESPACE or name not in self.secrets:
            return self.error(404, f'secrets "{name}" not found')
        if request.verb == "PATCH":
            return self._patch(name, request)
        if request.verb == "DELETE":
            return self._delete(name, request.json.get("preconditions", {}))
        return Reply(200, self.secrets[name])

    def put(self, name: str, data: dict[str, str], **metadata: Any) -> None:
        """Create a secret, or replace it."""
        old = self.secrets.get(name, {}).get("metadata", {})
        encoded = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
        self.secrets[name] = {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": name, "namespace": NAMESPACE, "uid": str(uuid.uuid4()), **old, **metadata}
            | {"resourceVersion": self._next()},
            "type": "Opaque",
            "data": encoded,
        }

    def values(self, name: str) -> dict[str, str]:
        data = self.secrets[name].get("data") or {}
        return {key: base64.b64decode(value).decode(errors="replace") for key, value in data.items()}

    def _next(self) -> str:
        self._version += 1
        return str(self._version)

    def _create(self, namespace: str, request: Request) -> Reply:
        body = request.json
        name = body["metadata"]["name"]
        if namespace != NAMESPACE:
            return self.error(404, f'namespaces "{namespace}" not found')
        if name in self.secrets:
            return self.error(409, f'secrets "{name}" already exists')
        given = {"namespace": namespace, "uid": str(uuid.uuid4()), "resourceVersion": self._next()}
        return self._stored(name, {**body, "metadata": {**body["metadata"], **given}}, request, 201)

    def _patch(self, name: str, request: Request) -> Reply:
        assert request.headers["Content-Type"] in {
            "application/merge-patch+json",
            "application/strategic-merge-patch+json",
        }
        body, old = request.json, self.secrets[name]
        wanted = body.get("metadata", {}).get("resourceVersion")
        if wanted not in {None, old["metadata"]["resourceVersion"]}:
            return self.error(409, f'Operation cannot be fulfilled on secrets "{name}": the object has been modified')
        if old.get("immutable"):
            return self.error(
                422, f'Secret "{name}" is invalid: data: Forbidden: field is immutable when `immutable` is set'
            )
        data = {**(old.get("data") or {}), **body["data"]}
        changed = {
            **old,
            "metadata": {**old["metadata"], "resourceVersion": self._next()},
            "data": {key: value for key, value in data.items() if value is not None},
        }
        return self._stored(name, changed, request, 200)

    def _stored(self, name: str, secret: dict[str, Any], request: Request, status: int) -> Reply:
        if request.query.get("dryRun") != "All":
            self.secrets[name] = secret
        return Reply(status, secret)

    def _delete(self, name: str, preconditions: dict[str, str]) -> Reply:
        metadata = self.secrets[name]["metadata"]
        if any(metadata[key] != value for key, value in preconditions.items()):
            return self.error(409, "Precondition failed")
        del self.secrets[name]
        return Reply(200, {"kind": "Status", "status": "Success"})


class Kubernetes(MemberStore):
    elsewhere: ClassVar = {"namespace": [".."], "name": ["\ud800"]}
    server: FakeKubernetes
    fake = FakeKubernetes
    refusals: ClassVar = {
        "no permission": (
            server(refused={"PATCH"}),
            "check",
            'secrets "openai" is forbidden: User "ci" cannot do this',
            f"Grant the permissions ({page('kubernetes')})",
        ),
        "no cluster": (
            variables(KUBECONFIG="/nowhere"),
            "check",
            "there is no configuration of a cluster",
            "Set KUBECONFIG",
        ),
    }
    removals: ClassVar = {
        "created": (False, lambda store: store.server.secrets, {}),
        "existing": (True, lambda store: {name: store.document() for name in store.server.secrets}, {"openai": {}}),
    }

    def set_up(self, place: Place) -> None:
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "test",
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
            "clusters": [{"name": "test", "cluster": {"server": self.server.url}}],
            "users": [{"name": "test", "user": {"token": TOKEN}}],
        }
        file = place.folder / "kubeconfig"
        file.write_text(json.dumps(config), encoding="utf-8")  # which is YAML, too
        place.patch.setenv("KUBECONFIG", str(file))
        self.destination = KubernetesSecret(namespace=NAMESPACE, name="openai", key="api_key")

    def accepted(self, request: Request) -> Reply:
        if request.verb == "PATCH":
            return self.server.error(404, "not found")
        return Reply(200, {"metadata": {"resourceVersion": "1"}, "kind": "Secret"})

    def document(self) -> dict[str, str]:
        return self.server.values("openai") if "openai" in self.server.secrets else {}

    def put_member(self, name: str, value: str) -> None:
        self.server.put("openai", {**self.document(), name: value})

    def put_text(self, text: str) -> None:
        """One key has the text, which is no document for Kubernetes, and one has bytes that are none."""
        self.put_member("config.json", text)
        self.server.secrets["openai"]["data"]["bytes"] = "//79/A=="

    def document_text(self) -> str:
        secret = self.server.secrets["openai"]
        decoded = {key: base64.b64decode(value).decode("latin-1") for key, value in secret["data"].items()}
        return json.dumps({**secret, "metadata": {**secret["metadata"], "resourceVersion": ""}, "data": decoded})
