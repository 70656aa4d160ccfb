from __future__ import annotations

import base64
import inspect
import pickle
from functools import partial
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from pulumi.runtime.sync_await import _sync_await

import pulumi_openai_admin
from pulumi_openai_admin import (
    ApiSetting,
    OrganizationMember,
    Project,
    ProjectMembers,
    ProjectRateLimit,
    ProjectRateLimits,
    ProjectServiceAccount,
    ProjectServiceAccountApiKey,
    ProjectUser,
    resources,
)
from pulumi_openai_admin.handlers.shapes.setting import Setting
from pulumi_openai_admin.program import provider
from pulumi_openai_admin.program.arguments import DeclarationError
from pulumi_openai_admin.resources.base import AdminResource, type_token
from pulumi_openai_admin.schema.fields import FieldRole
from tests.unit.fakes import Mocks

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.every_resource

RESOURCES = [getattr(pulumi_openai_admin, name) for name in resources.ALL]
each = pytest.mark.parametrize("resource", RESOURCES)
OUTPUT: Any = pulumi.Output.from_input("of another resource")


@each
def test_the_signature_is_that_of_the_declaration(resource: type[AdminResource]) -> None:
    parameters = inspect.signature(resource).parameters
    inputs = resource.declaration.inputs
    assert list(parameters) == ["resource_name", *(field.name for field in inputs), "opts"]
    required = {name for name, parameter in parameters.items() if parameter.default is inspect.Parameter.empty}
    assert required == {"resource_name", *(field.name for field in inputs if field.required)}
    assert all(parameters[field.name].kind is inspect.Parameter.KEYWORD_ONLY for field in inputs)


@pytest.mark.parametrize(
    ("args", "kwargs", "what", "advice"),
    [
        (("r",), {"name": "n"}, "KIND is missing 'project_id'", ""),
        ((), {}, "KIND is missing 'resource_name' and 'project_id'", ""),
        (("r",), {"project_id": "proj_1", "name": "n", "rôle": 1}, "KIND has no argument 'rôle'", "'role'?"),
        (("r",), {"projectId": "p", "name": "n"}, "KIND has no argument 'projectId'", "'project_id'?"),
        (("r",), {"xyz": 1}, "KIND has no argument 'xyz'", "Its arguments are resource_name, project"),
        (("r",), {"api_key": "sk-x"}, "'api_key' is an output of KIND, not an argument", ""),
        (("r", "p"), {"name": "n"}, "KIND takes one argument by position, the name of the", "by name."),
        (("r",), {"resource_name": "r"}, "KIND takes one argument by position", "by name."),
    ],
)
def test_a_wrong_call_is_a_type_error_that_names_class_argument_and_line(
    args: tuple[str, ...], kwargs: dict[str, Any], what: str, advice: str
) -> None:
    with pytest.raises(TypeError) as error:
        ProjectServiceAccount(*args, **kwargs)
    line = error.traceback[0].lineno + 1
    told = str(error.value)
    assert told.startswith(what.replace("KIND", "ProjectServiceAccount"))
    assert f"test_base.py, line {line})." in told
    assert advice in told
    assert "sk-x" not in told
    assert isinstance(error.value, pulumi.RunError), "Pulumi shows it without a traceback"


@pytest.mark.parametrize(
    ("declare", "told"),
    [
        (
            partial(OrganizationMember, email="ada", role="readr"),
            "email must be an email address, not 'ada'. role must be 'owner' or 'reader', not 'readr'",
        ),
        (
            partial(ProjectUser, project_id="proj_1", role="member", user_id="user-1", email="ada@example.com"),
            "Set exactly one of user_id and email: user_id and email are set",
        ),
        (
            partial(OrganizationMember, email="a@b.c", projects={OUTPUT: "owner"}),
            "projects must be a list, not a mapping",
        ),
        (
            partial(ProjectRateLimits, project_id="proj_1", limits={OUTPUT: {"max_requests_per_1_minute": 1}}),
            (
                "limits has an Output as a key, and a key must be a string: write "
                "limits=name.apply(lambda known: {known: …}), where name is the Output"
            ),
        ),
        (
            partial(ProjectRateLimits, project_id="proj_1", limits={"gpt-4o": {5: 1}}),
            "limits['gpt-4o'] has the key 5, and a key must be a string",
        ),
        (
            partial(
                ProjectMembers, project_id=OUTPUT, members=[{"user_id": OUTPUT, "email": "a@b.c", "role": "owner"}]
            ),
            "members[0] has user_id and email: set exactly one of them",
        ),
        (partial(Project, name=("web",)), "name must be a string, not a list"),
    ],
)
def test_a_wrong_input_ends_the_program_before_anything_is_registered(
    engine: Engine, declare: Callable[..., AdminResource], told: str
) -> None:
    with pytest.raises(DeclarationError) as refused:
        declare("it")
    line = refused.traceback[0].lineno + 1
    kind = declare.func.__name__  # type: ignore[attr-defined]
    assert str(refused.value) == f"{kind} 'it': {told} (tests/unit/resources/test_base.py, line {line})."
    assert isinstance(refused.value, pulumi.RunError), "Pulumi shows it without a traceback"
    assert engine.registered == []


