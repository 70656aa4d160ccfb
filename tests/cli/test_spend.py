"""`spend` shows limits, alerts and the costs of this month."""

from __future__ import annotations

import json
import re
from csv import DictReader
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.by_hand import lists, send
from tests.company import spend_alert, spend_limit

if TYPE_CHECKING:
    from conftest import Command

    from pulumi_openai_admin.emulator.process import EmulatorServer


@pytest.fixture
def spent(emulator: EmulatorServer) -> EmulatorServer:
    """Demo has spent $10 of its $10, and Staging $5; the organization has a limit of $100 and two alerts."""
    emulator.control.seed(
        {
            "project_spend_limits": [{"project_id": "proj_demo", **spend_limit(1000)}],
            "spend_limits": [spend_limit(10_000)],
            "spend_alerts": [spend_alert(cents, "ada@example.com") for cents in (8000, 5000)],
        }
    )
    for project, tokens in (("proj_demo", 1_000_000), ("proj_staging", 500_000)):
        emulator.control.use(project_id=project, model="gpt-4o", output_tokens=tokens)
    return emulator


@pytest.mark.usefixtures("spent")
def test_a_table_of_the_organization_and_its_projects(command: Command) -> None:
    done = command.ok("spend")
    head, organization, *projects = done.rows
    assert head == ["project", "spent", "limit", "used", "alerts"]
    assert organization == ["The organization", "$15.00", "$100.00", "15%", "$50.00, $80.00"]
    assert ["Demo", "$10.00", "$10.00", "100% blocked", "–"] in projects  # noqa: RUF001 - an en dash is intended
    assert ["Staging", "$5.00", "–", "–", "–"] in projects  # noqa: RUF001 - the same
    assert "Everything else" not in done.out
    assert "spent: since 2" in done.err
    assert "limit, alerts: for a month, in US dollars." in done.said


@pytest.mark.usefixtures("spent")
def test_json_has_cents_where_openai_has_them(command: Command) -> None:
    document = json.loads(command.ok("spend", "Demo", "--json").out)
    assert document["since"].endswith("-01T00:00:00Z")
    limits = {"limit_cents": 1000, "is_enforcing": True, "alerts_cents": []}
    demo = {"project_id": "proj_demo", "name": "Demo", "spent": "10.0", "currency": "usd", **limits}
    assert document["spend"] == [demo]


def test_an_archived_project_has_costs_and_no_limits(command: Command, spent: EmulatorServer) -> None:
    spent.control.seed({"projects": [{"id": "proj_old", "name": "Old"}]})
    spent.control.use(project_id="proj_old", model="gpt-4o", output_tokens=1_000_000)
    send(spent, "projects/proj_old/archive")
    for word in ("Old", "proj_old"):
        done = command.fails("spend", word)
        assert "Project Old (proj_old) is archived. It has no limits, members and keys. `spend --by" in done.said
        assert "Old" in command.ok("spend", word, "--by", "project").out


def test_costs_of_archived_projects_are_in_a_row_of_their_own(command: Command, spent: EmulatorServer) -> None:
    spent.control.seed({"projects": [{"id": "proj_old", "name": "Old"}]})
    spent.control.use(project_id="proj_old", model="gpt-4o", output_tokens=100_000)
    spent.control.seed({"projects": [{"id": "proj_old", "name": "Old", "status": "archived"}]})
    document = json.loads(command.ok("spend", "--json").out)["spend"]
    assert [row["spent"] for row in document if row["project_id"] is None] == ["16.0", "1.0"]
    assert document[-1]["name"] == "Everything else"
    whole, *others = (Decimal(row["spent"]) for row in document)
    assert sum(others) == whole


def test_credits_outside_of_the_projects_are_in_the_same_row(
    command: Command, emulator: EmulatorServer, tmp_path: Path
) -> None:
    start = int(datetime.now(UTC).timestamp()) // DAY * DAY
    results = [
        {"amount": {"value": value, "currency": "usd"}, "project_id": project, "line_item": None}
        for project, value in (("proj_demo", 100), ("proj_old", -40), (None, 10))
    ]
    bucket = {"object": "bucket", "start_time": start, "end_time": start + DAY, "results": results}
    lists(emulator, "/organization/costs", bucket)
    emulator.control.seed({"project_spend_limits": [{"project_id": "proj_demo", **spend_limit(1000)}]})
    rows = command.ok("spend").rows
    assert [rows[1][:2], rows[-1][:2]] == [["The organization", "$70.00"], ["Everything else", "-$30.00"]]
    command.ok("spend", "--html", str(tmp_path / "spend.html"))
    page = (tmp_path / "spend.html").read_text(encoding="utf-8")
    assert re.findall(r"-?\$[\d.]+\d", page)[:2] == ["$70.00", "$70.00"]
    assert "-$30.00" in page


