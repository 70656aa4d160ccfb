"""Spend limits and alerts, the costs of a month, and what a preview warns of because of them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import OrganizationSpendLimit, ProjectSpendAlert, ProjectSpendLimit, errors
from pulumi_openai_admin.handlers.handler import Remote, StepContext, Wanted
from pulumi_openai_admin.handlers.kinds.spending import (
    PATH,
    Cost,
    SpendLimit,
    month_end,
    month_of,
    next_month_of,
    read_costs,
    spent_by_project,
)
from pulumi_openai_admin.http.call import Call
from tests.host.scenarios.spending import PROJECT_ALERT
from tests.unit.fakes import FakeOpenAI, Log, error_body, listed, told
from tests.unit.handlers.fake_settings import FakeSettings, next_run

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client

ALERTS_PATH = "/organization/projects/proj_1/spend_alerts"
ALERTS: Any = ProjectSpendAlert.handler
AMOUNT, RECIPIENTS = "threshold_amount", "recipients"
BOTH = ["ada@example.com", "bob@example.com"]
OURS = {AMOUNT: 20_000, RECIPIENTS: BOTH}


def sent(amount: int, recipients: list[str], **further: Any) -> dict[str, Any]:
    return PROJECT_ALERT.sent({AMOUNT: amount, RECIPIENTS: recipients, **further})


def shown(id_: str, amount: int, recipients: list[str], **further: Any) -> dict[str, Any]:
    return {"id": id_, "object": "project.spend_alert", **sent(amount, recipients, **further)}


@pytest.mark.parametrize(
    ("settings", "note"),
    [
        ({AMOUNT: 1000}, "threshold_amount is in cents: 1000 is $10 a month."),
        ({AMOUNT: 1050}, "threshold_amount is in cents: 1050 is $10.50 a month."),
        ({AMOUNT: 10_000}, ""),
        ({}, ""),
    ],
)
def test_a_preview_says_what_a_low_limit_is_in_dollars(settings: dict[str, int], note: str) -> None:
    assert ProjectSpendLimit.handler.creation_note(Wanted({}, settings)) == note


def test_an_update_sends_all_of_it_and_keeps_what_the_program_does_not_set(client: Client, openai: FakeOpenAI) -> None:
    remote = Remote({"project_id": "proj_1"}, "alert_1", shown("alert_1", 20_000, BOTH))
    further = {"subject_prefix": "[By hand]"}
    openai.surprise("GET", "alert_1$", (200, shown("alert_1", 20_000, BOTH, **further)))
    openai.surprise("POST", "alert_1$", (200, shown("alert_1", 30_000, BOTH, **further)))
    ALERTS.update(client, remote, Wanted({}, {**OURS, AMOUNT: 30_000}))
    assert openai.asked("POST") == [(f"{ALERTS_PATH}/alert_1", sent(30_000, BOTH, **further))]


def test_an_alert_of_the_same_content_is_told(client: Client, openai: FakeOpenAI, caplog: Log) -> None:
    openai.surprise("GET", "spend_alerts$", listed(shown("alert_1", 20_000, BOTH[::-1])), times=9)
    openai.surprise("POST", "spend_alerts$", (200, shown("alert_2", 20_000, BOTH)))
    remote = Remote({"project_id": "proj_1"}, unordered=frozenset({RECIPIENTS}))
    ALERTS.create(client, remote, Wanted({}, OURS))
    assert (
        "Project proj_1 already has another spend alert with the same amount and recipients "
        "('$200 for ada@example.com, bob@example.com'): alert_1."
    ) in told(caplog)


def test_messages_about_a_limit_show_dollars(requests_mock: Any, client: Client, caplog: Log) -> None:
    limit = SpendLimit("/organization/projects/{project_id}/optional", settable=(AMOUNT,))
    openai, remote = FakeSettings(requests_mock), Remote({"project_id": "proj_1"})
    openai.surprise("POST", "optional$", (200, {AMOUNT: 7}))
    with pytest.raises(errors.UpdateNotAppliedError, match=r"threshold_amount is \$0\.07, expected \$200"):
        limit.create(client, remote, Wanted({}, {AMOUNT: 20_000}))
    openai.surprise("POST", "optional$", (200, {AMOUNT: 7}))
    hidden = Remote({"project_id": "proj_1"}, step=StepContext(secret=(AMOUNT,)))
    with pytest.raises(errors.UpdateNotAppliedError, match=r"threshold_amount is \[secret\], expected \[secret\]"):
        limit.create(client, hidden, Wanted({}, {AMOUNT: 20_000}))
    limit.update(next_run(client, remote), remote, Wanted({}, {AMOUNT: 20_000}))
    openai.settings["/organization/projects/proj_1/optional"][AMOUNT] = 50_000
    limit.delete(next_run(client, remote), remote)
    assert "setting stays at threshold_amount $500 instead of none (changed outside Pulumi after" in told(caplog)


DAY = 86_400
JANUARY = 1_767_225_600
"""The beginning of 2026, which January is 31 days of."""


@pytest.mark.parametrize(
    ("now", "begin", "end"),
    [
        (JANUARY, JANUARY, JANUARY + 31 * DAY),
        (JANUARY - 1, 1_764_547_200, JANUARY),
        (1_769_903_999.9, JANUARY, JANUARY + 31 * DAY),
        (JANUARY + 40 * DAY, JANUARY + 31 * DAY, JANUARY + 59 * DAY),
    ],
)
def test_a_month_begins_at_midnight_utc(now: float, begin: int, end: int) -> None:
    assert (month_of(now), next_month_of(now)) == (begin, end)


def cost(project_id: str | None, amount: str, currency: str = "usd") -> Cost:
    return Cost(JANUARY, Decimal(amount), currency, project_id)


def test_costs_are_added_up_by_project() -> None:
    costs = [cost("proj_1", "0.1"), cost(None, "1"), cost("proj_1", "0.2"), cost("proj_2", "0")]
    assert spent_by_project(costs) == ({"proj_1": Decimal("0.3"), None: 1, "proj_2": 0}, "usd")


def test_costs_are_in_the_currency_that_openai_shows() -> None:
    assert spent_by_project([]) == ({}, "usd")
    assert spent_by_project([cost("proj_1", "1.5", "eur"), cost("proj_1", "0")]) == ({"proj_1": Decimal("1.5")}, "eur")
    with pytest.raises(errors.InvalidResponseError, match=r"several currencies \(eur, usd\)"):
        spent_by_project([cost("proj_1", "1.5", "eur"), cost("proj_1", "1.5")])


@pytest.mark.parametrize(
    ("spent", "days", "end"), [("100", 10, "310"), ("0.1", 15.5, "0.2"), ("100", 0.9, None), ("0", 1, "0")]
)
def test_a_month_ends_as_it_began(spent: str, days: float, end: str | None) -> None:
    assert month_end(Decimal(spent), JANUARY + days * DAY) == (None if end is None else Decimal(end))


def shows(openai: FakeOpenAI, *amounts: tuple[str | None, float], currency: str = "usd", times: int = 1) -> None:
    """The reply of the endpoint of costs, on two pages."""
    results = [{"project_id": id_, "amount": {"value": value, "currency": currency}} for id_, value in amounts]
    first = {"data": [{"start_time": JANUARY, "results": results[:1]}], "has_more": True, "next_page": "page_2"}
    rest = [{"start_time": JANUARY, "results": results[1:]}, {"start_time": JANUARY, "results": []}]
    second = {"data": rest, "has_more": False, "next_page": None}
    for page in (first, second):
        openai.surprise("GET", PATH, (200, page), times=times)


def forecast(client: Client, limit: int | None, project: str = "proj_1") -> list[str]:
    resource: Any = ProjectSpendLimit if project else OrganizationSpendLimit
    parents = {"project_id": project} if project else {}
    settings = {} if limit is None else {"threshold_amount": limit}
    return list(resource.handler.forecast(client, Remote(parents), Wanted({}, settings)))


def test_costs_that_have_reached_the_limit_or_will_are_warned_of(openai: FakeOpenAI, client: Client) -> None:
    openai.now = JANUARY + 10 * DAY
    client.send(Call("GET", "/organization/projects/proj_1", "read the clock"))
    openai.calls.clear()
    shows(openai, ("proj_1", 60.0), ("proj_2", 1234.5))
    reached = forecast(client, 6000)
    begin, end = (
        "Project proj_1 has spent $60.00 since 2026-01-01 (UTC)",
        "OpenAI rejects its requests until the month ends or the limit is raised.",
    )
    assert reached == [f"{begin} and reached its spend limit of $60. {end}"]
    later = "At this rate it reaches the spend limit of $120 on 2026-01-21"
    assert forecast(client, 12_000) == [f"{begin}. {later}. {end.replace('OpenAI rejects', 'OpenAI then rejects')}"]
    assert forecast(client, 20_000) == forecast(client, None) == forecast(client, 1, "proj_3") == []
    (organization,) = forecast(client, 150_000, "")
    assert organization.startswith("The organization has spent $1,294.50 since")
    assert [path for path, _ in openai.asked("GET")] == [PATH, PATH], "two pages, once in a run"


def test_costs_that_the_key_may_not_read_are_told_and_asked_for_once(openai: FakeOpenAI, client: Client) -> None:
    openai.surprise("GET", PATH, (403, error_body("You have insufficient permissions")), times=9)
    for _ in range(2):
        (text,) = forecast(client, 1)
        assert text.startswith("Project proj_1: the spend limit was not compared with the costs of this month: Could ")
    assert len(openai.asked("GET")) == 1


def test_amounts_are_read_digit_by_digit(openai: FakeOpenAI, client: Client) -> None:
    body = '{"value": %s, "currency": "USD"}'
    amounts = ["0.10000000000000000001", '"2.50"', "3", "1e-7"]
    results = ", ".join(f'{{"amount": {body % amount}, "quantity": {amount}}}' for amount in amounts)
    openai.surprise(
        "GET", PATH, (200, f'{{"data": [{{"start_time": 1, "results": [{results}]}}], "has_more": false}}'.encode())
    )
    costs = list(read_costs(client, 1))
    assert [str(cost.amount) for cost in costs] == ["0.10000000000000000001", "2.50", "3", "1E-7"]
    assert [cost.quantity for cost in costs] == [cost.amount for cost in costs]
    assert {cost.currency for cost in costs} == {"usd"}


@pytest.mark.parametrize("amount", ["NaN", '"much"', "1e999999999", "[1]"])
def test_what_is_no_amount_is_an_error(openai: FakeOpenAI, client: Client, amount: str) -> None:
    results = f'[{{"amount": {{"value": {amount}}}}}]'
    openai.surprise(
        "GET", PATH, (200, f'{{"data": [{{"start_time": 1, "results": {results}}}], "has_more": false}}'.encode())
    )
    with pytest.raises(errors.InvalidResponseError, match="as an amount of the costs"):
        list(read_costs(client, 1))


@pytest.mark.parametrize("bucket", [{"results": []}, {"start_time": 1}, {"start_time": 1, "results": [1]}])
def test_a_day_without_time_or_results_is_an_error(openai: FakeOpenAI, client: Client, bucket: dict[str, Any]) -> None:
    openai.surprise("GET", PATH, (200, {"data": [bucket], "has_more": False}))
    with pytest.raises(errors.InvalidResponseError, match="without its time or its results"):
        list(read_costs(client, 1))
