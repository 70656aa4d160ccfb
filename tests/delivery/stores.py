"""The secret stores for tests: a server, the destination in it, and what a reader of the secret gets."""

from __future__ import annotations

import base64
import json
import ssl
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

import boto3
import pytest
import trustme
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from nacl.public import PrivateKey

from pulumi_openai_admin.delivery.aws_secrets_manager import AwsSecretsManager
from pulumi_openai_admin.delivery.azure_key_vault import AzureKeyVault
from pulumi_openai_admin.delivery.gcp_secret_manager import GcpSecretManager
from pulumi_openai_admin.delivery.github_actions_secret import GitHubActionsSecret
from pulumi_openai_admin.delivery.kubernetes_secret import KubernetesSecret
from pulumi_openai_admin.delivery.pulumi_esc import PulumiEsc
from pulumi_openai_admin.delivery.secret_store import DeliveryError
from pulumi_openai_admin.delivery.vault import Vault
from tests.delivery import fake_azure, fake_github, fake_google, fake_kubernetes, fake_pulumi_esc, fake_vault
from tests.delivery.fake_store import Reply
from tests.delivery.moto_aws import MotoAws

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from pulumi_openai_admin.delivery.secret_store import SecretStore
    from tests.delivery.fake_store import FakeStore, Request

REGION = "eu-central-1"
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


class Store(ABC):
    """A running store, and a destination in it."""

    fake: ClassVar[type[FakeStore]]
    server: FakeStore
    destination: SecretStore
    has_proxies = False
    """Whether the client takes proxies from `HTTP_PROXY`."""
    server_variable = ""
    """The variable of the environment with the URL of the server."""
    has_urls = True
    """Whether properties are parts of URLs."""
    elsewhere: ClassVar[Mapping[str, Sequence[str]]] = {}
    """Values of properties that lead to another place."""

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

    def value(self) -> str | None:
        return self.document().get(self.member)

    def put(self, value: str) -> None:
        self.put_member(self.member, value)

    def members(self) -> dict[str, str]:
        """The other members of the document."""
        return {name: value for name, value in self.document().items() if name != self.member}


class Aws(Store):
    server_variable = "AWS_ENDPOINT_URL"
    has_urls = False
    fake = MotoAws

    def set_up(self, place: Place) -> None:
        for name, value in {
            "AWS_ENDPOINT_URL": self.server.url,
            "AWS_ACCESS_KEY_ID": "made-up",
            "AWS_SECRET_ACCESS_KEY": "made-up",
            "AWS_CONFIG_FILE": str(place.folder / "none"),
        }.items():
            place.patch.setenv(name, value)
        assert isinstance(self.server, MotoAws)
        self.owner = boto3.client("secretsmanager", region_name=REGION, endpoint_url=self.server.moto_url)
        self.owner.create_secret(Name="ci/openai", SecretString=self.first)
        self.destination = AwsSecretsManager(secret_id="ci/openai", region=REGION, json_key=self.json_key)

    first = "by hand"
    json_key: str | None = None

    def value(self) -> str | None:
        return self.text()

    def text(self) -> str:
        # Without the label Moto gives the version that was put last; AWS gives this one.
        return self.owner.get_secret_value(SecretId="ci/openai", VersionStage="AWSCURRENT")["SecretString"]

    def put(self, value: str) -> None:
        self.owner.put_secret_value(SecretId="ci/openai", SecretString=value)


class AwsProperty(MemberStore, Aws):
    first = '{"user": "ada"}'
    json_key = "api_key"

    def document(self) -> dict[str, str]:
        document: dict[str, str] = json.loads(self.text())
        return document

    def put_member(self, name: str, value: str) -> None:
        document = json.dumps({**self.document(), name: value})
        self.owner.put_secret_value(SecretId="ci/openai", SecretString=document)


