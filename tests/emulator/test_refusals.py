"""Calls that are refused, each with the status, the code and the name of the wrong property, and nothing is changed.

What the specification says of types is checked by `test_specification.py`. Here are rules that it does not have, kinds
that it does not have, and one body for each form in which a message names a property.
"""

from __future__ import annotations

from typing import Any

import pytest
import trustme

from pulumi_openai_admin.emulator.api import KINDS
from pulumi_openai_admin.emulator.store.catalogue import IMAGES, TOKENS
from pulumi_openai_admin.emulator.store.catalogue import REQUESTS as LIMIT
from tests.company import person, spend_limit
from tests.emulator.conftest import InMemory

Body = dict[str, Any]

PROJECTS, USERS, ROLES, GROUPS = (f"/organization/{name}" for name in ("projects", "users", "roles", "groups"))
CERTIFICATES, KEYS = "/organization/certificates", "/organization/external_keys"
STORAGE = "/organization/external_storage"
PROVIDERS = "/organization/workload_identity_providers"
A, DEFAULT, RETIRED, NOBODY = (f"{PROJECTS}/proj_{name}" for name in ("a", "default", "retired", "nobody"))
ACCOUNTS, ROW = f"{A}/service_accounts", f"{A}/rate_limits/rl-gpt-4o"
USAGE, WORLD, CLOCK, FAULTS, SEED = (f"/_emulator/{name}" for name in ("usage", "world", "clock", "faults", "seed"))
OWNER, READER = (f"role-api-organization-{name}" for name in ("owner", "reader"))

PEM = trustme.CA().cert_pem.bytes().decode()
ARN = "arn:aws:iam::123456789012:role/openai"
AWS: Body = {"type": "aws", "bucket": "b", "role_arn": ARN}
MASTER: Body = {"type": "aws", "name": "AWS", "external_id": "proj_a", "role_arn": ARN}
MASTER["kms_arn"] = "arn:aws:kms:us-east-1:123456789012:key/1234abcd"
AZURE: Body = {"type": "azure", "name": "A", "key_name": "org-ours--key", "tenant_id": "t", "vault_uri": "https://v"}
OCI: Body = {"type": "oci", "name": "O", "key_ocid": "ocid1.key", "region": "us-ashburn-1", "vault_ocid": "ocid1.vault"}
GCP: Body = {"type": "gcp", "name": "GCP", "audience": "org-ours"} | dict.fromkeys(
    (
        *("kms_key_location", "kms_key_name", "kms_key_ring_name", "kms_project_id", "workload_identity_pool_id"),
        *("workload_identity_project_number", "workload_identity_provider_id"),
    ),
    "x",
)
PROVIDER: Body = {"name": "CI", "type": "oidc", "issuer": "https://issuer.example.com", "audience": "openai"}
RULE: Body = {"attribute_matchers": {"sub": "x"}, "project_id": "proj_a", "service_account_id": "svc_acct_a"}
ROLE: Body = {"role_name": "A", "permissions": []}
INVITE: Body = {"email": "x@example.com", "role": "reader"}
PSP: Body = {"purpose": "psp_decryption"}

MISSING, UNKNOWN, EMPTY = "missing_required_parameter", "unknown_parameter", "empty_string"
WRONG_TYPE, WRONG, TWIN, GONE = "invalid_type", "invalid_value", "already_exists", "not_found"
BELOW, ABOVE, ARCHIVED = "integer_below_min_value", "integer_above_max_value", "project_archived"

