"""Bodies that are refused, by the name of the wrong property, and nothing is changed.

What the specification says of types is checked by `test_specification.py`. Here are rules that it does not have, kinds
that it does not have, and one body for each form in which a message names a property.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Http

    from pulumi_openai_admin.emulator import Control

Body = dict[str, Any]

ACCOUNT = "svc_acct_a"
PROJECT = {"id": "proj_a", "name": "A", "service_accounts": [{"id": ACCOUNT, "name": "a", "keys": [{"id": "key_a"}]}]}
IN_PROJECT = "/organization/projects/proj_a"
MONTHLY: Body = {"currency": "USD", "interval": "month", "threshold_amount": 1}
ALERT: Body = {**MONTHLY, "notification_channel": {"type": "email", "recipients": ["finance@example.com"]}}
ARN = "arn:aws:iam::123456789012:role/openai"
AWS: Body = {"type": "aws", "bucket": "b", "role_arn": ARN}
MASTER_KEY: Body = {
    "type": "aws",
    "name": "AWS",
    "external_id": "proj_a",
    "kms_arn": "arn:aws:kms:us-east-1:123456789012:key/1234abcd",
    "role_arn": ARN,
}
PROVIDER: Body = {"name": "CI", "type": "oidc", "issuer": "https://issuer.example.com", "audience": "openai"}
LIMIT = "max_requests_per_1_minute"

MISSING, UNKNOWN, EMPTY = "missing_required_parameter", "unknown_parameter", "empty_string"
WRONG_TYPE, WRONG = "invalid_type", "invalid_value"
BELOW, ABOVE = "integer_below_min_value", "integer_above_max_value"

PLACES: dict[str, tuple[Body, list[tuple[Body, str | None, str | None]]]] = {
    "/organization/groups": (
        {"name": "a"},
        [({"name": ""}, "name", EMPTY), ({"name": "x" * 256}, "name", "string_above_max_length")],
    ),
    "/organization/roles": (
        {"role_name": "x", "permissions": []},
        [({"permissions": [1]}, "permissions[0]", WRONG_TYPE), ({"name": "x"}, "name", UNKNOWN)],
    ),
    IN_PROJECT: ({}, [({"residency": "GLOBAL"}, "residency", UNKNOWN)]),
    f"{IN_PROJECT}/service_accounts": (
        {"name": "a"},
        [
            ({"expires_in_seconds": 0}, "expires_in_seconds", BELOW),
            ({"expires_in_seconds": 31_536_001}, "expires_in_seconds", ABOVE),
            ({"expires_in_seconds": 60, "create_service_account_only": True}, None, None),
            ({"create_service_account_only": "yes"}, "create_service_account_only", WRONG_TYPE),
        ],
    ),
    f"{IN_PROJECT}/service_accounts/{ACCOUNT}": (
        {},
        [({}, None, None), ({"role": "none"}, "role", WRONG), ({"name": None}, "name", WRONG_TYPE)],
    ),
    f"{IN_PROJECT}/service_accounts/{ACCOUNT}/api_keys": ({}, [({"scopes": "all"}, "scopes", WRONG_TYPE)]),
    f"{IN_PROJECT}/api_keys/key_a": ({}, [({}, None, None), ({"scopes": None}, "scopes", WRONG_TYPE)]),
    f"{IN_PROJECT}/rate_limits/rl-gpt-4o": (
        {},
        [({}, None, None), ({LIMIT: -1}, LIMIT, BELOW), *(({LIMIT: no}, LIMIT, WRONG_TYPE) for no in (1.0, True, "1"))],
    ),
    f"{IN_PROJECT}/spend_limit": (MONTHLY, [({"threshold_amount": 0}, "threshold_amount", BELOW)]),
    f"{IN_PROJECT}/spend_alerts": (
        ALERT,
        [
            ({"threshold_amount": -1}, "threshold_amount", BELOW),
            ({"notification_channel": "me"}, "notification_channel", WRONG_TYPE),
            ({"notification_channel": {"type": "email"}}, "notification_channel.recipients", MISSING),
        ],
    ),
    f"{IN_PROJECT}/hosted_tool_permissions": ({}, [({"mcp": {}}, "mcp.enabled", MISSING)]),
    f"{IN_PROJECT}/service_tier_settings": (
        {},
        [({"enabled_tiers": None}, "enabled_tiers", None), ({"default": "flex"}, "default", WRONG)],
    ),
    "/organization/external_keys": (
        MASTER_KEY,
        [
            ({"type": "ibm"}, "type", WRONG),
            ({"kms_arn": "key"}, "kms_arn", WRONG),
            ({"external_id": "proj_none"}, "external_id", WRONG),
            ({"external_id": None}, "external_id", WRONG_TYPE),
            ({"vault_uri": "https://example.vault.azure.net/"}, "vault_uri", UNKNOWN),
        ],
    ),
    "/organization/external_storage": (
        {"project_id": "proj_a", "provider": AWS},
        [
            ({"provider": {}}, "provider.type", MISSING),
            ({"provider": {"type": "ibm"}}, "provider.type", WRONG),
            ({"provider": {"type": "aws"}}, "provider.bucket", MISSING),
            ({"provider": {**AWS, "region": "x"}}, "provider.region", UNKNOWN),
            ({"provider": {**AWS, "role_arn": "x"}}, "provider.role_arn", WRONG),
            ({"project_id": "proj_none"}, None, "not_found"),
            ({"project_id": "proj_retired"}, None, "project_archived"),
        ],
    ),
    "/organization/workload_identity_providers": (
        PROVIDER,
        [
            ({"verification": "x"}, "verification", WRONG_TYPE),
            ({"verification": {"type": "uploaded_jwks", "jwks": []}}, "verification.jwks", WRONG_TYPE),
            ({"attribute_transformations": [{"attribute": "a"}]}, "attribute_transformations[0].expression", MISSING),
        ],
    ),
    "/organization/workload_identity_providers/wip_a": ({}, [({"type": "oidc"}, "type", UNKNOWN)]),
    "/tunnels": ({"name": "office"}, [({}, "description", MISSING)]),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_wrong_body_is_refused_by_the_name_of_its_property(api: Http, control: Control, place: str) -> None:
    control.seed({"projects": [PROJECT], "workload_identity_providers": [{"id": "wip_a", **PROVIDER}]})
    before = control.live()
    body, changes = PLACES[place]
    for change, param, code in changes:
        reply = api("POST", place, {**body, **change})
        error = reply.json()["error"]
        assert (error["param"], reply.status_code // 100) == (param, 4), change
        assert error["code"] == code or (code is None and error["code"] in (None, WRONG, WRONG_TYPE)), change
    assert control.live() == before
