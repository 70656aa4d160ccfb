"""`ApiObject` and `ApiSetting` in both providers: inside projects, and when a version has a resource for their path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests
from pulumi.runtime.proto import provider_pb2

from pulumi_openai_admin import ApiObject, ApiSetting, Group, ProjectServiceTierSettings
from pulumi_openai_admin.hosts.native.properties import Decoded, encode, to_inputs
from tests.host.dynamic_host import DynamicHost
from tests.host.native_process import NativeProcess
from tests.host.provider_process import Failure

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.native_process import Host

THINGS = "/organization/projects/{}/experimental_things"
SETTINGS = "/organization/projects/{}/experimental_thing_settings"


@pytest.fixture
def project(emulator: EmulatorServer) -> str:
    (id_,) = emulator.control.seed({"projects": [{"name": "things"}]})["projects"]
    return str(id_)


def archive(emulator: EmulatorServer, project: str) -> None:
    url = f"{emulator.base_url}/organization/projects/{project}/archive"
    headers = {"Authorization": f"Bearer {emulator.admin_key}"}
    requests.post(url, headers=headers, timeout=10).raise_for_status()


def writes(emulator: EmulatorServer) -> list[str]:
    return [f"{sent['method']} {sent['path']}" for sent in emulator.control.requests() if sent["method"] != "GET"]


def test_what_is_in_an_archived_project_is_gone(
    provider: Host, emulator: EmulatorServer, environ: dict[str, str], project: str
) -> None:
    thing = {"path": THINGS.format(project), "properties": {"name": "part"}}
    setting = {"path": SETTINGS.format(project), "properties": {"mode": "audit"}}
    with provider(environ) as host:
        made = host.create(ApiObject, thing)
        changed = host.create(ApiSetting, setting)
        assert made[0].startswith(f"{thing['path']}/thing_")
        assert changed[0] == setting["path"]
    archive(emulator, project)
    with provider(environ) as host:
        assert host.read(ApiObject, *made)[0] == ""
        assert host.read(ApiSetting, *changed)[0] == ""
        host.delete(ApiObject, *made)
        host.delete(ApiSetting, *changed)
        with pytest.raises(Failure, match=f"Project {project} is archived"):
            host.create(ApiObject, thing)
        missing = {**thing, "path": THINGS.format("proj_none")}
        with pytest.raises(Failure, match="Project proj_none does not exist, or belongs to another"):
            host.create(ApiObject, missing)


def test_the_preview_of_a_creation_says_that_the_path_is_not_known(
    provider: Host, environ: dict[str, str], project: str
) -> None:
    with provider(environ) as host:
        for resource, path, properties in (
            (ApiObject, THINGS, {"name": "part"}),
            (ApiSetting, SETTINGS, {"mode": "audit"}),
        ):
            host.preview_create(resource, {"path": path.format(project), "properties": properties})
        assert host.notes.count("does not know the path") == 2


def test_an_unchanged_program_changes_nothing_though_openai_shows_a_value_in_another_form(
    provider: Host, emulator: EmulatorServer, environ: dict[str, str], project: str
) -> None:
    declared: list[tuple[Any, dict[str, Any]]] = [
        (ApiObject, {"path": THINGS.format(project), "properties": {"name": "part", "owner": "Ada@example.com"}}),
        (ApiSetting, {"path": SETTINGS.format(project), "properties": {"owner": "Ada@example.com"}}),
    ]
    for resource, inputs in declared:
        with provider(environ) as host:
            id_, state = host.create(resource, inputs)
            assert state["object"]["owner"] == "ada@example.com"
        emulator.control.clear_requests()
        with provider(environ) as host:
            assert host.diff(resource, id_, state, inputs) == (False, [])
            _, refreshed, shown = host.read(resource, id_, state)
            assert shown == inputs
            assert host.diff(resource, id_, refreshed, inputs) == (False, [])
        assert writes(emulator) == []


def test_two_settings_of_one_path_conflict(environ: dict[str, str], project: str) -> None:
    inputs = {"path": SETTINGS.format(project), "properties": {"mode": "audit"}}
    with NativeProcess(environ) as host:
        request = provider_pb2.CheckRequest(
            urn="urn:pulumi:dev::test::openai-admin:index:ApiSetting::other", news=encode(inputs)
        )
        assert not host.stub.Check(request).failures
        _, failures = host.check(ApiSetting, inputs)
    what = f"the experimental thing settings of project {project}"
    assert failures == [f"ApiSetting 'it' and ApiSetting 'other' both manage {what}: remove it from one of them."]


def test_an_object_becomes_one_of_a_declared_resource_and_nothing_is_sent(
    emulator: EmulatorServer, environ: dict[str, str]
) -> None:
    """What an earlier version did, which had no resource for groups; this one refuses the path in `check`."""
    name = {"name": "from an earlier version"}
    with DynamicHost(environ) as host:
        inputs = {"path": "/organization/groups", "properties": name, "settable": ["name"], "paging": "next"}
        assert "managed by Group in this version" in host.check(ApiObject, inputs)[1][0]
        id_, _ = host.create(ApiObject, inputs)
    emulator.control.clear_requests()
    with NativeProcess(environ) as host:
        own_id, urn = id_.rpartition("/")[2], host.urn_of(Group)
        imported = host.stub.Read(provider_pb2.ReadRequest(id=own_id, urn=urn))
        declared = to_inputs(Group.declaration, Decoded.of(imported.inputs).values)
        assert declared == name
        asked = provider_pb2.DiffRequest(
            id=own_id, urn=urn, olds=imported.properties, news=imported.inputs, old_inputs=imported.inputs
        )
        assert host.stub.Diff(asked).changes == provider_pb2.DiffResponse.DIFF_NONE
    assert writes(emulator) == []


def test_a_setting_becomes_one_of_a_declared_resource_and_nothing_is_sent(
    provider: Host, emulator: EmulatorServer, environ: dict[str, str], project: str
) -> None:
    tier: dict[str, Any] = {"default": "fast"}
    path = f"/organization/projects/{project}/service_tier_settings"
    with provider(environ) as host:
        host.create(ApiSetting, {"path": path, "properties": tier})
    emulator.control.clear_requests()
    with provider(environ) as host:
        _, state = host.create(ProjectServiceTierSettings, {"project_id": project, **tier})
    assert state["default"] == "fast"
    assert writes(emulator) == []