ORGANIZATION: Body = {
    "projects": [
        {"id": "proj_default", "name": "Default project", "default": True},
        {"id": "proj_retired", "name": "Retired", "status": "archived"},
        {
            "id": "proj_a",
            "name": "A",
            "service_accounts": [
                {"id": "svc_acct_a", "name": "a", "keys": [{"id": "key_a"}, {"id": "key_old", "expires_in_seconds": 0}]}
            ],
        },
        {"id": "proj_b", "name": "B", "service_accounts": [{"id": "svc_acct_b", "name": "b"}]},
    ],
    "users": [person("ada", "owner"), person("grace")],
    "groups": [{"id": "group_a", "name": "A"}, {"id": "group_scim", "name": "S", "is_scim_managed": True}],
    "group_users": [{"group_id": group, "user_id": "user-grace"} for group in ("group_a", "group_scim")],
    "roles": [{**ROLE, "id": "role_a"}, {**ROLE, "id": "role_b", "role_name": "B"}],
    "group_roles": [{"group_id": "group_a", "role_id": "role_a"}],
    "project_roles": [{**ROLE, "project_id": "proj_a", "id": "role_p"}],
    "project_users": [
        {"project_id": project, "user_id": "user-grace", "role": "member"} for project in ("proj_a", "proj_default")
    ],
    "project_groups": [{"project_id": "proj_a", "group_id": "group_a", "role": "role_p"}],
    "invites": [
        {"id": f"invite-{name}", "email": f"{name}@example.org", "role": "reader", "projects": []}
        for name in ("accepted", "expired")
    ],
    "certificates": [{"id": f"cert_{name}", "name": name, "certificate": PEM} for name in ("a", "b", "unused")],
    "external_keys": [{**MASTER, "id": "extkey_a"}],
    "workload_identity_providers": [{**PROVIDER, "id": "wip_a"}],
    "federation_rules": [{**RULE, "id": "wifr_a", "workload_identity_provider_id": "wip_a"}],
    "project_spend_limits": [{**spend_limit(1), "project_id": "proj_b"}],
    "usage_records": [{"project_id": "proj_b", "model": "gpt-4o", "output_tokens": 1_000_000}],
}
DONE: list[tuple[str, Body | None]] = [
    ("/_emulator/invites/invite-accepted/accept", None),
    ("/_emulator/invites/invite-expired/expire", None),
    ("/_emulator/external_keys/extkey_a/access", {"error": "AccessDenied: no"}),
    (f"{PROJECTS}/proj_b", {"external_key_id": "extkey_a"}),
    (f"{CERTIFICATES}/activate", {"certificate_ids": ["cert_a"]}),
    (f"{A}/certificates/activate", {"certificate_ids": ["cert_b"]}),
]
"""What a seed does not say."""

