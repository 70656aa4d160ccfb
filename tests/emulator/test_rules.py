"""What is special about a kind: rules that an object follows from one call to the next."""

from __future__ import annotations

import re
from typing import Any

import pytest
import trustme
from cryptography import x509

from pulumi_openai_admin.emulator.store.catalogue import IMAGES, TOKENS
from pulumi_openai_admin.emulator.store.catalogue import REQUESTS as LIMIT
from tests.emulator.conftest import InMemory
from tests.emulator.test_lives import ENDPOINT, KEY, SEED
from tests.emulator.test_refusals import AWS, AZURE, GCP, MASTER, OCI, PSP, ROLE, RULE

PROJECTS, USERS, ROLES, GROUPS = (f"/organization/{name}" for name in ("projects", "users", "roles", "groups"))
CERTIFICATES, KEYS = "/organization/certificates", "/organization/external_keys"
STORAGE = "/organization/external_storage"
DEMO, STAGING = f"{PROJECTS}/proj_demo", f"{PROJECTS}/proj_staging"
ADMIN_KEYS, ROWS, ACCOUNTS = "/organization/admin_api_keys", f"{DEMO}/rate_limits", f"{DEMO}/service_accounts"
GRACE, GROUP = f"{USERS}/user-grace", f"{GROUPS}/group_a"
DAY = 86_400


@pytest.fixture
def memory() -> InMemory:
    return InMemory({**SEED, "projects": [*SEED["projects"], {"id": "proj_staging", "name": "Staging"}]})


def types(memory: InMemory) -> list[str]:
    return [event["type"] for event in memory.events()]


def details(memory: InMemory, kind: str) -> list[dict[str, Any]]:
    return [event[kind] for event in memory.events() if event["type"] == kind]


# --- projects, rate limits ---


def test_an_archived_project_can_be_read_and_nothing_else(memory: InMemory) -> None:
    archived = memory.post(f"{DEMO}/archive")
    assert (archived["status"], archived["archived_at"]) == ("archived", memory.time.now())
    assert memory.get(DEMO) == archived
    assert "proj_demo" not in memory.listed(PROJECTS)
    assert "proj_demo" in memory.listed(f"{PROJECTS}?include_archived=true")
    assert not {"service_account", "api_key"} & {*memory.state()[0]["objects"]}
    memory.world(default_project_refuses_accounts=False)
    assert memory.post(f"{PROJECTS}/proj_default/service_accounts", {"name": "a"})["role"] == "member"


def test_a_project_has_about_170_rate_limits_in_more_than_one_page(memory: InMemory) -> None:
    assert len(memory.get(ROWS)["data"]) == 100
    rows = memory.get(f"{ROWS}?limit=1000")["data"]
    assert 160 <= len({row["id"] for row in rows}) == len(rows) <= 180
    assert all(row["object"] == "project.rate_limit" and row["id"] == f"rl-{row['model']}" for row in rows)
    memory.world(rate_limit_rows=2345)
    ids = memory.listed(f"{ROWS}?limit=1000")
    ids += memory.listed(f"{ROWS}?limit=1000&after={ids[-1]}")
    ids += memory.listed(f"{ROWS}?limit=1000&after={ids[-1]}")
    assert len({*ids}) == 2345
    assert memory.post(f"{ROWS}/{ids[-1]}", {LIMIT: 1})[LIMIT] == 1


def test_a_rate_limit_keeps_what_an_update_omits(memory: InMemory) -> None:
    before = memory.state()
    first = memory.post(f"{ROWS}/rl-gpt-4o", {TOKENS: 1_000})
    assert (first[LIMIT], first[TOKENS]) == (10_000, 1_000)
    assert first in memory.get(f"{ROWS}?limit=1000")["data"]
    assert memory.state()[0]["objects"]["rate_limit"] == {"proj_demo/rl-gpt-4o": {"limits": {TOKENS: 1_000}}}
    (event,) = details(memory, "rate_limit.updated")
    assert event == {"id": "rl-gpt-4o", "changes_requested": {TOKENS: 1_000}}
    memory.world(keep_omitted_fields=False)
    assert memory.post(f"{ROWS}/rl-gpt-4o", {LIMIT: 10_000})[TOKENS] == 2_000_000
    memory.world(keep_omitted_fields=True)
    assert memory.state() == before
    assert memory.post(f"{ROWS}/rl-gpt-5-pro", {LIMIT: 500})[LIMIT] == 500
    memory.world(refuse_special_rows=False, refuse_inapplicable_fields=False)
    assert memory.post(f"{ROWS}/rl-gpt-4o-shared", {LIMIT: 1})[LIMIT] == 1
    assert IMAGES not in memory.post(f"{ROWS}/rl-o1", {IMAGES: 1})