class VaultField(MemberStore):
    has_proxies = True
    elsewhere: ClassVar = {"path": ["ci/../../sys/policy"], "mount": ["/"]}
    server: fake_vault.FakeVault
    fake = fake_vault.FakeVault

    def set_up(self, place: Place) -> None:
        place.patch.setenv("VAULT_TOKEN", fake_vault.TOKEN)
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


class Gcp(Store):
    has_proxies = True
    server_variable = "CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER"
    elsewhere: ClassVar = {"project": ["."], "secret": ["../x"]}
    server: fake_google.FakeGoogle
    fake = fake_google.FakeGoogle

    def set_up(self, place: Place) -> None:
        account = {
            "type": "service_account",
            "client_email": "ci@acme.example",
            "private_key_id": "1",
            "private_key": _private_key(),
            "token_uri": f"{self.server.url}/token",
            "project_id": "acme",
        }
        file = place.folder / "account.json"
        file.write_text(json.dumps(account), encoding="utf-8")
        place.patch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
        place.patch.setenv("CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER", f"{self.server.url}/")
        self.destination = GcpSecretManager(project="acme", secret="openai")

    def accepted(self, request: Request) -> Reply:  # noqa: ARG002
        return Reply(200, {"permissions": ["secretmanager.versions.add"], "name": "versions/1"})

    def value(self) -> str | None:
        versions = self.server.secrets[fake_google.SECRET]
        value: str | None = versions[-1]["value"] if versions else None
        return value

    def put(self, value: str) -> None:
        versions = self.server.secrets[fake_google.SECRET]
        name = f"{fake_google.SECRET}/versions/{len(versions) + 1}"
        versions.append({"name": name, "state": "ENABLED", "value": value})


class Azure(Store):
    elsewhere: ClassVar = {"name": [".."]}
    server: fake_azure.FakeAzure

    def make_server(self, place: Place) -> FakeStore:
        return secured(fake_azure.FakeAzure(), place)

    def set_up(self, place: Place) -> None:
        for name, value in {
            "REQUESTS_CA_BUNDLE": str(place.folder / AUTHORITY),
            "AZURE_TOKEN_CREDENTIALS": "ManagedIdentityCredential",
            "IDENTITY_ENDPOINT": f"{self.server.url}/token",
            "IDENTITY_HEADER": "made-up",
        }.items():
            place.patch.setenv(name, value)
        self.destination = AzureKeyVault(vault_url=self.server.url, name=fake_azure.NAME)

    def accepted(self, request: Request) -> Reply:
        attributes = {"enabled": True, "created": 1, "updated": 1}
        version = {"id": f"{self.server.url}/secrets/n/1", "attributes": attributes}
        is_list = request.path.endswith("/versions") and request.verb == "GET"
        return Reply(200, {"value": [version], "nextLink": None} if is_list else {**version, "value": "x"})

    def value(self) -> str | None:
        versions = self.server.versions
        value: str | None = versions[-1]["value"] if versions and versions[-1]["enabled"] else None
        return value

    def put(self, value: str) -> None:
        self.server._set({"value": value})


class GitHub(Store):
    has_proxies = True
    server_variable = "GITHUB_API_URL"
    elsewhere: ClassVar[Mapping[str, Sequence[str]]] = {"repository": ["o/r/../../other/repo", "repo"], "name": [".."]}
    server: fake_github.FakeGitHub
    fake = fake_github.FakeGitHub
    path = f"{fake_github.REPOSITORY}/OPENAI_API_KEY"
    environment: str | None = None

    def set_up(self, place: Place) -> None:
        place.patch.setenv("GITHUB_TOKEN", fake_github.TOKEN)
        place.patch.setenv("GITHUB_API_URL", self.server.url)
        self.destination = GitHubActionsSecret(
            repository="acme/app", name="OPENAI_API_KEY", environment=self.environment
        )

    def accepted(self, request: Request) -> Reply:  # noqa: ARG002
        key = base64.b64encode(bytes(PrivateKey.generate().public_key)).decode()
        return Reply(200, {"key": key, "key_id": "1", "updated_at": "1"})

    def value(self) -> str | None:
        return self.server.secrets.get(self.path, {}).get("value")

    def put(self, value: str) -> None:
        self.server.set(self.path, value)


