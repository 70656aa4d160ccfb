"""AWS Secrets Manager by Moto's server, behind a server of ours that can fail."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

import boto3
import requests
from moto.backends import get_backend
from moto.server import ThreadedMotoServer

from pulumi_openai_admin.delivery.aws_secrets_manager import AwsSecretsManager
from pulumi_openai_admin.delivery.secret_store import REMOVED
from tests.delivery.fake_store import FakeStore, MemberStore, Place, Reply, Request, Store, page, server, variables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TARGET = "secretsmanager."


class MotoAws(FakeStore):
    def __init__(self) -> None:
        super().__init__()
        self._moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        self._session = requests.Session()
        self._session.trust_env = False  # the tests set proxies and passwords for the client

    def start(self) -> None:
        self._moto.start()
        super().start()

    def stop(self) -> None:
        super().stop()
        for backend in _backends():
            backend.reset()
        self._moto.stop()

    @property
    def moto_url(self) -> str:
        host, port = self._moto.get_host_and_port()
        return f"http://{host}:{port}"

    def error(self, status: int, text: str) -> Reply:
        code = {400: "LimitExceededException", 403: "AccessDeniedException"}.get(status, "InternalServiceError")
        return Reply(status, {"__type": code, "message": text})

    def is_write(self, request: Request) -> bool:
        return _operation(request.headers) in {"PutSecretValue", "UpdateSecretVersionStage"}

    def answer(self, request: Request) -> Reply:
        if _operation(request.headers) in self.refused:
            return self.error(
                403, f"User: arn:aws:iam::123456789012:user/ci is not authorized to perform {request.path}"
            )
        reply = self._session.request(
            request.verb, self.moto_url + request.path, headers=dict(request.headers), data=request.body, timeout=60
        )
        if _operation(request.headers) == "UpdateSecretVersionStage":
            _follow_labels()
        return Reply(reply.status_code, reply.content)


def _follow_labels() -> None:
    """Moto takes the version that was put last for the current one, even if the label AWSCURRENT was moved since."""
    for backend in _backends():
        for secret in backend.secrets.values():
            for version, properties in secret.versions.items():
                if "AWSCURRENT" in properties["version_stages"]:
                    secret.set_default_version_id(version)


def _backends() -> Iterator[Any]:
    """Moto's stores in this process, which all of its servers share."""
    for by_region in get_backend("secretsmanager").values():
        yield from by_region.values()


def _operation(headers: Mapping[str, str]) -> str:
    return headers.get("X-Amz-Target", "").removeprefix(_TARGET)


REGION = "eu-central-1"


class Aws(Store):
    server_variable = "AWS_ENDPOINT_URL"
    has_urls = False
    fake = MotoAws
    refusals: ClassVar = {
        "no permission": (
            server(refused={"PutSecretValue"}),
            "deliver",
            "AWS returned AccessDeniedException: User: arn:aws:iam::123456789012:user/ci is not authorized",
            f"Allow it by a policy ({page('aws-secrets-manager')})",
        ),
        "no credentials": (
            variables(AWS_ACCESS_KEY_ID=None, AWS_EC2_METADATA_DISABLED="true"),
            "check",
            "Unable to locate credentials. Set AWS_PROFILE",
        ),
        "an unknown profile": (
            variables(AWS_PROFILE="nobody"),
            "check",
            "The config profile (nobody) could not be found. Set AWS_PROFILE",
        ),
    }
    removals: ClassVar = {"existing": (True, lambda store: store.value(), REMOVED)}

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
        try:
            text = self.text()
        except self.owner.exceptions.ResourceNotFoundException:  # there is no value yet
            return {}
        document: dict[str, str] = json.loads(text)
        return document

    def put_member(self, name: str, value: str) -> None:
        document = json.dumps({**self.document(), name: value})
        self.owner.put_secret_value(SecretId="ci/openai", SecretString=document)

    def put_text(self, text: str) -> None:
        self.owner.put_secret_value(SecretId="ci/openai", SecretString=text)

    def document_text(self) -> str:
        return self.text()

    def empty(self) -> None:
        self.owner.delete_secret(SecretId="ci/openai", ForceDeleteWithoutRecovery=True)
        self.owner.create_secret(Name="ci/openai")