# The costs of a period

TODAY = datetime.now(UTC).date()
YESTERDAY, WEEK_AGO = (TODAY - timedelta(days=days) for days in (1, 7))
PERIOD = ("--from", str(WEEK_AGO), "--to", str(YESTERDAY))
HOSTILE = '=cmd|"/c calc"!A0\x1b[2J\u202e, <script>'
DAY = 86_400


@pytest.fixture
def used(emulator: EmulatorServer) -> EmulatorServer:
    """Three keys of two projects, in the last eight days; one of the projects has a name that nobody would choose."""
    emulator.control.seed({"projects": [{"id": "proj_h", "name": HOSTILE}]})
    for project, key_id, days, tokens in (
        ("proj_demo", "key_gone", 1, 10_000),
        ("proj_demo", "key_gone", 7, 20_000),
        ("proj_demo", None, 7, 1),
        ("proj_h", "key_h", 1, 70_000),
        ("proj_h", "key_h", 9, 1_000_000),
        ("proj_h", "key_h", 0, 1_000_000),
    ):
        used = {"project_id": project, "api_key_id": key_id, "output_tokens": tokens}
        emulator.control.use(model="gpt-4o", input_tokens=100, seconds_ago=days * DAY, **used)
    return emulator


def records(out: str) -> list[dict[str, str]]:
    return list(DictReader(out.splitlines()))


@pytest.mark.usefixtures("used")
def test_a_table_adds_up_a_period(command: Command) -> None:
    done = command.ok("spend", "--by", "api-key", *PERIOD)
    head, *keys = done.rows
    assert head == ["project", "API key", "costs", "share"]
    shares = [["key_h", "$0.70", "70%"], ["key_gone", "$0.30", "30%"], ["No key", "$0.00", "0%"]]
    assert [row[-3:] for row in keys] == shares
    assert f"{WEEK_AGO} to {YESTERDAY} (UTC), in US dollars. In all: $1.00." in done.err
    assert "\x1b" not in done.out
    (demo,) = command.ok("spend", "Demo", "--by", "line-item", *PERIOD).rows[1:2]
    assert demo == ["gpt-4o, output_tokens", "$0.30", "100%"]


@pytest.mark.usefixtures("used")
def test_rows_of_each_day_are_decimal_strings(command: Command) -> None:
    shown = json.loads(command.ok("spend", *PERIOD, "--json").out)
    assert (shown["from"], shown["to"], shown["by"]) == (str(WEEK_AGO), str(YESTERDAY), "project")
    demo = {"date": str(WEEK_AGO), "project_id": "proj_demo", "project": "Demo"}
    assert shown["costs"][0] == {**demo, "amount": "0.20051", "currency": "usd"}
    by_item = records(command.ok("spend", "--by", "line-item", *PERIOD, "--csv").out)
    assert [row["date"] for row in by_item] == [str(WEEK_AGO)] * 2 + [str(YESTERDAY)] * 2
    assert {row["amount"] for row in by_item} == {"0.0005", "0.20001", "0.8"}
    assert {(row["quantity"], row["quantity_unit"]) for row in by_item} >= {("20001", "tokens"), ("80000", "tokens")}