def test_writes_that_do_not_persist(memory: InMemory) -> None:
    memory.world(lost_writes={"times": 1, "rate_limit_id": "rl-gpt-4o*"})
    for row, number, kept in (("rl-gpt-5", 1, 1), ("rl-gpt-4o-mini", 2, 10_000), ("rl-gpt-4o-mini", 3, 3)):
        assert memory.post(f"{ROWS}/{row}", {LIMIT: number})[LIMIT] == number
        assert {it["id"]: it[LIMIT] for it in memory.get(f"{ROWS}?limit=1000")["data"]}[row] == kept


# --- keys ---


def test_an_admin_key_works_until_it_expires_or_is_deleted(memory: InMemory) -> None:
    made = memory.post(ADMIN_KEYS, {"name": "second", "expires_in_seconds": 60})
    value = made["value"]
    assert (made["owner"]["id"], made["expires_at"] - made["created_at"]) == ("user-ada", 60)
    assert memory("GET", ADMIN_KEYS, key=value)[0] == 200
    shown = memory.get(f"{ADMIN_KEYS}/{made['id']}")
    assert (shown["redacted_value"], shown["last_used_at"]) == (f"sk-admin-...{value[-4:]}", memory.time.now())
    memory.server.advance(60)
    assert memory("GET", ADMIN_KEYS, key=value)[0] == 401
    other = memory.post(ADMIN_KEYS, {"name": "third"})
    assert memory("DELETE", f"{ADMIN_KEYS}/{other['id']}", key=other["value"])[1]["deleted"]
    assert memory("GET", ADMIN_KEYS, key=other["value"])[0] == 401


@pytest.mark.parametrize("path", [PROJECTS, "/webhook_event_types"])
@pytest.mark.parametrize("key", ["", "sk-admin-somebody-else", "sk-proj-abcdefgh", "sk-svcacct-abcdefgh", "nonsense"])
def test_an_unknown_key_is_refused_and_not_shown(memory: InMemory, path: str, key: str) -> None:
    status, content = memory("GET", path, key=key)
    assert status == 401
    assert not key or key not in content["error"]["message"]
    assert memory("POST", path, {"name": "x"}, key=key)[0] == 401


def test_a_key_is_for_the_admin_api_or_for_the_webhooks_of_a_project(memory: InMemory) -> None:
    memory.post("/_emulator/seed", {"admin_keys": [{"value": "sk-admin-reads", "scopes": ["api.management.read"]}]})
    keys = [{"value": "sk-svcacct-reads", "scopes": ["api.webhooks.read"]}]
    account = {"name": "b", "keys": keys}
    memory.post("/_emulator/seed", {"projects": [{"id": "proj_b", "name": "B", "service_accounts": [account]}]})
    assert (memory("GET", "/webhook_endpoints")[0], memory("GET", PROJECTS, key=KEY)[0]) == (401, 401)
    for reader, path, scope in (
        ("sk-admin-reads", PROJECTS, "api.management.write"),
        ("sk-svcacct-reads", "/webhook_endpoints", "api.webhooks.write"),
    ):
        assert memory("GET", path, key=reader)[0] == 200
        status, content = memory("POST", path, ENDPOINT, key=reader)
        told = f"You have insufficient permissions for this operation. Missing scopes: {scope}."
        assert (status, content["error"].partition(" Check")[0]) == (403, told)
    assert memory("POST", "/webhook_endpoints", ENDPOINT, key=KEY)[0] == 200
    assert memory("GET", "/webhook_endpoints", key="sk-svcacct-reads")[1]["data"] == []
    memory.world(missing_scope_shape="usual")
    assert memory("POST", PROJECTS, {"name": "x"}, key="sk-admin-reads")[1]["error"]["code"] == "missing_scope"
    memory.delete(f"{DEMO}/api_keys/key_a")
    assert memory("GET", "/webhook_event_types", key=KEY)[0] == 401


@pytest.mark.parametrize("keeps", [True, False])
def test_a_rotation_shows_another_secret(memory: InMemory, keeps: bool) -> None:
    path = "/webhook_endpoints"
    made = memory("POST", path, ENDPOINT, key=KEY)[1]
    body = {"keep_old_secret_active_for_24_hours": keeps}
    rotated = memory("POST", f"{path}/{made['id']}/rotate_secret", body, key=KEY)[1]
    states = [memory.key(shown["signing_secret"]) for shown in (made, rotated)]
    assert states == ["retiring" if keeps else None, "live"]
    tested = memory("POST", f"{path}/{made['id']}/test", {"event_type": "batch.failed"}, key=KEY)[1]
    assert (tested["status_code"], tested["event_type"]) == (200, "batch.failed")


