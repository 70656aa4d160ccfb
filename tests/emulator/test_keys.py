from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai
import pytest
from openai import OpenAI

if TYPE_CHECKING:
    from conftest import Http
    from openai.resources.admin.organization import Organization
    from openai.resources.admin.organization.projects import Projects
    from openai.types.admin.organization.projects import ServiceAccountCreateResponse

    from pulumi_openai_admin.emulator import Control, EmulatorServer


def other(emulator: EmulatorServer, value: str) -> Organization:
    return OpenAI(admin_api_key=value, base_url=emulator.base_url, max_retries=0).admin.organization


def test_a_key_is_shown_once_and_works(organization: Organization, emulator: EmulatorServer) -> None:
    made = organization.admin_api_keys.create(name="second")
    assert made.value.startswith("sk-admin-")
    assert (made.name, made.expires_at, made.owner.type) == ("second", None, "user")
    assert [key.name for key in other(emulator, made.value).admin_api_keys.list()] == ["emulator", "second"]
    assert made.value not in str(emulator.control.live())
    shown = organization.admin_api_keys.retrieve(made.id)
    assert shown.redacted_value == f"sk-admin-...{made.value[-4:]}"


def test_the_key_in_use_can_be_deleted(organization: Organization, emulator: EmulatorServer) -> None:
    made = organization.admin_api_keys.create(name="second")
    itself = other(emulator, made.value)
    assert itself.admin_api_keys.delete(made.id).deleted
    with pytest.raises(openai.AuthenticationError):
        itself.admin_api_keys.list()


def test_a_key_expires_by_the_clock(organization: Organization, emulator: EmulatorServer, control: Control) -> None:
    made = organization.admin_api_keys.create(name="short", expires_in_seconds=60)
    assert list(other(emulator, made.value).groups.list()) == []
    control.advance_clock(60)
    with pytest.raises(openai.AuthenticationError):
        other(emulator, made.value).groups.list()


READER = "sk-admin-only-reads-1234"


@pytest.mark.parametrize("key", [None, "sk-admin-somebody-else", "sk-proj-abcdefgh", "sk-svcacct-abcdefgh", "nonsense"])
def test_only_an_admin_key_is_accepted(http: Http, control: Control, key: str | None) -> None:
    http.use(key)
    status, _, message = http.refusal("GET", "")
    assert status == 401
    assert key is None or key not in message
    assert http.refusal("POST", "", {"name": "x"})[0] == 401
    assert control.state()["totals"]["projects"] == 5


def test_a_key_without_the_scope_gets_a_bare_string(http: Http, control: Control) -> None:
    control.seed({"admin_keys": [{"value": READER, "scopes": ["api.management.read"]}]})
    http.use(READER)
    assert http("GET", "").status_code == 200
    refused = http("POST", "", {"name": "x"})
    assert refused.status_code == 403
    assert refused.json()["error"].startswith(
        "You have insufficient permissions for this operation. Missing scopes: api.management.write."
    )
    control.world(missing_scope_shape="usual")
    assert http.refusal("POST", "", {"name": "x"})[0] == 403


def test_the_organization_header_has_to_match_where_the_switch_says_so(http: Http, control: Control) -> None:
    headers = {"OpenAI-Organization": "org-other"}
    assert http("GET", "", headers=headers).status_code == 200
    control.world(organization_id="org-emulator")
    assert http.refusal("GET", "", headers=headers)[:2] == (401, "mismatched_organization")
    assert http("GET", "").status_code == 200


DEMO = "proj_demo"


@pytest.fixture
def account(projects: Projects) -> ServiceAccountCreateResponse:
    return projects.service_accounts.create(DEMO, name="owner")


def test_get_and_list_show_a_key_without_value_and_scopes(http: Http, account: ServiceAccountCreateResponse) -> None:
    reply = http("GET", f"/{DEMO}/api_keys/{account.api_key.id}").json()
    assert reply["redacted_value"].startswith("sk-svcacct")
    assert reply["redacted_value"].endswith(account.api_key.value[-4:])
    assert account.api_key.value not in str(reply)
    assert "scopes" not in reply
    owner = {"id": account.id, "name": "owner", "created_at": account.created_at, "role": "member"}
    assert reply["owner"] == {"type": "service_account", "service_account": owner}
    assert http("GET", f"/{DEMO}/api_keys").json()["data"] == [reply]


