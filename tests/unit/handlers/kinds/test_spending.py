from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import OrganizationSpendLimit, ProjectSpendAlert, ProjectSpendLimit, errors
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from pulumi_openai_admin.handlers.kinds.spending import PATH as COSTS
from pulumi_openai_admin.handlers.kinds.spending import Costs, SpendLimit, reached_at
from pulumi_openai_admin.http.call import Call
from tests.unit.fakes import FakeOpenAI, error_body, told
from tests.unit.handlers.fake_settings import FakeSettings, next_run

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client

PATH = "/organization/projects/proj_1/spend_alerts"
ALERTS: Any = ProjectSpendAlert.handler
AMOUNT, RECIPIENTS = "threshold_amount", "notification_channel.recipients"
BOTH = ["ada@example.com", "bob@example.com"]
OURS = {AMOUNT: 20_000, RECIPIENTS: BOTH}
COMMON = {"currency": "USD", "interval": "month"}


def sent(amount: int, recipients: list[str], **further: Any) -> dict[str, Any]:
    channel = {"type": "email", "recipients": recipients, **further}
    return {**COMMON, "threshold_amount": amount, "notification_channel": channel}


@dataclass
class FakeAlerts(FakeOpenAI):
    """A project with spend alerts; an update replaces all of an alert."""

    alerts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, body: dict[str, Any]) -> dict[str, Any]:
        self._count += 1
        id_ = f"alert_{self._count}"
        self.alerts[id_] = {"id": id_, "object": "project.spend_alert", **body}
        return self.alerts[id_]

    def _answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        if not path.startswith(PATH):
            return super()._answer(method, path, body)
        id_ = path.removeprefix(PATH).strip("/")
        if not id_:
            return (200, self.add(body)) if method == "POST" else self._list(self.alerts)
        if id_ not in self.alerts:
            return 404, error_body("No such alert")
        if method == "DELETE":
            return 200, {"id": self.alerts.pop(id_)["id"], "deleted": True}
        if method == "POST":
            self.alerts[id_] = {"id": id_, "object": "project.spend_alert", **body}
        return 200, self.alerts[id_]


@pytest.fixture
def openai(requests_mock: Any) -> FakeAlerts:
    return FakeAlerts(requests_mock)


def new() -> Remote:
    return Remote({"project_id": "proj_1"}, unordered=frozenset({RECIPIENTS}))


def created(client: Client, **settings: Any) -> Remote:
    remote = new()
    ALERTS.create(client, remote, Wanted({}, {**OURS, **settings}))
    return remote


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


# Alerts


def test_an_update_sends_all_of_it_and_keeps_what_the_program_does_not_set(client: Client, openai: FakeAlerts) -> None:
    remote = created(client)
    openai.alerts[remote.id]["notification_channel"]["subject_prefix"] = "[By hand]"
    ALERTS.read(client, remote)
    ALERTS.update(client, remote, Wanted({}, {**OURS, AMOUNT: 30_000}))
    assert openai.asked("POST")[1:] == [(f"{PATH}/alert_1", sent(30_000, BOTH, subject_prefix="[By hand]"))]


def test_an_alert_of_the_same_content_is_told(
    client: Client, openai: FakeAlerts, caplog: pytest.LogCaptureFixture
) -> None:
    openai.add(sent(20_000, BOTH))
    created(client)
    assert (
        "Project proj_1 already has a spend alert with the amount and recipients "
        "'$200 for ada@example.com, bob@example.com': alert_1."
    ) in told(caplog)


