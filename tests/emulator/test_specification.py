"""The emulator against OpenAI's specification: schemathesis makes the calls and checks the replies.

It runs as a command, not as a plugin of pytest: the plugin would take two seconds of every test process. Its calls are
a sample, which comes from the seed of the run (`tests/seed.py`).
"""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.emulator import EmulatorServer
from tests.emulator.sdk_methods import seed
from tests.full import IS_FULL
from tests.seed import seed_of_this_run

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("schemathesis") is None, reason="schemathesis needs Python 3.11"
)

FOLDER = Path(__file__).parent / "specification"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "use_after_free",
)
NAMES = {"name", "email", "role", "role_name", "group_name"}
REFUSALS = ("400", "401", "403", "404", "405")
"""Statuses that every operation may answer; the specification names them at a few operations only."""
FEWEST_DONE = 95
"""How many of the 120 operations succeed at least once, by generated calls."""
FEWEST_REFUSED = 60
"""How many of the 120 operations refuse a generated call. The others take no body and no query."""


def specification() -> dict[str, Any]:
    return dict(json.loads((FOLDER / "admin-openapi.json").read_text(encoding="utf-8")))


def prepared() -> dict[str, Any]:
    """Say what the specification leaves out: refusals everywhere, names that are not empty, null for an empty body."""
    document = specification()
    schema = {"$ref": "#/components/schemas/ErrorResponse"}
    error = {"description": "", "content": {"application/json": {"schema": schema}}}
    for operations in document["paths"].values():
        for operation in operations.values():
            for status in REFUSALS:
                operation["responses"].setdefault(status, error)
            body = operation.get("requestBody", {})
            if body and not body.get("required"):  # clients of other makers send null, and OpenAI takes it
                content = body["content"]["application/json"]
                content["schema"] = {"anyOf": [content["schema"], {"type": "null"}]}
    for described in document["components"]["schemas"].values():
        for name in NAMES & set(described.get("properties", {})):
            described["properties"][name].setdefault("minLength", 1)
    return document


@pytest.fixture(scope="module")
def _server() -> Iterator[EmulatorServer]:
    with EmulatorServer(seed=seed()) as started:
        yield started


@pytest.fixture
def server(_server: EmulatorServer) -> EmulatorServer:
    _server.control.reset()
    return _server


def run(server: EmulatorServer, tmp_path: Path, config: str, *options: str) -> subprocess.CompletedProcess[str]:
    path = tmp_path / "specification.json"
    path.write_text(json.dumps(prepared()), encoding="utf-8")
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(FOLDER / config), "run", str(path)]
    address = ["--url", server.base_url, "--header", f"Authorization: Bearer {server.admin_key}"]
    shown = ["--checks", ",".join(CHECKS), "--warnings", "off", "--no-color", "--seed", str(seed_of_this_run())]
    return subprocess.run(
        [*command, *address, *shown, *options], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )


def done(server: EmulatorServer) -> dict[str, set[int]]:
    """Give the statuses that each operation of the specification has answered."""
    patterns = [
        (method.upper(), path, re.compile(re.sub(r"\{\w+\}", "[^/]+", path)))
        for path, operations in specification()["paths"].items()
        for method in operations
    ]
    found: dict[str, set[int]] = defaultdict(set)
    for request in server.control.requests():
        for method, path, pattern in patterns:
            if method == request["method"] and pattern.fullmatch(request["path"]):
                found[f"{method} {path}"].add(request["status"])
    return found


@pytest.mark.timeout(600)  # hundreds of calls on machines that have other work, too
def test_allowed_calls_are_answered_as_the_specification_says(server: EmulatorServer, tmp_path: Path) -> None:
    result = run(server, tmp_path, "one_by_one.toml", "--phases", "coverage", "--mode", "positive")
    assert result.returncode == 0, result.stdout + result.stderr
    statuses = done(server)
    assert len(statuses) == 120
    assert len({name for name, answered in statuses.items() if 200 in answered}) >= FEWEST_DONE


@pytest.mark.timeout(600)
def test_calls_that_are_not_allowed_are_refused(server: EmulatorServer, tmp_path: Path) -> None:
    options = ("--phases", "fuzzing", "--mode", "negative", "--max-examples", "8" if IS_FULL else "2")
    result = run(server, tmp_path, "one_by_one.toml", *options)
    assert result.returncode == 0, result.stdout + result.stderr
    assert len({name for name, answered in done(server).items() if 400 in answered}) >= FEWEST_REFUSED


@pytest.mark.timeout(600)
def test_operations_one_after_another_answer_as_the_specification_says(server: EmulatorServer, tmp_path: Path) -> None:
    result = run(server, tmp_path, "stateful.toml", "--phases", "stateful", "--max-examples", "80" if IS_FULL else "20")
    assert result.returncode == 0, result.stdout + result.stderr
    assert len(done(server)) > 20
