from __future__ import annotations

import pytest

import pulumi_openai_admin
from pulumi_openai_admin.cli.adopt.kinds import ACCOUNT, MODEL, PROJECT, AdoptedKind, Patterns, all_kinds, listing
from pulumi_openai_admin.resources import ALL

pytestmark = pytest.mark.every_resource

BY_OTHERS = {"OrganizationMember"}
"""A person is imported as a user or as an invite."""


def names(kinds: list[AdoptedKind] | tuple[AdoptedKind, ...]) -> set[str]:
    return {kind.name for kind in kinds}


@pytest.mark.parametrize("name", ALL)
def test_each_kind_is_imported_or_has_a_reason(name: str) -> None:
    handler = getattr(pulumi_openai_admin, name).handler
    reason = handler.traits.not_adoptable or handler.traits.not_listed
    assert (name in names(all_kinds())) != bool(reason or name in BY_OTHERS)


def test_an_object_comes_after_those_that_its_inputs_name() -> None:
    order = [kind.name for kind in all_kinds()]
    for first, then in (
        ("ExternalKey", "Project"),
        ("Group", "GroupMembers"),
        ("Role", "GroupRole"),
        ("Certificate", "OrganizationCertificateActivation"),
        ("ProjectGroup", "ProjectGroupRole"),
        ("ProjectServiceAccount", "WorkloadIdentityFederationRule"),
    ):
        assert order.index(first) < order.index(then)


def test_the_parents_of_each_kind_are_listed_somewhere() -> None:
    for kind in all_kinds():
        for place, name in enumerate(kind.parents):
            assert listing(name, kind.parents[:place]).identity == name


@pytest.mark.parametrize(
    ("patterns", "subject", "names", "selected"),
    [
        (Patterns(), PROJECT, ("proj_a", "Web shop"), True),
        (Patterns(include=["prod-*"]), PROJECT, ("proj_a", "prod-web"), True),
        (Patterns(include=["prod-*"]), PROJECT, ("proj_b", "staging"), False),
        (Patterns(include=["prod-*"]), ACCOUNT, ("ci",), True),
        (Patterns(include=["project:proj_a"]), PROJECT, ("proj_a", None), True),
        (Patterns(include=["Web*"]), PROJECT, ("proj_a", None), False),
        (Patterns(include=["model:gpt-*"], exclude=["model:*-shared"]), MODEL, ("gpt-4o",), True),
        (Patterns(include=["model:gpt-*"], exclude=["model:*-shared"]), MODEL, ("gpt-4o-shared",), False),
        (Patterns(exclude=["model:ft:*"]), MODEL, ("ft:gpt-4o:acme",), False),
        (Patterns(exclude=["team: *"]), PROJECT, ("team: blue",), False),
    ],
)
def test_patterns_select_by_subject_name_and_id(
    patterns: Patterns, subject: str, names: tuple[str | None, ...], selected: bool
) -> None:
    assert patterns.selects(subject, *names) is selected
