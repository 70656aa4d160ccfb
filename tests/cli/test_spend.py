"""`spend` shows limits, alerts and the costs of this month."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Command

    from pulumi_openai_admin.emulator.process import EmulatorServer

MONTHLY: dict[str, Any] = {"currency": "USD", "interval": "month"}
NOTIFIED = {"notification_channel": {"type": "email", "recipients": ["ada@example.com"]}}


@pytest.fixture
def spent(emulator: EmulatorServer) -> EmulatorServer:
    """Demo has spent $10 of its $10, and Staging $5; the organization has a limit of $100 and two alerts."""
    emulator.control.seed(
        {
            "project_spend_limits": [{**MONTHLY, "project_id": "proj_demo", "threshold_amount": 1000}],
            "spend_limits": [{**MONTHLY, "threshold_amount": 10_000}],
            "spend_alerts": [{**MONTHLY, **NOTIFIED, "threshold_amount": cents} for cents in (8000, 5000)],
        }
    )
    for project, tokens in (("proj_demo", 1_000_000), ("proj_staging", 500_000)):
        emulator.control.use(project_id=project, model="gpt-4o", output_tokens=tokens)
    return emulator


def rows(out: str) -> list[list[str]]:
    return [re.split(r"\s{2,}", line.strip()) for line in out.split("\n") if line.strip()]


@pytest.mark.usefixtures("spent")
def test_a_table_of_the_organization_and_its_projects(command: Command) -> None:
    done = command.ok("spend")
    head, organization, *projects = rows(done.out)
    assert head == ["project", "spent", "limit", "used", "alerts"]
    assert organization == ["The organization", "$15.00", "$100.00", "15%", "$50.00, $80.00"]
    assert ["Demo", "$10.00", "$10.00", "100% blocked", "–"] in projects  # noqa: RUF001 - an en dash is intended
    assert ["Staging", "$5.00", "–", "–", "–"] in projects  # noqa: RUF001 - the same
    assert "Everything else" not in done.out
    assert "spent: since 2" in done.err
    assert "limit, alerts: for a month, in US dollars." in " ".join(done.err.split())


@pytest.mark.usefixtures("spent")
def test_json_has_cents_where_openai_has_them(command: Command) -> None:
    document = json.loads(command.ok("spend", "Demo", "--json").out)
    assert document["since"].endswith("-01T00:00:00Z")
    assert document["spend"] == [
        {
            "project_id": "proj_demo",
            "name": "Demo",
            "spent": 10.0,
            "currency": "usd",
            "limit_cents": 1000,
            "is_enforcing": True,
            "alerts_cents": [],
        }
    ]


def test_costs_of_archived_projects_are_in_a_row_of_their_own(command: Command, spent: EmulatorServer) -> None:
    spent.control.seed({"projects": [{"id": "proj_old", "name": "Old"}]})
    spent.control.use(project_id="proj_old", model="gpt-4o", output_tokens=100_000)
    spent.control.seed({"projects": [{"id": "proj_old", "name": "Old", "status": "archived"}]})
    document = json.loads(command.ok("spend", "--json").out)["spend"]
    assert [row["spent"] for row in document if row["project_id"] is None] == [16.0, 1.0]
    assert document[-1]["name"] == "Everything else"
    whole, *others = (row["spent"] for row in document)
    assert sum(others) == pytest.approx(whole)


def test_what_cannot_be_read_is_an_error_and_not_a_gap(command: Command, emulator: EmulatorServer) -> None:
    emulator.control.fault(kind="status", status=403, path="*/spend_alerts", times=None)
    done = command("spend")
    assert (done.code, done.out) == (1, "")
    assert "error: Could not list the spend alerts of" in done.err


@pytest.mark.usefixtures("spent")
def test_three_requests_a_project_are_sent_at_most(command: Command, emulator: EmulatorServer) -> None:
    emulator.control.seed({"projects": [{"id": f"proj_{number}", "name": f"p{number}"} for number in range(120)]})
    emulator.control.clear_requests()
    command.ok("spend")
    projects = 120 + 4
    assert len(emulator.control.requests()) <= 3 * projects + 2 + 2 + 1  # a project without a limit is looked at, too
