from __future__ import annotations

import keyword
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_openai_admin.cli.adopt.program import MODULES_RESERVED, VARIABLES_RESERVED, Names
from pulumi_openai_admin.slugs import slug_of


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Web shop", "web-shop"),
        ("  Crème  brûlée!! ", "creme-brulee"),
        ("東京", ""),
        ("a/b::c", "a-b-c"),
        ("x" * 99, "x" * 60),
    ],
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


def test_many_of_one_name_are_not_counted_from_the_start_each_time() -> None:
    class Counted(set[str]):
        asked = 0

        def __contains__(self, name: object) -> bool:
            self.asked += 1
            return super().__contains__(name)

    names = Names("-")
    names._given = given_names = Counted()
    assert [names.give("", "ci") for _ in range(1000)][-1] == "ci-1000"
    assert given_names.asked < 3000


@settings(deadline=None)
@given(st.lists(st.text(max_size=20), max_size=20))
def test_variables_are_always_variables(words: list[str]) -> None:
    names = Names("_", frozenset({"project"}))
    given_names = [names.give("", word) for word in words]
    assert len(set(given_names)) == len(given_names)
    for name in given_names:
        assert name.isidentifier()
        assert not keyword.iskeyword(name)
        assert name not in {"project", "print", "list"}


@settings(deadline=None)
@given(st.text(max_size=30))
def test_resource_names_can_stand_in_a_urn(word: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", Names("-").give("", word))
