"""Where a key is delivered instead of being kept in the state: an input of every resource that creates a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

import pulumi  # noqa: TC002 - annotations are read at run time
from typing_extensions import Unpack

from pulumi_openai_admin.program.provider import PUBLIC_MODULE
from pulumi_openai_admin.schema.rules import ExactlyOneProperty, Needs, Shorter
from pulumi_openai_admin.schema.shapes import KeyedList


class RetiringApiKey(TypedDict):
    """An old key that still works after a rotation."""

    api_key_id: str
    """The key's id (`key_…`)."""
    ends_at: int
    """The end of the overlap, in seconds since 1970 (UTC). The first update after that time revokes the key."""


RETIRING_API_KEYS = KeyedList(("api_key_id",), "ends_at")
"""Handlers have the time by the key's id."""
KEY_RULES = (
    ExactlyOneProperty("deliver_to"),
    Needs("overlap", "rotate_every"),
    Shorter("overlap", "rotate_every", otherwise="the next rotation comes while an old key still works"),
    Shorter("rotate_every", "expires_in_seconds", otherwise="the key expires before it is rotated"),
)
"""The conditions between the inputs of a key that can be rotated."""


class DeliverToCommand(TypedDict):
    """A command that gets the key on standard input, without a line break."""

    arguments: pulumi.Input[Sequence[pulumi.Input[str]]]
    """The program and its arguments. No shell runs them."""
    check_arguments: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """A command that succeeds if a key can be delivered. It runs before a key is created."""
    timeout_seconds: NotRequired[pulumi.Input[int]]
    """The time limit of each command, in seconds; the default is 60."""
    show_errors: NotRequired[pulumi.Input[bool]]
    """Whether the error of a failed delivery shows the end of the command's standard error. It may contain the key in a
    form that is not masked. The default is `False`."""
    environment: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """The names of environment variables that the commands also get. By default, they get all variables of the provider
    except those whose names begin with `OPENAI_` or `PULUMI_`, and those that contain an Admin API key."""


class DeliverToAwsSecretsManager(TypedDict):
    """A secret in AWS Secrets Manager."""

    secret_id: pulumi.Input[str]
    """The name or the ARN of the secret."""
    region: pulumi.Input[str]
    """The region of the secret, for example `eu-central-1`."""
    json_key: NotRequired[pulumi.Input[str]]
    """The property to set, in a secret that is a JSON object."""


class DeliverToVault(TypedDict):
    """A field of a secret in the KV version 2 engine of HashiCorp Vault or OpenBao."""

    path: pulumi.Input[str]
    """The path of the secret in the engine."""
    mount: pulumi.Input[str]
    """The path at which the engine is mounted."""
    field: pulumi.Input[str]
    """The field to set."""
    address: pulumi.Input[str]
    """The URL of the server."""


class DeliverToGcpSecretManager(TypedDict):
    """A secret in Google Cloud Secret Manager."""

    project: pulumi.Input[str]
    """The project in Google Cloud."""
    secret: pulumi.Input[str]
    """The name of the secret, which must exist."""


class DeliverToAzureKeyVault(TypedDict):
    """A secret in Azure Key Vault."""

    vault_url: pulumi.Input[str]
    """The URL of the vault: `https://<vault>.vault.azure.net`."""
    name: pulumi.Input[str]
    """The name of the secret."""


class DeliverToGitHubActionsSecret(TypedDict):
    """A secret of GitHub Actions."""

    repository: pulumi.Input[str]
    """The repository: `<owner>/<name>`."""
    name: pulumi.Input[str]
    """The name of the secret."""
    environment: NotRequired[pulumi.Input[str]]
    """The environment of the repository. If omitted, the secret belongs to the repository."""


class DeliverToKubernetesSecret(TypedDict):
    """A key of a Kubernetes secret."""

    namespace: pulumi.Input[str]
    """The namespace of the secret."""
    name: pulumi.Input[str]
    """The name of the secret."""
    key: pulumi.Input[str]
    """The key in the secret."""


class DeliverToPulumiEsc(TypedDict):
    """A secret value in an environment of Pulumi ESC."""

    environment: pulumi.Input[str]
    """The environment: `<organization>/<project>/<environment>`."""
    path: pulumi.Input[str]
    """The property path of the secret value in the `values` of the environment."""


