"""Names that a program leaves out, on the real engine, with both providers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.engine.stacks import Stack


def write(stack: Stack, **groups: str | None) -> None:
    """Declare groups with these names, or without one."""
    named = {name: ("Group", {} if given is None else {"name": given}) for name, given in groups.items()}
    stack.declare(named, **{name: f"${name}.name" for name in groups})


def made(text: str, name: str) -> str:
    found = re.findall(rf"^ {{6,}}\+? *name *: \"({name}-[0-9a-f]{{7}})\"", text, re.MULTILINE)
    assert len(set(found)) == 1, text
    return str(found[0])


def test_the_name_of_the_preview_is_the_name_of_the_object_and_stays(either: Stack) -> None:
    stack = either
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


def test_the_setting_of_the_stack_is_respected(either: Stack) -> None:
    stack = either
    setting = "pulumi:autonaming.providers.openai-admin"
    stack.ok("config", "set", "--path", f"{setting}.pattern", "${project}-${name}-${num(3)}")
    write(stack, team=None)
    stack.up()
    assert re.fullmatch("test-team-[0-9]{3}", name_of(stack, "team"))


def name_of(stack: Stack, resource: str) -> Any:
    state = stack.resource(resource)
    assert state["inputs"]["name"] == state["outputs"]["name"]
    return state["inputs"]["name"]
