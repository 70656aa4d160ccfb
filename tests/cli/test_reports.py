"""What holds for all commands that show a report."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from pulumi_openai_admin.cli.options import COMMANDS, declared
from pulumi_openai_admin.cli.terminal import USAGE
from pulumi_openai_admin.printable import printable
from tests.systems import is_private

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Command

    from pulumi_openai_admin.emulator.process import EmulatorServer

SCRIPT = "<script>alert(1)</script>\u202e"
LONG = "A team with quite a long name, longer than any column of the table can be"


def options_of(name: str) -> set[str]:
    return {option for parameter in declared(name).parser().params for option in parameter.opts}


PAGES = [name for name in COMMANDS if {"--html", "--max-wait"} <= options_of(name)]
"""The commands that read from OpenAI and have a page."""
REPORTS = [name for name in PAGES if "--stack" not in options_of(name)]
"""Those that need no stack."""


@pytest.fixture
def company(emulator: EmulatorServer) -> EmulatorServer:
    emulator.control.seed(
        {
            "projects": [{"id": "proj_web", "name": SCRIPT, "user_keys": [{}]}, {"id": "proj_long", "name": LONG}],
            "users": [
                {"id": "user-1", "email": "x@example.com", "name": SCRIPT, "role": "owner"},
                {"id": "user-2", "email": f"{'long' * 10}@example.com", "name": "Lo " * 20, "role": "reader"},
            ],
            "project_users": [{"project_id": "proj_long", "user_id": "user-2", "role": "viewer"}],
        }
    )
    emulator.control.clear_requests()
    return emulator


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("name", REPORTS)
def test_a_page_shows_names_as_texts_and_loads_nothing(command: Command, tmp_path: Path, name: str) -> None:
    page = tmp_path / "page.html"
    done = command.ok(name, "--html", str(page))
    assert done.out == ""
    assert f"Wrote {page} (" in done.err.replace("\n", "")
    text = page.read_text(encoding="utf-8")
    assert r"&lt;script&gt;alert(1)&lt;/script&gt;\u202e" in text
    assert SCRIPT[:-1] not in text
    assert SCRIPT[-1] not in text
    assert "default-src 'none'" in text
    assert "src=" not in text.replace("-src", "")


@pytest.mark.parametrize("place", ["none/page.html", ""])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_cannot_be_written_is_refused_before_anything_is_read(
    command: Command, emulator: EmulatorServer, tmp_path: Path, name: str, place: str
) -> None:
    done = command.fails(name, "--html", str(tmp_path / place))
    assert done.err.endswith("can't be written. Name a file in an existing folder.\n")
    assert emulator.control.requests() == []


def test_a_page_replaces_no_other_file(command: Command, tmp_path: Path) -> None:
    page, state = tmp_path / "page.html", tmp_path / "state.json"
    state.write_text("{}", encoding="utf-8")
    for _ in range(2):
        command.ok("limits", "--html", str(page))
    assert "this file is not a page" in command.fails("limits", "--html", str(state)).said
    assert state.read_text("utf-8") == "{}"


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("name", REPORTS)
def test_a_table_fits_80_columns(command: Command, name: str) -> None:
    done = command.ok(name, COLUMNS="80")
    assert max(map(cell_len, done.out.split("\n"))) <= 80
    assert "…" not in done.out


@pytest.mark.parametrize("name", REPORTS)
def test_only_what_reads_is_sent_and_each_list_once(command: Command, company: EmulatorServer, name: str) -> None:
    command.ok(name)
    sent = company.control.requests()
    assert {request["method"] for request in sent} == {"GET"}
    paths = [request["path"].partition("?")[0] for request in sent]
    assert len(paths) == len(set(paths))


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("name", [name for name in REPORTS if "--csv" in options_of(name)])
def test_csv_has_the_same_as_json(command: Command, name: str) -> None:
    document = json.loads(command.ok(name, "--json").out)
    if name == "limits":  # JSON has them by project
        shown = [row | {"project": project["name"]} for project in document for row in project["limits"]]
    else:
        shown = document[name]
    rows = list(csv.DictReader(io.StringIO(command.ok(name, "--csv").out)))
    assert len(rows) == len(shown) > 1
    if name == "keys":  # the key that the command itself uses was used again
        rows, shown = ([row for row in listed if row["name"] != "emulator"] for listed in (rows, shown))
    for row, values in zip(rows, shown, strict=True):
        texts = {key: ";".join(map(str, value)) if isinstance(value, list) else value for key, value in values.items()}
        assert row == {key: "" if text is None else printable(str(text)) for key, text in texts.items()}


@pytest.mark.parametrize("name", [name for name in REPORTS if "--csv" in options_of(name)])
def test_only_one_format_is_printed(command: Command, emulator: EmulatorServer, name: str) -> None:
    assert "Give --csv or --json, not both." in command(name, "--csv", "--json").err
    assert emulator.control.requests() == []


@pytest.mark.parametrize(
    ("name", "option"),
    [
        (name, option)
        for name in COMMANDS
        for option in ("--json", "--csv", "--markdown")
        if {"--html", option} <= options_of(name)
    ],
)
def test_standard_output_has_one_format(
    command: Command, emulator: EmulatorServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, option: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = command.fails(name, option, "--html", "-", code=USAGE, stdin="{}")
    assert f"Standard output has what {option} prints" in " ".join(re.sub("[│╭╮╰╯─]", " ", done.err).split())
    assert emulator.control.requests() == []


@pytest.mark.parametrize("name", REPORTS)
def test_only_the_owner_can_read_a_new_page(command: Command, tmp_path: Path, name: str) -> None:
    command.ok(name, "--html", str(tmp_path / "page.html"))
    assert is_private(tmp_path / "page.html")


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("access xx@example.com", "Did you mean x@example.com"),
        ("access --permission api.response.write", "Did you mean api.responses.write"),
        ("access --project Demmo", "The organization has no project 'Demmo', or it is archived. Did you mean Demo"),
        ("keys --owner xx@example.com", "no owner of a key, matches 'xx@example.com'. Did you mean x@example.com"),
        ("limits --model gpt-4oo", "error: No model matches 'gpt-4oo'. Did you mean gpt-4o"),
        ("limits Twin", "2 projects have the name 'Twin': proj_1, proj_2. Use an id instead of the name."),
        ("members --user xx@example.com", "Did you mean x@example.com"),
    ],
)
def test_what_matches_nothing_or_too_much_is_refused_with_a_suggestion(
    command: Command, company: EmulatorServer, arguments: str, message: str
) -> None:
    company.control.seed({"projects": [{"id": f"proj_{number}", "name": "Twin"} for number in (1, 2)]})
    done = command(*arguments.split())
    assert (done.code, done.out) == (1, "")
    assert message in done.said
    if arguments.startswith("members"):  # before the projects are read
        assert not [request for request in company.control.requests() if "/projects/" in request["path"]]
