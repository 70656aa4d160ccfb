"""The example for Kubernetes has a stack for each group of the fleet, one after another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

EXAMPLES = Path(__file__).parents[2] / "examples"
OPERATOR = EXAMPLES / "operator"
FLEET: dict[str, Any] = json.loads((EXAMPLES / "fleet" / "fleet.json").read_text(encoding="utf-8"))


def documents(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((OPERATOR / name).read_text(encoding="utf-8")))


def test_the_operator_has_one_stack_a_group_in_one_line() -> None:
    (kustomization,) = documents("kustomization.yaml")
    (common,) = documents("common.yaml")
    assert all(documents(name) for name in kustomization["resources"])
    assert [patch["path"] for patch in kustomization["patches"]] == ["common.yaml"]
    assert isinstance(common["spec"]["commit"], str), "a hash of digits would be a number"
    stacks = documents("stacks.yaml")
    names = [stack["metadata"]["name"] for stack in stacks]
    (project,) = {tuple(stack["spec"]["stack"].split("/")[:2]) for stack in stacks}
    assert project[1] == yaml.safe_load((EXAMPLES / "fleet" / "Pulumi.yaml").read_text(encoding="utf-8"))["name"]
    assert [stack["spec"]["stack"].rpartition("/")[2] for stack in stacks] == names == list(FLEET["groups"])
    before = [[prerequisite["name"] for prerequisite in stack["spec"].get("prerequisites", [])] for stack in stacks]
    assert before == [[], *([name] for name in names[:-1])], "each waits for the one before it"
    assert len({stack["spec"]["resyncFrequencySeconds"] for stack in stacks}) == len(stacks)