def test_without_any_some_enabled_keys_are_missing(projects: Projects, account: ServiceAccountCreateResponse) -> None:
    bare = projects.service_accounts.create(DEMO, name="bare", create_service_account_only=True)
    hidden = projects.service_accounts.api_keys.create(bare.id, project_id=DEMO)

    def ids(**query: Any) -> list[str]:
        return [key.id for key in projects.api_keys.list(DEMO, **query)]

    assert ids() == ids(owner_project_access="active") == [account.api_key.id]
    assert ids(owner_project_access="inactive") == [hidden.id]
    assert ids(owner_project_access="any") == [account.api_key.id, hidden.id]
    with pytest.raises(openai.BadRequestError):
        ids(owner_project_access="all")


def test_delete_revokes_one_key(projects: Projects, account: ServiceAccountCreateResponse, control: Control) -> None:
    gone = projects.api_keys.delete(account.api_key.id, project_id=DEMO)
    assert (gone.id, gone.deleted, gone.object) == (
        account.api_key.id,
        True,
        "organization.project.api_key.deleted",
    )
    for call in (projects.api_keys.retrieve, projects.api_keys.delete):
        with pytest.raises(openai.NotFoundError):
            call(account.api_key.id, project_id=DEMO)
    assert control.key(account.api_key.value)["state"] == "revoked"
    assert projects.service_accounts.retrieve(account.id, project_id=DEMO).role == "member"


def test_an_api_that_refuses_to_delete_service_accounts_keys(
    projects: Projects, account: ServiceAccountCreateResponse, control: Control
) -> None:
    control.world(service_account_keys_deletable=False)
    with pytest.raises(openai.BadRequestError, match="service account"):
        projects.api_keys.delete(account.api_key.id, project_id=DEMO)


def test_an_expired_key_is_listed_and_cannot_be_changed(
    projects: Projects, account: ServiceAccountCreateResponse, control: Control
) -> None:
    projects.api_keys.update(account.api_key.id, project_id=DEMO, expires_in_seconds=60)
    control.world(clock_offset_seconds=61)
    assert control.key(account.api_key.value)["state"] == "expired"
    assert projects.api_keys.retrieve(account.api_key.id, project_id=DEMO).expires_at
    with pytest.raises(openai.BadRequestError) as refused:
        projects.api_keys.update(account.api_key.id, project_id=DEMO, expires_in_seconds=60)
    assert refused.value.code == "api_key_expired"
    control.world(list_expired_keys=False)
    assert list(projects.api_keys.list(DEMO, owner_project_access="any")) == []


def test_a_use_of_a_key_is_shown(projects: Projects, account: ServiceAccountCreateResponse, control: Control) -> None:
    key = account.api_key.id
    for seconds_ago, later in ((60, 0), (30, 30), (90, 30)):
        control.use(project_id=DEMO, api_key_id=key, seconds_ago=seconds_ago, model="gpt-4o", output_tokens=1)
        shown = projects.api_keys.retrieve(key, project_id=DEMO).last_used_at
        assert shown == pytest.approx(account.created_at - 60 + later, abs=20)
    assert control.key(account.api_key.value)["state"] == "live"


def test_a_person_has_access_as_an_owner_as_a_member_or_through_a_group(projects: Projects, control: Control) -> None:
    names = ("owner", "member", "grouped", "outside", "gone")
    people = [{"id": f"user-{name}", "name": name, "email": f"{name}@example.com", "role": "reader"} for name in names]
    people[0]["role"] = "owner"
    keys = [{"id": f"key_{person['name']}", "user": person} for person in people]
    control.seed(
        {
            "users": people[:4],
            "groups": [{"id": "group_1", "name": "One"}],
            "group_users": [{"group_id": "group_1", "user_id": "user-grouped"}],
            "projects": [{"id": "proj_new", "name": "New", "user_keys": keys}],
        }
    )
    control.seed({"project_users": [{"project_id": "proj_new", "user_id": "user-member", "role": "member"}]})
    control.seed({"project_groups": [{"project_id": "proj_new", "group_id": "group_1", "role": "member"}]})
    shown = {key.id: key.owner_project_access for key in projects.api_keys.list("proj_new", owner_project_access="any")}
    assert shown == {
        "key_owner": "active",
        "key_member": "active",
        "key_grouped": "active",
        "key_outside": "inactive",
        "key_gone": "inactive",
    }


