"""What only the native provider has: the calls that the dynamic provider's host answers itself, and imports by id."""

from __future__ import annotations

import json
import signal
import time
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import plugin_pb2, provider_pb2
from pulumi.runtime.rpc import UNKNOWN

from pulumi_openai_admin import (
    AdminApiKey,
    Group,
    GroupRole,
    Project,
    ProjectRateLimit,
    ProjectRateLimits,
    ProjectServiceAccount,
    ProjectSpendLimit,
    config,
)
from pulumi_openai_admin.engine.outputs import encode, is_wrapped, wrap
from pulumi_openai_admin.hosts.native.properties import Decoded, camel, token
from pulumi_openai_admin.remedies import project_urls
from tests.host.provider_process import Failure, NativeProcess, failure_of
from tests.host.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.stack import Member

urn_of = NativeProcess.urn_of
OF_PROVIDER = "urn:pulumi:dev::test::pulumi:providers:openai-admin::"


@pytest.fixture(autouse=True)
def _unmeasured() -> None:
    """Coverage is measured here: no other test calls all of what is the native provider's own."""


@pytest.fixture
def process(environ: dict[str, str]) -> Iterator[NativeProcess]:
    with NativeProcess(environ) as process:
        yield process


def message(process: NativeProcess, verb: str, request: Any) -> str:
    with pytest.raises(grpc.RpcError) as error:
        list(reply) if hasattr(reply := getattr(process.stub, verb)(request), "__next__") else reply
    return failure_of(error.value, dict).message


def invoke(process: NativeProcess, function: str, **arguments: Any) -> dict[str, Any]:
    request = provider_pb2.InvokeRequest(tok=f"openai-admin:index:{function}", args=encode(arguments))
    return json_format.MessageToDict(getattr(process.stub.Invoke(request), "return"))


# The package


def test_it_says_what_it_is(process: NativeProcess) -> None:
    schema = json.loads(process.stub.GetSchema(provider_pb2.GetSchemaRequest()).schema)
    assert (
        schema.pop("version") == process.stub.GetPluginInfo(empty_pb2.Empty()).version == version("pulumi-openai-admin")
    )
    assert schema == json.loads((files("pulumi_openai_admin.hosts.native") / "schema.json").read_text(encoding="utf-8"))
    assert not process.stub.GetMapping(provider_pb2.GetMappingRequest()).data
    assert not process.stub.GetMappings(provider_pb2.GetMappingsRequest()).providers
    process.stub.Attach(plugin_pb2.PluginAttach(address="127.0.0.1:1"))


def test_it_takes_no_parameters(process: NativeProcess) -> None:
    said = message(process, "Parameterize", provider_pb2.ParameterizeRequest())
    assert said == "openai-admin takes no parameters. Use it without them."


# Its settings


def check_config(process: NativeProcess, name: str, **values: Any) -> Any:
    request = provider_pb2.CheckRequest(urn=OF_PROVIDER + name, news=encode(values))
    return process.stub.CheckConfig(request)


def test_a_key_in_the_settings_is_secret_and_none_is_needed(process: NativeProcess) -> None:
    reply = check_config(process, "default", adminApiKey="sk-admin-1", baseUrl="https://api.openai.com/v1")
    assert not reply.failures
    inputs = json_format.MessageToDict(reply.inputs)
    assert inputs == {"adminApiKey": wrap("sk-admin-1"), "baseUrl": "https://api.openai.com/v1"}
    assert not check_config(process, "europe").failures


