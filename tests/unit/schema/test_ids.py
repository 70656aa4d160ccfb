"""Ids of the wrong form are refused, and ids of forms that OpenAI does not document are accepted."""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pulumi_openai_admin
from pulumi_openai_admin import (
    GroupMembers,
    GroupUser,
    Invite,
    Project,
    ProjectGroup,
    ProjectMembers,
    ProjectRateLimit,
    ProjectUser,
    ProjectUserRoles,
    UserRole,
    WebhookEndpoint,
    WorkloadIdentityFederationRule,
)
from pulumi_openai_admin.resources import ALL
from pulumi_openai_admin.schema import shapes
from pulumi_openai_admin.schema.fields import FieldRole
from pulumi_openai_admin.schema.ids import _BY_FIELD, SERVICE_ACCOUNT, USER, form_of_field, form_of_id, has_key
from pulumi_openai_admin.schema.shapes import UNKNOWN
from pulumi_openai_admin.schema.validation import failure, hints
from tests.unit.fuzzing import EXAMPLES

pytestmark = pytest.mark.every_resource

RESOURCES = [getattr(pulumi_openai_admin, name) for name in ALL]
A_PROJECT, A_USER = "must be the id of a project (proj_…), not", "must be the id of a user (user-…), not"
PROVIDER_ID = "workload_identity_provider_id"
A_PROVIDER = "must be the id of a workload identity provider, not"
AN_ACCOUNT = "the id of a service account (svc_acct_…)"
ROLES = "role is usually 'owner', 'member' or 'viewer'."
NOT_AN_ID = "is not an id: only letters, digits and -._~!$&'()*+,;=:@ are allowed."
RULE = WorkloadIdentityFederationRule


@pytest.mark.parametrize(
    ("resource", "field", "value", "message"),
    [
        (ProjectUser, "project_id", "group_1", f"project_id {A_PROJECT} 'group_1', the id of a group (group_…)."),
        (ProjectUser, "project_id", "sk-admin-secret", f"project_id {A_PROJECT} an API key."),
        (ProjectUser, "project_id", "a/b", f"project_id {NOT_AN_ID}"),
        (ProjectUser, "user_id", "svc_acct_1", f"user_id {A_USER} 'svc_acct_1', {AN_ACCOUNT}."),
        (UserRole, "user_id", "ada_l@example.com", f"user_id {A_USER} 'ada_l@example.com'."),
        (UserRole, "user_id", "user-a b", f"user_id {NOT_AN_ID}"),
        (ProjectUserRoles, "role_ids", ["role_1", "a b"], "role_ids[1] must be the id of a role (role_…), not 'a b'."),
        (
            GroupUser,
            "user_id",
            "role_1",
            f"user_id must be the id of a user (user-…) or {AN_ACCOUNT}, not 'role_1', the id of a role (role_…).",
        ),
        (Invite, "projects", [{"project_id": "a@b.c", "role": "x"}], f"projects[0]['project_id'] {A_PROJECT} 'a@b.c'."),
        (ProjectRateLimit, "rate_limit_id", "", "rate_limit_id is empty: set it, or remove it."),
        (RULE, PROVIDER_ID, "proj_1", f"{PROVIDER_ID} {A_PROVIDER} 'proj_1', the id of a project (proj_…)."),
    ],
)
def test_an_id_of_the_wrong_form_is_refused_with_the_form(resource: Any, field: str, value: Any, message: str) -> None:
    assert failure(resource.declaration.fields[field], value, is_secret=False) == message


@pytest.mark.parametrize(
    ("resource", "field", "value"),
    [
        (ProjectUser, "project_id", "something_new"),
        (ProjectGroup, "group_id", "69fbc2ab1dd08190b811e6a0"),
        (UserRole, "role_id", "~0!$&'()*+,;=:.-_"),
        (ProjectUserRoles, "role_ids", ["~0!$&'()*+,;=:.-_"]),
        (ProjectUser, "user_id", "user-a@b.c"),
        (ProjectUser, "user_id", "user_abc"),
        (UserRole, "role_id", "role-api-project-owner__api-project__proj_1"),
        (GroupUser, "user_id", "svc_acct_1"),
        (GroupMembers, "user_ids", ["user-1", "svc_acct_1"]),
        (ProjectRateLimit, "rate_limit_id", "rl-ft:gpt-4o:acme/x"),
        (Project, "external_key_id", "key_1"),
        (RULE, PROVIDER_ID, "anything"),
        (Project, "name", "group_1"),
    ],
)
def test_an_id_of_a_form_that_is_not_documented_is_accepted(resource: Any, field: str, value: Any) -> None:
    assert failure(resource.declaration.fields[field], value, is_secret=False) is None


