"""The names in a program."""

from __future__ import annotations

import pytest

from pulumi_openai_admin.cli.adopt.kinds import kind_of
from pulumi_openai_admin.cli.adopt.program import (
    DYNAMIC,
    MODULES_RESERVED,
    VARIABLES_RESERVED,
    Declared,
    Module,
    Names,
)
from pulumi_openai_admin.cli.adopt.reading import Existing
from pulumi_openai_admin.lifecycle.read import Adopted
from pulumi_openai_admin.lifecycle.state import MANAGED, Outputs
from pulumi_openai_admin.printable import slug_of


def test_the_import_file_does_not_depend_on_the_order_in_which_objects_were_recorded() -> None:
    def written(*ids: str) -> str:
        outputs = Outputs({MANAGED: {"objects": {id_: {} for id_ in ids}}})
        existing = Existing(kind_of("GroupMembers"), {}, "", names=(), adopted=Adopted("group_1", {}, outputs))
        return DYNAMIC.import_file([Module("organization", "", [Declared(existing, "team", {})])])

    assert written("user-b", "user-a") == written("user-a", "user-b")


# Names


@pytest.mark.parametrize(
    ("text", "slug"),
    [("  Crème  brûlée!! ", "creme-brulee"), ("東京", ""), ("a/b::c", "a-b-c"), ("x" * 99, "x" * 60)],
)
def test_slug(text: str, slug: str) -> None:
    assert slug_of(text, "-") == slug


def test_no_two_are_the_same() -> None:
    names = Names("_", frozenset({"project"}))
    found = [names.give("id", name) for name in ("CI", "ci", "ci 2", "CI", "project", "the project")]
    assert found == ["ci", "ci_2", "ci_2_2", "ci_3", "the_project", "the_project_2"]


@pytest.mark.parametrize(
    ("reserved", "name"),
    [(MODULES_RESERVED, name) for name in ("pulumi-openai-admin", "Projects", "JSON", "Con", "COM1")]
    + [(VARIABLES_RESERVED, name) for name in ("project", "Pulumi", "print", "class", "4o")],
)
def test_no_name_means_something_else_in_its_place(reserved: frozenset[str], name: str) -> None:
    assert Names("_", reserved).give("proj_1", name) == f"the_{slug_of(name, '_')}"


def test_a_name_without_letters_gives_way_to_the_id() -> None:
    assert Names("-").give("proj_1", "東京") == "proj-1"
    assert Names("-").give("", "東京") == "unnamed"
