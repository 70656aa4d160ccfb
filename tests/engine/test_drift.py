"""`drift` after changes behind the back of a real stack, and `plan` on real previews, for both providers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.cli.plan import Review
from pulumi_openai_admin.cli.terminal import FOUND
from pulumi_openai_admin.emulator.store.catalogue import REQUESTS
from tests.browser.pages import SOURCE
from tests.engine import record_previews

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack
    from tests.engine.test_program_changes import OpenAI
    from tools.engine import Engine

BOTH = pytest.mark.parametrize("is_native", [False, True], ids=["dynamic", "native"])


def drift(stack: Stack) -> tuple[int, dict[str, Any]]:
    """Run the command, which exports the current stack."""
    done = stack.command("drift", "--json")
    assert done.exit_code in (0, FOUND), done.output
    return done.exit_code, json.loads(done.stdout)


@BOTH
def test_a_preview_is_as_recorded_and_changes_outside_pulumi_are_found(
    pulumi: Engine, emulator: EmulatorServer, openai: OpenAI, tmp_path: Path, *, is_native: bool
) -> None:
    emulator.control.world(clock_offset_seconds=-3600)  # what is young may not be shown yet
    stack, shown = record_previews.preview(pulumi, emulator, tmp_path, is_native=is_native)
    emulator.control.world(clock_offset_seconds=0)
    _is_what_was_recorded(shown, "native" if is_native else "dynamic")
    assert drift(stack)[0] == 0

    shop = stack.resource("shop")["id"]
    key = stack.resource("web-key")["id"].rpartition("/")[2]
    openai("POST", f"{shop}/rate_limits/rl-gpt-4o", **{REQUESTS: 77})
    openai("POST", "proj_demo/rate_limits/rl-gpt-4o-mini", **{REQUESTS: 55})
    emulator.control.advance_clock(61)  # of what is younger, a response 404 does not say that it was removed
    openai("DELETE", f"{shop}/users/user-edsger")
    openai("DELETE", f"{shop}/api_keys/{key}")
    before = stack.export()
    emulator.control.clear_requests()
    code, document = drift(stack)
    assert code == FOUND
    ada, limit = "ada@example.com", "maxRequestsPer1Minute" if is_native else "max_requests_per_1_minute"
    found = {
        (difference["name"], change["field"], change["before"], change["after"], change["changed_by"])
        for difference in document["drift"]
        for change in difference["changes"]
    }
    assert found == {
        ("row", limit, 10_000, 77, ada),
        ("rows", f'limits["gpt-4o-mini"].{limit}', 30, 55, ada),
        ("people", 'members["edsger@example.com"]', "member", None, ada),
    }
    assert [found["name"] for found in document["drift"] if found["status"] == "gone"] == ["web-key"]
    assert {call["method"] for call in emulator.control.requests()} == {"GET"}
    assert stack.export() == before

    stack.refresh()
    code, document = drift(stack)
    assert (code, document["drift"]) == (0, []), "the state has what OpenAI has"


def _is_what_was_recorded(shown: str, name: str) -> None:
    recorded = (record_previews.RECORDED / f"{name}.json").read_bytes()
    now, then = (Review(json.loads(text), SOURCE) for text in (shown, recorded))

    def lines(found: Any) -> list[tuple[Any, ...]]:
        return [
            (section.title, line.part, line.mark, line.what, line.resource)
            for section in found.sections
            for line in section.lines
        ]

    assert lines(now) == lines(then)
    assert now.operations == then.operations
