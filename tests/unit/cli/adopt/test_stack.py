from __future__ import annotations

from typing import Any

import pytest

from pulumi_openai_admin import GroupUser, OrganizationUser, ProjectUser, errors
from pulumi_openai_admin.cli.adopt.stack import StackState
from pulumi_openai_admin.data_sources.kind import snake
from tests import keyed
from tests.exported import ENCRYPTED, exported, plain, provider, record

SHOP = {"project_id": "proj_shop"}


def stack(*records: dict[str, Any], **deployment: Any) -> StackState:
    return StackState(exported(*records, **deployment))


@pytest.mark.parametrize("native", [False, True])
def test_access_that_has_ended_is_not_managed(*, native: bool) -> None:
    group, user, users = ("groupId", "userId", "userIds") if native else ("group_id", "user_id", "user_ids")
    one = {group: "g", user: "a", "until": "2026-12-31"}
    ends_at = "endsAt" if native else "ends_at"
    many = {group: "h", users: ["a", "b"], "until": [{user: "a", ends_at: "2026-12-31"}]}

    def ended(kind: str, id_: str, inputs: dict[str, Any], name: str) -> dict[str, Any]:
        outputs = {
            **inputs,
            **({users: ["b"]} if users in inputs else {}),
            "__managed": {"inputs": sorted(inputs), "ended": [name]},
        }
        return record(kind, id_, inputs=inputs, outputs=outputs, native=native)

    found = stack(ended("GroupUser", "g/a", one, ""), ended("GroupMembers", "h", many, "a"))
    assert found.manager("GroupUser", "g/a") is None
    for group_id, who, is_managed in (("g", "a", False), ("h", "a", False), ("h", "b", True)):
        left, _ = found.unmanaged_part(GroupUser, {"group_id": group_id, "user_id": who})
        assert (left is None) == is_managed
    still = {**many, "until": [{user: "a", ends_at: "2999-12-31"}]}
    found = stack(record("GroupMembers", "h", inputs=still, outputs={**still, "__managed": {}}, native=native))
    assert found.unmanaged_part(GroupUser, {"group_id": "h", "user_id": "a"})[0] is None


def test_a_resource_whose_id_has_another_form_manages_nothing_else() -> None:
    inputs = {"group_id": "g", "user_id": "a", "until": "2026-12-31"}
    found = stack(record("GroupUser", "other", inputs=inputs, outputs={**inputs, "__managed": {}}))
    assert found.manager("GroupUser", "other")
    assert found.unmanaged_part(GroupUser, {"group_id": "g", "user_id": "a"})[1] is None


def test_a_state_of_a_newer_version_is_refused() -> None:
    inputs = {"group_id": "g", "user_id": "a", "until": "2026-12-31"}
    with pytest.raises(errors.ConfigurationError, match="written by a newer version"):
        stack(record("GroupUser", "g/a", inputs=inputs, outputs={**inputs, "__managed": {"version": 99}}))


def test_a_person_manages_the_user_the_invite_and_the_places_in_projects() -> None:
    member = record("OrganizationMember", "ada@example.com", inputs={"email": "ada@example.com", "role": "reader"})
    member["inputs"]["projects"] = keyed.projects({"proj_shop": "member"})
    member["outputs"] = {**member["inputs"], "user_id": "user-a", "invite_id": "invite-1"}
    found = stack(member)
    assert found.manager("Invite", "invite-1")
    assert found.manager("OrganizationUser", "user-a")
    assert found.unmanaged_part(OrganizationUser, {"user_id": "user-a"})[0] is None
    assert found.unmanaged_part(ProjectUser, {**SHOP, "user_id": "user-a", "role": "member"})[0] is None
    assert found.unmanaged_part(ProjectUser, {"project_id": "proj_lab", "user_id": "user-a", "role": "x"})[0]


_HIDDEN: dict[str, tuple[str, str, Any, bool]] = {
    "a list": ("ProjectMembers", "proj_shop", {"members": ENCRYPTED}, True),
    "a part of a list": ("ProjectMembers", "proj_shop", {"members": [{"email": ENCRYPTED, "role": "member"}]}, True),
    "others in a list": ("GroupMembers", "group_1", {"userIds": ["user-a"], "exclusive": ENCRYPTED}, True),
    "roles": ("UserRoles", "user-a", {"roleIds": ENCRYPTED}, True),
    "a selection": ("ProjectUser", "proj_shop/user-a", {"email": ENCRYPTED, "role": "member"}, True),
    "an invite": ("Invite", "invite-1", {"email": ENCRYPTED, "role": "reader"}, True),
    "places of a person": ("OrganizationMember", "a@b.c", {"role": "reader", "projects": ENCRYPTED}, True),
    "limits": ("ProjectRateLimits", "proj_shop", {"limits": ENCRYPTED}, True),
    "what the id says": ("GroupUser", "group_1/user-a", {"groupId": ENCRYPTED, "userId": ENCRYPTED}, False),
    "a whole setting": ("ProjectSpendLimit", "proj_shop", {"thresholdAmount": ENCRYPTED}, False),
    "nothing that others manage": ("Group", "group_1", {"name": ENCRYPTED}, False),
}


@pytest.mark.parametrize("native", [False, True])
@pytest.mark.parametrize(("kind", "id_", "inputs", "is_hidden"), _HIDDEN.values(), ids=_HIDDEN)
def test_what_encrypted_inputs_hide_is_said(
    kind: str, id_: str, inputs: dict[str, Any], *, is_hidden: bool, native: bool
) -> None:
    named = inputs if native else {snake(name): value for name, value in inputs.items()}
    found = stack(record(kind, id_, inputs=named, outputs={}, native=native)).not_known()
    text = f"because inputs are encrypted in the state: {kind} one. Use --state"
    assert [text in line for line in found] == [True] * is_hidden


def test_secrets_in_plain_text_are_compared() -> None:
    inputs = {**SHOP, "members": plain([{"email": "ada@example.com", "role": "member"}])}
    found = stack(record("ProjectMembers", "proj_shop", inputs=inputs, outputs={}))
    assert found.not_known() == []
    assert found.unmanaged_part(ProjectUser, {**SHOP, "email": "ada@example.com", "role": "member"})[0] is None


def test_the_provider_that_the_stack_uses() -> None:
    research = provider("research")
    used = record("Group", "group_1", provider=f"{research['urn']}::uuid")
    assert stack(research, used).provider("") == "research"
    assert stack(research).provider("") == "research"
    assert stack(research, used).provider("default") == ""
    assert stack(used).provider("") == ""
    assert stack().provider("") == ""


def test_a_stack_with_several_providers_needs_a_name() -> None:
    research = provider("research", native=True)
    group = record("Group", "group_1", native=True, provider=f"{research['urn']}::uuid")
    found = stack(research, group, record("Group", "group_2", "two", native=True))
    with pytest.raises(errors.ConfigurationError, match="use several providers: default, research"):
        found.provider("")
    assert found.provider("research") == "research"
    with pytest.raises(errors.NoMatchError, match="no provider 'reserch'") as raised:
        found.provider("reserch")
    assert "Did you mean research?" in str(raised.value)
    with pytest.raises(errors.NoMatchError, match=r"no provider 'nope' for OpenAI\. It has research, default\."):
        found.provider("nope")
    with pytest.raises(errors.NoMatchError, match=r"OpenAI\. Its program declares none: omit --provider\."):
        stack().provider("nope")


def test_what_is_only_read_is_not_managed() -> None:
    found = stack(record("Group", "group_1", "engineering", external=True))
    assert found.manager("Group", "group_1") is None
    assert found.names["Group"] == {"engineering"}
