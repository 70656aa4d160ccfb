"""The destinations of keys, by their name in `deliver_to`.

Each is a class in a module of its own, which is imported when it is used. Its constructor takes the properties of its
structure in `dynamic/key_delivery.py` by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.delivery.destination import DeliveryError
from pulumi_openai_admin.remedies import RUN_AGAIN, Advice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.delivery.destination import Destination


@dataclass(frozen=True)
class _Kind:
    """One kind of destination."""

    name: str
    """The class. Its module is named after its entry."""
    words: str
    """What it is, for messages."""
    extra: str = ""
    """The extra of this package that installs its client; empty if it needs none."""


ALL = {
    "command": _Kind("Command", "a command"),
    "aws_secrets_manager": _Kind("AwsSecretsManager", "AWS Secrets Manager", "deliver-aws"),
    "vault": _Kind("Vault", "Vault", "deliver-vault"),
    "gcp_secret_manager": _Kind("GcpSecretManager", "Google Cloud Secret Manager", "deliver-gcp"),
    "azure_key_vault": _Kind("AzureKeyVault", "Azure Key Vault", "deliver-azure"),
    "github_actions_secret": _Kind("GitHubActionsSecret", "GitHub Actions", "deliver-github"),
    "kubernetes_secret": _Kind("KubernetesSecret", "Kubernetes", "deliver-kubernetes"),
}


def destination_of(deliver_to: Mapping[str, Any]) -> Destination:
    """The destination that `deliver_to` describes: its only property is the name of the kind.

    Raises:
        DeliveryError: The client of the store is not installed.
    """
    ((name, properties),) = deliver_to.items()
    kind = ALL[name]
    try:
        module = import_module(f"{__package__}.{name}")
    except ImportError as missing:
        what = f"Keys can't be delivered to {kind.words}: its client is not installed ({missing.name})"
        install = f"Run `pip install 'pulumi-openai-admin[{kind.extra}]'` where the provider is installed, then "
        raise DeliveryError(what, Advice(install, RUN_AGAIN, ".")) from missing
    destination: Destination = getattr(module, kind.name)(**properties)
    return destination
