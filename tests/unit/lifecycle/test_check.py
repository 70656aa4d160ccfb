from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import AdminApiKey, Group, ProjectRateLimit, Role
from pulumi_openai_admin.lifecycle.check import MAX_NAME_LENGTH, Autonaming, Failure, Mode, check
from pulumi_openai_admin.lifecycle.run import Host
from pulumi_openai_admin.lifecycle.state import Inputs
from pulumi_openai_admin.remedies import NOTE
from pulumi_openai_admin.schema.constraints import Length
from pulumi_openai_admin.schema.shapes import UNKNOWN
from tests.unit.fakes import Log, MemoryHost

if TYPE_CHECKING:
    from pulumi_openai_admin.lifecycle.check import Checked
    from pulumi_openai_admin.resources.base import AdminResource

RPM = "max_requests_per_1_minute"


def test_a_failure_shows_nothing_of_a_secret_input() -> None:
    limit = {"project_id": "proj_1", "model": "gpt-4o", RPM: -4711.0}
    (failure,) = check(ProjectRateLimit, MemoryHost(), {}, Inputs(limit, (RPM,))).failures
    assert "4711" not in failure.reason


def notes(caplog: Log, olds: dict[str, Any], news: dict[str, Any], *secret: str) -> list[str]:
    caplog.set_level(NOTE)
    caplog.clear()
    check(AdminApiKey, MemoryHost(name="it"), olds, Inputs(news, secret))
    return [record.getMessage() for record in caplog.records]


def test_a_preview_says_what_the_creation_of_an_object_does(caplog: Log) -> None:
    news = {"name": "ci", "deliver_to": {"command": {"arguments": ["op"]}}}
    message = ["A new key is delivered to the command 'op', and not kept in the state."]
    assert notes(caplog, {}, news) == message
    assert notes(caplog, {"__provider": "gAS"}, news) == message, "what the dynamic provider's host adds"
    assert notes(caplog, news, news) == [], "it exists already"
    assert notes(caplog, {}, news, "deliver_to") == [], "it is secret where it is delivered"
    assert notes(caplog, {}, {**news, "deliver_to": {"command": {"arguments": [UNKNOWN]}}}) == []
    assert notes(caplog, {}, {**news, "deliver_to": {}}) == [], "it is invalid"
    assert notes(caplog, {}, {"name": "ci"}) == [], "it is kept in the state"


def checked_role(caplog: Log, *permissions: object, secret: tuple[str, ...] = ()) -> list[str]:
    result = check(Role, MemoryHost(name="it"), {}, Inputs({"name": "Keys", "permissions": list(permissions)}, secret))
    assert result.failures == []
    return caplog.messages


def test_an_unknown_or_secret_permission_is_not_doubted(caplog: Log) -> None:
    assert checked_role(caplog, UNKNOWN) == []
    assert checked_role(caplog, "api.group.read", secret=("permissions",)) == []


def test_a_permission_that_openai_has_accepted_is_not_doubted(caplog: Log) -> None:
    before = {"name": "Keys", "permissions": ["api.group.read"]}
    after = {"name": "Keys", "permissions": ["api.group.read", "api.role.read"]}
    check(Role, MemoryHost(name="it"), before, Inputs(after, ()))
    (message,) = caplog.messages
    assert message.startswith("permissions: 'api.role.read' may be misspelled.")


def test_a_permission_of_a_role_that_is_imported_is_not_doubted(caplog: Log) -> None:
    check(Role, Host(), {}, Inputs({"name": "Keys", "permissions": ["api.group.read"]}, ()))
    assert caplog.messages == []


URN = "urn:pulumi:dev::shop::openai-admin:index:Group::team"
MADE = re.compile("it-[0-9a-f]{7}")


def named(
    news: dict[str, Any],
    olds: dict[str, Any] | None = None,
    *,
    host: Host | None = None,
    autonaming: Autonaming | None = None,
    resource: type[AdminResource] = Group,
) -> Checked:
    return check(resource, host or MemoryHost(kind="Group"), olds or {}, Inputs(news), autonaming or Autonaming())


def name(news: dict[str, Any], olds: dict[str, Any] | None = None, host: MemoryHost | None = None) -> str:
    result = named(news, olds, host=host)
    assert not result.failures
    return str(result.inputs["name"])


def test_a_made_name_ends_in_seven_digits_that_stay_the_same() -> None:
    assert MADE.fullmatch(name({}))
    assert name({}) == name({})
    assert name({}) != name({}, host=MemoryHost(name="other", kind="Group")).replace("other", "it")
    assert Autonaming().name(f"{URN}::a", "").startswith("team::a-"), "a name may contain the separator of URNs"


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
    assert named({}, autonaming=disabled).failures == [Failure("name", told)]
    assert not named({"name": "Team"}, autonaming=disabled).failures
    assert not named({}, {"name": "Team"}, autonaming=disabled).failures


def test_without_its_urn_a_resource_has_to_be_named() -> None:
    assert [failure.property for failure in named({}, host=Host()).failures] == ["name"]


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


def test_a_proposed_name_has_at_most_the_length_that_the_field_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    field = Group.declaration.fields["name"]
    monkeypatch.setattr(field, "bounds", field.bounds._replace(constraint=Length(1, 80)))
    made = named({}, host=MemoryHost(name="m" * MAX_NAME_LENGTH, kind="Group")).inputs["name"]
    assert re.fullmatch("m{72}-[0-9a-f]{7}", made)
