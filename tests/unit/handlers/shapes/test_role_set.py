from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.creation import VISIBILITY_LAG_SECONDS
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from pulumi_openai_admin.resources.user_role import UserRole
from pulumi_openai_admin.resources.user_roles import UserRoles
from tests.unit.assigned_roles import ALIAS, OWNER, READER, Organization
from tests.unit.fakes import error_body, first_claim, warnings
from tests.unit.set_over_runs import ListOverRuns

if TYPE_CHECKING:
    from pulumi_openai_admin.http.requestor import Requestor

SET = UserRoles.handler
READER_ALIAS = READER.partition("__")[0]


@pytest.fixture
def openai(requests_mock: Any) -> Organization:
    return Organization(requests_mock)


@pytest.fixture
def stack(requestor: Requestor) -> ListOverRuns:
    return ListOverRuns(SET, requestor, Remote({"user_id": "user-1"}, unordered=frozenset({"role_ids"})))


def test_a_role_that_was_deleted_is_told_and_stops_nothing(
    stack: ListOverRuns, openai: Organization, caplog: pytest.LogCaptureFixture
) -> None:
    stack.up("role_1", "role_2")
    openai.direct, openai.deleted = ["role_1"], {"role_2"}
    openai.now += VISIBILITY_LAG_SECONDS + 1
    assert stack.refresh() == ["role_1"]
    stack.up("role_1", "role_2", "role_3")
    assert openai.direct == ["role_1", "role_3"]
    assert warnings(caplog) == ["1 role of user user-1 no longer exists at OpenAI: role_2. Remove it from the program."]


def test_an_alias_is_the_role_that_openai_lists(stack: ListOverRuns, openai: Organization) -> None:
    openai.direct = [OWNER]
    stack.up(ALIAS)
    assert openai.asked("POST") == []
    assert stack.refresh() == [ALIAS], "as the program spells it"
    stack.destroy()
    assert openai.direct == [OWNER]


def test_an_exclusive_set_takes_away_what_a_preview_has_named(stack: ListOverRuns, openai: Organization) -> None:
    openai.direct = [READER, "role_9"]
    stack.up(READER_ALIAS, "role_1", exclusive=True)
    assert sorted(openai.direct) == [READER, "role_1", "role_9"]
    assert stack.note(READER_ALIAS, "role_1") == (
        "1 role that the program does not name will be removed from user user-1: role_9."
    )
    stack.up(READER_ALIAS, "role_1", exclusive=True)
    assert sorted(openai.direct) == [READER, "role_1"]
    assert stack.note(READER_ALIAS, "role_1") == ""


def test_an_exclusive_set_leaves_the_base_role(stack: ListOverRuns, openai: Organization) -> None:
    openai.direct = [OWNER, "role_9"]
    stack.up("role_1", exclusive=True)
    assert stack.refresh() == ["role_1", "role_9"]
    assert stack.note("role_1").endswith("from user user-1: role_9.")
    stack.up("role_1", exclusive=True)
    assert sorted(openai.direct) == [OWNER, "role_1"]


def test_a_misspelled_role_changes_nothing(stack: ListOverRuns, openai: Organization) -> None:
    stack.up("role_1")
    with pytest.raises(errors.NoMatchError, match="The organization has no role role_I"):
        stack.up("role_I")
    assert openai.direct == ["role_1"]


def test_an_exclusive_set_neither_shows_nor_takes_away_what_is_inherited(
    stack: ListOverRuns, openai: Organization
) -> None:
    openai.inherited = {"role_9": "group_1"}
    stack.up("role_1", exclusive=True)
    assert stack.refresh() == ["role_1"]
    assert stack.note("role_1") == ""
    stack.up("role_1", exclusive=True)
    assert openai.asked("DELETE") == []


def test_an_inherited_role_is_assigned_once_and_unassigned(stack: ListOverRuns, openai: Organization) -> None:
    openai.inherited = {"role_1": "group_1"}
    stack.up("role_1")
    stack.up("role_1")
    assert len(openai.asked("POST")) == 1
    assert stack.refresh() == ["role_1"]
    stack.destroy()
    assert openai.direct == []


def test_an_inherited_role_that_openai_refuses_is_assigned_by_the_next_run(
    stack: ListOverRuns, openai: Organization
) -> None:
    openai.inherited = {"role_1": "group_1"}
    openai.surprise("POST", "roles$", (400, error_body("No")))
    with pytest.raises(errors.PartialUpdateError):
        stack.up("role_1", "role_2")
    stack.up("role_1", "role_2")
    assert sorted(openai.direct) == ["role_1", "role_2"]


@pytest.mark.parametrize(
    ("before", "updates", "after"),
    [
        (READER, [[ALIAS]], READER),
        (READER, [[ALIAS, "role_1"], ["role_1"], [ALIAS]], READER),
        (READER, [[ALIAS], [READER_ALIAS]], READER),
        (OWNER, [[READER_ALIAS]], READER),
        (OWNER, [[READER_ALIAS], []], READER),
        (OWNER, [[READER_ALIAS], [ALIAS]], OWNER),
        ("", [[READER_ALIAS], [ALIAS]], ""),
    ],
)
def test_a_set_leaves_the_base_role_from_before_unless_it_was_higher(
    stack: ListOverRuns, openai: Organization, before: str, updates: list[list[str]], after: str
) -> None:
    openai.direct = [*filter(None, [before])]
    for roles in updates:
        stack.up(*roles)
        assert {role.partition("__")[0] for role in openai.direct} >= {*roles}
    stack.destroy()
    assert openai.direct == [*filter(None, [after])]


def test_a_base_role_declared_again_goes_back_to_what_is_there_then(stack: ListOverRuns, openai: Organization) -> None:
    openai.direct = [READER]
    stack.up(ALIAS)
    stack.up()
    openai.direct = []  # somebody takes it away
    stack.up(ALIAS)
    stack.destroy()
    assert openai.direct == [], "nobody ends with more than without the program"


def test_one_role_by_its_id_and_its_alias_is_refused(stack: ListOverRuns, openai: Organization) -> None:
    with pytest.raises(errors.ConfigurationError, match=f"names role {ALIAS} of user user-1 twice: {ALIAS}, {OWNER}"):
        stack.up(ALIAS, OWNER)
    assert openai.asked("POST") == []


def test_a_set_and_a_single_resource_conflict_on_the_same_role() -> None:
    single = first_claim(UserRole.handler, {"user_id": "user-1", "role_id": OWNER}, Wanted({}, {}), {})
    several = first_claim(SET, {"user_id": "user-1"}, Wanted({}, {"role_ids": [ALIAS]}), {})
    assert single
    assert several
    assert several.overlap(single) == f"role {ALIAS} of user user-1"
