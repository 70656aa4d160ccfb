"""Objects that the program does not name, with both providers: their name, and what a lost reply leaves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from pulumi.runtime.proto import provider_pb2

from pulumi_openai_admin import Group, ProjectServiceAccount, Role
from pulumi_openai_admin.engine import outputs
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.hosts.native.properties import token
from pulumi_openai_admin.lifecycle.check import AUTONAMING, Autonaming, Mode
from tests.host.dynamic_host import DynamicHost, marked, provider_of
from tests.host.dynamic_host import _struct as struct
from tests.host.native_process import NativeProcess
from tests.host.provider_process import Failure

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.native_process import Host

MADE = re.compile("it-[0-9a-f]{7}")
IMPATIENT = {"openai-admin:maxWaitSeconds": "2"}
ACCOUNT = {"project_id": "proj_demo"}
ROLE = {"permissions": ["api.groups.read"]}


def made(emulator: EmulatorServer, kind: str) -> dict[str, str]:
    """The names of the objects that were named after the resource, by id."""
    objects = emulator.control.live(kind).get(kind, {})
    names = {id_: row.get("name") or row["role_name"] for id_, row in objects.items()}
    return {id_: name for id_, name in names.items() if MADE.fullmatch(name)}


def test_a_creation_whose_reply_is_lost_makes_one_object_with_the_name_of_the_preview(
    emulator: EmulatorServer, environ: dict[str, str], provider: Host
) -> None:
    with provider(environ) as host:
        previewed, failures = host.check(Group, {})
    assert not failures
    emulator.control.fault(method="POST", path="/organization/groups", kind="reset", when="after", times=1)
    with provider(environ) as host:
        inputs, _ = host.check(Group, {})
        id_, state = host.create(Group, inputs)
    assert inputs == previewed
    assert MADE.fullmatch(inputs["name"])
    assert made(emulator, "group") == {id_: inputs["name"]}
    with provider(environ) as host:
        kept, _ = host.check(Group, {}, olds=inputs)
        assert kept == inputs
        assert host.diff(Group, id_, state, kept) == (False, [])


def test_an_account_whose_reply_is_lost_is_made_once(
    emulator: EmulatorServer, environ: dict[str, str], provider: Host
) -> None:
    emulator.control.fault(method="POST", path="*/service_accounts", kind="reset", when="after", times=1)
    with provider(environ) as host:
        inputs, _ = host.check(ProjectServiceAccount, ACCOUNT)
        _, state = host.create(ProjectServiceAccount, inputs)
    accounts = emulator.control.state()["projects"]["proj_demo"]["service_accounts"]
    live = {id_ for id_, account in accounts.items() if account["name"] == inputs["name"] and not account["deleted"]}
    assert live == {state["service_account_id"]}


def lose_everything(emulator: EmulatorServer, path: str) -> None:
    """The object is created, and neither its reply nor a list after it arrives."""
    emulator.control.fault(method="POST", path=path, kind="reset", when="after", times=None)
    emulator.control.fault(method="GET", path=path, kind="reset", when="before", times=None, skip=2)


def test_a_run_that_did_not_learn_what_it_created_is_followed_by_one_that_names_it(
    emulator: EmulatorServer, environ: dict[str, str], provider: Host
) -> None:
    """The state has no name then: the second run makes the same one, so that it finds the object of the first."""
    lose_everything(emulator, "/organization/roles")
    with provider(environ, IMPATIENT) as host, pytest.raises(Failure):
        host.create(Role, host.check(Role, ROLE)[0])
    (first,) = made(emulator, "role")
    emulator.control.clear_faults()
    with provider(environ) as host, pytest.raises(Failure, match=f"role {first} has this name"):
        host.create(Role, host.check(Role, ROLE)[0])
    assert list(made(emulator, "role")) == [first]


def test_a_replacement_has_another_name(environ: dict[str, str], provider: Host) -> None:
    with provider(environ) as host:
        first, _ = host.check(ProjectServiceAccount, ACCOUNT)
        second, _ = host.check(ProjectServiceAccount, {"project_id": "proj_2"}, olds=first)
        assert second["name"] == first["name"]
        replacement, _ = host.check(ProjectServiceAccount, {"project_id": "proj_2"})
    assert MADE.fullmatch(replacement["name"])
    assert replacement["name"] != first["name"]


# What the stack sets

SETTINGS = [
    (Autonaming(Mode.ENFORCE, "acme-it"), "acme-it"),
    (Autonaming(Mode.PROPOSE, "it-1234"), "it-1234"),
    (Autonaming(Mode.DISABLE, ""), None),
]


def said(reply: Any) -> str | None:
    """The name of the checked inputs; None if the setting requires one."""
    assert all("disables auto-naming" in failure.reason for failure in reply.failures)
    return None if reply.failures else str(marked(reply.inputs)["name"])


@pytest.mark.parametrize(("setting", "name"), SETTINGS)
def test_the_engine_tells_the_native_provider(environ: dict[str, str], setting: Autonaming, name: str | None) -> None:
    urn = f"urn:pulumi:dev::test::{token('Group')}::it"
    options = provider_pb2.CheckRequest.AutonamingOptions
    request = provider_pb2.CheckRequest(
        urn=urn, autonaming=options(proposed_name=setting.pattern, mode=options.Mode.Value(setting.mode.value))
    )
    with NativeProcess(environ) as host:
        told = host.stub.Handshake(provider_pb2.ProviderHandshakeRequest(engine_address=host.engine.address))
        assert told.supports_autonaming_configuration
        assert host.stub.Configure(provider_pb2.ConfigureRequest(urn=host._urn)).supports_autonaming_configuration
        assert said(host.stub.Check(request)) == name


@pytest.mark.parametrize(("setting", "name"), SETTINGS)
def test_the_constructor_tells_the_dynamic_provider(
    environ: dict[str, str], setting: Autonaming, name: str | None
) -> None:
    news = struct({AUTONAMING: setting.to_input()}, provider_of(Group))
    with DynamicHost(environ) as host:
        reply = host.stub.Check(provider_pb2.CheckRequest(urn=host.urn_of(Group), news=news))
        assert said(reply) == name
        assert AUTONAMING not in reply.inputs or reply.failures


# A name that was secret


def test_a_secret_name_that_the_program_no_longer_sets_stays_secret(environ: dict[str, str]) -> None:
    secret = outputs.wrap("Team")
    with NativeProcess(environ) as native:
        urn = f"urn:pulumi:dev::test::{token('Group')}::it"
        reply = native.stub.Check(provider_pb2.CheckRequest(urn=urn, olds=properties.encode({"name": secret})))
        assert marked(reply.inputs)["name"] == secret
    with DynamicHost(environ) as dynamic:
        olds = struct({"name": "Team", outputs.NAMES: ["name"]}, provider_of(Group))
        news = struct({}, provider_of(Group))
        reply = dynamic.stub.Check(provider_pb2.CheckRequest(urn=dynamic.urn_of(Group), olds=olds, news=news))
        assert marked(reply.inputs) == {"name": secret, outputs.NAMES: ["name"]}
