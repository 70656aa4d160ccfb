"""A time or a number that OpenAI shows oddly ends no command, and hides nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.cli.options import COMMANDS
from tests import exported
from tests.by_hand import respond, send

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Command

    from pulumi_openai_admin.emulator.process import EmulatorServer

MISSING = object()
ODD = {
    "negative": -5,
    "huge": 10**18,
    "milliseconds": 1_795_000_000_123,
    "nan": float("nan"),
    "text": "soon",
    "missing": MISSING,
}
_ARGUMENTS = {
    "check": ("check",),
    "limits": ("limits",),
    "spend": ("spend",),
    "members": ("members", "--all-roles"),
    "access": ("access",),
    "keys": ("keys",),
    "offboard": ("offboard", "alan@example.com"),
    "audit": ("audit", "--since", "30d"),
    "adopt": ("adopt", "--all", "--dry-run"),
    "drift": ("drift", "--state", "state.json", "--unmanaged"),
}
_WITHOUT_LISTS = {"plan", "migrate", "emulate", "webhooks"}
"""They read no list of OpenAI."""


def is_time(name: str) -> bool:
    return name.endswith(("_at", "_time"))


def is_other_number(_: str) -> bool:
    return True


def edited(document: Any, value: object, is_edited: Callable[[str], bool]) -> Any:
    """A response with this value in each property that is a number, and has such a name."""
    if isinstance(document, list):
        return [edited(item, value, is_edited) for item in document]
    if not isinstance(document, dict):
        return document
    found = {}
    for name, item in document.items():
        is_number = isinstance(item, int | float) and not isinstance(item, bool)
        is_needed = value is MISSING and document.get("object") == "organization.project"
        if not (is_number and is_edited(name)) or is_needed:
            found[name] = edited(item, value, is_edited) if name != "has_more" else False
        elif value is not MISSING:
            found[name] = value
    return found


def shown_oddly(emulator: EmulatorServer, value: object, is_edited: Callable[[str], bool]) -> None:
    """Edit what the commands before have read."""
    gets = {entry["path"] for entry in emulator.control.requests() if entry["method"] == "GET"}
    for path in gets:
        query = "?start_time=1" if path.endswith("/costs") else "?limit=100"
        reply = respond(emulator, "GET", path + query)
        if reply.status_code == 200:
            text = json.dumps(edited(reply.json(), value, is_edited))
            emulator.control.fault(kind="not_json", text=text, content_type="application/json", path=path, times=None)


@pytest.fixture
def arguments(
    request: pytest.FixtureRequest, company: EmulatorServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, ...]:
    monkeypatch.chdir(tmp_path)
    send(company, "projects/proj_shop/service_accounts", name="web")
    send(company, "projects/proj_shop/rate_limits/rl-gpt-4o", max_requests_per_1_minute=7)
    send(company, "projects/proj_shop/spend_limit", currency="USD", interval="month", threshold_amount=100_000)
    exported.write(tmp_path / "state.json", company, [("Project", "proj_shop"), ("Group", "group_eng")])
    company.control.clear_requests()
    found: tuple[str, ...] = _ARGUMENTS[request.param]
    return found


def test_each_command_is_here() -> None:
    assert {*COMMANDS} == {*_ARGUMENTS} | _WITHOUT_LISTS


@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
@pytest.mark.parametrize("arguments", _ARGUMENTS, indirect=True)
def test_an_odd_time_hides_nothing(
    command: Command, company: EmulatorServer, arguments: tuple[str, ...], value: object
) -> None:
    usual = command(*arguments)
    shown_oddly(company, value, is_time)
    done = command(*arguments)
    names = [name for name in ("alan@example.com", "lin@example.com", "Shop", "Search", "web") if name in usual.out]
    if arguments[0] == "spend":  # an amount without its day is in no month
        assert "without its time" in done.err or done.code == 0
    elif arguments[0] in {"adopt", "drift"} and value is MISSING:  # they can't import what lacks a declared property
        assert "without its" in done.said
    else:
        assert [name for name in names if name not in done.out] == [], done


@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
@pytest.mark.parametrize("arguments", _ARGUMENTS, indirect=True)
def test_an_odd_number_ends_no_command_without_a_message(
    command: Command, company: EmulatorServer, arguments: tuple[str, ...], value: object
) -> None:
    command(*arguments)
    shown_oddly(company, value, is_other_number)
    for form in ((), ("--json",)):
        if not (form and arguments[0] == "audit"):
            done = command(*arguments, *form)
            assert done.code == 0 or done.err, done
