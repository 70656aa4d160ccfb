"""Names that a program leaves out, on the real engine, with both providers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.engine.stacks import Stack


def write(stack: Stack, **groups: str | None) -> None:
    """Declare groups with these names, or without one."""
    stack.declare({name: ("Group", {} if given is None else {"name": given}) for name, given in groups.items()})


def name_of(stack: Stack, resource: str) -> Any:
    state = stack.resource(resource)
    assert state["inputs"]["name"] == state["outputs"]["name"]
    return state["inputs"]["name"]


def test_the_name_of_the_preview_is_the_name_of_the_object_and_stays(either: Stack) -> None:
    stack = either
    write(stack, team=None, given="Given")
    previewed = set(re.findall(r"^ {6,}\+? *name *: \"(team-[0-9a-f]{7})\"", stack.preview().text, re.MULTILINE))
    stack.up()
    name = name_of(stack, "team")
    assert previewed == {name}
    write(stack, team=None, given=None)
    stack.assert_clean()
    stack.refresh()
    pattern = "pulumi:autonaming.providers.openai-admin.pattern"
    stack.ok("config", "set", "--path", pattern, "${project}-${name}-${num(3)}")
    stack.assert_clean()
    write(stack, team=None, given=None, another=None)
    stack.up()
    assert (name_of(stack, "team"), name_of(stack, "given")) == (name, "Given")
    assert re.fullmatch("test-another-[0-9]{3}", name_of(stack, "another"))