class GitHubEnvironment(GitHub):
    path = f"{fake_github.ENVIRONMENT}/OPENAI_API_KEY"
    environment = "prod/eu"
    elsewhere: ClassVar = {"environment": [""]}


class Kubernetes(MemberStore):
    elsewhere: ClassVar = {"namespace": [".."], "name": ["\ud800"]}
    server: fake_kubernetes.FakeKubernetes
    fake = fake_kubernetes.FakeKubernetes

    def set_up(self, place: Place) -> None:
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "test",
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
            "clusters": [{"name": "test", "cluster": {"server": self.server.url}}],
            "users": [{"name": "test", "user": {"token": fake_kubernetes.TOKEN}}],
        }
        file = place.folder / "kubeconfig"
        file.write_text(json.dumps(config), encoding="utf-8")  # which is YAML, too
        place.patch.setenv("KUBECONFIG", str(file))
        self.destination = KubernetesSecret(namespace=fake_kubernetes.NAMESPACE, name="openai", key="api_key")

    def accepted(self, request: Request) -> Reply:
        if request.verb == "PATCH":
            return self.server.error(404, "not found")
        return Reply(200, {"metadata": {"resourceVersion": "1"}, "kind": "Secret"})

    def document(self) -> dict[str, str]:
        return self.server.values("openai") if "openai" in self.server.secrets else {}

    def put_member(self, name: str, value: str) -> None:
        self.server.put("openai", {**self.document(), name: value})


class Esc(MemberStore):
    has_proxies = True
    server_variable = "PULUMI_BACKEND_URL"
    elsewhere: ClassVar = {"environment": ["acme/../openai", "ci/openai"]}
    member = "key"
    server: fake_pulumi_esc.FakePulumiEsc
    fake = fake_pulumi_esc.FakePulumiEsc
    destination: PulumiEsc

    def set_up(self, place: Place) -> None:
        for name in ("PULUMI_API", "PULUMI_HOME", "PULUMI_CREDENTIALS_PATH"):
            place.patch.delenv(name, raising=False)
        place.patch.setenv("PULUMI_BACKEND_URL", self.server.url)
        place.patch.setenv("PULUMI_ACCESS_TOKEN", fake_pulumi_esc.TOKEN)
        self.destination = PulumiEsc(environment=fake_pulumi_esc.NAME, path="openai.key")

    def accepted(self, request: Request) -> Reply:  # noqa: ARG002
        return Reply(200, b"values: {openai: {key: x}}", {"ETag": "1", "Pulumi-ESC-Revision": "1"})

    def document(self) -> dict[str, str]:
        return self.server.opened().get("openai") or {}

    def put_member(self, name: str, value: str) -> None:
        secrets = {key: {"fn::secret": text} for key, text in {**self.document(), name: value}.items()}
        self.server.put(json.dumps({"values": {"openai": secrets}}))  # which is YAML, too


ALL: dict[str, type[Store]] = {
    "AWS": Aws,
    "AWS property": AwsProperty,
    "Vault": VaultField,
    "Google Cloud": Gcp,
    "Azure": Azure,
    "GitHub": GitHub,
    "GitHub environment": GitHubEnvironment,
    "Kubernetes": Kubernetes,
    "Pulumi ESC": Esc,
}
WITH_MEMBERS = {name: kind for name, kind in ALL.items() if issubclass(kind, MemberStore)}


@cache
def _private_key() -> str:
    """A key for a service account. It takes a while to make, so there is one."""
    key: Any = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return str(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())


def refusal(verb: Callable[[], object]) -> str:
    """The error of a verb that fails."""
    with pytest.raises(DeliveryError) as caught:
        verb()
    assert "\n" not in str(caught.value)
    return str(caught.value)