@pytest.mark.parametrize(
    "declare",
    [
        partial(OrganizationMember, email=OUTPUT, role=OUTPUT, projects=OUTPUT),
        partial(ProjectUser, project_id=OUTPUT, role="member", user_id=OUTPUT, email="ada@example.com"),
        partial(ProjectUser, project_id=OUTPUT, role="member", user_id=OUTPUT, email=OUTPUT),
        partial(ProjectRateLimits, project_id=OUTPUT, limits={"gpt-4o": {"max_requests_per_1_minute": OUTPUT}}),
        partial(Project, name="web", opts=pulumi.ResourceOptions(id="proj_1")),
        partial(ProjectUser, project_id="proj_1", role="any", opts=pulumi.ResourceOptions(id="proj_1/user-1")),
    ],
)
def test_an_output_may_be_right(engine: Engine, declare: Callable[..., AdminResource]) -> None:  # noqa: ARG001
    declare("it")


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("parallel", "openai-admin:parallel must be a whole number"),
        ("maxWait", "openai-admin:maxWait is not a setting"),
    ],
)
def test_a_setting_that_can_not_be_used_ends_the_program(name: str, told: str) -> None:
    pulumi.runtime.set_all_config({f"openai-admin:{name}": "many", "other:parallel": "many"})
    with pytest.raises(pulumi.RunError, match=told):
        Project("web", name="web")


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("is_secret", [True, False])
def test_a_key_in_plain_text_in_the_stack_is_a_warning(monkeypatch: pytest.MonkeyPatch, is_secret: bool) -> None:
    told: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", told.append)
    provider._warn_of_plain_key.cache_clear()
    key = "openai-admin:adminApiKey"
    pulumi.runtime.set_all_config({key: "sk-admin-1"}, [key] if is_secret else [])
    Project("web", name="web")
    Project("shop", name="shop")
    encrypt = f"run `pulumi config set --secret {key}`"
    assert [encrypt in text for text in told] == ([] if is_secret else [True]), "once in a program"


@each
def test_each_resource_has_one_identity_or_none(resource: type[AdminResource]) -> None:
    declaration = resource.declaration
    identities = [field for field in declaration.fields.values() if field.identity]
    assert [identity.name for identity in identities] == [name for name in [declaration.identity] if name]
    assert all(identity.wire == "id" for identity in identities)
    # Of a setting, there is one in the organization.
    assert declaration.with_role(FieldRole.PATH) or declaration.identity or isinstance(resource.handler, Setting)


class Engine(Mocks):
    """Answers as the provider would, with a field left out."""

    @property
    def requests(self) -> list[Any]:
        """What the program asked the engine to register, with its options."""
        return [request for request in self.monitor.requests if request.custom]

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        self.registered.append(args)
        return "proj_1/rl-ft:a/b", {
            **args.inputs,
            "max_tokens_per_1_minute": "",
            "max_requests_per_1_minute": 60.0,
            "baseline": {"max_requests_per_1_minute": 500.0},
        }


@pytest.fixture
def engine(no_mocks: Callable[[], None]) -> Engine:  # noqa: ARG001 - afterwards
    engine = Engine()
    pulumi.runtime.set_mocks(engine, preview=False, monitor=engine.monitor)
    return engine


def values(resource: AdminResource, *names: str) -> list[Any]:
    """What a program reads, in the end."""
    found: list[Any] = []

    @pulumi.runtime.test
    def read() -> pulumi.Output[Any]:
        return pulumi.Output.all(*(getattr(resource, name) for name in names)).apply(found.extend)

    read()
    return found


@pytest.mark.usefixtures("engine")
def test_a_program_reads_ints_and_none_and_its_own_id() -> None:
    limit = ProjectRateLimit("it", project_id="proj_1", model="gpt-4o", max_requests_per_1_minute=60)
    told = values(limit, "max_requests_per_1_minute", "max_tokens_per_1_minute", "rate_limit_id", "baseline")
    assert told == [60, None, "rl-ft:a/b", {"max_requests_per_1_minute": 500}]
    assert isinstance(told[0], int)


def test_a_program_reads_ints_inside_a_value_of_any_type(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "new_resource", lambda args: ("id", {**args.inputs, "properties": {"days": [30.0]}}))
    (read,) = values(ApiSetting("it", path="/organization/x", properties={"days": [30]}), "properties")
    assert isinstance(read["days"][0], int)