def test_an_account_without_a_key_has_no_role_until_it_is_given_one(projects: Projects) -> None:
    made = projects.service_accounts.create(DEMO, name="bare", create_service_account_only=True)
    assert (made.api_key, made.role) == (None, "none")
    key = projects.service_accounts.api_keys.create(made.id, project_id=DEMO)
    assert projects.service_accounts.retrieve(made.id, project_id=DEMO).role == "none"
    assert projects.api_keys.retrieve(key.id, project_id=DEMO).owner_project_access == "inactive"
    assert projects.service_accounts.update(made.id, project_id=DEMO, role="member").role == "member"
    assert projects.api_keys.retrieve(key.id, project_id=DEMO).owner_project_access == "active"


def test_delete_ends_its_keys_and_nothing_else(projects: Projects, control: Control) -> None:
    other = projects.service_accounts.create(DEMO, name="other")
    made = projects.service_accounts.create(DEMO, name="a")
    more = projects.service_accounts.api_keys.create(made.id, project_id=DEMO)
    gone = projects.service_accounts.delete(made.id, project_id=DEMO)
    assert gone.model_dump() == {
        "id": made.id,
        "deleted": True,
        "object": "organization.project.service_account.deleted",
    }
    for call in (projects.service_accounts.retrieve, projects.service_accounts.delete):
        with pytest.raises(openai.NotFoundError):
            call(made.id, project_id=DEMO)
    assert [key.id for key in projects.api_keys.list(DEMO)] == [other.api_key.id]
    account = control.state()["projects"][DEMO]["service_accounts"][made.id]
    assert account == {
        "name": "a",
        "role": "member",
        "deleted": True,
        "keys": {made.api_key.id: "revoked", more.id: "revoked"},
    }


def test_the_organizations_policy_on_lifetimes(projects: Projects, control: Control) -> None:
    control.world(key_lifetime_required=True)
    with pytest.raises(openai.BadRequestError) as refused:
        projects.service_accounts.create(DEMO, name="a")
    assert refused.value.code == "api_key_expiration_required"
    assert projects.service_accounts.create(DEMO, name="a", create_service_account_only=True).api_key is None
    control.world(key_lifetime_required=False, key_lifetime_max=100)
    made = projects.service_accounts.create(DEMO, name="a", expires_in_seconds=100)
    for refusing in (
        lambda: projects.service_accounts.create(DEMO, name="a"),
        lambda: projects.service_accounts.create(DEMO, name="a", expires_in_seconds=101),
        lambda: projects.service_accounts.api_keys.create(made.id, project_id=DEMO),
        lambda: projects.api_keys.update(made.api_key.id, project_id=DEMO, expires_in_seconds=101),
    ):
        with pytest.raises(openai.BadRequestError, match="expires_in_seconds"):
            refusing()


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [(403, None, openai.PermissionDeniedError), (400, "api_keys_disabled", openai.BadRequestError)],
)
def test_a_policy_allows_no_new_keys(
    projects: Projects, control: Control, status: int, code: str | None, kind: type[openai.APIStatusError]
) -> None:
    made = projects.service_accounts.create(DEMO, name="a")
    control.world(allows_new_keys=False, key_refusal_status=status, key_refusal_code=code)
    for refusing in (
        lambda: projects.service_accounts.create(DEMO, name="b"),
        lambda: projects.service_accounts.api_keys.create(made.id, project_id=DEMO),
    ):
        with pytest.raises(kind, match="disabled by your organization") as refused:
            refusing()
        assert refused.value.code == code
    assert projects.service_accounts.create(DEMO, name="b", create_service_account_only=True).api_key is None
    assert projects.api_keys.update(made.api_key.id, project_id=DEMO, expires_in_seconds=60)