def test_the_key_of_a_project_from_its_creation_to_its_end(memory: InMemory) -> None:
    account = memory.post(ACCOUNTS, {"name": "owner"})
    key, made = account["api_key"], {"name": "owner", "created_at": account["created_at"], "role": "member"}
    path = f"{DEMO}/api_keys/{key['id']}"
    shown = memory.get(path)
    assert shown["redacted_value"] == f"sk-svcacct-...{key['value'][-4:]}"
    assert shown["owner"] == {"type": "service_account", "service_account": {"id": account["id"], **made}}
    assert not {"scopes", "value"} & {*shown}
    assert memory.get(f"{DEMO}/api_keys")["data"][-1] == shown
    memory.post(path, {"expires_in_seconds": 60, "scopes": ["a"]})
    shown = memory.post("/_emulator/key", {"value": key["value"]})["key"]
    assert (shown["state"], shown["scopes"]) == ("live", ["a"])
    memory.server.advance(60)
    assert memory.key(key["value"]) == "expired"
    assert memory.get(path)["expires_at"] == memory.time.now()
    assert key["id"] in memory.listed(f"{DEMO}/api_keys?owner_project_access=any")
    memory.world(list_expired_keys=False)
    assert key["id"] not in memory.listed(f"{DEMO}/api_keys?owner_project_access=any")
    memory.world(list_expired_keys=True)
    assert memory.delete(path) == {"object": "organization.project.api_key.deleted", "id": key["id"], "deleted": True}
    assert memory.key(key["value"]) == "revoked"
    more = memory.post(f"{ACCOUNTS}/{account['id']}/api_keys", {})
    assert memory.delete(f"{ACCOUNTS}/{account['id']}")["object"] == "organization.project.service_account.deleted"
    ever = memory.get("/_emulator/state")["projects"]["proj_demo"]["service_accounts"][account["id"]]
    ended = {"deleted": True, "keys": {key["id"]: "revoked", more["id"]: "revoked"}}
    assert ever == {"name": "owner", "role": "member", **ended}
    assert memory.listed(f"{DEMO}/api_keys") == ["key_a"]


def test_an_account_without_a_key_has_no_role_until_it_is_given_one(memory: InMemory) -> None:
    memory.world(allows_new_keys=False, key_lifetime_required=True)  # about keys only
    made = memory.post(ACCOUNTS, {"name": "bare", "create_service_account_only": True})
    assert (made["api_key"], made["role"]) == (None, "none")
    memory.world(allows_new_keys=True, key_lifetime_required=False)
    key = memory.post(f"{ACCOUNTS}/{made['id']}/api_keys", {})
    for role, access in (("none", "inactive"), ("member", "active")):
        if role != "none":
            memory.post(f"{ACCOUNTS}/{made['id']}", {"role": role})
        assert memory.get(f"{ACCOUNTS}/{made['id']}")["role"] == role
        assert memory.get(f"{DEMO}/api_keys/{key['id']}")["owner_project_access"] == access
        shown = {
            which: memory.listed(f"{DEMO}/api_keys?owner_project_access={which}")
            for which in ("active", "inactive", "any")
        }
        assert (key["id"] in shown["active"], key["id"] in shown["inactive"]) == (role != "none", role == "none")
        assert memory.listed(f"{DEMO}/api_keys") == shown["active"]
        assert shown["any"] == ["key_a", key["id"]]
    memory.world(key_lifetime_max=100, allows_new_keys=False)
    assert memory.post(f"{DEMO}/api_keys/{key['id']}", {"expires_in_seconds": 100})


def test_a_use_of_a_key_is_shown(memory: InMemory) -> None:
    for seconds_ago, shown in ((60, 60), (30, 30), (90, 30)):
        use = {"project_id": "proj_demo", "api_key_id": "key_a", "seconds_ago": seconds_ago}
        memory.post("/_emulator/usage", {**use, "model": "gpt-4o", "output_tokens": 1})
        assert memory.get(f"{DEMO}/api_keys/key_a")["last_used_at"] == memory.time.now() - shown


def test_a_person_has_access_as_an_owner_as_a_member_or_through_a_group() -> None:
    names = ("owner", "member", "grouped", "outside", "gone")
    people = [{"id": f"user-{name}", "name": name, "email": f"{name}@example.com", "role": "reader"} for name in names]
    people[0]["role"] = "owner"
    keys = [{"id": f"key_{it['name']}", "user": it} for it in people]
    memory = InMemory(
        {
            "users": people[:4],
            "groups": [{"id": "group_1", "name": "One"}],
            "group_users": [{"group_id": "group_1", "user_id": "user-grouped"}],
            "projects": [{"id": "proj_demo", "name": "D", "user_keys": keys}],
            "project_users": [{"project_id": "proj_demo", "user_id": "user-member", "role": "member"}],
            "project_groups": [{"project_id": "proj_demo", "group_id": "group_1", "role": "member"}],
        }
    )
    shown = memory.get(f"{DEMO}/api_keys?owner_project_access=any")["data"]
    assert [key["owner_project_access"] for key in shown] == ["active"] * 3 + ["inactive"] * 2


def test_a_new_account_is_not_seen_for_some_reads(memory: InMemory) -> None:
    memory.world(account_lag_reads=2)
    made = memory.post(ACCOUNTS, {"name": "late"})["id"]
    memory.refuses("not_found", "GET", f"{ACCOUNTS}/{made}")
    assert made not in memory.listed(ACCOUNTS)
    assert memory.get(f"{ACCOUNTS}/{made}")["name"] == "late"


