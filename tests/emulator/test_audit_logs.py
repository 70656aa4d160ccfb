from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from openai import BadRequestError

if TYPE_CHECKING:
    from openai.resources.admin.organization import Organization

    from pulumi_openai_admin.emulator import Control


def types(organization: Organization, **query: object) -> list[str]:
    return [event.type for event in organization.audit_logs.list(**query)]


def test_each_change_writes_its_event_newest_first(organization: Organization) -> None:
    project = organization.projects.create(name="P")
    organization.projects.update(project.id, name="Q")
    account = organization.projects.service_accounts.create(project.id, name="a")
    organization.projects.rate_limits.update_rate_limit("rl-gpt-4o", project_id=project.id, max_requests_per_1_minute=7)
    organization.projects.service_accounts.delete(account.id, project_id=project.id)
    organization.projects.archive(project.id)
    group = organization.groups.create(name="G")
    organization.groups.update(group.id, name="H")
    organization.groups.delete(group.id)
    assert types(organization) == [
        "group.deleted",
        "group.updated",
        "group.created",
        "project.archived",
        "service_account.deleted",
        "rate_limit.updated",
        "api_key.created",
        "service_account.created",
        "project.updated",
        "project.created",
    ]
    updated = next(event for event in organization.audit_logs.list() if event.type == "rate_limit.updated")
    assert updated.project.id == project.id
    assert updated.rate_limit_updated.id == "rl-gpt-4o"
    assert updated.rate_limit_updated.changes_requested.max_requests_per_1_minute == 7
    assert updated.actor.api_key.user.email == "ada@example.com"
    created = next(event for event in organization.audit_logs.list() if event.type == "group.created")
    assert (created.project.id, created.group_created.data.group_name) == ("proj_default", "G")


def test_the_list_is_narrowed_and_paged(organization: Organization, control: Control) -> None:
    first = organization.groups.create(name="1")
    later = control.advance_clock(3600)
    second = organization.groups.create(name="2")
    organization.projects.service_accounts.create("proj_demo", name="a", create_service_account_only=True)

    def ids(**query: object) -> list[str]:
        found = organization.audit_logs.list(event_types=["group.created"], **query)
        return [event.group_created.id for event in found]

    assert ids() == ids(limit=1) == [second.id, first.id]
    assert ids(effective_at={"gte": later}) == [second.id]
    assert ids(effective_at={"lt": later}) == [first.id]
    assert ids(resource_ids=[first.id]) == [first.id]
    assert ids(actor_emails=["nobody@example.com"]) == []
    assert ids(actor_emails=["ada@example.com"], actor_ids=["user-emulator"]) == [second.id, first.id]
    assert types(organization, project_ids=["proj_demo"]) == ["service_account.created"]
    assert types(organization, tenant_only=True) == []
    newest, _, oldest = organization.audit_logs.list()
    assert organization.audit_logs.list(before=oldest.id, limit=1).data[0].id not in (newest.id, oldest.id)


def test_a_person_in_a_browser_is_an_actor_too(organization: Organization, control: Control) -> None:
    invite = organization.invites.create(email="g@example.com", role="reader", projects=[])
    user = control.accept_invite(invite.id)
    added, accepted, sent = organization.audit_logs.list()
    assert [added.type, accepted.type, sent.type] == ["user.added", "invite.accepted", "invite.sent"]
    assert (added.user_added.id, accepted.actor.type, sent.actor.type) == (user["id"], "session", "api_key")


def test_what_is_not_known_is_absent_from_an_event_and_not_null(organization: Organization, control: Control) -> None:
    control.seed({"groups": [{"id": "group_seeded", "name": "Seeded"}]})
    project = organization.projects.create(name="P")
    organization.projects.update(project.id, name=None, external_key_id=None)
    control.seed({"invites": [{"id": "invite-a", "email": "a@example.com", "role": "reader"}]})
    control.accept_invite("invite-a")
    events = [json.loads(event.to_json(exclude_none=False)) for event in organization.audit_logs.list()]
    assert [event["project.updated"] for event in events if event["type"] == "project.updated"] == [
        {"id": project.id, "changes_requested": {}}
    ]
    assert {str(event["actor"]["session"]["user"]) for event in events if event["actor"]["type"] == "session"} == {"{}"}


def test_a_type_of_events_that_the_specification_does_not_have_is_refused(organization: Organization) -> None:
    with pytest.raises(BadRequestError, match=r"group\.painted"):
        organization.audit_logs.list(event_types=["group.created", "group.painted"])  # type: ignore[list-item] # on purpose