def test_an_unknown_setting_is_refused_with_the_nearest_name(process: NativeProcess) -> None:
    of_pulumi = {"version": "1.0.0", "pluginDownloadURL": "https://example.com", "__internal": {}}
    (failure,) = check_config(process, "default", previewRead="true", **of_pulumi).failures
    assert failure.reason == (
        "openai-admin:previewRead is not a setting of pulumi-openai-admin. Did you mean openai-admin:previewReads? "
        "Then run `pulumi config set openai-admin:previewReads`, and run `pulumi config rm openai-admin:previewRead`."
    )
    (failure,) = check_config(process, "europe", previewRead="true", **of_pulumi).failures
    assert failure.reason == ("previewRead is not a setting of Provider 'europe'. Did you mean previewReads?")
    shared = "urn:pulumi:dev::openai-admin::pulumi:providers:openai-admin::default"
    request = provider_pb2.CheckRequest(urn=shared, news=encode({"team": "web"}))
    assert not process.stub.CheckConfig(request).failures, "a Pulumi project of this name has its own settings there"


def test_a_key_in_plain_text_in_the_stack_is_a_warning(process: NativeProcess) -> None:
    secret = wrap("sk-admin-1")
    assert not check_config(process, "default", adminApiKey=secret).failures
    assert not check_config(process, "europe", adminApiKey="sk-admin-1").failures, "the SDK encrypts it"
    assert not process.warnings
    assert not check_config(process, "default", adminApiKey="sk-admin-1").failures
    assert process.warnings == (
        "The admin key is in plain text in the stack configuration. To encrypt it, run `pulumi config set --secret "
        "openai-admin:adminApiKey`. If others can read the configuration, replace the key."
    )


def test_no_setting_replaces_anything(process: NativeProcess) -> None:
    olds, news = encode({"adminApiKey": wrap("sk-1")}), encode({"adminApiKey": wrap("sk-2")})
    reply = process.stub.DiffConfig(provider_pb2.DiffRequest(urn=OF_PROVIDER + "europe", olds=olds, news=news))
    assert (reply.changes, list(reply.diffs), list(reply.replaces)) == (reply.DIFF_SOME, ["adminApiKey"], [])
    reply = process.stub.DiffConfig(provider_pb2.DiffRequest(urn=OF_PROVIDER + "europe", olds=olds, news=olds))
    assert reply.changes == reply.DIFF_NONE


def test_a_provider_of_the_program_uses_the_key_of_the_environment_and_names_the_organization(
    environ: dict[str, str],
) -> None:
    with NativeProcess(environ, {"openai-admin:organization": "org-e"}, urn=OF_PROVIDER + "europe") as process:
        process.preview_create(Project, {"name": "Team"})
        assert "Provider 'europe' uses the admin key from the environment variable OPENAI_ADMIN_KEY" in process.notes
        assert "manages organization org-e." in process.notes
        assert "set previewReads of Provider 'europe' to true (or false, to hide this message)." in process.notes
    address = {"openai-admin:baseUrl": "http://127.0.0.1:9/v1"}
    with NativeProcess(environ, address, urn=OF_PROVIDER + "europe") as process, pytest.raises(Failure) as failure:
        process.create(Project, {"name": "Team"})
    assert "There is no OpenAI admin key. Set adminApiKey of Provider 'europe' in the program." in failure.value.message


# Messages


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"model": "gpt-4o", "maxRequestsPer1Minute": -5}, "maxRequestsPer1Minute"),
        ({"projectId": "proj_demo", "model": "gpt-4o", "maxRequestsPer1Minute": "sk-admin-in-the-wrong-place"}, ""),
        ({"projectId": "proj_demo", "model": "gpt-4o", "maxRequestsPer1Minute": wrap(-5)}, ""),
    ],
    ids=["a number and a missing text", "a text, which may be a key", "a secret"],
)
def test_an_error_in_an_input_names_its_place(process: NativeProcess, values: dict[str, Any], place: str) -> None:
    reply = process.stub.Check(provider_pb2.CheckRequest(urn=urn_of(ProjectRateLimit), news=encode(values)))
    found = [(failure.property, failure.reason.split()[0]) for failure in reply.failures]
    missing = [("", "projectId")] if "projectId" not in values else []  # the engine would print `value {<nil>}`
    assert found == [*missing, (place, "maxRequestsPer1Minute")]
    assert "sk-admin" not in str(reply.failures)


