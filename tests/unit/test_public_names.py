"""The public names, which follow from the registries of resources and look-ups."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest

import pulumi_openai_admin
from pulumi_openai_admin import public_names, resources

pytestmark = pytest.mark.every_resource


def test_all_names_are_there_once_and_in_order() -> None:
    names = pulumi_openai_admin.__all__
    assert names == sorted(set(names))
    assert {*resources.ALL, "Provider", "RateLimit", "get_group", "list_groups_output", "GetGroupResult"} <= set(names)
    assert "AdminProvider" not in names
    elsewhere = {name for name in names if getattr(pulumi_openai_admin, name).__module__ != "pulumi_openai_admin"}
    assert elsewhere == {"Provider"}


@pytest.mark.parametrize("name", pulumi_openai_admin.__all__)
def test_each_has_its_name_and_can_be_pickled(name: str) -> None:
    value = getattr(pulumi_openai_admin, name)
    assert value.__name__ == name
    assert pickle.loads(pickle.dumps(value)) is value  # noqa: S301 - ours


@pytest.mark.parametrize("name", ["ProjectRateLimitz", "get_project_rate_limits", "list_grups", "GetThing", "_x", "x"])
def test_a_name_that_is_none_is_told_as_python_does(name: str) -> None:
    with pytest.raises(AttributeError, match=f"module 'pulumi_openai_admin' has no attribute '{name}'"):
        getattr(pulumi_openai_admin, name)


def test_a_program_loads_what_it_uses_and_nothing_else() -> None:
    program = (
        "import sys, pulumi_openai_admin as package\n"
        "def loaded(): return sorted(name.partition('.')[2] for name in sys.modules\n"
        "    if name.startswith(('pulumi_openai_admin.resources.', 'pulumi_openai_admin.data_sources.')))\n"
        "print(loaded(), 'pulumi' in sys.modules)\n"
        "package.ProjectSpendLimit\n"
        "print(loaded())\n"
        "package.get_group\n"
        "print([name for name in loaded() if name.startswith('resources.') or 'project' in name])\n"
    )
    assert subprocess.check_output([sys.executable, "-c", program], encoding="utf-8").splitlines() == [
        "[] False",
        "['resources.base', 'resources.project_spend_limit']",
        "['resources.base', 'resources.group', 'resources.project_spend_limit']",
    ]


def test_a_program_compiles_no_methods_that_nothing_calls() -> None:
    """`frozen` and `repr` of a dataclass take longer to compile than all else that a program imports."""
    program = (
        "import sys, pulumi_openai_admin as package\n"
        "package.ProjectRateLimit, package.AdminProvider\n"
        "loaded = [module for name, module in sys.modules.items() if name.startswith('pulumi_openai_admin.')]\n"
        "classes = {value for module in loaded for value in vars(module).values() if isinstance(value, type)}\n"
        "made = {kind: kind.__dict__.get('__dataclass_params__') for kind in classes if 'openai' in kind.__module__}\n"
        "print([kind.__name__ for kind, how in made.items() if how and (how.frozen or how.repr)])\n"
    )
    assert subprocess.check_output([sys.executable, "-c", program], encoding="utf-8") == "['Settings']\n"


def test_a_resource_brings_the_types_of_its_inputs() -> None:
    assert set(public_names.types_of("ProjectRateLimits")) == {"ProjectRateLimits", "ProjectRateLimit", "RateLimit"}


def test_an_editor_sees_all_names() -> None:
    assert set(pulumi_openai_admin.__all__) < set(dir(pulumi_openai_admin))
