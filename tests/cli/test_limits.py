"""`limits` shows what is set: as a table, as JSON, as a page."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.emulator.store.catalogue import REQUESTS, TOKENS
from tests.by_hand import lists

if TYPE_CHECKING:
    from conftest import Command

    from pulumi_openai_admin.emulator.process import EmulatorServer

BLOCKED = {"id": "proj_web", "name": "Web [red]shop", "rate_limits": {"rl-gpt-4o": {REQUESTS: 0}}}


def table(out: str) -> list[dict[str, str]]:
    """The rows of a table, by the heads of the columns, which have two spaces between them where there is room."""
    heads, *rows = [re.split(r"\s{2,}", line.strip()) for line in out.split("\n") if "  " in line]
    return [dict(zip(heads, row, strict=True)) for row in rows]


def columns(out: str, *heads: str) -> list[tuple[str, ...]]:
    """The cells of some columns, row by row."""
    return [tuple(row[head] for head in heads) for row in table(out)]


def test_one_project_is_a_table_below_its_name(command: Command, emulator: EmulatorServer) -> None:
    emulator.control.seed({"projects": [BLOCKED]})
    done = command.ok("limits", "proj_web", "--model", "gpt-4o")
    assert done.out.startswith("Web [red]shop (proj_web)\n")
    assert emulator.admin_key not in done.out + command.ok("limits", "--html", "-").out
    assert columns(done.out, "model", "RPM", "TPM", "batch") == [("gpt-4o", "0", "2M", "200M")]
    assert not {"project", "audio"} & set(table(done.out)[0]), "columns without a value are left out"
    assert (
        "RPM: requests a minute; TPM: tokens a minute; IPM: images a minute; batch: batch input tokens a day"
        in done.err
    )


def test_several_projects_are_one_table_that_tells_them_apart(command: Command, emulator: EmulatorServer) -> None:
    twins = [{"id": f"proj_{number}", "name": "Twin"} for number in (1, 2)]
    emulator.control.seed({"projects": [BLOCKED, *twins]})
    shown = command.ok("limits", "proj_1", "proj_2", "Demo", "proj_web", "--model", "gpt-4o").out
    assert columns(shown, "project", "model", "RPM", "TPM", "batch") == [
        *((name, "gpt-4o", "10k", "2M", "200M") for name in ("Demo", "Twin (proj_1)", "Twin (proj_2)")),
        ("Web [red]shop", "gpt-4o", "0", "2M", "200M"),
    ]


DIFFERING = {
    "projects": [
        {"id": "proj_1", "name": "Low", "rate_limits": {"rl-gpt-4o": {REQUESTS: 500}}},
        {"id": "proj_2", "name": "None", "rate_limits": {"rl-o1": {REQUESTS: 0}}},
    ]
}


def test_only_what_differs_with_what_most_have(command: Command, emulator: EmulatorServer) -> None:
    emulator.control.seed(DIFFERING)
    done = command.ok("limits", "--differing")
    assert columns(done.out, "project", "model", "RPM", "TPM", "batch") == [
        ("Low", "gpt-4o", "500 (10k)", "2M", "200M"),
        ("None", "o1", "0 (10k)", "2M", "200M"),
    ]
    assert "In parentheses: the value of most projects." in done.err
    (project,) = json.loads(command.ok("limits", "--differing", "proj_2", "--json").out)
    assert [row["model"] for row in project["limits"]] == ["o1"]
    assert command.ok("limits", "--differing", "--csv", "--model", "gpt*").out.count("\n") == 2


def test_where_nothing_differs_it_says_why(command: Command, emulator: EmulatorServer) -> None:
    emulator.control.seed(DIFFERING)
    done = command.ok("limits", "Demo", "--differing")
    assert done.out == ""
    assert done.err.endswith("No limit differs from most projects.\n")
    lists(emulator, "*/projects", {"id": "proj_1", "object": "organization.project", "name": "Low", "created_at": 1})
    done = command.ok("limits", "--differing", "--json")
    assert json.loads(done.out) == []
    assert done.err.endswith("the organization has one project, so there is no comparison.\n")


def test_where_no_value_is_common_the_models_are_named(command: Command, emulator: EmulatorServer) -> None:
    limits = {row: {REQUESTS: 500} for row in ("rl-gpt-4o", "rl-o1")}
    emulator.control.seed({"projects": [{"id": "proj_1", "name": "Low", "rate_limits": limits}]})
    two = [{"id": it, "object": "organization.project", "name": it, "created_at": 1} for it in ("proj_demo", "proj_1")]
    lists(emulator, "*/projects", *two)
    done = command.ok("limits", "--differing")
    told = "No limit differs from most projects. Most projects have no common value for 2 models: gpt-4o, o1."
    assert done.said.endswith(told)
    assert "<b>2</b> models without a common value" in command.ok("limits", "--html", "-").out
    one_project = command.ok("limits", "proj_demo", "--html", "-").out.partition("<main")[0].partition("</style>")[2]
    assert "from most" not in one_project


def test_projects_without_a_model_that_matches_are_left_out(command: Command, emulator: EmulatorServer) -> None:
    own = {REQUESTS: 1, TOKENS: 1}
    rows = [{"id": f"rl-{model}", "model": model, **own} for model in ("house-b", "House-a")]
    lists(emulator, "*/proj_demo/rate_limits", *rows)
    (project,) = json.loads(command.ok("limits", "--model", "?ouse*", "--json").out)
    assert project["project_id"] == "proj_demo"
    assert [row["model"] for row in project["limits"]] == ["House-a", "house-b"]


def test_one_unreadable_project_fails_the_whole(command: Command, emulator: EmulatorServer) -> None:
    emulator.control.fault(kind="status", status=403, path="*/proj_demo/rate_limits", times=None)
    done = command.fails("limits", "--json")
    assert [*json.loads(done.out)] == ["error"]
    assert "project proj_demo" in done.err


def test_a_reader_who_has_seen_enough(command: Command) -> None:
    with command.start("limits") as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert "error" not in process.stderr.read().lower()


def test_a_project_that_was_archived_meanwhile_is_left_out(command: Command, emulator: EmulatorServer) -> None:
    page = json.loads(command.ok("limits", "--json").out)
    emulator.control.fault(kind="status", status=400, path="*/proj_demo/rate_limits", times=None)
    archived = {"id": "proj_demo", "object": "organization.project", "name": "Demo", "status": "archived"}
    emulator.control.fault(kind="status", status=200, body=archived, path="*/proj_demo", times=None)
    done = command.ok("limits", "--json")
    others = [project["name"] for project in page if project["name"] != "Demo"]
    assert [project["name"] for project in json.loads(done.out)] == others
    assert "Project proj_demo is archived" in done.err


@pytest.mark.parametrize("arguments", [("limits",), ("adopt", "--all", "--out", "nowhere")], ids=" ".join)
def test_a_list_without_an_end_ends_with_the_time_there_is(
    command: Command, emulator: EmulatorServer, arguments: tuple[str, ...]
) -> None:
    emulator.control.fault(kind="paging", how="endless", path="*/projects", times=None)
    emulator.control.world(latency_seconds=0.1)  # else the most pages of a list come first
    done = command.fails(*arguments, "--max-wait", "1")
    assert "the list was not complete within --max-wait. Run the same command again, and raise --max-wait" in done.err
