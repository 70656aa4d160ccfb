"""Where a key is delivered instead of being kept in the state: an input of every resource that creates a key."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003 - annotations are read at run time
from typing import Any, TypedDict

import pulumi  # noqa: TC002 - the same
from typing_extensions import NotRequired, Unpack

from pulumi_openai_admin.program.provider_reference import PUBLIC_MODULE


class DeliverToCommand(TypedDict):
    """A command that gets the key on standard input, without a line break.

    `arguments` is the program and its arguments; no shell runs them. `check_arguments` is a command that succeeds if a
    key can be delivered; it is run before a key is created. Each of them may take `timeout_seconds`, by default 60.
    """

    arguments: pulumi.Input[Sequence[pulumi.Input[str]]]
    check_arguments: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    timeout_seconds: NotRequired[pulumi.Input[int]]


class DeliverToAwsSecretsManager(TypedDict):
    """A secret in AWS Secrets Manager. `json_key` is the property to set in a secret that is a JSON object."""

    secret_id: pulumi.Input[str]
    region: pulumi.Input[str]
    json_key: NotRequired[pulumi.Input[str]]


class DeliverToVault(TypedDict):
    """A field of a secret in the KV version 2 engine of HashiCorp Vault or OpenBao."""

    path: pulumi.Input[str]
    mount: pulumi.Input[str]
    field: pulumi.Input[str]
    address: pulumi.Input[str]


class DeliverToGcpSecretManager(TypedDict):
    """A secret in Google Cloud Secret Manager."""

    project: pulumi.Input[str]
    secret: pulumi.Input[str]


class DeliverToAzureKeyVault(TypedDict):
    """A secret in Azure Key Vault. `vault_url` has the form `https://<vault>.vault.azure.net`."""

    vault_url: pulumi.Input[str]
    name: pulumi.Input[str]


class DeliverToGitHubActionsSecret(TypedDict):
    """A secret of GitHub Actions. `repository` has the form `<owner>/<name>`."""

    repository: pulumi.Input[str]
    name: pulumi.Input[str]
    environment: NotRequired[pulumi.Input[str]]


class DeliverToKubernetesSecret(TypedDict):
    """A key of a Kubernetes secret."""

    namespace: pulumi.Input[str]
    name: pulumi.Input[str]
    key: pulumi.Input[str]


class DeliverToPulumiEsc(TypedDict):
    """A secret value in an environment of Pulumi ESC.

    `environment` has the form `<organization>/<project>/<environment>`. `path` is a property path in its `values`.
    """

    environment: pulumi.Input[str]
    path: pulumi.Input[str]


class DeliverTo(TypedDict, total=False):
    """Where a key is delivered. Exactly one property is set."""

    command: pulumi.Input[DeliverToCommand]
    aws_secrets_manager: pulumi.Input[DeliverToAwsSecretsManager]
    vault: pulumi.Input[DeliverToVault]
    gcp_secret_manager: pulumi.Input[DeliverToGcpSecretManager]
    azure_key_vault: pulumi.Input[DeliverToAzureKeyVault]
    github_actions_secret: pulumi.Input[DeliverToGitHubActionsSecret]
    kubernetes_secret: pulumi.Input[DeliverToKubernetesSecret]
    pulumi_esc: pulumi.Input[DeliverToPulumiEsc]


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
    ) -> None:
        properties = {"arguments": arguments, "check_arguments": check_arguments, "timeout_seconds": timeout_seconds}
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


_TARGETS = (
    DeliverToCommand,
    DeliverToAwsSecretsManager,
    DeliverToVault,
    DeliverToGcpSecretManager,
    DeliverToAzureKeyVault,
    DeliverToGitHubActionsSecret,
    DeliverToKubernetesSecret,
    DeliverToPulumiEsc,
)
for _type in (DeliverTo, *_TARGETS, *Store.__subclasses__()):
    _type.__module__ = PUBLIC_MODULE