@pytest.mark.parametrize(
    ("resource", "inputs", "sentences"),
    [
        (ProjectUser, {"project_id": "Demo", "user_id": "user-1"}, "Ids of projects usually have the form proj_…."),
        (ProjectUser, {"project_id": "proj_1", "user_id": UNKNOWN}, ""),
        (ProjectGroup, {"project_id": "project-1", "group_id": "69fbc2ab1dd08190b811e6a0"}, ""),
        (ProjectUserRoles, {"role_ids": ["role_1", "K", "L"]}, "Ids of roles usually have the form role_…."),
        (Invite, {"projects": [{"project_id": "Demo"}]}, "Ids of projects usually have the form proj_…."),
        (Project, {"external_key_id": "anything", "name": "Demo"}, ""),
        (ProjectUser, {"role": "owner"}, ""),
        (ProjectUser, {"role": "editor"}, ROLES),
        (
            ProjectMembers,
            {"members": [{"user_id": "x", "role": "editor"}]},
            f"Ids of users usually have the form user-…. {ROLES}",
        ),
        (WebhookEndpoint, {"url": "https://example.com/"}, ""),
        (WebhookEndpoint, {"url": "http://example.com/"}, "url is usually an https:// URL."),
    ],
)
def test_what_is_unusual_is_a_hint(resource: Any, inputs: dict[str, Any], sentences: str) -> None:
    assert hints(resource.declaration, inputs) == sentences


def test_a_secret_id_is_not_shown() -> None:
    message = failure(ProjectUser.declaration.fields["project_id"], "group_1", is_secret=True)
    assert message == "project_id must be the id of a project (proj_…)."


def _value(field: Any, id_: str) -> Any:
    return [id_] if isinstance(field.shape, shapes.Items) else id_


FIELDS = [
    field
    for resource in RESOURCES
    for field in resource.declaration.inputs
    if field.bounds.ids_of and field.keyed is None
]
FORMS = {form.noun: form for form in (*_BY_FIELD.values(), USER, SERVICE_ACCOUNT)}
CHARACTERS = string.ascii_letters + string.digits + "-._~!$&'()*+,;=:"
LETTERS = st.text(alphabet=CHARACTERS, min_size=1, max_size=40).filter(lambda text: set(text) != {"."})
BARE = st.one_of(st.text("0123456789abcdef", min_size=size, max_size=size) for size in (24, 32))


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data(), field=st.sampled_from(FIELDS))
def test_an_id_of_a_real_form_is_never_refused(data: st.DataObject, field: Any) -> None:
    form = field.bounds.ids_of
    own = st.sampled_from(form.beginnings or ("",))
    id_ = data.draw(BARE | st.builds("{}{}".format, own, LETTERS) | LETTERS)
    if form_of_id(id_) is None or form.has_prefix_of(id_):
        assert has_key(id_) or failure(field, _value(field, id_), is_secret=False) is None


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data(), field=st.sampled_from(FIELDS))
def test_what_is_surely_something_else_is_refused(data: st.DataObject, field: Any) -> None:
    known = {prefix for form in (field.bounds.ids_of, *field.bounds.ids_of.further) for prefix in form.beginnings}
    others = sorted({prefix for form in FORMS.values() for prefix in form.beginnings} - known)
    outside = st.characters(exclude_characters=CHARACTERS + "@/")
    wrong = data.draw(
        st.builds("{}{}".format, st.sampled_from(others), LETTERS)
        | st.builds("x{}@example.com".format, st.text(string.ascii_lowercase))
        | st.builds("{}{}{}".format, st.text(CHARACTERS), outside, st.text(CHARACTERS))
        | st.sampled_from(["", " ", "..", "../x", "sk-admin-1"])
    )
    assert failure(field, _value(field, wrong), is_secret=False)


@pytest.mark.parametrize("resource", RESOURCES)
def test_each_id_in_a_path_has_a_form(resource: Any) -> None:
    names = [field.name for field in resource.declaration.with_role(FieldRole.PATH) if field.bounds.constraint is None]
    assert [name for name in [*names, resource.declaration.identity] if name and form_of_field(name) is None] == []