@pytest.mark.parametrize(
    ("type_", "nearest"),
    [
        ("openai-admin:index:Projekt", "Did you mean openai-admin:index:Project? "),
        ("openai-admin:index/project:Project", "Did you mean openai-admin:index:Project? "),  # as converters write it
        ("openai-admin:index:FineTuningJob", ""),
    ],
)
def test_a_type_that_does_not_exist_is_named(process: NativeProcess, type_: str, nearest: str) -> None:
    said = message(process, "Check", provider_pb2.CheckRequest(urn=f"urn:pulumi:dev::test::{type_}::it"))
    assert said == (
        f"Version {version('pulumi-openai-admin')} of openai-admin has no resource of the type {type_!r}. "
        f"{nearest}Correct the type in the program, or install a version of the provider that has it."
    )


def test_an_error_of_the_package_asks_for_a_report_without_a_traceback(process: NativeProcess) -> None:
    request = provider_pb2.CreateRequest(urn=urn_of(ProjectRateLimit), properties=encode({"model": "no project"}))
    said = message(process, "Create", request)
    assert said.startswith("KeyError in state.py:")
    assert said.endswith(f". This is an error in pulumi-openai-admin. Please report it: {project_urls()['Issues']}")


# Previews


def preview(process: NativeProcess, verb: str, request: Any) -> dict[str, Any]:
    request.preview = True
    return json_format.MessageToDict(getattr(process.stub, verb)(request).properties)


def test_a_preview_of_a_creation_knows_the_inputs_alone(process: NativeProcess, emulator: EmulatorServer) -> None:
    properties = encode({"projectId": UNKNOWN, "name": wrap("ci")})
    request = provider_pb2.CreateRequest(urn=urn_of(ProjectServiceAccount), properties=properties)
    shown = preview(process, "Create", request)
    assert shown["name"] == wrap("ci")
    assert set(shown) == {camel(name) for name in ProjectServiceAccount.declaration.fields}
    assert shown["apiKey"] == wrap(UNKNOWN)
    assert {name for name, value in shown.items() if value == UNKNOWN} == set(shown) - {"name", "apiKey"}
    assert emulator.control.requests() == []


def test_a_preview_of_an_update_keeps_id_and_key_unless_a_new_key_is_due(process: NativeProcess) -> None:
    inputs = {"name": "ci", "scopes": ["api.management.read"], "triggers": ["2026-11"]}
    inputs = {name: value for name, value in inputs.items() if name in AdminApiKey.declaration.fields}
    id_, state = process.create(AdminApiKey, inputs)

    def shown(**change: Any) -> dict[str, Any]:
        olds = encode({camel(name): value for name, value in state.items() if value != ""})
        news = encode({camel(name): value for name, value in {**inputs, **change}.items()})
        request = provider_pb2.UpdateRequest(id=id_, urn=urn_of(AdminApiKey), olds=olds, news=news)
        return preview(process, "Update", request)

    secret = next(camel(name) for name in AdminApiKey.declaration.secrets)
    renamed = shown(name="builds")
    assert renamed["name"] == "builds"
    assert renamed["adminApiKeyId"] == state["admin_api_key_id"]
    assert renamed[secret] == wrap(state[AdminApiKey.declaration.secrets[0]])
    assert renamed["createdAt"] == UNKNOWN
    state["created_at"] = 1
    due = shown(rotate_every="90d", overlap="24h")
    assert due[secret] == wrap(UNKNOWN)
    assert due["adminApiKeyId"] == UNKNOWN


# Imports by id, and secrets