# --- people, groups and their roles ---


def join(memory: InMemory, **invite: Any) -> str:
    made = memory.post("/organization/invites", {"email": "lin@example.com", "role": "reader", **invite})
    return str(memory.post(f"/_emulator/invites/{made['id']}/accept", {"name": "Lin"})["id"])


def test_a_person_joins_with_an_invite_and_leaves_everything(memory: InMemory) -> None:
    before = memory.state()
    lin = join(memory, projects=[{"id": "proj_demo", "role": "owner"}])
    user = memory.get(f"{USERS}/{lin}")
    assert (user["name"], user["email"], user["role"]) == ("Lin", "lin@example.com", "reader")
    assert user["projects"]["data"] == [{"id": "proj_demo", "name": "Demo", "role": "owner"}]
    (invite,) = memory.get("/organization/invites")["data"]
    assert (invite["status"], invite["expires_at"] - invite["created_at"]) == ("accepted", 7 * DAY)
    for _ in range(2):
        assert memory.post(f"{GROUP}/users", {"user_id": lin})["user_id"] == lin
    assert memory.listed(f"{GROUP}/users", "email") == ["lin@example.com"]
    assert types(memory) == ["invite.sent", "invite.accepted", "user.added"]
    assert [event["actor"]["type"] for event in memory.events()] == ["api_key", "session", "session"]
    memory.delete(f"{USERS}/{lin}")
    left = memory.state()
    del left[0]["objects"]["invite"]
    assert left == before


def test_an_invite_expires_by_the_clock(memory: InMemory) -> None:
    path = "/organization/invites"
    first = memory.post(path, {"email": "a@example.com", "role": "reader", "projects": []})
    memory.server.advance(7 * DAY - 1)
    assert memory.get(f"{path}/{first['id']}")["status"] == "pending"
    memory.server.advance(1)
    assert memory.get(f"{path}/{first['id']}")["status"] == "expired"
    second = memory.post(path, {"email": "b@example.com", "role": "owner"})
    assert second["projects"] == [{"id": "proj_default", "role": "member"}]
    memory.delete(f"{path}/{second['id']}")
    assert memory.listed(path) == [first["id"]]


def test_an_organization_keeps_an_owner(memory: InMemory) -> None:
    assert memory.post(GRACE, {"role": "owner", "technical_level": "high"})["technical_level"] == "high"
    assert memory.post(f"{USERS}/user-ada", {"role": "reader"})["role"] == "reader"
    assert memory.listed(f"{USERS}?emails[]=GRACE@example.com&emails[]=x") == ["user-grace"]


@pytest.mark.parametrize("end", ["removed", "deleted", "archived"])
def test_a_service_account_is_in_a_group_until_its_end(memory: InMemory, end: str) -> None:
    added = memory.post(f"{GROUP}/users", {"user_id": "svc_acct_a"})
    assert added == {"object": "group.user", "user_id": "svc_acct_a", "group_id": "group_a"}
    memory.post(f"{GROUP}/users", {"user_id": "user-grace"})
    account, grace = memory.get(f"{GROUP}/users")["data"]
    assert account == {"id": "svc_acct_a", "name": "a", "email": None, "is_service_account": True}
    assert grace["is_service_account"] is False
    method, path = {
        "removed": ("DELETE", f"{GROUP}/users/svc_acct_a"),
        "deleted": ("DELETE", f"{ACCOUNTS}/svc_acct_a"),
        "archived": ("POST", f"{DEMO}/archive"),
    }[end]
    memory.done(method, path)
    assert memory.listed(f"{GROUP}/users") == ["user-grace"]


@pytest.mark.parametrize(
    ("form", "pattern"),
    [("24 digits", "[0-9a-f]{24}"), ("32 digits", "[0-9a-f]{32}"), ("prefix", "group_[A-Za-z0-9]{24}")],
)
def test_the_ids_of_groups_have_the_form_of_the_switch(memory: InMemory, form: str, pattern: str) -> None:
    memory.world(group_ids=form)
    group = memory.post(GROUPS, {"name": "Engineering"})
    assert re.fullmatch(pattern, group["id"])
    assert form == "prefix" or int(group["id"][:8], 16) == group["created_at"]


def test_ids_in_a_form_that_nobody_has_seen(memory: InMemory) -> None:
    memory.world(unseen_ids=True)
    account = memory.post(ACCOUNTS, {"name": "ci"})
    made = [account["id"], account["api_key"]["id"], memory.post(GROUPS, {"name": "Team"})["id"], join(memory)]
    assert all(re.fullmatch(r"~0\w{4}!\$&'\(\)\*\+,;=:\.-_\w{12}", id_) for id_ in made), made
    row = memory.get(f"{ROWS}?limit=1")["data"][0]
    assert row["id"] == f"{row['model']}~limit"
    assert memory.post(f"{ROWS}/{row['id']}", {LIMIT: 1})["model"] == row["model"]


