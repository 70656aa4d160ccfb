"""The destinations of keys, by their name in `deliver_to`.

Each is a class in a separate module, which is imported when it is used. Its constructor takes the properties of its
structure in `program/key_delivery.py` by name.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.delivery.secret_store import SecretStore

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.delivery.destination import Destination


ALL = {
    "command": "Command",
    "aws_secrets_manager": "AwsSecretsManager",
    "vault": "Vault",
    "gcp_secret_manager": "GcpSecretManager",
    "azure_key_vault": "AzureKeyVault",
    "github_actions_secret": "GitHubActionsSecret",
    "kubernetes_secret": "KubernetesSecret",
    "pulumi_esc": "PulumiEsc",
}
"""The class of each destination. Its module is named after its entry."""


def destination_of(deliver_to: Mapping[str, Any]) -> Destination:
    """The destination that `deliver_to` describes: its only property is the name of the kind.

    Raises:
        DeliveryError: The client of the store is not installed.
    """
    ((name, properties),) = deliver_to.items()
    module = import_module(f"{__package__}.{name}")
    destination: Destination = getattr(module, ALL[name])(**properties)
    if isinstance(destination, SecretStore):
        destination.require_client()
    return destination