@pytest.mark.parametrize("name", ["rows", "__rows"])
def test_what_is_not_displayed_is_read_by_its_name(engine: Engine, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    rows = {"gpt-4o": {"max_requests_per_1_minute": 60.0}}
    monkeypatch.setattr(engine, "new_resource", lambda args: ("proj_1", {**args.inputs, name: rows}))
    (read,) = values(ProjectRateLimits("rows", project_id="proj_1", limits=rows), "rows")
    assert read == rows
    assert isinstance(read["gpt-4o"]["max_requests_per_1_minute"], int)


@pytest.mark.parametrize(
    ("declare", "advice"),
    [
        (partial(Project, name="n"), "Adopt it with `pulumi-openai-admin adopt`."),
        (partial(ProjectServiceAccount, project_id="proj_1", name="n"), "Adopt it with `pulumi-openai-admin adopt`."),
        (
            partial(ProjectRateLimit, project_id="proj_1", model="m", max_requests_per_1_minute=1),
            "Remove import_: the resource manages the existing object without it.",
        ),
        (
            partial(ProjectServiceAccountApiKey, project_id="proj_1", service_account_id="s"),
            "Remove import_ to create a new key: OpenAI never shows a key a second time.",
        ),
    ],
)
def test_an_import_is_refused_with_advice(engine: Engine, declare: Callable[..., AdminResource], advice: str) -> None:
    with pytest.raises(DeclarationError) as refused:
        declare("it", opts=pulumi.ResourceOptions(import_="x"))
    name = declare.func.__name__  # type: ignore[attr-defined]
    told = f"{name} 'it' can't be imported: Pulumi's dynamic providers do not support import_. {advice}"
    assert str(refused.value) == told
    assert isinstance(refused.value, pulumi.RunError)
    assert engine.registered == []


def test_a_program_says_the_same_of_providers_by_every_python(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pickle.DEFAULT_PROTOCOL", 5)  # as on Python 3.14
    values(Project("it", name="p"), "name")
    (registered,) = engine.registered
    pickled = base64.b64decode(registered.inputs["__provider"])  # in plain text: two references are no secret
    assert pickled[:2] == b"\x80\x04"
    assert pickle.loads(pickled)._resource is Project  # noqa: S301 - made above


def test_the_provider_is_told_which_inputs_are_secret(engine: Engine) -> None:
    row: dict[str, Any] = {"project_id": "proj_1", "model": pulumi.Output.from_input("m")}
    values(ProjectRateLimit("secret", **row, max_requests_per_1_minute=pulumi.Output.secret(60)))
    values(ProjectRateLimit("plain", **row, max_requests_per_1_minute=1))
    assert [args.inputs.get("__secret") for args in engine.registered] == [["max_requests_per_1_minute"], None]


def test_what_is_shown_once_is_declared_secret(engine: Engine) -> None:
    mine = pulumi.ResourceOptions(protect=True, additional_secret_outputs=["name"])
    values(ProjectServiceAccount("mine", project_id="proj_1", name="n", opts=mine), "project_id")
    values(ProjectServiceAccount("plain", project_id="proj_1", name="n"), "project_id")
    secrets = [set(request.additionalSecretOutputs) for request in engine.requests]
    assert secrets == [{"name", "api_key"}, {"api_key"}]
    assert [request.protect for request in engine.requests] == [True, False]


def test_what_exists_before_its_resource_is_released_before_it_is_replaced(engine: Engine) -> None:
    row = {"project_id": "proj_1", "model": "m", "max_requests_per_1_minute": 1}
    values(ProjectRateLimit("row", **row), "model")
    values(ProjectRateLimits("rows", project_id="proj_1", limits={"m": {"max_requests_per_1_minute": 1}}), "rows")
    values(ProjectServiceAccount("account", project_id="proj_1", name="n"), "name")
    values(ProjectRateLimit("mine", **row, opts=pulumi.ResourceOptions(delete_before_replace=False)), "model")
    assert [request.deleteBeforeReplace for request in engine.requests] == [True, True, False, False]


@each
@pytest.mark.usefixtures("no_mocks")
def test_any_resource_can_be_read_by_its_id(resource: type[AdminResource]) -> None:
    mocks = Mocks()
    pulumi.runtime.set_mocks(mocks)
    read = resource.get("it", "some/id", pulumi.ResourceOptions(protect=True))
    assert type(read) is resource
    _sync_await(read.urn.future())
    (args,) = mocks.registered
    assert (args.typ, args.name, args.resource_id) == (type_token(resource), "it", "some/id")
    outputs = [getattr(read, name) for name in resource.declaration.fields]
    assert all(isinstance(output, pulumi.Output) for output in outputs), "each can be read"
    assert _sync_await(pulumi.Output.all(*outputs).future()) is not None
