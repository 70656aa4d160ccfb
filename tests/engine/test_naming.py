"""Names that a program leaves out, on the real engine, with both providers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tools import languages

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.stacks import Stack


def dynamic(stack: Stack, **groups: str | None) -> None:
    lines = ["from pulumi_openai_admin import Group", "import pulumi"]
    for name, given in groups.items():
        lines.append(f"pulumi.export({name!r}, Group({name!r}, name={given!r}).name)")
    stack.program("\n".join(lines))


def native(stack: Stack, **groups: str | None) -> None:
    stack.engine = languages.with_yaml(stack.engine)
    resources = {
        name: {"type": "openai-admin:Group", "properties": {} if given is None else {"name": given}}
        for name, given in groups.items()
    }
    outputs = {name: f"${{{name}.name}}" for name in groups}
    program = {"name": "test", "runtime": "yaml", "resources": resources, "outputs": outputs}
    (stack.folder / "Pulumi.yaml").write_text(yaml.safe_dump(program), encoding="utf-8")


both = pytest.mark.parametrize("write", [dynamic, native])


def made(text: str, name: str) -> str:
    found = re.findall(rf"^ {{6,}}\+? *name *: \"({name}-[0-9a-f]{{7}})\"", text, re.MULTILINE)
    assert len(set(found)) == 1, text
    return str(found[0])


@both
def test_the_name_of_the_preview_is_the_name_of_the_object_and_stays(stack: Stack, write: Callable[..., None]) -> None:
    write(stack, team=None, given="Given")
    name = made(stack.preview().text, "team")
    stack.up()
    assert name_of(stack, "team") == name
    stack.assert_clean()
    write(stack, team=None, given=None)
    stack.assert_clean()
    stack.refresh()
    stack.assert_clean()
    assert (name_of(stack, "team"), name_of(stack, "given")) == (name, "Given")
    stack.ok("config", "set", "--path", "pulumi:autonaming.mode", "verbatim")
    stack.assert_clean()


@both
def test_the_setting_of_the_stack_is_respected(stack: Stack, write: Callable[..., None]) -> None:
    setting = "pulumi:autonaming.providers.openai-admin"
    stack.ok("config", "set", "--path", f"{setting}.pattern", "${project}-${name}-${num(3)}")
    write(stack, team=None)
    stack.up()
    assert re.fullmatch("test-team-[0-9]{3}", name_of(stack, "team"))
    stack.ok("config", "rm", "--path", f"{setting}.pattern")
    stack.ok("config", "set", "--path", f"{setting}.mode", "disabled")
    write(stack, team=None, other=None)
    refused = stack.run("preview")
    assert refused.code
    told = " ".join(refused.text.split())
    assert "name is missing: set it, because pulumi:autonaming of the stack disables auto-naming." in told
    assert "Traceback" not in told


def name_of(stack: Stack, resource: str) -> Any:
    state = stack.resource(resource)
    assert state["inputs"]["name"] == state["outputs"]["name"]
    return state["inputs"]["name"]
