"""Previews that ask OpenAI (`previewReads`) on the real engine, with both providers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from pulumi_openai_admin.hosts.native.properties import camel
from tools import languages

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack

RPM, TPM = "max_requests_per_1_minute", "max_tokens_per_1_minute"
LIST = "GET /organization/projects/proj_demo/rate_limits"
PROJECTS = "GET /organization/projects"
COSTS = "and reached its spend limit of $1. OpenAI rejects its requests until the month ends"
Resources = dict[str, tuple[str, dict[str, Any]]]
"""By name in the program: the kind and the inputs; `=name.output` is an output of another resource."""
ROW: dict[str, Any] = {"project_id": "proj_demo", "model": "gpt-4o", RPM: 60}
MINI: dict[str, Any] = {"project_id": "proj_demo", "model": "gpt-4o-mini", RPM: 10_000}


class Dynamic:
    """Programs in Python."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    def write(self, resources: Resources) -> None:
        lines = ["from pulumi_openai_admin import *"]
        for name, (kind, inputs) in resources.items():
            given = ", ".join(f"{key}={self._value(value)}" for key, value in inputs.items())
            lines.append(f"{name} = {kind}({name!r}, {given})")
        self.stack.program("\n".join(lines))

    @staticmethod
    def _value(value: Any) -> str:
        return value[1:] if isinstance(value, str) and value.startswith("=") else repr(value)

    @staticmethod
    def spelled(text: str) -> str:
        return text


class Native:
    """Programs in YAML."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        stack.engine = languages.with_yaml(stack.engine)

    def write(self, resources: Resources) -> None:
        declared = {
            name: {
                "type": f"openai-admin:{kind}",
                "properties": {camel(key): self._value(value) for key, value in inputs.items()},
            }
            for name, (kind, inputs) in resources.items()
        }
        program = {"name": "test", "runtime": "yaml", "resources": declared}
        (self.stack.folder / "Pulumi.yaml").write_text(yaml.safe_dump(program), encoding="utf-8")

    @staticmethod
    def _value(value: Any) -> Any:
        if isinstance(value, str) and value.startswith("="):
            name, _, output = value[1:].partition(".")
            return f"${{{name}.{camel(output)}}}"
        return value

    @staticmethod
    def spelled(text: str) -> str:
        for name in (RPM, TPM, "threshold_amount"):
            text = text.replace(name, camel(name))
        return text


Program = Dynamic | Native


@pytest.fixture(params=[Dynamic, Native], ids=["dynamic", "native"])
def program(request: pytest.FixtureRequest, stack: Stack) -> Program:
    made: Program = request.param(stack)
    return made


def asking(stack: Stack) -> None:
    stack.ok("config", "set", "openai-admin:previewReads", "true")


def told(text: str) -> str:
    return " ".join(text.split())


def sent(emulator: EmulatorServer) -> list[str]:
    found = [f"{request['method']} {request['path']}" for request in emulator.control.requests()]
    emulator.control.clear_requests()
    return found


def test_previews_show_current_values_drift_and_costs_and_ask_once(
    program: Program, emulator: EmulatorServer, openai: Callable[..., dict[str, object]]
) -> None:
    stack = program.stack
    emulator.control.use(project_id="proj_demo", model="gpt-4o", output_tokens=1_000_000)  # $10
    inside = {**ROW, "project_id": "=team.project_id", "model": "o9"}
    limit = ("ProjectSpendLimit", {"project_id": "proj_demo", "threshold_amount": 100})
    both = {"row": ("ProjectRateLimit", ROW), "mini": ("ProjectRateLimit", MINI), "limit": limit}
    program.write({**both, "team": ("Project", {"name": "Team"}), "inside": ("ProjectRateLimit", inside)})
    asking(stack)
    shown = told(stack.ok("preview", "--diff").text)
    assert program.spelled(f"Rate limit rl-gpt-4o of project proj_demo, at OpenAI now: {RPM} 10000 => 60.") in shown
    assert (
        program.spelled(f"Rate limit rl-gpt-4o-mini of project proj_demo, at OpenAI now: {RPM} 10000 (unchanged)")
        in shown
    )
    assert program.spelled("at OpenAI now: threshold_amount not found => $1.") in shown
    assert COSTS in shown
    asked = sent(emulator)
    demo = "GET /organization/projects/proj_demo"
    assert set(asked) <= {LIST, PROJECTS, demo, f"{demo}/spend_limit", "GET /organization/costs"}
    assert asked.count(LIST) == 1, "what is not known yet is not asked for"

    program.write(both)
    stack.up()
    emulator.control.clear_requests()
    shown = told(stack.ok("preview", "--expect-no-changes").text)
    assert COSTS in shown, "in every preview"
    assert sent(emulator) == ["GET /organization/costs"], "nothing else is asked for where nothing changes"

    openai("POST", "proj_demo/rate_limits/rl-gpt-4o", **{RPM: 100})
    another = {**MINI, "model": "gpt-4.1", RPM: 40}
    changed = {"row": ("ProjectRateLimit", {**ROW, RPM: 80}), "mini": ("ProjectRateLimit", another)}
    program.write({**changed, "limit": limit})
    emulator.control.clear_requests()
    notes = diagnostics(stack)
    drift = program.spelled(f"{RPM} 60 in the state, 100 at OpenAI. This update sets 80.")
    assert [severity for severity, message in notes if drift in message] == ["warning"]
    replacement = program.spelled(f"rl-gpt-4.1 of project proj_demo, at OpenAI now: {RPM} 10000 => 40.")
    assert [severity for severity, message in notes if replacement in message] == ["info"], "as for a new resource"
    assert sent(emulator).count(LIST) == 1
    stack.up()
    for secret in (emulator.admin_key, "Traceback"):
        assert not [text for text in stack.log if secret in text]


def diagnostics(stack: Stack) -> list[tuple[str, str]]:
    """Of a preview in JSON: severity and message."""
    shown = json.loads(stack.ok("preview", "--json").text)
    return [(diagnostic["severity"], diagnostic["message"].strip()) for diagnostic in shown.get("diagnostics", ())]


def test_what_nothing_has_and_an_openai_that_can_not_be_asked_fail_the_preview(
    program: Program, emulator: EmulatorServer
) -> None:
    stack = program.stack
    asking(stack)
    program.write({"it": ("ProjectRateLimit", {**ROW, "model": "gpt-4oo"})})
    failed = stack.run("preview")
    assert failed.code
    assert "no rate limit for the model 'gpt-4oo'. Did you mean gpt-4o" in told(failed.text)
    assert "Traceback" not in failed.text
    assert {request.partition(" ")[0] for request in sent(emulator)} == {"GET"}

    program.write({"row": ("ProjectRateLimit", ROW), "mini": ("ProjectRateLimit", MINI)})
    failed = stack.run("preview", OPENAI_BASE_URL="http://127.0.0.1:1/v1")
    assert failed.code
    text = told(failed.text)
    # The engine prints each error while it works, and again at the end.
    assert text.partition("Diagnostics:")[2].count("This preview could not read from OpenAI: ") == 1, text
    assert "can't be reached" in text
    assert "To preview without asking, run `pulumi config set openai-admin:previewReads false`." in text
    assert "Traceback" not in text
