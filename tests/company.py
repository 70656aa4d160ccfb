"""An organization in the emulator that has every kind of object that can be imported, and some that can't."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.emulator.store.catalogue import REQUESTS
from tests.by_hand import request, send
from tests.host.scenarios import SCENARIOS
from tests.host.scenarios.spending import ALERT, LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.emulator.process import EmulatorServer

PEM = (Path(__file__).parents[1] / "examples" / "organization" / "mtls.pem").read_text(encoding="utf-8")
SHOP = {"project_id": "proj_shop"}
TAKES = {"permissions": ["api.model.read", "api.groups.read"]}


def spend_alert(amount: int, *recipients: str, **others: str) -> dict[str, Any]:
    """An alert, as OpenAI takes it."""
    return ALERT.sent({"threshold_amount": amount, "recipients": [*recipients], **others})


def spend_limit(amount: int) -> dict[str, Any]:
    """A limit, as OpenAI takes it."""
    return LIMIT.sent({"threshold_amount": amount})


def person(name: str, role: str = "reader") -> dict[str, str]:
    """A user, as a seed has it."""
    return {"id": f"user-{name}", "name": name.title(), "email": f"{name}@example.com", "role": role}


BOTH = ("zoe@example.com", "finance@example.com")


SEED: dict[str, Any] = {
    "users": [
        person("grace"),
        {"id": "user-edsger", "name": "Edsger", "email": "Edsger@example.com", "role": "owner"},
        {"id": "user-twin", "name": "Grace", "email": "grace2@example.com", "role": "reader"},
    ],
    "external_keys": [
        {"id": "extkey_a", "type": "oci", "name": "data", "key_ocid": "o", "region": "r", "vault_ocid": "v"}
    ],
    "projects": [
        {
            "id": "proj_shop",
            "name": "Shop",
            "residency": "EU_STORAGE_PROCESSING",
            "external_key_id": "extkey_a",
            "service_accounts": [{"id": "svc_acct_web", "name": "web", "role": "owner", "keys": [{}]}],
            "user_keys": [{"name": "personal"}],
            "rate_limits": {"rl-o1": {REQUESTS: 5}},
        },
        {"id": "proj_lab", "name": "Lab"},
    ],
    "spend_limits": [spend_limit(500_000)],
    "spend_alerts": [
        spend_alert(400_000, *BOTH),
        {"id": "alert_finance", **spend_alert(300_000, *BOTH, subject_prefix="Spend")},
    ],
    "data_retentions": [{"retention_type": "zero_data_retention"}],
    "groups": [
        {"id": "group_eng", "name": "Engineering"},
        {"id": "group_empty", "name": "Empty"},
        {"id": "group_scim", "name": "Everybody", "is_scim_managed": True},
    ],
    "group_users": [
        {"group_id": "group_eng", "user_id": "user-grace"},
        {"group_id": "group_eng", "user_id": "user-edsger"},
        {"group_id": "group_scim", "user_id": "user-grace"},
    ],
    "roles": [{"id": "role_audit", "role_name": "Auditor", "description": "Reads", **TAKES}],
    "group_roles": [
        {"group_id": "group_eng", "role_id": "role_audit"},
        {"group_id": "group_scim", "role_id": "role_audit"},
    ],
    "user_roles": [{"user_id": "user-twin", "role_id": "role_audit"}],
    "invites": [
        {
            "id": "invite-1",
            "email": "new@example.com",
            "role": "reader",
            "projects": [{"id": "proj_lab", "role": "owner"}],
        },
        {
            "id": "invite-2",
            "email": "both@example.com",
            "role": "reader",
            "projects": [{"id": "proj_shop", "role": "member"}, {"id": "proj_lab", "role": "owner"}],
        },
    ],
    "certificates": [{"id": "cert_1", "name": "mtls", "certificate": PEM}],
    "external_storages": [
        {
            "id": "extstore_1",
            **SHOP,
            "provider": {"type": "aws", "bucket": "b", "role_arn": "arn:aws:iam::123456789012:role/o"},
        }
    ],
    "workload_identity_providers": [
        {
            "id": "wip_1",
            "name": "github",
            "type": "oidc",
            "issuer": "https://token.actions.githubusercontent.com",
            "audience": "https://api.openai.com",
            "attribute_transformations": [{"attribute": "repo", "expression": "claims.repository"}],
            "verification": {"type": "discovery", "discovery_url": None},
        }
    ],
    "federation_rules": [
        {
            "id": "wifr_deploy",
            "workload_identity_provider_id": "wip_1",
            **SHOP,
            "service_account_id": "svc_acct_web",
            "attribute_matchers": {"repo": "example/shop"},
            "name": "deploy",
        }
    ],
    "experimental_things": [{"id": "thing_blue", "name": "blue", "options": {"color": "blue", "size": 3}}],
    "tunnels": [{"id": "tunnel_office", "name": "office", "description": "MCP servers of the office"}],
    "project_spend_limits": [{**SHOP, **spend_limit(100_000)}],
    "project_spend_alerts": [{"id": "alert_shop", **SHOP, **spend_alert(80_000, *BOTH)}],
    "project_data_retentions": [{**SHOP, "retention_type": "zero_data_retention"}],
    "model_permissions": [{**SHOP, "mode": "allow_list", "model_ids": ["o1", "gpt-4o"]}],
    "hosted_tool_permissions": [{**SHOP, "mcp": {"enabled": False}}],
    "service_tier_settings": [{**SHOP, "default": "fast", "enabled_tiers": ["flex", "fast"]}],
    "project_roles": [
        {"id": "role_deploy", **SHOP, "role_name": "Deployer", **TAKES},
        {"id": "role_view", **SHOP, "role_name": "Viewer of logs", **TAKES},
    ],
    "project_users": [
        {**SHOP, "user_id": "user-edsger", "role": "member"},
        {"project_id": "proj_lab", "user_id": "user-grace", "role": "viewer"},
    ],
    "project_groups": [{**SHOP, "group_id": "group_eng", "role": "member"}],
    "project_group_roles": [{**SHOP, "group_id": "group_eng", "role_id": "role_deploy"}],
    "project_user_roles": [{**SHOP, "user_id": "user-edsger", "role_id": "role_view"}],
}

EVERYTHING = ("--include", "kind:*")
"""The options with which `adopt` reads what takes a list for each user, too."""


def plant(emulator: EmulatorServer) -> None:
    """Make the organization, with an object of each kind that another team can create."""
    emulator.control.seed(SEED)
    for path, body in not_in_the_seed(emulator):
        request(emulator, "POST", path, body)
    for place in ("certificates", "projects/proj_shop/certificates"):
        send(emulator, f"{place}/activate", certificate_ids=["cert_1"])
    send(emulator, "external_storage/extstore_1/validate")
    emulator.control.clear_requests()


def not_in_the_seed(emulator: EmulatorServer) -> Iterator[tuple[str, dict[str, Any]]]:
    """The path and the body of a request for each kind of which there is no object: as the kind's scenario has them.

    Without kinds that only the key of a project shows.
    """
    there = emulator.control.live()
    for scenario in SCENARIOS:
        kind = getattr(scenario.rule, "kind", "")
        uses_project_key = scenario.resource.handler.traits.project_key
        if (team := scenario.another_team.get("create")) and kind and not uses_project_key and not there.get(kind):
            yield scenario.collection.format(**SHOP), scenario.sent({team.by: team.other_names[0], **team.inputs})
