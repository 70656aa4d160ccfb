from __future__ import annotations

import keyword
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_openai_admin.cli.adopt.names import Names, slug_of


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


def test_a_name_without_letters_gives_way_to_the_id() -> None:
    assert Names("-").give("proj_1", "東京") == "proj-1"
    assert Names("-").give("", "東京") == "unnamed"


def test_no_two_are_the_same() -> None:
    names = Names("_", frozenset({"project"}))
    assert [names.give("id", one) for one in ("CI", "ci", "ci 2", "project")] == ["ci", "ci_2", "ci_2_2", "project_2"]


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