def test_owners_are_members_of_each_project_if_the_switch_says_so(memory: InMemory) -> None:
    memory.post(f"{DEMO}/users", {"user_id": "user-grace", "role": "member"})
    memory.world(owners_are_members=True)
    assert memory.listed(f"{DEMO}/users") == ["user-ada", "user-grace"]
    assert memory.get(f"{DEMO}/users/user-ada")["role"] == "owner"
    assert memory.post(f"{DEMO}/users/user-ada", {"role": "viewer"})["role"] == "viewer"
    assert memory.listed(f"{DEMO}/users", "role") == ["member", "viewer"]
    assert memory.delete(f"{DEMO}/users/user-ada")["id"] == "user-ada"


READER, OWNER = (f"role-api-organization-{name}__api-organization__org-emulator" for name in ("reader", "owner"))
MEMBER = "role-api-project-member__api-project__proj_demo"
IN_DEMO = "/projects/proj_demo"


def test_predefined_roles_have_ids_aliases_and_names(memory: InMemory) -> None:
    assert memory.listed(ROLES) == [OWNER, READER]
    listed = memory.get(f"{IN_DEMO}/roles")["data"]
    assert [role["name"] for role in listed] == ["owner", "member", "viewer"]
    assert {(role["predefined_role"], role["resource_type"]) for role in listed} == {(True, "api.project")}
    assert memory.get(f"{IN_DEMO}/roles/role-api-project-member")["id"] == MEMBER
    memory.world(predefined_role_names="display")
    assert memory.listed(f"{IN_DEMO}/roles", "name") == ["Project Owner", "Project Member", "Project Viewer"]


def test_the_events_of_a_custom_role(memory: InMemory) -> None:
    role = memory.post(ROLES, {"role_name": "Keys", "permissions": ["a", "b"]})["id"]
    memory.post(f"{ROLES}/{role}", {"permissions": ["a", "c"], "description": "of keys"})
    memory.post(f"{ROLES}/{role}", {"description": None, "permissions": None})
    place = {"resource_type": "api.organization", "resource_id": "org-emulator"}
    assert details(memory, "role.created") == [{"id": role, "role_name": "Keys", "permissions": ["a", "b"], **place}]
    assert [event["changes_requested"] for event in details(memory, "role.updated")] == [
        {"description": "of keys", "permissions_added": ["c"], "permissions_removed": ["b"]},
        {"description": None},
    ]
    shown = memory.get(f"{ROLES}/{role}")
    assert (shown["permissions"], shown["description"]) == (["a", "c"], None)


def test_a_person_inherits_the_roles_of_groups(memory: InMemory) -> None:
    role = memory.post(ROLES, ROLE)
    other = memory.post(GROUPS, {"name": "On call"})["id"]
    for group in ("group_a", other):
        memory.post(f"{GROUPS}/{group}/users", {"user_id": "user-grace"})
        given = memory.post(f"{GROUPS}/{group}/roles", {"role_id": role["id"]})
    assert (given["group"]["id"], given["group"]["scim_managed"], given["role"]) == (other, False, role)
    own, inherited = memory.get(f"{GRACE}/roles")["data"]
    assert (own["id"], own["predefined_role"], own["assignment_sources"]) == (READER, True, None)
    sources = [{"principal_id": group, "principal_type": "group"} for group in ("group_a", other)]
    assert (inherited["id"], inherited["assignment_sources"]) == (role["id"], sources)
    assert memory.get(f"{GRACE}/roles/{role['id']}")["assignment_sources"] == sources
    memory.delete(f"{GROUPS}/{other}/users/user-grace")
    memory.delete(GROUP)
    assert memory.listed(f"{GRACE}/roles") == [READER]
    memory.post(f"{GRACE}/roles", {"role_id": role["id"]})
    memory.refuses("role_in_use", "DELETE", f"{ROLES}/{role['id']}")
    memory.delete(GRACE)
    memory.delete(f"{GROUPS}/{other}/roles/{role['id']}")
    assert not {"user_role", "group_role", "group_user"} & {*memory.state()[0]["objects"]}
    assert memory.delete(f"{ROLES}/{role['id']}")["deleted"]


def test_the_predefined_role_is_the_role_that_a_person_shows(memory: InMemory) -> None:
    given = memory.post(f"{GRACE}/roles", {"role_id": "role-api-organization-owner"})
    assert (given["object"], given["role"]["id"], given["user"]["role"]) == ("user.role", OWNER, "owner")
    assert memory.listed(f"{GRACE}/roles") == [OWNER]
    assert memory.delete(f"{GRACE}/roles/{OWNER}")["object"] == "user.role.deleted"
    assert (memory.get(GRACE)["role"], memory.listed(f"{GRACE}/roles")) == (None, [])
    assert memory.post(GRACE, {"role_id": READER})["role"] == "reader"
    custom = memory.post(ROLES, ROLE)["id"]
    assert memory.post(GRACE, {"role_id": custom})["role"] == "reader"
    assert memory.listed(f"{GRACE}/roles") == [READER, custom]