def test_messages_about_a_limit_show_dollars(
    requests_mock: Any, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    limit = SpendLimit("/organization/projects/{project_id}/optional", settable=(AMOUNT,))
    openai, remote = FakeSettings(requests_mock), Remote({"project_id": "proj_1"})
    openai.surprise("POST", "optional$", (200, {AMOUNT: 7}))
    with pytest.raises(
        errors.UpdateNotAppliedError,
        match=r"threshold_amount is \$0\.07, expected \$200",
    ):
        limit.create(client, remote, Wanted({}, {AMOUNT: 20_000}))
    limit.update(next_run(client, remote), remote, Wanted({}, {AMOUNT: 20_000}))
    openai.settings["/organization/projects/proj_1/optional"][AMOUNT] = 50_000
    limit.delete(next_run(client, remote), remote)
    assert "setting stays at threshold_amount $500 instead of none (changed outside Pulumi after" in told(caplog)


# Costs


DAY = 86_400
JANUARY = 1_767_225_600
"""The beginning of 2026, which January is 31 days of."""


def test_costs_are_added_up_by_project() -> None:
    costs = Costs.of([("proj_1", 1.5, "usd"), (None, 1.0, "usd"), ("proj_1", 0.5, "USD"), ("proj_2", None, None)])
    assert costs.by_project == {"proj_1": 2.0, None: 1.0, "proj_2": 0.0}
    assert (costs.total, costs.of_project("proj_1"), costs.of_project("proj_3")) == (3.0, 2.0, 0.0)
    assert costs.outside({"proj_1"}.__contains__) == 1.0
    assert costs.outside(set().__contains__) == 3.0


def test_costs_are_in_the_currency_that_openai_shows() -> None:
    assert Costs.of([]).currency == "usd"
    assert Costs.of([("proj_1", 1.5, "EUR"), ("proj_1", None, "usd")]).currency == "eur"
    with pytest.raises(errors.InvalidResponseError, match=r"several currencies \(eur, usd\)"):
        Costs.of([("proj_1", 1.5, "eur"), ("proj_1", 1.5, "usd")])


@pytest.mark.parametrize(
    ("spent", "days", "at"),
    [
        (100, 10, 10),  # reached
        (100, 0.9, 0.9),  # reached, however early
        (101, 0, 0),
        (50, 10, 20),
        (40, 10, 25),
        (32, 10, None),  # after the month
        (0, 10, None),
        (99, 0.9, None),  # too early to tell
        (50, 1, 2),
    ],
)
def test_costs_go_on_as_they_did(spent: float, days: float, at: float | None) -> None:
    expected = None if at is None else JANUARY + at * DAY
    assert reached_at(spent, 100, JANUARY + days * DAY) == expected


# What a preview warns of


def shows(openai: FakeOpenAI, *amounts: tuple[str | None, float], currency: str = "usd", times: int = 1) -> None:
    """The reply of the endpoint of costs, on two pages."""
    results = [{"project_id": id_, "amount": {"value": value, "currency": currency}} for id_, value in amounts]
    first = {"data": [{"results": results[:1]}], "has_more": True, "next_page": "page_2"}
    second = {"data": [{"results": results[1:]}, {"results": []}], "has_more": False, "next_page": None}
    for page in (first, second):
        openai.surprise("GET", COSTS, (200, page), times=times)


def forecast(client: Client, limit: int | None, project: str = "proj_1") -> list[str]:
    resource: Any = ProjectSpendLimit if project else OrganizationSpendLimit
    parents = {"project_id": project} if project else {}
    settings = {} if limit is None else {"threshold_amount": limit}
    return list(resource.handler.forecast(client, Remote(parents), Wanted({}, settings)))


@pytest.fixture
def _tenth(openai: FakeOpenAI) -> None:
    """It is the end of the tenth day of January."""
    openai.now = JANUARY + 10 * DAY


@pytest.mark.usefixtures("_tenth")
def test_costs_that_have_reached_the_limit_or_will_are_warned_of(openai: FakeOpenAI, client: Client) -> None:
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
    assert [path for path, _ in openai.asked("GET")] == [COSTS, COSTS], "two pages, once in a run"


@pytest.mark.usefixtures("_tenth")
def test_costs_in_another_currency_say_nothing_of_a_limit(openai: FakeOpenAI, client: Client) -> None:
    shows(openai, ("proj_1", 60.0), ("proj_1", 1.0), currency="eur")
    assert forecast(client, 1) == []


def test_costs_that_the_key_may_not_read_are_told_and_asked_for_once(openai: FakeOpenAI, client: Client) -> None:
    openai.surprise("GET", COSTS, (403, error_body("You have insufficient permissions")), times=9)
    for _ in range(2):
        (text,) = forecast(client, 1)
        assert text.startswith("Project proj_1: the spend limit was not compared with the costs of this month: Could ")
    assert len(openai.asked("GET")) == 1
