"""A class name is defined once in the package, so that it says which class is meant.

The exceptions are pairs of classes for one thing in two layers. Each entry has the two folders, and the reason.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pulumi_openai_admin

PACKAGE = Path(pulumi_openai_admin.__file__).parent

SHARED = {
    ("emulator/api", "handlers"): (
        "The emulator's endpoints of a kind of object, and the provider's handler of them. Both have OpenAI's name.",
        {
            *("AdminApiKeys", "Certificates", "Costs", "ExternalKeys", "FederationRules", "GroupUsers", "Groups"),
            *("Invites", "ProjectGroups", "ProjectUsers", "Projects", "RoleAssignments", "Roles", "ServiceAccounts"),
            *("WebhookEndpoints", "WorkloadIdentityProviders"),
        },
    ),
    ("emulator/api", "resources"): (
        "The emulator's endpoints or body of a request, and the resource or structure that programs write.",
        {
            *("AttributeTransformation", "Discovery", "ExternalStorage", "GroupRoles", "OrganizationDataRetention"),
            *("OrganizationSpendLimit", "ProjectDataRetention", "ProjectGroupRoles", "ProjectSpendLimit"),
            *("ProjectUserRoles", "Restricted", "UploadedJwks", "UserRoles"),
        },
    ),
    ("emulator/handlers", "handlers"): (
        "A shape of endpoints: how the emulator serves it, and what the verbs of the provider mean for it.",
        {"Collection", "Membership", "OptionalSetting", "Setting"},
    ),
    ("emulator/handlers", "http"): (
        "How OpenAI's lists are paged: as the emulator does it, and as the client reads it.",
        {"Paging"},
    ),
    ("emulator/handlers", "data_sources"): (
        "A report of usage or costs: as the emulator replies, and as programs read it.",
        {"Report"},
    ),
    ("delivery", "program"): (
        "A secret store: how a key gets there, and the class that programs name it with.",
        {
            *("AwsSecretsManager", "AzureKeyVault", "Command", "GcpSecretManager", "GitHubActionsSecret"),
            *("KubernetesSecret", "PulumiEsc", "Vault"),
        },
    ),
    ("hosts/dynamic", "hosts/native"): ("The process of each of the two providers.", {"Process"}),
}


def definitions() -> dict[str, list[str]]:
    """By class name, the modules that define it."""
    found = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(path.relative_to(PACKAGE).as_posix())
    return found


def test_a_class_name_is_defined_once_except_in_two_layers_for_one_thing() -> None:
    several = {name: modules for name, modules in definitions().items() if len(modules) > 1}
    folders = {name: pair for pair, (_, names) in SHARED.items() for name in names}
    assert several.keys() == folders.keys()
    for name, modules in several.items():
        assert [path.startswith(f"{folder}/") for path, folder in zip(modules, sorted(folders[name]), strict=True)] == [
            True,
            True,
        ], name
