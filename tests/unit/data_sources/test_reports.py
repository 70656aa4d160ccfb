"""Look-ups that ask for a part of what there is: reports in buckets of time, and the audit log."""

from __future__ import annotations

import dataclasses
import inspect
import re
from typing import TYPE_CHECKING, Any, get_type_hints

import pytest
from openai.types.admin import organization as sdk_types
from pulumi.runtime.stack import massage

import pulumi_openai_admin
from pulumi_openai_admin import data_sources, errors
from pulumi_openai_admin.data_sources import kinds
from pulumi_openai_admin.data_sources.result import LookUpError, declared

if TYPE_CHECKING:
    from tests.unit.data_sources.conftest import Pages

DAY = 86_400
REPORTS = [name for name in data_sources.QUERIES if name not in {"AuditLog", "WebhookEventTypes"}]
RENAMED = {"amount.value": "amount", "amount.currency": "currency"}


def bucket(start: int, *results: dict[str, Any]) -> dict[str, Any]:
    return {"object": "bucket", "start_time": start, "end_time": start + DAY, "results": list(results)}


def cost(value: object, **more: Any) -> dict[str, Any]:
    return {"object": "organization.costs.result", "amount": {"value": value, "currency": "usd"}, **more}


def page(*data: dict[str, Any], next_page: str | None = None) -> dict[str, Any]:
    return {"object": "page", "data": list(data), "has_more": next_page is not None, "next_page": next_page}


def event(number: int, **more: Any) -> dict[str, Any]:
    return {"id": f"audit_log-{number}", "type": "project.created", "effective_at": number, **more}


def events(*numbers: int, has_more: bool) -> dict[str, Any]:
    data = [event(number) for number in numbers]
    return {"object": "list", "data": data, "has_more": has_more, "last_id": data[-1]["id"]}


def test_all_pages_of_a_report_are_read(pages: Pages) -> None:
    pages.script = [
        page(bucket(0, cost("1.5", project_id="proj_1"), cost(2, project_id="proj_2")), next_page="page_2"),
        page(bucket(DAY), next_page=None),
    ]
    ids = ["proj_1", "proj_2"]
    found = pulumi_openai_admin.get_costs(start_time=0, end_time=2 * DAY, group_by=["project_id"], project_ids=ids)
    first = [
        ("start_time", "0"), ("end_time", str(2 * DAY)), ("bucket_width", "1d"), ("group_by[]", "project_id"),
        ("project_ids[]", "proj_1"), ("project_ids[]", "proj_2"), ("limit", "180"),
    ]  # fmt: skip
    assert pages.parameters == [first, [*first, ("page", "page_2")]]
    assert {url.partition("?")[0] for url in pages.asked} == {"/organization/costs"}
    shown = [(bucket.start_time, bucket.end_time, len(bucket.results)) for bucket in found]
    assert shown == [(0, DAY, 2), (DAY, 2 * DAY, 0)]
    spent = [(result.project_id, result.amount, result.currency) for result in found[0].results]
    assert spent == [("proj_1", 1.5, "usd"), ("proj_2", 2.0, "usd")]
    assert massage(found, []) == [dataclasses.asdict(bucket) for bucket in found], "a program can export it"
    with pytest.raises(dataclasses.FrozenInstanceError):
        found[0].results[0].amount = 0.0  # type: ignore[misc]


@pytest.mark.parametrize(("limit", "sizes"), [(1, ["1"]), (2, ["2"]), (3, ["3", "3"])])
def test_no_page_is_read_that_the_limit_does_not_need(pages: Pages, limit: int, sizes: list[str]) -> None:
    pages.script = [page(bucket(0), bucket(DAY), next_page="page_2"), page(bucket(2 * DAY), next_page="page_3")]
    found = pulumi_openai_admin.get_costs(start_time=0, limit=limit)
    assert len(found) == limit
    assert [dict(query)["limit"] for query in pages.parameters] == sizes


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ({**bucket(0), "results": None}, "OpenAI shows a bucket of the costs of the organization without its results"),
        ({**bucket(0), "results": ["x"]}, "OpenAI shows a bucket of the costs of the organization without its results"),
        ({**bucket(0), "end_time": None}, "OpenAI shows the bucket without its end_time"),
        (bucket(0, cost("much")), "OpenAI shows 'much' as the amount of a CostsResult"),
    ],
)
def test_a_broken_bucket_is_an_error(pages: Pages, broken: dict[str, Any], told: str) -> None:
    pages.script = [page(broken)]
    with pytest.raises(LookUpError, match=re.escape(told)) as error:
        pulumi_openai_admin.get_costs(start_time=0)
    assert isinstance(error.value.__cause__, errors.InvalidResponseError)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"start_time": "2026-01-01"}, "start_time must be a whole number, not '2026-01-01'."),
        ({"start_time": True}, "start_time must be a whole number, not True."),
        ({"start_time": -1}, "start_time must be at least 0, not -1."),
        ({"limit": 0}, "limit must be at least 1, not 0."),
        ({"group_by": "model"}, "group_by must be a list of strings, not 'model'."),
        ({"models": [1]}, "models must be a list of strings, not [1]."),
        ({"batch": "yes"}, "batch must be True or False, not 'yes'."),
        ({"bucket_width": None}, "bucket_width must be a string, not None."),
        ({"bucket_width": "1w"}, "bucket_width must be '1m', '1h' or '1d', not '1w'."),
        ({"group_by": ["projectid"]}, "not 'projectid'. Did you mean 'project_id'?"),
    ],
)
def test_an_argument_that_cannot_be_meant_is_refused(pages: Pages, given: dict[str, Any], told: str) -> None:
    with pytest.raises(LookUpError, match=re.escape(told)):
        pulumi_openai_admin.get_usage_completions(**{"start_time": 0, **given})
    with pytest.raises(LookUpError, match="bucket_width must be '1d', not '1h'"):
        pulumi_openai_admin.get_costs(start_time=0, bucket_width="1h")
    assert pages.asked == []


