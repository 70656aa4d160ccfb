from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pulumi_openai_admin import ProjectServiceAccount, ProjectServiceAccountApiKey, errors
from pulumi_openai_admin.lifecycle.apply import create
from pulumi_openai_admin.lifecycle.delete import delete
from pulumi_openai_admin.lifecycle.resource import Inputs
from pulumi_openai_admin.lifecycle.state import ENDS_WITH_PARENT
from tests.unit.fakes import FakeOpenAI, MemoryHost, through_pulumi

INSIDE = {"project_id": "proj_1", "name": "ci", ENDS_WITH_PARENT: True}


@pytest.mark.parametrize(("whole_stack", "left"), [(True, 1), (False, 0)])
def test_what_ends_with_its_project_is_left_to_it_where_the_whole_stack_is_destroyed(
    host: MemoryHost, openai: FakeOpenAI, whole_stack: bool, left: int
) -> None:
    created = create(ProjectServiceAccount, host, Inputs(INSIDE))
    olds = through_pulumi(created.outputs.values)
    delete(ProjectServiceAccount, replace(host, whole_stack=whole_stack), created.id, olds)
    assert len(openai.accounts) == left


@pytest.mark.parametrize(("deliver_to", "left"), [(None, 1), ({"command": {"arguments": ["cat"]}}, 0)])
def test_a_store_keeps_no_key_because_its_project_is_archived(
    host: MemoryHost, openai: FakeOpenAI, deliver_to: dict[str, Any] | None, left: int
) -> None:
    account = openai.add_account("ci")
    inputs = {**INSIDE, "service_account_id": account, "deliver_to": deliver_to}
    created = create(ProjectServiceAccountApiKey, host, Inputs(inputs))
    olds = through_pulumi(created.outputs.values)
    delete(ProjectServiceAccountApiKey, replace(host, whole_stack=True), created.id, olds)
    assert len(openai.keys) == left


@pytest.mark.parametrize("whole_stack", [True, False])
def test_nothing_is_deleted_where_the_key_is_not_shown_the_project(
    host: MemoryHost, openai: FakeOpenAI, whole_stack: bool
) -> None:
    created = create(ProjectServiceAccount, host, Inputs(INSIDE))
    openai.project = None
    with pytest.raises(errors.ProjectNotFoundError) as told:
        delete(
            ProjectServiceAccount,
            replace(host, whole_stack=whole_stack),
            created.id,
            through_pulumi(created.outputs.values),
        )
    assert len(openai.accounts) == 1
    assert told.value.advice == (
        "Nothing was deleted, and the state keeps the resource. "
        f"{errors.ProjectNotFoundError.named('Project proj_1').advice} If the object no longer exists, "
        f"remove it from the state ({host.urn!r})."
    )