BODIES: list[tuple[str, object, str | None, str | None]] = [
    (PROJECTS, {"name": "a", "geography": "US", "residency": "GLOBAL"}, None, None),
    (PROJECTS, {"name": "a", "residency": "MARS"}, WRONG, "residency"),
    (A, {"residency": "GLOBAL"}, UNKNOWN, "residency"),
    (RETIRED, {"name": "x"}, ARCHIVED, None),
    (f"{RETIRED}/archive", None, ARCHIVED, None),
    (DEFAULT, {"name": "x"}, "default_project_not_updatable", None),
    (f"{DEFAULT}/archive", None, "default_project_not_archivable", None),
    (f"{DEFAULT}/service_accounts", {"name": "x"}, "default_project", None),
    (GROUPS, {"name": ""}, EMPTY, "name"),
    (GROUPS, {"name": "x" * 256}, "string_above_max_length", "name"),
    (f"{GROUPS}/group_a/users", {"user_id": "user-nobody"}, GONE, None),
    (f"{GROUPS}/group_scim", {"name": "x"}, "group_scim_managed", None),
    (f"{GROUPS}/group_scim/users", {"user_id": "user-ada"}, "group_scim_managed", None),
    (ROLES, {**ROLE, "permissions": [1]}, WRONG_TYPE, "permissions[0]"),
    (ROLES, {**ROLE, "name": "x"}, UNKNOWN, "name"),
    (ROLES, ROLE, TWIN, "role_name"),
    (f"{ROLES}/role_b", {"role_name": "A"}, TWIN, "role_name"),
    (f"{ROLES}/role_b", {}, None, None),
    (f"{ROLES}/{OWNER}", {"role_name": "x"}, "predefined_role", None),
    ("/projects/proj_a/roles", ROLE, TWIN, "role_name"),
    (f"{USERS}/user-ada", {"role": "reader"}, "last_owner", None),
    (f"{USERS}/user-ada/roles", {"role_id": READER}, "last_owner", None),
    (f"{A}/users", {"role": "member"}, None, None),
    (f"{A}/users/user-grace", {"role": "emperor"}, WRONG, "role"),
    ("/organization/invites", {"email": "ada@example.com", "role": "reader"}, "user_already_in_organization", "email"),
    ("/organization/invites", {**INVITE, "projects": [{"id": "proj_nobody", "role": "owner"}]}, GONE, None),
    (ACCOUNTS, {"name": "a", "expires_in_seconds": 0}, BELOW, "expires_in_seconds"),
    (ACCOUNTS, {"name": "a", "expires_in_seconds": 31_536_001}, ABOVE, "expires_in_seconds"),
    (ACCOUNTS, {"name": "a", "expires_in_seconds": 60, "create_service_account_only": True}, None, None),
    (f"{ACCOUNTS}/svc_acct_a", {}, None, None),
    (f"{ACCOUNTS}/svc_acct_a", {"role": "none"}, WRONG, "role"),
    (f"{A}/api_keys/key_a", {}, None, None),
    (f"{A}/api_keys/key_a", {"scopes": None}, WRONG_TYPE, "scopes"),
    (f"{A}/api_keys/key_old", {"expires_in_seconds": 60}, "api_key_expired", None),
    (ROW, {}, None, None),
    (ROW, {LIMIT: -1}, BELOW, LIMIT),
    *((ROW, {LIMIT: wrong}, WRONG_TYPE, LIMIT) for wrong in (1.0, True, "1")),
    (f"{A}/rate_limits/rl-nothing", {LIMIT: 1}, GONE, None),
    (f"{A}/rate_limits/rl-gpt-image-0-preview", {LIMIT: 1}, "rate_limit_does_not_exist_for_org_and_model", None),
    (f"{A}/rate_limits/rl-ft:gpt-4o-mini-2024-07-18:acme::abc123", {LIMIT: 1}, "rate_limit_not_updatable", None),
    (f"{A}/rate_limits/rl-gpt-4o-shared", {LIMIT: 1}, "rate_limit_not_updatable", None),
    *(
        (f"{A}/rate_limits/{row}", {field: 1}, "invalid_rate_limit_type", field)
        for row, field in (("rl-sora-2", TOKENS), ("rl-o1", IMAGES))
    ),
    (f"{A}/spend_limit", spend_limit(0), BELOW, "threshold_amount"),
    (f"{A}/hosted_tool_permissions", {"mcp": {}}, MISSING, "mcp.enabled"),
    (f"{A}/service_tier_settings", {"enabled_tiers": None}, None, "enabled_tiers"),
    (f"{A}/service_tier_settings", {"default": "flex"}, WRONG, "default"),
    (CERTIFICATES, {"certificate": PEM, "active": True}, UNKNOWN, "active"),
    *(
        (CERTIFICATES, {"certificate": wrong}, "invalid_certificate", "certificate")
        for wrong in (
            *("not PEM", PEM + PEM, trustme.CA().private_key_pem.bytes().decode()),
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        )
    ),
    *(
        (f"{place}/certificates/activate", {"certificate_ids": ids}, code, param)
        for place in ("/organization", A)
        for ids, code, param in (
            ([], "empty_array", "certificate_ids"),
            (["cert_none"] * 11, "array_above_max_length", "certificate_ids"),
            (["cert_unused", "cert_none"], GONE, None),
        )
    ),
    (KEYS, {**MASTER, "type": "ibm"}, WRONG, "type"),
    (KEYS, {**MASTER, "kms_arn": "key"}, WRONG, "kms_arn"),
    (KEYS, {**MASTER, "external_id": "proj_none"}, WRONG, "external_id"),
    (KEYS, {**MASTER, "vault_uri": "https://v"}, UNKNOWN, "vault_uri"),
    (KEYS, {**AZURE, "key_name": "key"}, WRONG, "key_name"),
    *(
        row
        for cloud, version in ((GCP, "kms_key_version"), (AZURE, "key_version"), (OCI, "key_version_ocid"))
        for row in ((KEYS, {**cloud, version: "1"}, WRONG, version), (KEYS, cloud | PSP, MISSING, version))
    ),
    *(
        (STORAGE, {"project_id": "proj_a", "provider": provider}, code, f"provider.{param}")
        for provider, code, param in (
            ({}, MISSING, "type"),
            ({"type": "ibm"}, WRONG, "type"),
            ({"type": "aws"}, MISSING, "bucket"),
            ({**AWS, "region": "x"}, UNKNOWN, "region"),
            ({**AWS, "role_arn": "x"}, WRONG, "role_arn"),
        )
    ),
    (STORAGE, {"project_id": "proj_nobody", "provider": AWS}, GONE, None),
    (STORAGE, {"project_id": "proj_retired", "provider": AWS}, ARCHIVED, None),
    (PROVIDERS, {**PROVIDER, "verification": "x"}, WRONG_TYPE, "verification"),
    (PROVIDERS, {**PROVIDER, "verification": {"type": "uploaded_jwks", "jwks": []}}, WRONG_TYPE, "verification.jwks"),
    (
        PROVIDERS,
        {**PROVIDER, "attribute_transformations": [{"attribute": "a"}]},
        MISSING,
        "attribute_transformations[0].expression",
    ),
    (f"{PROVIDERS}/wip_a", {"type": "oidc"}, UNKNOWN, "type"),
    *(
        (f"{PROVIDERS}/wip_a/federation_rules", {**RULE, **change}, code, param)
        for change, code, param in (
            ({"attribute_matchers": {"sub": None}}, WRONG_TYPE, "attribute_matchers.sub"),
            ({"attribute_matchers": {"sub": ["x"]}}, WRONG_TYPE, "attribute_matchers.sub"),
            ({"permissions": {"type": "restricted"}}, MISSING, "permissions.scopes"),
            ({"service_account_id": "svc_acct_b"}, GONE, None),
            ({"project_id": "proj_nobody"}, GONE, None),
            ({"project_id": "proj_retired"}, ARCHIVED, None),
        )
    ),
    *(
        (f"{PROVIDERS}/wip_a/federation_rules/wifr_a", {name: RULE[name]}, UNKNOWN, name)
        for name in ("project_id", "service_account_id")
    ),
    ("/tunnels", {"name": "office"}, MISSING, "description"),
    (USAGE, {"project_id": "proj_nobody"}, GONE, None),
    (USAGE, {"project_id": "proj_retired"}, ARCHIVED, None),
    (USAGE, {"project_id": "proj_a", "api": "chat"}, WRONG, "api"),
    (USAGE, {"project_id": "proj_a", "images": 1}, None, None),
    (USAGE, {"project_id": "proj_a", "input_tokens": 1, "input_cached_tokens": 2}, None, None),
    (CLOCK, {}, MISSING, "advance_seconds"),
    (CLOCK, {"advance_seconds": "1"}, WRONG_TYPE, "advance_seconds"),
    (CLOCK, {"advance_seconds": 10**12}, ABOVE, "advance_seconds"),
    *((FAULTS, wrong, "unusable", None) for wrong in ({}, {"kind": "gremlins"}, {"kind": "status", "typo": 1})),
    (FAULTS, {"kind": "status", "path_regex": "("}, "unusable", None),
    *(
        (SEED, {"projects": [{"name": "Never"}], **wrong}, "unusable", None)
        for wrong in ({"faults": [{"kind": "gremlins"}]}, {"world": {"gravity": 1}}, {"admin_keys": [{}]})
    ),
    (SEED, {"project_roles": [{**ROLE, "project_id": "proj_nobody"}]}, GONE, None),
]
"""What is refused of `POST`: the path, the body, the code, the property that the message names."""

