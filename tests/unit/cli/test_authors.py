"""Who changed what differs, from events of the audit log."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from pulumi_openai_admin import resources
from pulumi_openai_admin.cli import authors, recorded
from pulumi_openai_admin.cli.authors import Author, Search
from pulumi_openai_admin.cli.changes import Change
from pulumi_openai_admin.cli.drift.comparison import Compared, PlaceInState, attribute
from pulumi_openai_admin.data_sources import kinds as look_ups
from pulumi_openai_admin.data_sources.audit_log import QUERIES, _flat
from pulumi_openai_admin.emulator.api.audit_logs import EventType

KIND = QUERIES["AuditLog"].kind


def event(type_: str, at: int, who: str, project: str | None = "proj_1", **details: Any) -> Any:
    user = {"id": "user-9", "email": who}
    shown = {
        "id": f"audit_log-{at}",
        "type": type_,
        "effective_at": at,
        "actor": {"type": "api_key", "api_key": {"id": "key_1", "user": user}},
        type_: details,
        **({"project": {"id": project, "name": "Shop"}} if project else {}),
    }
    return KIND.to_result(_flat(shown))


def difference(
    kind: str, id_: str, *changes: Change, project: str = "proj_1", modified: str = "1970-01-01T00:01:40Z", **more: Any
) -> Compared:
    resource = recorded.RecordedResource(kind, {"urn": f"urn:{kind}", "id": id_, "modified": modified})
    return Compared(resource, PlaceInState("", project), changes=changes, **more)


def found(changed: Compared, *shown: Any) -> Compared:
    def read(search: Search) -> None:
        for each in shown:
            search.see(each)

    attribute([changed], read)
    return changed


def asked_for(*differences: Compared) -> Search:
    """What is looked for in the audit log."""
    asked: list[Search] = []

    attribute(differences, asked.append)
    return asked[0]


def test_the_newest_event_about_the_object_tells_who() -> None:
    changed = difference("ProjectRateLimit", "proj_1/rl-gpt-4o", Change(("max_requests_per_1_minute",), 1, 2))
    asked = {"max_requests_per_1_minute": 2}
    shown = found(
        changed,
        event("rate_limit.updated", 40, "eve@example.com", id="rl-gpt-4o-mini", changes_requested=asked),
        event("rate_limit.updated", 35, "eve@example.com", "proj_2", id="rl-gpt-4o", changes_requested=asked),
        event("rate_limit.updated", 30, "bob@example.com", id="rl-gpt-4o", changes_requested={"max_images": 1}),
        event("rate_limit.updated", 20, "ada@example.com", id="rl-gpt-4o", changes_requested=asked),
        event("rate_limit.updated", 10, "old@example.com", id="rl-gpt-4o", changes_requested=asked),
    )
    assert shown.authors[0] == Author("ada@example.com", 20, "rate_limit.updated", "audit_log-20")
    assert shown.author
    assert shown.author.name == "bob@example.com"


def removed_members(*names: str) -> Compared:
    changes = [Change(("members", name), "member", None) for name in names]
    return difference("ProjectMembers", "proj_1", *changes, member_ids={"zoe@example.com": "user-2"})


@pytest.mark.parametrize(
    "changed", [removed_members("zoe@example.com"), difference("ProjectUser", "proj_1/user-2", gone="gone")]
)
def test_who_added_a_member_did_not_remove_it(changed: Compared) -> None:
    added = event("user.added", 10, "ada@example.com", id="user-2")
    role = event("user.updated", 20, "bob@example.com", id="user-2", changes_requested={"role": "member"})
    of_organization = event("user.deleted", 30, "eve@example.com", "proj_default", id="user-2")

    def author(*shown: Any) -> str | None:
        attributed = found(changed, *shown)
        return attributed.author.name if attributed.author else None

    assert author(role, added) is None
    assert author(of_organization, role, added) == "eve@example.com"
    assert author(event("user.deleted", 30, "eve@example.com", None, id="user-2")) == "eve@example.com"
    of_project = event("user.deleted", 25, "mia@example.com", id="user-2")
    elsewhere = event("user.deleted", 40, "eve@example.com", "proj_2", id="user-2")
    assert author(elsewhere, of_project, added) == "mia@example.com", "the removal from the project itself"


def test_every_kind_with_events_has_one_for_the_end_of_an_object() -> None:
    for name in resources.ALL:
        logged = resources.class_of(name).handler.audit_events
        assert bool(logged.types) == bool(logged.ended), name


def test_a_role_needs_both_ids() -> None:
    changed = difference("UserRole", "user-1/role_1", project="", gone="gone")
    type_, id_ = "role.assignment.deleted", "role_assignment_role_1_"
    other = event(type_, 30, "x@example.com", id=f"{id_}user-2", principal_id="user-2")
    its = event(type_, 20, "ada@example.com", id=f"{id_}user-1", principal_id="user-1")
    assert found(changed, other).author is None
    author = found(changed, other, its).author
    assert author
    assert author.name == "ada@example.com"


@pytest.mark.parametrize("kind", ["ProjectSpendLimit", "GroupMembers"])
def test_what_has_no_event_is_not_asked_for(kind: str) -> None:
    search = asked_for(difference(kind, "proj_1", Change(("threshold_amount",), 1, 2)))
    assert search.types == set()
    assert search.since is None


def test_the_window_begins_with_the_oldest_state() -> None:
    changed, older, unknown = (
        difference("Project", "proj_1", Change(("name",), "a", "b"), modified=modified)
        for modified in ("1970-01-01T00:01:40Z", "1970-01-01T00:00:50Z", "")
    )
    assert asked_for(changed, older).since == 50.0
    since = asked_for(changed, older, unknown, changed).since
    assert since is None, "the log is read from its end, up to the limit of events"


@pytest.mark.parametrize(
    ("now", "at_openai", "begin"),
    [
        (5_000.0, None, 3_700),
        (5_000.0, 5_000.0, 3_700),
        (5_000.0, 1_400.0, 100),  # this machine is an hour ahead
        (5_000.0, 8_600.0, 3_700),  # and an hour behind: the window may be too wide, and never too narrow
    ],
)
def test_the_window_begins_before_the_state_by_openais_clock(now: float, at_openai: float | None, begin: int) -> None:
    assert authors.begin(4_000.9, now, at_openai) == begin


def test_openai_takes_all_types_as_a_filter() -> None:
    """One that it does not know ends the request, and then nobody is named at all."""
    for name in resources.ALL:
        kind = look_ups.kind(name)
        handler = kind.handler if kind else resources.class_of(name).handler
        assert set(handler.audit_events.types) <= set(get_args(EventType)), name
