"""Names of objects that the program does not name."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import pulumi_openai_admin
from pulumi_openai_admin import AdminApiKey, Group, ProjectServiceAccount, resources
from pulumi_openai_admin.lifecycle.check import MAX_NAME_LENGTH, Autonaming, Failure, Mode, check, field_of
from pulumi_openai_admin.lifecycle.state import Inputs
from pulumi_openai_admin.schema.constraints import Length
from pulumi_openai_admin.schema.fields import FieldRole
from pulumi_openai_admin.schema.unknown import UNKNOWN
from tests.unit.fakes import MemoryHost

if TYPE_CHECKING:
    from pulumi_openai_admin.lifecycle.check import Checked
    from pulumi_openai_admin.resources.base import AdminResource

URN = "urn:pulumi:dev::shop::openai-admin:index:Group::team"
MADE = re.compile("it-[0-9a-f]{7}")


def checked(
    news: dict[str, Any],
    olds: dict[str, Any] | None = None,
    *,
    host: MemoryHost | None = None,
    autonaming: Autonaming | None = None,
    resource: type[AdminResource] = Group,
) -> Checked:
    return check(resource, host or MemoryHost(kind="Group"), olds or {}, Inputs(news), autonaming or Autonaming())


def name(news: dict[str, Any], olds: dict[str, Any] | None = None, host: MemoryHost | None = None) -> str:
    result = checked(news, olds, host=host)
    assert not result.failures
    return str(result.inputs["name"])


def test_a_name_is_made_where_openai_requires_one() -> None:
    kinds = [getattr(pulumi_openai_admin, kind) for kind in resources.ALL]
    named = {kind.__name__ for kind in kinds if field_of(kind.declaration)}
    keys = {"AdminApiKey", "ProjectServiceAccountApiKey"}
    assert {"Project", "ProjectServiceAccount", "Group", "Role", "ProjectRole", *keys} < named
    required = [
        kind.__name__
        for kind in kinds
        for field in kind.declaration.with_role(FieldRole.ARGUMENT)
        if field.name == "name" and field.required
    ]
    assert not required, "they need auto_named=True"


def test_a_name_is_that_of_the_resource_with_seven_digits_and_the_same_in_each_run() -> None:
    assert MADE.fullmatch(name({}))
    assert name({}) == name({})
    assert name({}) != name({}, host=MemoryHost("other", "Group")).replace("other", "it")
    assert Autonaming().name(f"{URN}::a", "").startswith("team::a-"), "a name may contain the separator of URNs"


def test_a_name_that_is_recorded_is_kept_whoever_made_it() -> None:
    assert name({}, {"name": "Team"}) == "Team"
    assert name({"name": "New"}, {"name": "Team"}) == "New"


def test_a_name_of_the_program_is_used_and_an_unknown_one_stays_unknown() -> None:
    assert name({"name": "Team"}) == "Team"
    assert checked({"name": UNKNOWN}).inputs["name"] is UNKNOWN


def test_a_replacement_has_another_name_which_is_the_same_in_each_run() -> None:
    def replacement(old: str) -> str:
        run = MemoryHost(kind="Group")
        assert name({}, {"name": old}, run) == old
        return name({}, host=run)  # the engine checks it as a new object

    first = name({})
    second = replacement(first)
    assert MADE.fullmatch(second)
    assert len({first, second, replacement(second)}) == 3
    assert replacement(first) == second


def test_a_program_that_has_to_name_its_objects_is_told() -> None:
    disabled = Autonaming(Mode.DISABLE, "")
    told = "name is missing: set it, because pulumi:autonaming of the stack disables auto-naming."
    assert checked({}, autonaming=disabled).failures == [Failure("name", told)]
    assert not checked({"name": "Team"}, autonaming=disabled).failures
    assert not checked({}, {"name": "Team"}, autonaming=disabled).failures


def test_without_its_urn_a_resource_has_to_be_named() -> None:
    class Unknown(MemoryHost):
        urn = ""

    assert [failure.property for failure in checked({}, host=Unknown()).failures] == ["name"]


def test_other_inputs_are_checked_without_a_name() -> None:
    account = {"project_id": "proj_1", "role": "king"}
    (failure,) = checked(account, resource=ProjectServiceAccount).failures
    assert failure.property == "role"
    assert MADE.fullmatch(checked({}, resource=AdminApiKey).inputs["name"])


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("${name}", "team"),
        ("acme-${name}-${name}", "acme-team-team"),
        ("${name}-${hex(4)}", "team-[0-9a-f]{4}"),
        ("${alphanum(20)}_${string(3)}_${num(5)}", "[a-z0-9]{20}_[a-z]{3}_[0-9]{5}"),
        ("${uuid}", "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ("${random(8)}", r"\$\{random\(8\)\}"),
    ],
)
def test_a_pattern_has_the_expressions_of_pulumi(pattern: str, expected: str) -> None:
    assert re.fullmatch(expected, Autonaming(Mode.ENFORCE, pattern).name(URN, ""))


def test_two_random_parts_differ() -> None:
    first, second = Autonaming(pattern="${hex(16)}-${hex(16)}").name(URN, "").split("-")
    assert first != second


def test_a_proposed_name_is_shortened_and_an_enforced_one_is_not() -> None:
    urn = URN + "m" * MAX_NAME_LENGTH
    made = Autonaming().name(urn, "")
    assert len(made) == MAX_NAME_LENGTH
    assert re.fullmatch("team+-[0-9a-f]{7}", made)
    enforced = Autonaming(Mode.ENFORCE, "${name}")
    assert len(enforced.name(urn, "")) > MAX_NAME_LENGTH
    host = MemoryHost("m" * (MAX_NAME_LENGTH + 1), "Group")
    assert [failure.reason for failure in checked({}, host=host, autonaming=enforced).failures] == [
        "name must be a string of 1 to 255 characters."
    ]


def test_a_proposed_name_has_at_most_the_length_that_the_field_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    field = Group.declaration.fields["name"]
    monkeypatch.setattr(field, "bounds", replace(field.bounds, text=Length(1, 80)))
    made = checked({}, host=MemoryHost("m" * MAX_NAME_LENGTH, "Group")).inputs["name"]
    assert re.fullmatch("m{72}-[0-9a-f]{7}", made)
