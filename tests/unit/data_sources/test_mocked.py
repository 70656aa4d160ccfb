"""Programs under `pulumi.runtime.set_mocks`: what the documentation promises for users' own unit tests."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

import pulumi
import pytest
from pulumi.runtime.sync_await import _sync_await

import pulumi_openai_admin
from pulumi_openai_admin import get_project, list_projects
from pulumi_openai_admin.data_sources.look_up import token_of
from pulumi_openai_admin.data_sources.result import LookUpError
from pulumi_openai_admin.resources import ALL
from pulumi_openai_admin.schema.fields import FieldRole
from tests.commands import PYTEST
from tests.host.scenarios import SCENARIOS
from tests.unit.fakes import Mocks

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "testing"
PAGE = ROOT / "docs" / "testing.md"
ARGUMENTS: dict[str, dict[str, str]] = {
    "get_project": {"name": "Demo"},
    "list_projects": {},
    "get_project_rate_limit": {"project_id": "proj_1", "model": "gpt-4o"},
    "list_project_rate_limits": {"project_id": "proj_1"},
    "list_project_api_keys": {"project_id": "proj_1"},
}


class Engine(Mocks):
    """Answers as it is told to."""

    reply: Any = None

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[pulumi.runtime.MockCallArgs] = []

    def call(self, args: pulumi.runtime.MockCallArgs) -> Any:
        self.asked.append(args)
        return self.reply


@pytest.fixture(params=[False, True], ids=["update", "preview"])
def engine(
    request: pytest.FixtureRequest,
    no_mocks: Callable[[], None],  # noqa: ARG001 - afterwards
    monkeypatch: pytest.MonkeyPatch,
) -> Engine:
    monkeypatch.delenv("OPENAI_ADMIN_KEY", raising=False)
    engine = Engine()
    pulumi.runtime.set_mocks(engine, preview=request.param)
    return engine


def values(*outputs: pulumi.Output[Any]) -> list[Any]:
    return _sync_await(pulumi.Output.all(*outputs).future()) or []


def test_the_test_of_the_page_runs() -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "PULUMI_", "COV"))}
    done = subprocess.run(
        [*PYTEST, "test_with_mocks.py"],
        cwd=EXAMPLE,
        env={**clean, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_the_page_tells_every_token_as_it_is() -> None:
    told = set(re.findall(r"openai-admin:index:\w+", PAGE.read_text(encoding="utf-8")))
    assert told <= {token_of(name) for name in ARGUMENTS}
    assert token_of("get_project_rate_limit") == "openai-admin:index:getProjectRateLimit"


@pytest.mark.every_resource
def test_all_resources_are_declared_and_have_ids(engine: Engine) -> None:
    declared = {
        scenario.resource.__name__: scenario.resource(scenario.resource.__name__, **scenario.inputs)
        for scenario in SCENARIOS
    }
    assert set(declared) == set(ALL)
    identities = {name: resource.declaration.identity for name, resource in declared.items()}
    own = {
        name: getattr(declared[name], identity)
        for name, identity in identities.items()
        if identity and declared[name].declaration.fields[identity].role is FieldRole.OUTPUT  # else it is an input
    }
    assert values(*own.values()) == [f"{name}_id" for name in own]
    for scenario in SCENARIOS:
        resource = declared[scenario.resource.__name__]
        assert values(*(getattr(resource, name) for name in scenario.inputs)) == list(scenario.inputs.values())
    assert {args.name for args in engine.registered} >= set(declared)


@pytest.mark.parametrize("name", ARGUMENTS)
def test_a_mock_answers_a_look_up_and_its_twin(engine: Engine, name: str) -> None:
    function, twin = getattr(pulumi_openai_admin, name), getattr(pulumi_openai_admin, f"{name}_output")
    hint = get_type_hints(function, localns={"pulumi": pulumi})["return"]
    kind = get_args(hint)[0] if get_args(hint) else hint
    first, *others = [field.name for field in fields(kind)]
    engine.reply = {"items": [{first: "it"}, {}]} if get_args(hint) else {first: "it"}
    found = function(**ARGUMENTS[name])
    result = found[0] if get_args(hint) else found
    assert isinstance(result, kind)
    assert [getattr(result, first), *(getattr(result, other) for other in others)] == ["it", *[None] * len(others)]
    assert values(twin(**ARGUMENTS[name])) == [found]
    (asked, again) = engine.asked
    archived = {"include_archived": False} if kind is pulumi_openai_admin.GetProjectResult else {}
    assert (asked.token, asked.args, asked.provider) == (token_of(name), ARGUMENTS[name] | archived, "")
    assert (again.token, again.args) == (asked.token, asked.args)


OF_LIST = "return {'items': [{…}, …]}, each with the fields of GetProject"


@pytest.mark.parametrize(
    ("look_up", "reply", "told"),
    [
        (get_project, None, "no result for openai-admin:index:getProject. Let `call` return a mapping with the"),
        (get_project, {}, "return a mapping with the fields of GetProjectResult."),
        (get_project, ({}, None), "The mocks have no result for openai-admin:index:getProject."),
        (get_project, ({}, [("name", "There is none")]), "openai-admin:index:getProject: There is none"),
        (get_project, {"nmae": "x"}, "GetProjectResult has no field 'nmae'. Its fields are project_id, name,"),
        *((list_projects, reply, OF_LIST) for reply in ({}, {"items": None}, {"projects": []})),
    ],
)
def test_a_mock_without_an_answer_is_told_what_to_give(engine: Engine, look_up: Any, reply: Any, told: str) -> None:
    engine.reply = reply
    with pytest.raises(LookUpError, match=re.escape(told)):
        look_up(**({"name": "Demo"} if look_up is get_project else {}))