@pytest.mark.every_resource
def test_every_kind_is_imported_by_its_id(
    emulator: EmulatorServer, environ: dict[str, str], subtests: pytest.Subtests
) -> None:
    stack = Stack(emulator, NativeProcess, environ, subtests)
    stack.create()

    def import_it(process: Any, member: Member) -> None:
        urn = urn_of(member.scenario.resource)
        request = provider_pb2.ReadRequest(id=member.id, urn=urn)
        if member.scenario.resource.handler.traits.not_adoptable:
            assert member.scenario.resource.handler.traits.not_adoptable in message(process, "Read", request)
            return
        reply = process.stub.Read(request)
        assert reply.id == member.id
        news = process.stub.Check(provider_pb2.CheckRequest(urn=urn, news=reply.inputs))
        assert not news.failures
        asked = provider_pb2.DiffRequest(
            id=member.id, urn=urn, olds=reply.properties, news=news.inputs, old_inputs=reply.inputs
        )
        assert process.stub.Diff(asked).changes == provider_pb2.DiffResponse.DIFF_NONE

    stack.run(import_it)


OF_ACCOUNT = "Its id has the form <projectId>/<serviceAccountId> (proj_…/svc_acct_…)."
NO_ACCOUNT = "There is no ProjectServiceAccount with the id '{}'. " + OF_ACCOUNT + " Did you mean {}?"
OF_ROLE = (
    "There is no GroupRole with the id 'proj_demo/role_1': group proj_demo was not found. Its id has the form "
    "<groupId>/<roleId> (group_…/role_…). proj_demo is the id of a project (proj_…)."
)
NO_LIMIT = "Project proj_demo has no spend limit. Use the resource without an import: it creates the setting."


def test_an_import_that_fails_names_the_form_and_the_nearest_id_or_its_kind(
    process: NativeProcess, emulator: EmulatorServer
) -> None:
    def failure(resource: type[Any], id_: str) -> str:
        return message(process, "Read", provider_pb2.ReadRequest(id=id_, urn=urn_of(resource)))

    id_, _ = process.create(ProjectServiceAccount, {"project_id": "proj_demo", "name": "ci"})
    for wrong in (id_[:-1], "proj_demo/ci", "proj_demo/CI"):
        assert failure(ProjectServiceAccount, wrong) == NO_ACCOUNT.format(wrong, id_)
    assert failure(ProjectServiceAccount, "ci") == f"'ci' is not an id of ProjectServiceAccount. {OF_ACCOUNT}"
    assert failure(ProjectSpendLimit, "proj_demo") == NO_LIMIT
    assert failure(GroupRole, "proj_demo/role_1") == OF_ROLE
    assert failure(Group, "sk-admin-secret").startswith("An API key is not an id of Group. ")
    emulator.control.fault(kind="status", status=403, method="GET", path="*/projects", times=None, skip=1)
    assert "There is no Project with the id 'Demo'" in failure(Project, "Demo"), "although the list can't be read"


@pytest.mark.every_resource
def test_what_is_secret_is_marked_in_every_state(
    emulator: EmulatorServer, environ: dict[str, str], subtests: pytest.Subtests
) -> None:
    stack = Stack(emulator, NativeProcess, environ, subtests)
    stack.run(_secrets_are_marked)


def _secrets_are_marked(process: Any, member: Member) -> None:
    resource, urn = member.scenario.resource, urn_of(member.scenario.resource)
    secret_inputs = {camel(name): wrap(value) for name, value in member.scenario.inputs.items()}
    checked = process.stub.Check(provider_pb2.CheckRequest(urn=urn, news=encode(secret_inputs)))
    assert not checked.failures
    created = process.stub.Create(provider_pb2.CreateRequest(urn=urn, properties=checked.inputs))
    asked = provider_pb2.ReadRequest(id=created.id, urn=urn, properties=created.properties, inputs=checked.inputs)
    read = process.stub.Read(asked)
    always = {camel(name) for name in resource.declaration.secrets}
    for struct in (created.properties, read.properties, read.inputs, checked.inputs):
        values = json_format.MessageToDict(struct)
        for name in (always | set(secret_inputs)) & set(values):
            assert values[name] is None or is_wrapped(values[name]), name
    plain_inputs = Decoded.of(checked.inputs).values
    assert Decoded.of(read.inputs).values.keys() <= plain_inputs.keys()