def test_who_has_a_role_in_a_project_is_in_it(memory: InMemory) -> None:
    before, user = memory.state(), f"{DEMO}/users/user-grace"
    role = memory.post(f"{IN_DEMO}/roles", {**ROLE, "role_name": "Keys"})["id"]
    roles = f"{IN_DEMO}/users/user-grace/roles"
    memory.post(roles, {"role_id": role})
    assert memory.get(user)["role"] == "Keys"
    assert memory.post(roles, {"role_id": "role-api-project-member"})["role"]["id"] == MEMBER
    assert memory.get(user)["role"] == "member"
    assert memory.post(user, {"role": "owner"})["role"] == "owner"
    assert memory.listed(roles) == [MEMBER.replace("member", "owner"), role]
    for role_id in memory.listed(roles):
        memory.delete(f"{roles}/{role_id}")
    memory.refuses("not_found", "GET", user)
    memory.post(roles, {"role_id": role})
    memory.post(f"{DEMO}/users", {"user_id": "user-grace", "role": "viewer"})
    assert memory.get(user)["role"] == "viewer"
    memory.delete(user)
    memory.delete(f"{IN_DEMO}/roles/{role}")
    assert memory.state() == before


def test_a_group_is_in_a_project_with_its_roles(memory: InMemory) -> None:
    before, groups, roles = memory.state(), f"{DEMO}/groups", f"{IN_DEMO}/groups/group_a/roles"
    memory.post(f"{GROUP}/users", {"user_id": "user-grace"})
    shown = memory.post(groups, {"group_id": "group_a", "role": "role-api-project-member"})
    assert (shown["group_name"], shown["project_id"]) == ("A", "proj_demo")
    assert memory.get(f"{groups}/group_a?group_type=group") == shown
    assert memory.listed(roles) == [MEMBER]
    (inherited,) = memory.get(f"{IN_DEMO}/users/user-grace/roles")["data"]
    assert inherited["assignment_sources"] == [{"principal_id": "group_a", "principal_type": "group"}]
    assert memory.listed("/projects/proj_staging/users/user-grace/roles") == []
    memory.post(groups, {"group_id": "group_a", "role": "viewer"})
    assert len(memory.listed(roles)) == 2
    assert memory.listed(groups, "group_id") == ["group_a"]
    assert memory.delete(f"{groups}/group_a") == {"object": "project.group.deleted", "deleted": True}
    assert len(details(memory, "role.assignment.deleted")) == 2
    role = memory.post(f"{IN_DEMO}/roles", ROLE)["id"]
    memory.post(roles, {"role_id": role})
    assert memory.listed(groups, "group_id") == ["group_a"]
    memory.delete(f"{roles}/{role}")
    assert memory.listed(groups, "group_id") == []
    memory.post(groups, {"group_id": "group_a", "role": role})
    memory.delete(f"{groups}/group_a")
    memory.delete(f"{GROUP}/users/user-grace")
    memory.delete(f"{IN_DEMO}/roles/{role}")
    assert memory.state() == before


def test_giving_a_role_again_changes_nothing_and_writes_no_event(memory: InMemory) -> None:
    role = memory.post(ROLES, ROLE)["id"]
    for _ in range(2):
        memory.post(f"{GRACE}/roles", {"role_id": role})
    memory.post(f"{IN_DEMO}/users/user-grace/roles", {"role_id": MEMBER})
    who = {"principal_id": "user-grace", "principal_type": "user"}
    of_all = {"resource_id": "org-emulator", "resource_type": "api.organization"}
    of_project = {"resource_id": "proj_demo", "resource_type": "api.project"}
    assert details(memory, "role.assignment.created") == [
        {"id": f"role_assignment_{id_}_user-grace", **who, **where}
        for id_, where in ((role, of_all), (MEMBER, of_project))
    ]


def test_a_list_shows_a_new_assignment_only_after_a_while(memory: InMemory) -> None:
    role = memory.post(ROLES, ROLE)["id"]
    memory.post(f"{GRACE}/roles", {"role_id": role})
    memory.world(assignment_lag_seconds=3600)
    memory.post(f"{GROUP}/roles", {"role_id": role})
    assert memory.get(f"{GROUP}/roles/{role}")["id"] == role
    assert (memory.listed(f"{GROUP}/roles"), memory.listed(f"{GRACE}/roles")) == ([], [READER, role])
    memory.server.advance(3600)
    assert memory.listed(f"{GROUP}/roles") == [role]


# --- certificates, external keys and storage, workload identity ---


