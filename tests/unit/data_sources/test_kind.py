"""Look-ups that follow from a declaration, with nothing written for them."""

from __future__ import annotations

import dataclasses
import inspect
from typing import TYPE_CHECKING, Any

import pytest

import pulumi_openai_admin
from pulumi_openai_admin import errors, resources
from pulumi_openai_admin.data_sources import functions, kinds
from pulumi_openai_admin.data_sources.kind import LookUpKind
from pulumi_openai_admin.data_sources.result import LookUpError
from pulumi_openai_admin.handlers.handler import Shows
from pulumi_openai_admin.program.arguments import ArgumentError
from tests.unit.data_sources.conftest import PROJECTS

if TYPE_CHECKING:
    from tests.unit.data_sources.conftest import Pages

LIMIT = f"{PROJECTS}/proj_1/spend_limit"


def test_a_setting_is_shown_and_one_that_is_absent_has_no_values(pages: Pages) -> None:
    pages.lists[PROJECTS] = [{"id": "proj_1", "status": "active"}]
    absent = dataclasses.asdict(pulumi_openai_admin.get_project_spend_limit(project_id="proj_1"))
    assert absent == {**dict.fromkeys(absent), "project_id": "proj_1"}
    limit = {"threshold_amount": 5, "currency": "USD", "interval": "month", "enforcement": {"status": "inactive"}}
    pages.replies[LIMIT] = 200, limit
    shown = pulumi_openai_admin.get_project_spend_limit(project_id="proj_1")
    assert (shown.threshold_amount, shown.enforcement_status) == (5, "inactive")
    assert not hasattr(pulumi_openai_admin, "list_project_spend_limits")


@pytest.mark.parametrize(
    ("projects", "kind", "told"),
    [
        ([{"id": "proj_1", "status": "archived"}], errors.ProjectArchivedError, "Project proj_1 is archived"),
        ([], errors.ProjectNotFoundError, "Project proj_1 does not exist"),
    ],
)
def test_a_setting_of_a_project_that_is_gone_is_not_absent(
    pages: Pages, projects: list[dict[str, Any]], kind: type[Exception], told: str
) -> None:
    pages.lists[PROJECTS] = projects
    with pytest.raises(LookUpError, match=told) as error:
        pulumi_openai_admin.get_project_spend_limit(project_id="proj_1")
    assert isinstance(error.value.__cause__, kind)


def test_nothing_that_is_secret_or_only_sent_is_in_a_result() -> None:
    shown = {
        name: [field.name for field in dataclasses.fields(kind.result)]
        for name in kinds.names()
        if (kind := kinds.kind(name))
    }
    assert not {"api_key", "expires_in_seconds"} & {*shown["ProjectServiceAccount"]}
    assert shown["ProjectServiceAccount"][:2] == ["project_id", "service_account_id"]
    assert "baseline" not in {*shown["ProjectRateLimit"], *shown["ProjectSpendLimit"]}
    never_shown = {name for name in resources.ALL if resources.class_of(name).handler.traits.shows is Shows.NOTHING}
    assert {"ProjectRateLimits", "ProjectServiceAccountApiKey"} <= never_shown
    assert set(resources.ALL) - set(shown) == never_shown


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: pulumi_openai_admin.get_group("a"), "get_group() too many positional arguments"),
        (lambda: pulumi_openai_admin.get_group(nmae="a"), "get_group() got an unexpected keyword argument 'nmae'"),
        (
            pulumi_openai_admin.get_project_spend_limit_output,
            "get_project_spend_limit_output() missing a required argument: 'project_id'",
        ),
    ],
)
def test_wrong_arguments_are_told_with_the_line_of_the_program(call: Any, told: str) -> None:
    with pytest.raises(ArgumentError) as error:
        call()
    assert str(error.value).startswith(told)
    assert "test_kind.py, line " in str(error.value)


def test_a_result_is_documented_without_the_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_: object) -> str:
        raise OSError

    monkeypatch.setattr(inspect, "getsource", none)
    get, _ = functions.look_ups(LookUpKind(pulumi_openai_admin.Group))
    assert "group_id: Set this or `name`." in get.docstring
