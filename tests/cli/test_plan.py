"""`plan` writes a preview as a page and as a comment."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Command

    from pulumi_openai_admin.emulator.process import EmulatorServer

RECORDED = Path(__file__).parents[1] / "unit" / "cli" / "plan" / "recorded"


@pytest.mark.parametrize("provider", ["dynamic", "native"])
def test_a_page_and_a_comment(command: Command, emulator: EmulatorServer, tmp_path: Path, provider: str) -> None:
    emulator.control.clear_requests()
    page = tmp_path / "page.html"
    preview = str(RECORDED / f"{provider}.json")
    done = command.ok("plan", preview, "--html", str(page), "--markdown", OPENAI_ADMIN_KEY="")
    assert "Web shop" in page.read_text("utf-8")
    assert "4 to create, 5 to update, 3 to replace, 3 to delete." in done.out
    assert "- `deletes ProjectSpendAlert alert in Web shop`" in done.out
    assert "| **removed** | `edsger@example.com` | `was member` | `ProjectMembers people` |" in done.out
    assert "| changed | `gpt-4o: Requests/min` | `10,000 → 60` | `ProjectRateLimit row` |" in done.out
    assert "#### `Search` (new)" in done.out
    assert "projects: 4, changes: 22" in done.err
    assert not emulator.control.requests()


def test_without_options_it_writes_plan_html(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = command.ok("plan", str(RECORDED / "native.json"))
    assert done.out == ""
    assert [path.name for path in tmp_path.iterdir()] == ["plan.html"]
    command.ok("plan", str(RECORDED / "native.json"), "--markdown")
    assert "Wrote standard output (projects: 4" in command.ok("plan", str(RECORDED / "native.json"), "--html", "-").err
    assert [path.name for path in tmp_path.iterdir()] == ["plan.html"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_from_a_pipe(tmp_path: Path, encoding: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pulumi_openai_admin.cli", "plan", "--markdown"],
        input=(RECORDED / "dynamic.json").read_bytes(),
        env={"PYTHONIOENCODING": encoding},
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    text = done.stdout.decode(encoding)
    assert text.startswith("### OpenAI plan")
    assert ("→" if encoding == "utf-8" else "&#8594;") in text
    assert not list(tmp_path.iterdir())


def test_a_preview_that_failed_is_written_and_is_an_error(command: Command, tmp_path: Path) -> None:
    document = {"changeSummary": {}, "steps": [], "diagnostics": [{"severity": "error", "message": "error: no\nway"}]}
    source, page = tmp_path / "preview.json", tmp_path / "page.html"
    source.write_text(json.dumps(document), encoding="utf-8")
    done = command.fails("plan", str(source), "--html", str(page), "--markdown")
    assert "error: The preview failed: no way\n" in done.err
    assert "**The preview failed**" in done.out
    text = page.read_text("utf-8")
    assert "The preview failed" in text
    assert "Nothing changes" not in text + done.out


def test_a_missing_file_and_a_page_that_cannot_be_written(command: Command, tmp_path: Path) -> None:
    assert "missing.json" in command.fails("plan", str(tmp_path / "missing.json"), "--markdown").err
    preview = str(RECORDED / "native.json")
    assert "can't be written" in command.fails("plan", preview, "--html", str(tmp_path / "no" / "page.html")).err


def test_other_packages_and_permissions_that_were_not_computed_are_said_everywhere(
    command: Command, tmp_path: Path
) -> None:
    def step(op: str, type_: str) -> dict[str, object]:
        state = {"type": type_, "urn": f"urn:pulumi:dev::x::{type_}::a", "inputs": {}, "outputs": {}}
        return {"op": op, "urn": state["urn"], "oldState": state, "newState": None if op == "delete" else state}

    source, page = tmp_path / "preview.json", tmp_path / "page.html"
    group, bucket = "openai-admin:index:Group", "aws:s3/bucket:Bucket"

    def said(*steps: dict[str, object]) -> list[str]:
        source.write_text(json.dumps({"changeSummary": {}, "steps": steps}), encoding="utf-8")
        done = command.ok("plan", str(source), "--html", str(page), "--markdown")
        return [done.out, done.said, " ".join(page.read_text("utf-8").split())]

    for text in said(*[step("delete", bucket)] * 2):
        assert "2 resources of other packages change, and are not shown." in text
        assert "Nothing changes." not in text
        assert "--show-sames" not in text
    for text in said(step("delete", group)):
        assert "Effective permissions were not computed" in text
    for text in said(step("delete", group), step("same", "pulumi:pulumi:Stack")):
        assert "Effective permissions were not computed" not in text