WRONG_PAGES = (("after=nobody", "invalid_cursor"), ("limit=0", BELOW), ("limit=1001", ABOVE), ("limit=x", WRONG_TYPE))
OTHERS: list[tuple[str, str, str | None]] = [
    ("DELETE", f"{USERS}/user-ada", "last_owner"),
    ("DELETE", f"{USERS}/user-ada/roles/{OWNER}", "last_owner"),
    ("DELETE", f"{USERS}/user-grace/roles/role_a", GONE),  # only inherited
    ("DELETE", f"{ROLES}/{OWNER}", "predefined_role"),
    ("DELETE", f"{ROLES}/role_a", "role_in_use"),
    ("DELETE", "/projects/proj_a/roles/role_p", "role_in_use"),
    ("GET", "/projects/proj_b/roles/role-api-project-owner__api-project__proj_a", GONE),
    ("DELETE", f"{GROUPS}/group_scim", "group_scim_managed"),
    ("DELETE", f"{GROUPS}/group_scim/users/user-grace", "group_scim_managed"),
    ("DELETE", f"{GROUPS}/group_a/users/user-ada", GONE),
    ("GET", f"{A}/groups/group_a?group_type=tenant_group", GONE),
    ("DELETE", "/organization/invites/invite-accepted", "invite_accepted"),
    ("DELETE", f"{CERTIFICATES}/cert_a", "certificate_active"),
    ("DELETE", f"{CERTIFICATES}/cert_b", "certificate_active"),
    ("DELETE", f"{PROVIDERS}/wip_a", "workload_identity_provider_in_use"),
    ("GET", "/organization/spend_limit", GONE),
    ("GET", f"{GROUPS}?limit=1001", ABOVE),
    ("GET", f"{GROUPS}?order=up", WRONG),
    ("GET", f"{A}/api_keys?owner_project_access=all", WRONG),
    ("GET", "/organization/audit_logs?event_types[]=group.created&event_types[]=group.painted", WRONG),
    ("PATCH", A, "method_not_supported"),
    ("GET", "/_emulator/state?live=true&kind=gremlin", "unusable"),
    *(
        ("GET", f"{place}?{query}", code)
        for place in (PROJECTS, f"{A}/rate_limits", ACCOUNTS, f"{A}/api_keys")
        for query, code in WRONG_PAGES
    ),
    *(
        ("GET", f"/organization/usage/completions?{query}", code)
        for query, code in (
            ("", MISSING),
            ("start_time=-1", BELOW),
            ("start_time=1&group_by[]=size", WRONG),
            ("start_time=1&bucket_width=1w", WRONG),
            ("start_time=1&limit=32", ABOVE),
            ("start_time=1&limit=0", BELOW),
            ("start_time=9&end_time=9", WRONG),
            ("start_time=1&page=page_x", "invalid_cursor"),
            ("start_time=86400&page=page_0_172800", "invalid_cursor"),
            ("start_time=0&page=page_1_172800", "invalid_cursor"),
        )
    ),
]
"""What is refused of other methods: the path and the code."""

