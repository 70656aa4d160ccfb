"""What is the same for all kinds: an object is created, shown, changed and deleted, and the audit log says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from pulumi_openai_admin.emulator.api import KINDS
from pulumi_openai_admin.emulator.api.roles import RoleAssignments
from pulumi_openai_admin.emulator.defaults import ADMIN_KEY
from pulumi_openai_admin.emulator.handlers.collection import Collection, Membership, OptionalSetting, Setting
from pulumi_openai_admin.emulator.handlers.paging import LastId, LastItem, NextToken, Paging
from tests.company import spend_alert, spend_limit
from tests.emulator.conftest import InMemory
from tests.emulator.test_refusals import AWS, MASTER, PEM, PROVIDER, ROLE, RULE

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.every_resource

Body = dict[str, Any]

ENDPOINT: Body = {"name": "shop", "url": "https://example.com/hooks", "event_types": ["batch.completed"]}
OFFICE: Body = {"name": "office", "description": "MCP servers"}
LIVES: dict[str, tuple[Body, Body]] = {
    "admin_api_key": ({"name": "ci"}, {}),
    "service_account": ({"name": "ci"}, {"name": "cd", "role": "owner"}),
    "spend_alert": (spend_alert(1, subject_prefix="Spend"), spend_alert(0, "b@example.com", subject_prefix="")),
    "project_spend_alert": (spend_alert(1, subject_prefix="a"), spend_alert(2, subject_prefix="b")),
    "group": ({"name": "Engineering"}, {"name": "On call"}),
    "group_user": ({"user_id": "user-grace"}, {}),
    "project_user": ({"email": "grace@example.com", "role": "member"}, {"role": "viewer"}),
    "project_group": ({"group_id": "group_a", "role": "viewer"}, {}),
    "role": ({**ROLE, "permissions": ["a", "b"]}, {"permissions": ["a", "c"], "description": "of keys"}),
    "project_role": (ROLE, {"description": None}),
    "invite": ({"email": "new@example.com", "role": "reader"}, {}),
    "certificate": ({"certificate": PEM}, {"name": "2027"}),
    "external_key": ({**MASTER, "external_id": "proj_demo"}, {}),
    "external_storage": ({"project_id": "proj_demo", "provider": AWS}, {}),
    "workload_identity_provider": (PROVIDER, {"description": None, "enabled": False}),
    "federation_rule": ({**RULE, "project_id": "proj_demo"}, {"name": "main"}),
    "experimental_thing": ({"name": "a", "owner": "ADA", "token": "t"}, {"name": "b", "token": "u"}),
    "project_experimental_thing": ({"name": "a"}, {"name": "b"}),
    "tunnel": (OFFICE, {"name": "home", "description": ""}),
    "webhook_endpoint": (ENDPOINT, {"name": "store", "event_types": ["batch.failed"]}),
}
"""The bodies of the creation and of the update of each kind that can be created and deleted."""
KEY = "sk-svcacct-of-a-project-1234"
ACCOUNT: Body = {"id": "svc_acct_a", "name": "a", "keys": [{"id": "key_a", "value": KEY}]}
SEED: Body = {
    "projects": [
        {"id": "proj_default", "name": "Default project", "default": True},
        {"id": "proj_demo", "name": "Demo", "service_accounts": [ACCOUNT]},
    ],
    "users": [
        {"id": "user-ada", "name": "Ada", "email": "ada@example.com"},
        {"id": "user-grace", "name": "Grace", "email": "grace@example.com", "role": "reader"},
    ],
    "groups": [{"id": "group_a", "name": "A"}],
    "workload_identity_providers": [{**PROVIDER, "id": "wip_a"}],
}
IDS = {"project_id": "proj_demo", "group_id": "group_a", "workload_identity_provider_id": "wip_a"}
ONCE = {"api_key", "value", "access", "signing_secret"}
"""What only the response to a creation shows."""
SHOWS_OTHERWISE = {"group_user", "role", "project_role", "experimental_thing"}
"""The kinds whose responses are not made of what was sent."""


def collections() -> Iterator[Collection]:
    for kind in KINDS:
        if isinstance(kind, Collection) and not isinstance(kind, Setting) and {"create", "delete"} <= {*kind.verbs}:
            yield kind


def lived() -> list[Collection]:
    return [kind for kind in collections() if kind.name in LIVES]


def test_each_kind_has_a_life() -> None:
    assert {kind.name for kind in collections()} - {*LIVES} == {
        *("group_role", "project_group_role", "user_role", "project_user_role")  # test_rules.py
    }


def assert_shown(shown: Body, sent: Body) -> None:
    """Compare the properties of a response that have the names of what was sent."""
    names = shown.keys() & sent.keys()
    assert {name: shown[name] for name in names} == {name: sent[name] for name in names}


@pytest.mark.parametrize("kind", lived(), ids=lambda kind: kind.name)
def test_an_object_from_its_creation_to_its_end(kind: Collection) -> None:
    memory = InMemory(SEED)
    before = memory.state()
    path, key = kind.path.format_map(IDS), {"key": KEY} if kind.needs_project_key else {}

    def done(method: str, place: str, body: Body | None = None) -> Any:
        status, content = memory(method, place, body, **key)
        assert status == 200, content
        return content

    first, second = LIVES[kind.name]
    made = done("POST", path, first)
    id_ = made.get("id") or made[kind.id_name]
    item = f"{path}/{id_}"
    assert made.get("object", kind.object) == kind.object
    assert id_.startswith(kind.id_prefix) or kind.name == "group"
    if kind.name not in SHOWS_OTHERWISE:
        assert_shown(made, {name: value for name, value in first.items() if name != "provider"})
        assert done("GET", item) == {name: value for name, value in made.items() if name not in ONCE}
    once = [made[name] for name in ONCE if made.get(name)]
    secrets = [shown["value"] if isinstance(shown, dict) else shown for shown in once]
    if "list" in kind.verbs:
        assert id_ in str([it.get("id") or it[kind.id_name] for it in done("GET", path)["data"]])
    if "update" in kind.verbs:
        shown = {**done("GET", item), **done(kind.changes_with, item, second)}
        assert_shown(shown, second)
        assert done("GET", item) == shown
    assert not [secret for secret in secrets if secret in str([memory.state(), memory.server.emulator.log.shown()])]
    assert isinstance(done("DELETE", item), dict)
    status, content = memory("GET", item, **key)
    assert (status, content["error"]["message"]) == (404, kind.missing(None, id_).message)  # type: ignore[arg-type] # unused
    assert memory.state() == before
    verbs = [verb for verb in ("create", "update", "delete") if verb in kind.verbs and kind.event_type(verb)]
    events = [event for event in memory.events() if event["type"] in {kind.event_type(verb) for verb in verbs}]
    assert [event["type"] for event in events] == [kind.event_type(verb) for verb in verbs]
    assert {event["actor"]["type"] for event in events} <= {"api_key"}
    place = "proj_demo" if "project_id" in kind.path_names else "proj_default"
    assert {event["project"]["id"] for event in events} <= {place}


SETTINGS: dict[str, tuple[Body | None, Body]] = {
    "data_retention": ({"type": "modified_abuse_monitoring"}, {"retention_type": "zero_data_retention"}),
    "project_data_retention": ({"type": "organization_default"}, {"retention_type": "none"}),
    "model_permission": (None, {"mode": "deny_list", "model_ids": ["o1"]}),
    "hosted_tool_permission": ({"mcp": {"enabled": True}}, {"mcp": {"enabled": False}, "web_search": None}),
    "service_tier_setting": ({"default": "standard", "enabled_tiers": "all"}, {"enabled_tiers": []}),
    "spend_limit": (None, spend_limit(1)),
    "project_spend_limit": (None, spend_limit(1)),
    "experimental_thing_setting": ({"mode": "off", "owner": ""}, {"mode": "audit", "limits": {"daily": 1}}),
    "project_experimental_thing_setting": ({"mode": "off"}, {"owner": "ADA"}),
}
"""What each setting shows at first, and the body of a change."""


@pytest.mark.parametrize("kind", [kind for kind in KINDS if isinstance(kind, Setting)], ids=lambda kind: kind.name)
def test_a_setting_is_stored_only_while_it_differs(kind: Setting) -> None:
    memory = InMemory(SEED)
    before, path = memory.state(), kind.path.format_map(IDS)
    first, change = SETTINGS[kind.name]
    status, shown = memory("GET", path)
    assert status == (404 if first is None else 200)
    if first is not None:
        assert {name: shown[name] for name in first} == first
    changed = memory.done(kind.changes_with, path, change)
    assert changed == memory.done("GET", path) != shown
    assert list(memory.state()[0]["objects"][kind.name]) == [kind.parent_key(IDS)]
    if isinstance(kind, OptionalSetting):
        assert memory.done("DELETE", path) == {"object": f"{kind.object}.deleted", "deleted": True}
        assert memory("GET", path)[0] == 404
    elif kind.initial:
        body = {"retention_type": shown["type"]} if "type" in shown else {name: shown[name] for name in kind.initial}
        memory.done(kind.changes_with, path, body)
        assert memory.done("GET", path) == shown
    assert memory.state() == before or not kind.initial


PAGED = [kind for kind in KINDS if any(it.verb == "list" and hasattr(kind, "paging") for it in kind.operations())]
CURSORS: dict[type[Paging], set[str]] = {LastId: {"first_id", "last_id"}, NextToken: {"next"}, LastItem: set()}


@pytest.fixture(scope="module")
def many() -> InMemory:
    people = [{"name": "P", "email": f"{number}@example.com"} for number in range(3)]
    memory = InMemory({**SEED, "users": [*SEED["users"], *people]})
    for number in range(5):
        memory.post("/organization/projects", {"name": "P"})
        for kind in lived():
            if not isinstance(kind, Membership):
                own = {"role_name": str(number)} if "role_name" in LIVES[kind.name][0] else {}
                key = KEY if kind.needs_project_key else ADMIN_KEY
                memory("POST", kind.path.format_map(IDS), {**LIVES[kind.name][0], **own}, key)
    for user in memory.listed("/organization/users"):
        memory.post("/organization/groups/group_a/users", {"user_id": user})
        memory.post("/organization/projects/proj_demo/users", {"user_id": user, "role": "member"})
    for group in memory.listed("/organization/groups"):
        memory.post("/organization/projects/proj_demo/groups", {"group_id": group, "role": "member"})
    return memory


@pytest.mark.parametrize("kind", PAGED, ids=lambda kind: kind.name)
def test_pages_add_up_to_the_whole(many: InMemory, kind: Any) -> None:
    path, key = kind.path.format_map(IDS | {"user_id": "user-grace"}), KEY if kind.needs_project_key else ADMIN_KEY

    def page(**query: Any) -> Any:
        status, content = many("GET", f"{path}?{urlencode(query)}", key=key)
        assert status == 200, content
        return content

    whole = page(limit=kind.paging.maximum)["data"]
    assert len(whole) >= 5 or isinstance(kind, RoleAssignments)
    for order in ("asc", "desc") if kind.paging.has_order else (kind.paging.default_order,):
        listed, query = [], {"limit": 3, "order": order}
        while True:
            found = page(**query)
            assert {*found} == {"object", "data", "has_more"} | CURSORS[type(kind.paging)]
            listed += found["data"]
            if not found["has_more"]:
                break
            query["after"] = found.get("last_id") or found.get("next") or found["data"][-1]["id"]
        assert listed == (whole if order == kind.paging.default_order else whole[::-1])
    if kind.paging.has_before:
        ids = [it["id"] for it in whole]
        for before, ends_in in ((4, (2, True)), (2, (0, False))):
            found = page(limit=2, before=ids[before])
            assert ([it["id"] for it in found["data"]], found["has_more"]) == (ids[ends_in[0] : before], ends_in[1])