def test_a_certificate_is_active_in_each_place_on_its_own(memory: InMemory) -> None:
    content = trustme.CA().cert_pem.bytes().decode()
    parsed = x509.load_pem_x509_certificate(content.encode())
    ours, others = (memory.post(CERTIFICATES, {"certificate": content, "name": name}) for name in ("ours", "others"))
    shown = ours["certificate_details"]
    assert shown["valid_at"] == parsed.not_valid_before_utc.timestamp()
    assert shown["expires_at"] == parsed.not_valid_after_utc.timestamp()
    path = f"{CERTIFICATES}/{ours['id']}"
    assert "content" not in memory.get(path)["certificate_details"]
    assert memory.get(f"{path}?include[]=content")["certificate_details"]["content"] == content
    for place, kind in ((CERTIFICATES, "organization"), (f"{DEMO}/certificates", "organization.project")):
        for _ in range(2):  # "atomically and idempotently"
            reply = memory.post(f"{place}/activate", {"certificate_ids": [ours["id"]]})
            (active,) = reply["data"]
            assert (reply["object"], active["object"]) == (f"{kind}.certificate.activation", f"{kind}.certificate")
        assert memory.listed(f"{place}?order=asc", "active") == [True, False]
        assert memory.listed(f"{STAGING}/certificates", "active") == [False, False]
        memory.refuses("certificate_active", "DELETE", path)
        memory.post(f"{place}/deactivate", {"certificate_ids": [ours["id"], others["id"]]})
        assert memory.listed(place, "active") == [False, False]
    memory.post(f"{DEMO}/certificates/activate", {"certificate_ids": [ours["id"]]})
    memory.post(f"{DEMO}/archive")
    assert memory.delete(path) == {"object": "certificate.deleted", "id": ours["id"]}
    assert "project_certificate" not in memory.state()[0]["objects"]
    about = {"id": ours["id"], "name": "ours"}
    assert details(memory, "certificates.activated") == [{"certificates": [about]}] * 5
    assert details(memory, "certificate.deleted") == [{**about, "certificate": content}]


def test_there_are_fifty_certificates_at_most_newest_first(memory: InMemory) -> None:
    body = {"certificate": trustme.CA().cert_pem.bytes().decode()}
    made = [memory.post(CERTIFICATES, body)["id"] for _ in range(50)]
    memory.refuses("certificate_limit_reached", "POST", CERTIFICATES, body)
    assert memory.listed(f"{CERTIFICATES}?limit=50") == memory.listed(f"{DEMO}/certificates?limit=50") == made[::-1]


def test_an_external_key_is_valid_while_its_cloud_says_so(memory: InMemory) -> None:
    made = memory.post(KEYS, {**MASTER, "external_id": "proj_demo"})["id"]
    memory.post(f"/_emulator/external_keys/{made}/access", {"error": "AccessDenied"})
    memory.refuses(None, "POST", f"{KEYS}/{made}/validate")
    memory.post(f"/_emulator/external_keys/{made}/access", {"error": None})
    assert memory.post(f"{KEYS}/{made}/validate") == {"status": "success"}
    project = memory.post(PROJECTS, {"name": "Encrypted", "external_key_id": made})["id"]
    assert memory.get(f"{KEYS}/{made}")["api_project_ids"] == [project]
    memory.refuses("external_key_in_use", "DELETE", f"{KEYS}/{made}")
    memory.post(f"{PROJECTS}/{project}/archive")
    assert memory.delete(f"{KEYS}/{made}")["api_project_ids"] == []


def test_a_version_of_an_external_key_is_for_decryption_only(memory: InMemory) -> None:
    memory.world(organization_id="org-ours")
    for cloud, name in ((GCP, "kms_key_version"), (AZURE, "key_version"), (OCI, "key_version_ocid")):
        assert memory.post(KEYS, {**cloud, **PSP, name: "1"})[name] == "1"
    memory.post(KEYS, {**MASTER, "external_id": "proj_demo"})
    assert memory.listed(f"{KEYS}?purpose=psp_decryption", "type") == ["gcp", "azure", "oci"]
    assert memory.listed(f"{KEYS}?purpose=ekm", "type") == ["aws"]


CONTAINER = dict.fromkeys(("account_name", "container", "resource_group", "subscription_id", "tenant_id"), "x")
BUCKETS: dict[str, tuple[dict[str, Any], str, dict[str, Any]]] = {
    "aws": (AWS, "US", {"account_id": "123456789012", "external_id": "proj_demo", "region": "us-east-1"}),
    "azure": ({"type": "azure", **CONTAINER}, "US", {"region": "eastus"}),
    "gcp": (
        {"type": "gcp", "bucket": "b", **{name: value for name, value in GCP.items() if name.startswith("workload")}},
        *("US", {"audience": "proj_demo", "region": "us-central1"}),
    ),
    "oci": ({"type": "oci", "bucket": "b", "region": "eu-frankfurt-1", "tenancy_ocid": "ocid1.tenancy"}, "EU", {}),
}


