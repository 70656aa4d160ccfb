"""`pulumi:autonaming`, as a program passes it to the dynamic provider."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi.runtime.sync_await import _sync_await

from pulumi_openai_admin import Group, ProjectRateLimit
from pulumi_openai_admin.lifecycle.check import AUTONAMING, Autonaming, Mode
from pulumi_openai_admin.program import arguments
from tests.unit.fakes import Mocks

pytestmark = pytest.mark.usefixtures("no_mocks")
VERBATIM = Autonaming(Mode.ENFORCE, "${name}")


def configure(setting: dict[str, Any], **others: str) -> None:
    own = {f"project:{key}": value for key, value in others.items()}
    pulumi.runtime.set_all_config({"pulumi:autonaming": json.dumps(setting), **own})


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ({"mode": "default"}, None),
        ({"mode": "verbatim"}, VERBATIM),
        ({"mode": "disabled"}, Autonaming(Mode.DISABLE, "")),
        ({"pattern": "${name}-${hex(4)}"}, Autonaming(Mode.PROPOSE, "${name}-${hex(4)}")),
        ({"pattern": "x-${name}", "enforce": True}, Autonaming(Mode.ENFORCE, "x-${name}")),
        ({"providers": {"aws": {"mode": "verbatim"}}}, None),
        ({"mode": "disabled", "providers": {"openai-admin": {"mode": "verbatim"}}}, VERBATIM),
        ({"mode": "verbatim", "providers": {"openai-admin": {"mode": "default"}}}, None),
        ({"mode": "verbatim", "providers": {"openai-admin": {"resources": {}}}}, VERBATIM),
    ],
)
def test_an_entry_of_the_provider_takes_precedence(setting: dict[str, Any], expected: Autonaming | None) -> None:
    configure(setting)
    assert arguments.of("Group") == expected


def test_an_entry_of_a_kind_takes_precedence() -> None:
    kinds = {"openai-admin:index:Group": {"mode": "verbatim"}}
    configure({"providers": {"openai-admin": {"mode": "disabled", "resources": kinds}}})
    assert arguments.of("Group") == VERBATIM
    assert arguments.of("Project") == Autonaming(Mode.DISABLE, "")


@pytest.mark.usefixtures("program")
def test_expressions_of_the_stack_have_their_values() -> None:
    configure({"pattern": "${organization}/${project}/${stack}/${config.team}/${config.at.city}/${name}"},
              team="shop", at=json.dumps({"city": "Graz"}))  # fmt: skip
    found = arguments.of("Group")
    assert found is not None
    assert found.pattern == "acme/project/dev/shop/Graz/${name}"
    assert Autonaming.of(found.to_input()) == found


@pytest.fixture
def program(no_mocks: Callable[[], None]) -> Mocks:  # noqa: ARG001 - it makes an event loop, and is over afterwards
    mocks = Mocks()
    pulumi.runtime.set_mocks(mocks, project="project", stack="dev", organization="acme")
    return mocks


def test_the_constructor_passes_the_setting_to_kinds_with_such_a_name(program: Mocks) -> None:
    configure({"mode": "verbatim"})
    unnamed = Group("team")
    nameless = ProjectRateLimit("row", project_id="proj_1", model="gpt-4o", max_requests_per_1_minute=1)
    _sync_await(pulumi.Output.all(unnamed.urn, nameless.urn).future())
    inputs = {args.name: args.inputs for args in program.registered}
    assert inputs["team"][AUTONAMING] == VERBATIM.to_input()
    assert AUTONAMING not in inputs["row"]