# Look-ups


def test_structures_in_results_are_spelled_as_in_resources(process: NativeProcess, emulator: EmulatorServer) -> None:
    of_oci = {"type": "oci", "key_ocid": "ocid1.key", "region": "r", "vault_ocid": "ocid1.vault"}
    emulator.control.seed({"external_keys": [{"id": "extkey_spelled", "name": "spelled", **of_oci}]})
    found = invoke(process, "getExternalKey", externalKeyId="extkey_spelled")
    assert found["provider"] == {"oci": {"keyOcid": "ocid1.key", "region": "r", "vaultOcid": "ocid1.vault"}}


def test_look_ups(process: NativeProcess, emulator: EmulatorServer) -> None:
    found = invoke(process, "getProject", projectId="proj_demo")
    assert found["projectId"] == "proj_demo"
    assert found["isArchived"] is False
    projects = invoke(process, "listProjects")["projects"]
    assert found in projects
    assert "results" in invoke(process, "getCosts", startTime=1_700_000_000, limit=1)["buckets"][0]
    emulator.control.clear_requests()
    invoke(process, "getProject", name=found["name"])
    assert len(emulator.control.requests()) <= 1, "one list for a run"


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("getProjekt", {}, "openai-admin has no function 'openai-admin:index:getProjekt'. Check the name"),
        ("getProject", {"project": "x"}, "getProject has no argument 'project'. Did you mean 'projectId'?"),
        ("getProject", {"x": "y"}, "getProject has no argument 'x'. Its arguments are "),
        ("listRoles", {"nope": 1}, "listRoles has no argument 'nope'. Remove it: the function has no arguments."),
        (
            "getUsageImages",
            {"startTime": 0, "groupBy": ["projectId"]},
            "'api_key_id', 'model', 'size' or 'source', not 'projectId'. Did you mean 'project_id'?",
        ),
        ("getProjectUser", {"userId": "x"}, "getProjectUser needs projectId. Set projectId."),
        ("getProject", {}, "Set exactly one of name and projectId: none of them is set"),
        ("getProject", {"projectId": "proj_none"}, "Could not look up project proj_none"),
    ],
)
def test_a_look_up_that_fails_says_why(process: NativeProcess, name: str, arguments: dict[str, Any], said: str) -> None:
    request = provider_pb2.InvokeRequest(tok=f"openai-admin:index:{name}", args=encode(arguments))
    assert said in message(process, "Invoke", request)


def test_objects_are_listed_by_the_ids_that_import_takes(process: NativeProcess) -> None:
    id_, _ = process.create(ProjectServiceAccount, {"project_id": "proj_demo", "name": "ci"})
    request = provider_pb2.ListRequest(token=token("ProjectServiceAccount"), query=encode({"projectId": "proj_demo"}))
    assert (id_, "ci") in [(reply.result.id, reply.result.name) for reply in process.stub.List(request)]
    request.limit = 1
    assert len(list(process.stub.List(request))) == 1
    said = message(process, "List", provider_pb2.ListRequest(token=token("ProjectServiceAccount")))
    assert said == "openai-admin:index:ProjectServiceAccount is listed by projectId. Set projectId."
    said = message(process, "List", provider_pb2.ListRequest(token=token("ProjectSpendLimit")))
    assert "can't be listed" in said


# Inputs that no resource can have

ASSET = {"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", "text": "sk-secret"}
ARCHIVE = {"4dabf18193072939515e22adb298388d": "0def7320c3a5731c473e5ecbe6d01bc7", "hash": "ab"}