@pytest.mark.parametrize("cloud", BUCKETS)
def test_storage_has_the_status_that_a_validation_finds(memory: InMemory, cloud: str) -> None:
    provider, geography, found = BUCKETS[cloud]
    made = memory.post(STORAGE, {"project_id": "proj_demo", "provider": provider})
    assert (made["status"], made["geography"], made["provider"]) == ("pending", geography, {**provider, **found})
    path = f"{STORAGE}/{made['id']}"
    for status in ("unhealthy", "degraded", "validated"):
        memory.post(f"/_emulator/external_storage/{made['id']}/health", {"status": status})
        assert memory.get(path)["status"] != status, "only a validation finds it"
        assert memory.post(f"{path}/validate")["status"] == memory.get(path)["status"] == status
    for _ in range(2):  # "repeating a deletion also completes any interrupted retention update"
        assert memory.delete(path)["deleted"]
    (registered,) = details(memory, "external_storage.registered")
    assert registered["data"] == {"geography": geography, "provider": made["provider"]}


def test_a_federation_rule_goes_with_its_service_account(memory: InMemory) -> None:
    path = "/organization/workload_identity_providers/wip_a"
    made = memory.post(f"{path}/federation_rules", {**RULE, "project_id": "proj_demo"})
    assert (made["name"], made["enabled"], made["permissions"]) == (None, True, {"type": "service_account_default"})
    assert made["workload_identity_provider_id"] == "wip_a"
    memory.refuses("workload_identity_provider_in_use", "DELETE", path)
    memory.delete(f"{path}/federation_rules/{made['id']}")
    (removed,) = details(memory, "workload_identity_provider_mapping.deleted")
    assert (removed["identity_provider_id"], removed["service_account_id"]) == ("wip_a", "svc_acct_a")
    same_id = {"id": "svc_acct_a", "name": "a"}
    memory.post("/_emulator/seed", {"projects": [{"id": "proj_b", "name": "B", "service_accounts": [same_id]}]})
    for project_id in ("proj_demo", "proj_b"):
        rule = memory.post(f"{path}/federation_rules", {**RULE, "project_id": project_id})
    memory.delete(f"{ACCOUNTS}/svc_acct_a")
    assert memory.listed(f"{path}/federation_rules") == [rule["id"]]
    memory.post(f"{PROJECTS}/proj_b/archive")
    assert "federation_rule" not in memory.state()[0]["objects"]
    assert memory.delete(path)["deleted"]


# --- the audit log ---


def test_the_audit_log_is_narrowed_and_newest_first(memory: InMemory) -> None:
    path = "/organization/audit_logs"
    first = memory.post(GROUPS, {"name": "1"})["id"]
    memory.server.advance(3600)
    second, later = memory.post(GROUPS, {"name": "2"})["id"], int(memory.time.now())
    memory.post(ACCOUNTS, {"name": "a", "create_service_account_only": True})
    key = memory.events()[0]["actor"]["api_key"]
    assert key["user"] == {"id": "user-ada", "email": "ada@example.com"}
    for query, found in (
        ("event_types[]=group.created", [second, first]),
        (f"effective_at[gte]={later}&event_types[]=group.created", [second]),
        (f"effective_at[gt]={later}", []),
        (f"effective_at[lt]={later}", [first]),
        (f"effective_at[lte]={later - 3600}", [first]),
        (f"resource_ids[]={first}", [first]),
        ("actor_emails[]=nobody@example.com", []),
        ("actor_emails[]=ada@example.com&actor_ids[]=user-ada&project_ids[]=proj_default", [second, first]),
        (f"actor_ids[]={key['id']}&limit=2&project_ids[]=proj_default", [second, first]),
        ("tenant_only=true", []),
    ):
        assert [it["group.created"]["id"] for it in memory.get(f"{path}?{query}")["data"]] == found, query
    assert memory.get(f"{path}?project_ids[]=proj_demo")["data"][0]["type"] == "service_account.created"


def test_what_is_not_known_is_absent_from_an_event_and_not_null(memory: InMemory) -> None:
    memory.post(DEMO, {"name": None, "external_key_id": None})
    assert details(memory, "project.updated") == [{"id": "proj_demo", "changes_requested": {}}]
    join(memory)
    sessions = [actor for event in memory.events() if (actor := event["actor"])["type"] == "session"]
    assert [actor["session"]["user"] for actor in sessions] == [{}, {}]


# --- the start ---


def test_a_seed_says_all_there_is() -> None:
    limits = {"rl-gpt-4o": {LIMIT: 9}}
    memory = InMemory(
        {
            "projects": [{"id": "proj_demo", "name": "A", "default": True, "rate_limits": limits}],
            "admin_keys": [{"value": "sk-admin-another"}],
            "world": {"created_status": 201},
            "rate_limit_rows": [{"model": "house-model", "limits": {LIMIT: 5}}],
        }
    )
    assert memory.listed(PROJECTS) == ["proj_demo"]
    assert memory("POST", GROUPS, {"name": "a"}, key="sk-admin-another")[0] == 201
    found = {row["id"]: row[LIMIT] for row in memory.get(f"{ROWS}?limit=1000")["data"]}
    assert (found["rl-gpt-4o"], found["rl-house-model"]) == (9, 5)