def test_events_are_read_until_there_are_enough(pages: Pages) -> None:
    pages.script = [events(*range(100), has_more=True), events(*range(100, 200), has_more=True)]
    found = pulumi_openai_admin.list_audit_logs(limit=150)
    assert [event.effective_at for event in found] == list(range(150))
    assert [dict(query).get("after") for query in pages.parameters] == [None, "audit_log-99"]
    assert {dict(query)["limit"] for query in pages.parameters} == {"100"}


def test_who_did_it_is_in_one_place(pages: Pages) -> None:
    user = {"id": "user-1", "email": "ada@example.com"}
    data = [
        event(3, actor={"type": "session", "session": {"ip_address": "192.0.2.1", "user": user}}),
        event(2, actor={"type": "api_key", "api_key": {"id": "key_1", "type": "user", "user": user}}),
        event(1, actor={"type": "api_key", "api_key": {"id": "key_2", "service_account": {"id": "svc_1"}}}),
        event(0, project={"id": "proj_1", "name": "Demo"}, **{"project.created": {"id": "proj_1", "data": {"x": 1}}}),
    ]
    pages.script = [{"data": data, "has_more": False}]
    found = pulumi_openai_admin.list_audit_logs()
    names = ("type", "user_id", "email", "service_account_id", "api_key_id")
    assert [tuple(getattr(event, f"actor_{name}") for name in names) for event in found] == [
        ("session", "user-1", "ada@example.com", None, None),
        ("api_key", "user-1", "ada@example.com", None, "key_1"),
        ("api_key", None, None, "svc_1", "key_2"),
        (None, None, None, None, None),
    ]
    assert found[0].actor_ip_address == "192.0.2.1"
    assert (found[3].project_id, found[3].project_name) == ("proj_1", "Demo")
    assert (found[3].details, found[0].details) == ({"id": "proj_1", "data": {"x": 1}}, {})
    assert not hasattr(pulumi_openai_admin, "get_audit_log")


@pytest.mark.parametrize("kind", REPORTS)
def test_a_report_has_what_the_sdk_has(kind: str) -> None:
    query: Any = kinds.declared(kind)[0]
    method = query.path.rpartition("/")[2]
    params = getattr(sdk_types, f"usage_{method}_params")
    (asked,) = [value for name, value in vars(params).items() if name.endswith("Params")]
    assert {parameter.name for parameter in query.asked} == set(get_type_hints(asked)) - {"page"}
    theirs = _result_of(getattr(sdk_types, f"usage_{method}_response"), method)
    ours = {shown.wire: shown.is_optional for shown in map(declared, dataclasses.fields(query.group))}
    expected = {name: not field.is_required() for name, field in theirs.model_fields.items() if name != "object"}
    if kind == "Costs":
        expected |= dict.fromkeys(RENAMED, expected.pop("amount"))
    assert ours == expected
    assert set(query.groups) <= set(ours)


def _result_of(module: Any, method: str) -> Any:
    """The SDK's class of the results: the one whose `object` names the report."""
    noun = {"file_search_calls": "file_searches", "web_search_calls": "web_searches"}.get(method, method)
    (found,) = [
        value
        for value in vars(module).values()
        if inspect.isclass(value)
        and "object" in getattr(value, "model_fields", {})
        and re.search(rf"'organization\.(usage\.)?{noun}\.result'", str(value.model_fields["object"].annotation))
    ]
    return found


def test_an_address_is_the_same_in_any_case(pages: Pages) -> None:
    rows = [{"id": f"user-{number}", "email": email, "added_at": 1} for number, email in enumerate(("Ada@x.org", None))]
    pages.script = [{"data": rows, "has_more": False}] * 4
    assert pulumi_openai_admin.get_organization_user(email="ada@X.org").user_id == "user-0"
    assert len(pulumi_openai_admin.list_organization_users()) == 2
    with pytest.raises(LookUpError, match=r"The organization has no user with the email 'bob@x\.org'"):
        pulumi_openai_admin.get_organization_user(email="bob@x.org")