@pytest.mark.parametrize(("value", "what"), [(wrap(ASSET), "an asset"), (ARCHIVE, "an archive")])
def test_an_asset_is_refused_with_the_name_of_its_property(process: NativeProcess, value: Any, what: str) -> None:
    inputs = {"name": "ci", "triggers": [1, value]}
    (failure,) = process.stub.Check(provider_pb2.CheckRequest(urn=urn_of(AdminApiKey), news=encode(inputs))).failures
    assert failure.reason.startswith("triggers[")
    assert f"is {what}, which no provider of this package can keep" in failure.reason
    assert "sk-secret" not in str(failure)


def test_an_asset_as_a_setting_or_an_argument_is_refused(process: NativeProcess) -> None:
    (failure,) = check_config(process, "europe", baseUrl=ASSET).failures
    assert failure.reason == "baseUrl of Provider 'europe' must be a string or a number, not an asset."
    request = provider_pb2.InvokeRequest(tok="openai-admin:index:getProject", args=encode({"name": ASSET}))
    assert message(process, "Invoke", request) == "name of getProject is an asset. Set a string or a number."


@pytest.mark.parametrize("secret", [False, True])
def test_a_nested_property_in_two_spellings_is_refused(process: NativeProcess, secret: bool) -> None:
    limits: Any = {"gpt-4o": {"maxRequestsPer1Minute": 5, "max_requests_per_1_minute": 6}}
    inputs = {"projectId": "proj_demo", "limits": wrap(limits) if secret else limits}
    request = provider_pb2.CheckRequest(urn=urn_of(ProjectRateLimits), news=encode(inputs))
    (failure,) = process.stub.Check(request).failures
    assert failure.reason == (
        "limits has both maxRequestsPer1Minute and max_requests_per_1_minute, which are the same property. "
        "Remove max_requests_per_1_minute."
    )


# The end


def test_cancel_waits_for_no_call_however_many_wait(environ: dict[str, str], emulator: EmulatorServer) -> None:
    """With `--parallel 150` there are more calls than threads."""
    emulator.control.fault(method="POST", path="*/projects", kind="delay", seconds=5, times=None)

    def sent() -> int:
        return len([call for call in emulator.control.requests() if call["method"] == "POST"])

    with NativeProcess(environ, {"openai-admin:parallel": str(config.MAX_PARALLEL)}) as process:
        inputs = (encode({"name": f"Team {number}"}) for number in range(150))
        requests = [provider_pb2.CreateRequest(urn=urn_of(Project), properties=each) for each in inputs]
        calls = [process.stub.Create.future(request) for request in requests]
        while not sent():
            time.sleep(0.05)
        process.stub.Cancel(empty_pb2.Empty(), timeout=60)
        errors = [call.exception(timeout=60) for call in calls]
    unsent = [str(error.details()) for error in errors if error]
    assert all("you cancelled it. Run `pulumi up`." in details for details in unsent)
    assert any("Nothing was sent" in details for details in unsent)
    assert len(calls) - len(unsent) == sent() <= config.MAX_PARALLEL


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_process_after_the_calls_that_run(
    environ: dict[str, str], emulator: EmulatorServer, number: signal.Signals
) -> None:
    """A service manager or a CI job that is cancelled sends it to all processes, and the engine waits for its steps."""
    emulator.control.fault(method="POST", path="*/service_accounts", kind="delay", seconds=3, when="after")
    with NativeProcess(environ) as process:
        inputs = encode({"projectId": "proj_demo", "name": "ci"})
        request = provider_pb2.CreateRequest(urn=urn_of(ProjectServiceAccount), properties=inputs)
        call = process.stub.Create.future(request)
        while not [each_request for each_request in emulator.control.requests() if each_request["method"] == "POST"]:
            time.sleep(0.05)
        process._process.signal(number)
        state = Decoded.of(call.result(timeout=60).properties).values
    assert state["apiKey"].startswith("sk-svcacct-")
