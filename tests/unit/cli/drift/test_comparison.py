"""The resources of an exported stack, and the settings of its providers."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_openai_admin import ApiObject, GroupMembers, ProjectMembers, ProjectRateLimit, ProjectRateLimits, errors
from pulumi_openai_admin.cli.changes import Change, changes_between_inputs, in_native
from pulumi_openai_admin.cli.drift.comparison import PlaceInState, Stack, state_of
from pulumi_openai_admin.cli.recorded import SECRET, RecordedResource
from tests import keyed
from tests.exported import ENCRYPTED, exported, plain, record

MODIFIED = "2026-11-26T03:00:34.358887534Z"


def read(*records: dict[str, Any]) -> Stack:
    return Stack(exported(*records))


GROUP = record(
    "Group",
    "group_1",
    "team",
    modified=MODIFIED,
    inputs={"name": "Team", "__provider": "gASV"},
    outputs={"name": "Team", "group_id": "group_1", "__provider": "gASV", "__managed": {"inputs": ["name"]}},
)


def test_an_id_of_another_form_does_not_say_which_project_a_resource_is_in() -> None:
    stack = read(record("ProjectRateLimit", "rl-gpt-4o", "row", native=True, inputs={}, outputs={}))
    assert list(stack.places) == [PlaceInState("", "", "ProjectRateLimit")]


@pytest.mark.parametrize("hidden", [ENCRYPTED, plain({"inputs": ["name"]})])
def test_what_a_read_needs_is_known_although_it_is_encrypted(hidden: Any) -> None:
    other = record("Role", "role_1", "r", outputs={"__managed": {"inputs": [], "anchor": "proj_default"}})
    secret = {**GROUP, "outputs": {"name": hidden, "group_id": "group_1", "__managed": hidden}}
    stack = read(other, secret)
    (group,) = stack.places[PlaceInState("", "", "Group")]
    assert state_of(group, stack.anchors[""]) == {
        "name": SECRET,
        "group_id": "group_1",
        "__managed": {"inputs": ["name"], "anchor": "proj_default"},
    }


def test_explicit_providers_have_places_and_settings_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = {"maxWaitSeconds": "5", "parallel": "2", "readTimeoutSeconds": "9"}
    inputs = {"adminApiKey": plain("sk-b"), "version": "1", **stored}
    native = record("pulumi:providers:openai-admin", "1", "default-b", inputs=inputs)
    dynamic_inputs = {"openai-admin:provider": "c", "openai-admin:adminApiKey": ENCRYPTED}
    dynamic = record("pulumi:providers:pulumi-python", "2", "c", inputs=dynamic_inputs)
    of_default = {"organization": "org-1", "adminApiKey": plain("sk-x")}
    defaults = [
        record("pulumi:providers:openai-admin", "3", "default_1_0_0", inputs=of_default),
        record("pulumi:providers:pulumi-python", "4", "default", inputs={"openai-admin:baseUrl": "https://x.test"}),
    ]
    groups = [
        {**GROUP, "urn": f"{GROUP['urn']}{provider['id']}", "provider": f"{provider['urn']}::{provider['id']}"}
        for provider in (native, dynamic, *defaults)
    ]
    stack = read(native, dynamic, *defaults, *groups)
    assert [place.provider.rpartition("::")[2] for place in stack.places] == ["1", "2", ""]
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-environment")
    monkeypatch.setenv("OPENAI_BASE_URL", "https://x.test")
    settings, skipped = stack.settings(7, 3)
    assert [provider.rpartition("::")[2] for provider in settings] == ["", "1"]
    default, b = settings.values()
    assert (default.admin_api_key, default.organization) == ("sk-environment", "org-1")
    assert default.base_url == "https://x.test"
    assert (b.admin_api_key, b.parallel, b.max_wait_seconds, b.read_timeout_seconds) == ("sk-b", 3, 7, 9)
    assert skipped == ["c"], "its key is encrypted"


def test_a_provider_without_a_key_in_the_state_has_the_variables_of_the_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inputs = {"__internal": {"envVarMappings": {"B_KEY": "OPENAI_ADMIN_KEY", "B_URL": "OPENAI_BASE_URL"}}}
    provider = record("pulumi:providers:openai-admin", "1", "b", inputs=inputs)
    stack = read(provider, {**GROUP, "provider": f"{provider['urn']}::1"})
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-environment")
    monkeypatch.setenv("B_KEY", "sk-b")
    monkeypatch.setenv("B_URL", "https://b.test/v1/")
    (settings,) = stack.settings(1, 1)[0].values()
    assert (settings.admin_api_key, settings.base_url) == ("sk-b", "https://b.test/v1")


def test_what_is_only_read_or_about_to_be_deleted_is_not_managed() -> None:
    deleted = {**GROUP, "urn": f"{GROUP['urn']}2", "delete": True}
    stack = read({**GROUP, "external": True}, deleted)
    (group,) = stack.places[PlaceInState("", "", "Group")]
    assert "__managed" not in state_of(group, "")
    assert stack.project_names == {}, "only projects have one"


def test_a_stack_of_other_packages_is_refused() -> None:
    with pytest.raises(errors.ConfigurationError, match="has no resources of pulumi-openai-admin"):
        read(record("aws:s3/bucket:Bucket", "x", "other", outputs={}))


# The differences between two versions of one resource (`cli/changes.py`)

RPM = "max_requests_per_1_minute"


def test_each_member_who_is_not_known_yet_is_named() -> None:
    new = "known after up"
    members = [*keyed.members({new: "owner", "user-1": "viewer"}), *keyed.members({new: "member"}), new]
    news = {"project_id": "proj_1", "members": members}
    changes = changes_between_inputs(RecordedResource("ProjectMembers", {}), {}, {"project_id": "proj_1"}, news)
    assert [(change.field, change.before, change.after) for change in changes] == [
        (f'members["{new}"]', None, "owner"),
        (f'members["{new} (2)"]', None, "member"),
        (f'members["{new} (3)"]', None, new),
        ('members["user-1"]', None, "viewer"),
    ]


@pytest.mark.parametrize(
    ("resource", "path", "field"),
    [
        (ProjectRateLimits, ("limits", "gpt-4o", RPM), 'limits["gpt-4o"].maxRequestsPer1Minute'),
        (ProjectRateLimits, ("limits", "my_model", RPM), "limits.my_model.maxRequestsPer1Minute"),
        (ProjectRateLimit, (RPM,), "maxRequestsPer1Minute"),
        (ProjectMembers, ("members", "ada@example.com"), 'members["ada@example.com"]'),
        (GroupMembers, ("user_ids",), "userIds"),
        (ApiObject, ("properties", "some_name"), "properties.some_name"),
    ],
)
def test_a_native_resource_has_the_names_of_its_programs(resource: Any, path: tuple[str, ...], field: str) -> None:
    (change,) = in_native(resource.declaration, [Change(path, 1, 2)])
    assert (change.path, change.field) == (path, field)