class DeliverTo(TypedDict, total=False):
    """Where a key is delivered. Exactly one property is set."""

    command: pulumi.Input[DeliverToCommand]
    """A command that receives the key on standard input."""
    aws_secrets_manager: pulumi.Input[DeliverToAwsSecretsManager]
    """A secret in AWS Secrets Manager, or one property of it."""
    vault: pulumi.Input[DeliverToVault]
    """A field of a secret in HashiCorp Vault or OpenBao (KV version 2)."""
    gcp_secret_manager: pulumi.Input[DeliverToGcpSecretManager]
    """A secret in Google Cloud Secret Manager."""
    azure_key_vault: pulumi.Input[DeliverToAzureKeyVault]
    """A secret in Azure Key Vault."""
    github_actions_secret: pulumi.Input[DeliverToGitHubActionsSecret]
    """A secret of a repository, or of its environment, for GitHub Actions."""
    kubernetes_secret: pulumi.Input[DeliverToKubernetesSecret]
    """A key of a Kubernetes secret."""
    pulumi_esc: pulumi.Input[DeliverToPulumiEsc]
    """A secret value in an environment of Pulumi ESC."""


class Store(dict[str, Any]):
    """A `DeliverTo` with one property, made by the class that is named after it."""


class Command(Store):
    """Delivers a key to a command, on standard input and without a line break.

    Args:
        arguments: The program and its arguments. No shell runs them.
        options: See `DeliverToCommand`.
    """

    def __init__(
        self,
        arguments: pulumi.Input[Sequence[pulumi.Input[str]]],
        *,
        check_arguments: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        timeout_seconds: pulumi.Input[int] | None = None,
        show_errors: pulumi.Input[bool] | None = None,
        environment: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
    ) -> None:
        properties = {
            "arguments": arguments,
            "check_arguments": check_arguments,
            "timeout_seconds": timeout_seconds,
            "show_errors": show_errors,
            "environment": environment,
        }
        super().__init__(command={name: value for name, value in properties.items() if value is not None})


class AwsSecretsManager(Store):
    """Delivers a key to a secret in AWS Secrets Manager; see `DeliverToAwsSecretsManager`."""

    def __init__(self, **properties: Unpack[DeliverToAwsSecretsManager]) -> None:
        super().__init__(aws_secrets_manager=properties)


class Vault(Store):
    """Delivers a key to HashiCorp Vault or OpenBao; see `DeliverToVault`."""

    def __init__(self, **properties: Unpack[DeliverToVault]) -> None:
        super().__init__(vault=properties)


class GcpSecretManager(Store):
    """Delivers a key to a secret in Google Cloud Secret Manager; see `DeliverToGcpSecretManager`."""

    def __init__(self, **properties: Unpack[DeliverToGcpSecretManager]) -> None:
        super().__init__(gcp_secret_manager=properties)


class AzureKeyVault(Store):
    """Delivers a key to a secret in Azure Key Vault; see `DeliverToAzureKeyVault`."""

    def __init__(self, **properties: Unpack[DeliverToAzureKeyVault]) -> None:
        super().__init__(azure_key_vault=properties)


class GitHubActionsSecret(Store):
    """Delivers a key to a secret of GitHub Actions; see `DeliverToGitHubActionsSecret`."""

    def __init__(self, **properties: Unpack[DeliverToGitHubActionsSecret]) -> None:
        super().__init__(github_actions_secret=properties)


class KubernetesSecret(Store):
    """Delivers a key to a Kubernetes secret; see `DeliverToKubernetesSecret`."""

    def __init__(self, **properties: Unpack[DeliverToKubernetesSecret]) -> None:
        super().__init__(kubernetes_secret=properties)


class PulumiEsc(Store):
    """Delivers a key to an environment of Pulumi ESC; see `DeliverToPulumiEsc`."""

    def __init__(self, **properties: Unpack[DeliverToPulumiEsc]) -> None:
        super().__init__(pulumi_esc=properties)


for _type in [*vars().values()]:
    if isinstance(_type, type) and _type.__module__ == __name__ and _type is not Store:
        _type.__module__ = PUBLIC_MODULE
