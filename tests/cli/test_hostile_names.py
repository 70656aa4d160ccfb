"""What OpenAI shows may hold any character: none of them acts on the terminal, and none ends a command."""

from __future__ import annotations

import json
import time
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest

from tests.every_command import run_with

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Command

    from pulumi_openai_admin.emulator.process import EmulatorServer

NAME = "\x1b]0;owned\x07 東京 \u202egnp\x9b2J\u200b\n\u2028\u0085error: \U000e0041"
HALF = "half \ud800"
"""Half of a surrogate pair: JSON can say it, and no encoding has it."""
ACTING = {"Cc", "Cf", "Zl", "Zp"}
"""The Unicode categories of characters that move the cursor, reorder a line, or are invisible."""
COMMANDS = (
    ("limits",),
    ("limits", "--json"),
    ("limits", NAME),
    ("limits", "gnp"),
    ("limits", "--model", "gnp"),
    ("adopt", "--all", "--out", "org"),
    ("adopt", NAME, "--out", "org"),
    ("adopt", "--all", "--out", "org", "--json"),
    ("drift", "--state", "state.json"),
    ("drift", "--state", "state.json", "--json"),
    ("plan", "preview.json", "--markdown"),
    ("adopt", f"account:{NAME}", "--project", "proj_0", "--out", "org"),
    ("adopt", "account:gnp", "--project", NAME, "--out", "org"),
    ("audit", "--since", "30m"),
    ("keys",),
    ("keys", "--json"),
    ("keys", "--csv"),
    ("spend",),
    ("members",),
)


@pytest.fixture(autouse=True)
def _organization(emulator: EmulatorServer) -> None:
    def listed(*rows: dict[str, Any]) -> dict[str, Any]:
        # As text: the escape sequences of JSON, half a pair among them, have to reach the command as they are.
        text = json.dumps({"object": "list", "data": list(rows), "has_more": False})
        return {"kind": "not_json", "text": text, "content_type": "application/json", "times": None}

    emulator.control.seed({"projects": [{"id": f"proj_{number}", "name": "any"} for number in range(3)]})
    projects = [{"id": f"proj_{n}", "name": name, "created_at": 1} for n, name in enumerate((NAME, HALF, None))]
    limits = ("max_requests_per_1_minute", "max_tokens_per_1_minute")
    rows = [{"id": f"rl-{name}", "model": name, **dict.fromkeys(limits, n)} for n, name in enumerate((NAME, HALF))]
    account = {"role": "member", "created_at": 1}
    accounts = [{"id": f"svc_{n}", "name": name, **account} for n, name in enumerate((NAME, HALF))]
    nameless = [{"id": f"svc_{NAME}", "name": None, **account}]
    emulator.control.fault(**listed(*projects), path="*/projects")
    emulator.control.fault(**listed(*rows), path="*/rate_limits")
    emulator.control.fault(**listed(*accounts, *nameless), path="*/service_accounts")
    owner = {"type": "user", "user": {"id": NAME, "name": NAME, "email": NAME}}
    key = {"id": NAME, "name": NAME, "redacted_value": NAME, "owner": owner, "owner_project_access": NAME}
    for path in ("*/api_keys", "*/admin_api_keys"):
        emulator.control.fault(**listed(key, {"id": HALF, "owner": "?"}), path=path)
    event = {"id": "audit_log-1", "type": "project.created", "project": {"id": "proj_0", "name": NAME}}
    emulator.control.fault(**listed({**event, "effective_at": int(time.time()) - 100}), path="*/audit_logs")


@pytest.fixture(autouse=True)
def _files(tmp_path: Path) -> None:
    """A state and a preview in which everything has that name."""
    type_ = "openai-admin:index:ProjectUser"
    urn = f"urn:pulumi:dev::test::{type_}::{NAME}"
    user = {"urn": urn, "type": type_, "id": "proj_0/user-9", "custom": True, "inputs": {}}
    outputs = {"projectId": "proj_0", "email": NAME, "role": NAME, "__managed": {"inputs": ["email"]}}
    state = {"version": 3, "deployment": {"resources": [{**user, "outputs": outputs}]}}
    new = {"type": type_, "inputs": {"projectId": NAME, "email": NAME, "role": NAME}}
    message = {"severity": "warning", "message": NAME}
    step = {"op": "create", "urn": urn, "newState": new}
    preview = {"steps": [step], "changeSummary": {"create": 1}, "diagnostics": [message]}
    for name, document in (("state", state), ("preview", preview)):
        (tmp_path / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda words: ascii(" ".join(words)))
def test_nothing_acts_on_the_terminal(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], encoding: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run_with(monkeypatch, {**command.environ, "COLUMNS": "80"}, arguments, encoding)
    assert "Traceback" not in err
    assert code == (3 if "drift" in arguments else bool({"gnp", "account:gnp"} & set(arguments))), err
    acting = {char for char in out + err if unicodedata.category(char) in ACTING}
    assert acting <= {"\n"}
    assert not [line for line in err.splitlines() if line.startswith("error:")] or code
    if "--json" in arguments:
        shown = json.loads(out)
        if "adopt" not in arguments:
            assert json.dumps(NAME)[1:-1] in json.dumps(shown)
        else:  # in a sentence, which may be shown on a terminal
            assert repr(f"svc_{NAME}")[1:-1] in " ".join(shown["left_out"])


def test_no_file_has_an_invisible_character(command: Command, tmp_path: Path) -> None:
    with command.start("adopt", "--all", "--out", "org", cwd=tmp_path) as process:
        _, err = process.communicate()
    assert process.returncode == 0, err
    files = [path for path in (tmp_path / "org").rglob("*") if path.is_file()]
    texts = {path.name: path.read_text(encoding="utf-8") for path in files}
    assert any("東京" in text for text in texts.values())
    acting = {name: {char for char in text if unicodedata.category(char) in ACTING} for name, text in texts.items()}
    assert {name: chars for name, chars in acting.items() if chars - {"\n"}} == {}
