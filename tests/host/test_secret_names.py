"""A secret name that another resource shows, with both providers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi.runtime.proto import provider_pb2

from pulumi_openai_admin import Group, ProjectGroup
from pulumi_openai_admin.engine.outputs import NAMES, wrap
from tests.host.provider_process import NativeProcess, marked

if TYPE_CHECKING:
    from tests.host.provider_process import DynamicProcess

NAME = "Acquisition of Initech"


def check_secret_name(host: DynamicProcess) -> None:
    """Tell the provider that the group's name is secret, as its engine does."""
    host.check(Group, {"name": wrap(NAME)} if isinstance(host, NativeProcess) else {"name": NAME, NAMES: ["name"]})


def has_secret_name(state: Any) -> bool:
    values = marked(state)
    assert values["role"] == "member"
    return wrap(NAME) in (values.get("group_name"), values.get("groupName"))


def test_the_secret_name_of_a_group_is_secret_where_it_is_shown(
    environ: dict[str, str], provider: type[DynamicProcess]
) -> None:
    urn = provider.urn_of(ProjectGroup)
    with provider(environ) as host:
        check_secret_name(host)
        inputs = {"project_id": "proj_demo", "group_id": host.create(Group, {"name": NAME})[0], "role": "member"}
        properties = host.inputs_of(ProjectGroup, inputs)
        created = host.stub.Create(provider_pb2.CreateRequest(urn=urn, properties=properties))
        assert has_secret_name(created.properties)
        state = host.state_in(ProjectGroup, created.properties)
        assert host.diff(ProjectGroup, created.id, state, inputs) == (False, [])
    with provider(environ) as host:  # a refresh may read it before the group
        properties = host.state_of(ProjectGroup, state)
        read = host.stub.Read(provider_pb2.ReadRequest(id=created.id, urn=urn, properties=properties))
        assert has_secret_name(read.properties)


def test_a_name_that_becomes_secret_becomes_secret_where_it_is_shown(
    environ: dict[str, str], provider: type[DynamicProcess]
) -> None:
    with provider(environ) as host:
        inputs = {"project_id": "proj_demo", "group_id": host.create(Group, {"name": NAME})[0], "role": "member"}
        id_, state = host.create(ProjectGroup, inputs)
    with provider(environ) as host:
        assert host.diff(ProjectGroup, id_, state, inputs) == (False, [])
        check_secret_name(host)
        assert host.diff(ProjectGroup, id_, state, inputs) == (True, [])
