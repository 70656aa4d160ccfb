"""The files of `--html`, of commands that show people and costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Command

    from pulumi_openai_admin.emulator.process import EmulatorServer


@pytest.mark.parametrize("name", ["access", "members"])
def test_a_page_shows_names_as_texts(command: Command, emulator: EmulatorServer, tmp_path: Path, name: str) -> None:
    hostile: dict[str, Any] = {"email": "x@example.com", "name": "<script>alert(1)</script>", "role": "reader"}
    emulator.control.seed({"users": [hostile]})
    page = tmp_path / "page.html"
    done = command.ok(name, "--html", str(page))
    assert f"Wrote {page} (people and invites: 2)." in done.err.replace("\n", "")
    text = page.read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert(1)" not in text


@pytest.mark.parametrize("name", ["access", "members", "spend"])
def test_a_page_that_cannot_be_written_is_refused_before_anything_is_read(
    command: Command, emulator: EmulatorServer, tmp_path: Path, name: str
) -> None:
    done = command(name, "--html", str(tmp_path / "none" / "page.html"))
    assert done.code == 1
    assert "can't be written" in done.err
    assert emulator.control.requests() == []