def test_focus_has_the_columns_of_the_specification(command: Command, used: EmulatorServer) -> None:
    """The list is that of the tag v1.2: column, feature level, and whether it may be null."""
    published = Path(__file__).with_name("focus-1.2-columns.csv").read_text(encoding="utf-8")
    columns = list(DictReader(published.splitlines()))
    used.control.world(organization_id="org-ours")
    shown = records(command.ok("spend", *PERIOD, "--focus", OPENAI_ORG_ID="org-ours").out)
    assert [*shown[0]] == [column["column"] for column in columns]
    required = {column["column"] for column in columns if column["nullable"] == "no"}
    missing = {name for row in shown for name, value in row.items() if not value} & required
    assert missing == {"ContractedCost", "ListCost"}  # OpenAI shows no prices
    row = next(row for row in shown if (row["ResourceId"], row["ConsumedQuantity"]) == ("key_h", "70000"))
    names = next(row["SubAccountName"] for row in shown if row["SubAccountId"] == "proj_h")
    assert "cmd" in names
    assert {name: value for name, value in row.items() if value} == {
        "BilledCost": "0.7",
        "BillingAccountId": "org-ours",
        "BillingAccountType": "Organization",
        "BillingCurrency": "USD",
        "BillingPeriodEnd": row["BillingPeriodEnd"],
        "BillingPeriodStart": f"{YESTERDAY.replace(day=1)}T00:00:00Z",
        "ChargeCategory": "Usage",
        "ChargeDescription": "gpt-4o, output_tokens",
        "ChargeFrequency": "Usage-Based",
        "ChargePeriodEnd": f"{TODAY}T00:00:00Z",
        "ChargePeriodStart": f"{YESTERDAY}T00:00:00Z",
        "ConsumedQuantity": "70000",
        "ConsumedUnit": "tokens",
        "EffectiveCost": "0.7",
        "InvoiceIssuerName": "OpenAI",
        "ProviderName": "OpenAI",
        "PublisherName": "OpenAI",
        "ResourceId": "key_h",
        "ResourceType": "API key",
        "ServiceCategory": "AI and Machine Learning",
        "ServiceName": "OpenAI API",
        "ServiceSubcategory": "Generative AI",
        "SubAccountId": "proj_h",
        "SubAccountName": names,
        "SubAccountType": "Project",
    }
    following = datetime.fromisoformat(row["BillingPeriodEnd"])
    assert (following.day, (following - timedelta(days=1)).month) == (1, YESTERDAY.month)


def test_keys_have_their_names(command: Command, emulator: EmulatorServer) -> None:
    account = {"id": "svc_acct_ci", "name": "ci", "keys": [{}]}
    emulator.control.seed({"projects": [{"id": "proj_ci", "name": "CI", "service_accounts": [account]}]})
    keys = emulator.control.live("api_key")["api_key"]
    (key_id,) = (id_.removeprefix("proj_ci/") for id_ in keys if "proj_ci" in id_)
    emulator.control.use(project_id="proj_ci", api_key_id=key_id, model="gpt-4o", output_tokens=1000)
    emulator.control.clear_requests()
    (row,) = records(command.ok("spend", "CI", "--by", "api-key", "--from", str(TODAY), "--csv").out)
    assert (row["api_key_id"], row["api_key"]) == (key_id, "Secret Key")
    asked = [request["path"].partition("?")[0].rpartition("/")[2] for request in emulator.control.requests()]
    assert asked == ["projects", "costs", "api_keys"]


def test_pages_are_printed_as_they_come(command: Command, used: EmulatorServer) -> None:
    """What was printed before a failure is what OpenAI showed: the exit code says that it is not all."""
    used.control.clear_requests()
    whole = command.ok("spend", *PERIOD, "--focus").out
    asked = [request for request in used.control.requests() if "/costs" in request["path"]]
    assert len(asked) == 7  # a day each
    used.control.fault(kind="status", status=403, path="*/costs", times=None, skip=1)
    cut = command.fails("spend", *PERIOD, "--focus")
    assert whole.startswith(cut.out)
    assert cut.out.count("\n") == 5  # the heads, and the charges of the first day
    assert "error: Could not read the costs" in cut.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--from", "2026-11-02", "--to", "2026-11-01"), "the first day is after the last day"),
        (("--from", "2026-13-01"), "'--from': It must be a date, such as 2026-11-01."),
        (("--by", "foo"), "'--by': 'foo' is not one of 'project', 'api-key', 'line-item'."),
        (("--max-wait", "foo"), "'--max-wait': "),
        (("--focus", "--by", "project"), "omit --by"),
    ],
)
def test_options_that_cannot_be_meant(command: Command, arguments: tuple[str, ...], message: str) -> None:
    done = command.fails("spend", *arguments, code=2)
    said = " ".join(done.err.replace("│", "").split())
    assert (message in said, "Value error" in said, "unable to parse" in said) == (True, False, False)


def test_a_page_of_a_period(command: Command, used: EmulatorServer, tmp_path: Path) -> None:
    used.control.seed({"spend_limits": [spend_limit(10_000)]})
    page = tmp_path / "costs.html"
    command.ok("spend", "--by", "api-key", "--html", str(page))
    text = page.read_text(encoding="utf-8")
    assert "Costs by api key" in text
    assert "limit $100.00" in text
    assert "<script>" not in text.partition("<body>")[2].rpartition("<script>")[0]