_NEW_KEYS: tuple[tuple[str, Body], ...] = ((ACCOUNTS, {"name": "a"}), (f"{ACCOUNTS}/svc_acct_a/api_keys", {}))
_NO_KEYS = {"allows_new_keys": False}
SWITCHED: list[tuple[Body, str, str, Body | None, int, str | None]] = [
    *(
        ({"key_lifetime_required": True}, "POST", path, body, 400, "api_key_expiration_required")
        for path, body in _NEW_KEYS
    ),
    *(({"key_lifetime_max": 9}, "POST", path, body, 400, "api_key_expiration_required") for path, body in _NEW_KEYS),
    *(
        ({"key_lifetime_max": 9}, "POST", path, {**body, "expires_in_seconds": 10}, 400, "api_key_expiration_too_long")
        for path, body in (*_NEW_KEYS, (f"{A}/api_keys/key_a", {}))
    ),
    *(
        ({**_NO_KEYS, "key_refusal_status": status, "key_refusal_code": code}, "POST", path, body, status, code)
        for path, body in _NEW_KEYS
        for status, code in ((403, None), (400, "api_keys_disabled"))
    ),
    (
        {"service_account_keys_deletable": False},
        *("DELETE", f"{A}/api_keys/key_a", None, 400, "service_account_key_not_deletable"),
    ),
    ({"list_expired_keys": False}, "GET", f"{A}/api_keys/key_old", None, 404, GONE),
    ({"members_are_added_once": True}, "POST", f"{A}/users", {"user_id": "user-grace", "role": "owner"}, 400, TWIN),
    ({"members_are_added_once": True}, "POST", f"{A}/groups", {"group_id": "group_a", "role": "owner"}, 400, TWIN),
    ({"default_project_keeps_users": True}, "DELETE", f"{DEFAULT}/users/user-grace", None, 400, "default_project"),
    ({"owners_are_members": True}, "DELETE", f"{A}/users/user-ada", None, 400, None),
    ({"organization_id": "org-theirs"}, "POST", KEYS, GCP, 400, WRONG),
    ({"refusal_status": 404}, "POST", ROW, {LIMIT: 10_001}, 404, "organization_rate_limit_exceeded"),
    ({"archived_read_status": 404}, "GET", f"{RETIRED}/service_accounts/svc_acct_x", None, 404, ARCHIVED),
    ({"bare_not_found": "nowhere"}, "GET", f"{NOBODY}/rate_limits", None, 404, GONE),
    ({}, "PUT", WORLD, {"created_status": 418}, 400, "unusable"),
    ({}, "PUT", WORLD, {"latency_seconds": 1, "gravity": 1}, 400, "unusable"),
    ({}, "PUT", WORLD, {"latency_seconds": 1, "throttle": {"per_minute": 0}}, 400, "unusable"),
]
"""What is refused where a switch says so: the switches, the call, the status and the code."""

