"""What holds for all commands that show a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from pulumi_openai_admin.cli.options import COMMANDS, declared

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Command

    from pulumi_openai_admin.emulator.process import EmulatorServer

SCRIPT = "<script>alert(1)</script>"
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
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert SCRIPT not in text
    assert "default-src 'none'" in text
    assert "src=" not in text.replace("-src", "")


@pytest.mark.parametrize("place", ["none/page.html", ""])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_cannot_be_written_is_refused_before_anything_is_read(
    command: Command, emulator: EmulatorServer, tmp_path: Path, name: str, place: str
) -> None:
    done = command(name, "--html", str(tmp_path / place))
    assert done.code == 1
    assert done.err.endswith("can't be written. Name a file in an existing folder.\n")
    assert emulator.control.requests() == []


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
