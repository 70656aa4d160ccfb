"""A secret name that another resource shows, with both providers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi.runtime.proto import provider_pb2

from pulumi_openai_admin import Group, ProjectGroup
from pulumi_openai_admin.engine import outputs
from pulumi_openai_admin.engine.outputs import encode
from pulumi_openai_admin.hosts.native.properties import camel
from tests.host.provider_process import NativeProcess, bag, marked

if TYPE_CHECKING:
    from tests.host.provider_process import DynamicProcess

NAME = "Acquisition of Initech"


class Engine:
    """Calls a process of either provider as the engine does: a secret arrives as its provider accepts it."""

    def __init__(self, process: Any) -> None:
        self._process = process
        self._is_native = isinstance(process, NativeProcess)

    def message(self, resource: type[Any], values: dict[str, Any]) -> Any:
        if not self._is_native:
            return bag(resource, {name: plain(value) for name, value in values.items()})
        named = {name if name.startswith("__") else camel(name): value for name, value in values.items()}
        return encode({name: value for name, value in named.items() if name != outputs.NAMES})

    def create(self, resource: type[Any], inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """The id, and the state as the engine stores it."""
        urn, news = self._process.urn_of(resource), self.message(resource, inputs)
        checked = self._process.stub.Check(provider_pb2.CheckRequest(urn=urn, news=news)).inputs
        created = self._process.stub.Create(provider_pb2.CreateRequest(urn=urn, properties=checked))
        return created.id, self.stored(created.properties)

    def read(self, resource: type[Any], id_: str, state: dict[str, Any]) -> dict[str, Any]:
        request = provider_pb2.ReadRequest(
            id=id_, urn=self._process.urn_of(resource), properties=self.message(resource, state)
        )
        return self.stored(self._process.stub.Read(request).properties)

    def is_due(self, resource: type[Any], id_: str, state: dict[str, Any], inputs: dict[str, Any]) -> bool:
        urn, news = self._process.urn_of(resource), self.message(resource, inputs)
        olds = self.message(resource, state)
        request = provider_pb2.DiffRequest(id=id_, urn=urn, olds=olds, news=news, old_inputs=news)
        reply = self._process.stub.Diff(request)
        return bool(reply.changes == provider_pb2.DiffResponse.DIFF_SOME)

    def stored(self, properties: Any) -> dict[str, Any]:
        names = {camel(name): name for kind in (Group, ProjectGroup) for name in kind.declaration.fields}
        return {names.get(name, name): value for name, value in marked(properties).items()}


def plain(value: Any) -> Any:
    return value["value"] if outputs.is_wrapped(value) else value


def test_the_secret_name_of_a_group_is_secret_where_it_is_shown(
    environ: dict[str, str], provider: type[DynamicProcess]
) -> None:
    hidden = {"name": outputs.wrap(NAME), outputs.NAMES: ["name"]}
    with provider(environ) as process:
        engine = Engine(process)
        group_id, _ = engine.create(Group, hidden)
        inputs = {"project_id": "proj_demo", "group_id": group_id, "role": "member"}
        id_, state = engine.create(ProjectGroup, inputs)
        assert state["group_name"] == outputs.wrap(NAME)
        assert state["role"] == "member"
        assert not engine.is_due(ProjectGroup, id_, state, inputs)
    with provider(environ) as process:  # a refresh may read it before the group
        assert Engine(process).read(ProjectGroup, id_, state)["group_name"] == outputs.wrap(NAME)


def test_a_name_that_becomes_secret_becomes_secret_where_it_is_shown(
    environ: dict[str, str], provider: type[DynamicProcess]
) -> None:
    with provider(environ) as process:
        engine = Engine(process)
        group_id, group = engine.create(Group, {"name": NAME})
        inputs = {"project_id": "proj_demo", "group_id": group_id, "role": "member"}
        id_, state = engine.create(ProjectGroup, inputs)
        assert state["group_name"] == NAME
        assert group["name"] == NAME
    with provider(environ) as process:
        engine = Engine(process)
        hidden = {"name": outputs.wrap(NAME), outputs.NAMES: ["name"]}
        urn, news = process.urn_of(Group), engine.message(Group, hidden)
        process.stub.Check(provider_pb2.CheckRequest(urn=urn, news=news))
        assert engine.is_due(ProjectGroup, id_, state, inputs)