NO_TEXT = "Invalid type for 'name': expected a string"
IN_USE = "This external key is associated with active projects and cannot be deleted."
SPENT = "This project has reached its spend limit of $0.01 for this month."
MESSAGES: list[tuple[str, str, object, str | None, str]] = [
    ("POST", PROJECTS, {}, MISSING, "Missing required parameter: 'name'."),
    ("POST", PROJECTS, {"name": None}, WRONG_TYPE, f"{NO_TEXT}, but got null instead."),
    ("POST", PROJECTS, {"name": 3}, WRONG_TYPE, f"{NO_TEXT}, but got an integer instead."),
    ("POST", PROJECTS, {"name": "a", "tier": 1}, UNKNOWN, "Unknown parameter: 'tier'."),
    ("POST", PROJECTS, [], None, "Invalid body: expected a JSON object."),
    ("POST", PROJECTS, None, None, "Missing required request body."),
    *(
        (
            "POST",
            f"/_emulator/invites/invite-{it}/accept",
            None,
            "invite_not_pending",
            f"The invite invite-{it} is {it}.",
        )
        for it in ("accepted", "expired")
    ),
    ("GET", f"{PROJECTS}/a/b/c/d", None, "unknown_url", "Invalid URL (GET /v1/organization/projects/a/b/c/d)"),
    ("POST", f"{KEYS}/extkey_a/validate", None, None, "AccessDenied: no"),
    ("DELETE", f"{KEYS}/extkey_a", None, "external_key_in_use", IN_USE),
    ("GET", f"{KEYS}/extkey_none", None, None, "No external key found with id 'extkey_none'"),
    ("GET", "/tunnels/tunnel_none", None, None, "Tunnel not found"),
    ("GET", f"{A}/spend_limit", None, GONE, "The spend limit of project proj_a was not found"),
    ("POST", USAGE, {"project_id": "proj_b"}, "project_spend_limit_exceeded", SPENT),
    (
        *("POST", f"{A}/rate_limits/rl-gpt-5-pro", {TOKENS: 10**9, LIMIT: 501}),
        "organization_rate_limit_exceeded",
        f"The {LIMIT} for rl-gpt-5-pro cannot exceed the organization rate limit of 500.0",
    ),
]
"""What OpenAI says: the call, the code and the message."""


@pytest.fixture(scope="module")
def organization() -> InMemory:
    """One for all: what is refused changes nothing."""
    made = InMemory(ORGANIZATION)
    for path, body in DONE:
        made.done("POST", path, body)
    return made


@pytest.mark.parametrize(("path", "body", "code", "param"), BODIES)
def test_a_body_is_refused_by_the_name_of_its_property(
    organization: InMemory, path: str, body: object, code: str | None, param: str | None
) -> None:
    _, error = organization.refused("POST", path, body)
    assert error["param"] == param
    assert error["code"] == code or (code is None and error["code"] in (None, WRONG, WRONG_TYPE))


@pytest.mark.parametrize(("method", "path", "code"), OTHERS)
def test_a_call_is_refused(organization: InMemory, method: str, path: str, code: str | None) -> None:
    organization.refuses(code, method, path)


@pytest.mark.parametrize(("switches", "method", "path", "body", "status", "code"), SWITCHED)
def test_a_switch_refuses(
    organization: InMemory, switches: Body, method: str, path: str, body: Body | None, status: int, code: str | None
) -> None:
    before = organization.done("GET", WORLD)
    organization.done("PUT", WORLD, switches)
    found, error = organization.refused(method, path, body)
    assert (found, error["code"]) == (status, code)
    organization.done("PUT", WORLD, before)


@pytest.mark.parametrize(("method", "path", "body", "code", "message"), MESSAGES)
def test_a_message_has_the_words_of_openai(
    organization: InMemory, method: str, path: str, body: object, code: str | None, message: str
) -> None:
    assert organization.refuses(code, method, path, body) == message


def test_in_an_archived_project_everything_is_refused(organization: InMemory) -> None:
    inside = [kind for kind in KINDS if kind.parent is not None and kind.parent.name == "project"]
    called = [it for kind in inside for it in kind.operations() if it.takes_no_body and not kind.needs_project_key]
    assert len(called) > 30
    for operation in called:
        path = operation.path.replace("{project_id}", "proj_retired")
        status, error = organization.refused(operation.method, path)
        assert (status, error["code"]) == (400, ARCHIVED), path


def test_an_error_can_have_no_wrapper(organization: InMemory) -> None:
    bare = (404, {"code": 404, "message": "The project proj_nobody was not found"})
    assert organization("GET", f"{NOBODY}/rate_limits") == bare
    assert organization("POST", f"{NOBODY}/rate_limits/rl-x", {LIMIT: 1}) == bare
    organization.done("PUT", WORLD, {"bare_not_found": "everywhere"})
    assert organization("GET", NOBODY) == bare
    organization.done("PUT", WORLD, {"bare_not_found": "rate_limits"})
