"""The fixture `openai_emulator`, in a pytest of its own, as a project that uses the package has it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
OTHERS = ("-p", "no:schemathesis", "-p", "no:anyio")
"""Plugins of other packages, which warn in some versions."""


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., str]:
    """Run pytest on some tests; what it prints."""

    def run(tests: str, *options: str, **environ: str) -> str:
        (tmp_path / "test_program.py").write_text(textwrap.dedent(tests), encoding="utf-8")
        (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n", encoding="utf-8")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "PULUMI_"))}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *OTHERS, *options],
            cwd=tmp_path,
            env={**clean, "PYTHONPATH": str(ROOT), **environ},
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        return done.stdout + done.stderr

    return run


def test_each_test_has_its_organization_and_environment(project: Callable[..., str], tmp_path: Path) -> None:
    said = project(
        """
        import os
        import urllib.request

        def projects(emulator):
            return sorted(one["name"] for one in emulator.control.live("project")["project"].values())

        def test_changes(openai_emulator):
            assert openai_emulator.control.seed({"projects": [{"name": "Mine"}]})["projects"]
            assert "Mine" in projects(openai_emulator)

        def test_finds_nothing_of_it(openai_emulator):
            assert "Demo" in projects(openai_emulator)
            assert "Mine" not in projects(openai_emulator)

        def test_programs_find_it(openai_emulator, tmp_path):
            assert {name: os.environ[name] for name in openai_emulator.environment} == openai_emulator.environment
            assert os.environ["OPENAI_BASE_URL"] == openai_emulator.base_url
            assert os.environ["PULUMI_BACKEND_URL"] == f"file://{(tmp_path / 'pulumi-backend').as_posix()}"
            assert "OPENAI_ORG_ID" not in os.environ
            key = openai_emulator.stack_configuration["openai-admin:adminApiKey"]
            url = openai_emulator.stack_configuration["openai-admin:baseUrl"] + "/organization/projects"
            request = urllib.request.Request(url, headers={"Authorization": f"Bearer {key}"})
            assert urllib.request.urlopen(request, timeout=10).status == 200

        def test_nothing_stays_set():
            assert not [name for name in os.environ if name.startswith("PULUMI_")]
            assert os.environ["OPENAI_BASE_URL"] == "https://api.openai.example"
            assert os.environ["OPENAI_ORG_ID"] == "org-of-the-user"
        """,
        f"--basetemp={tmp_path / 'a base'}",
        OPENAI_BASE_URL="https://api.openai.example",
        OPENAI_ORG_ID="org-of-the-user",
    )
    assert "4 passed" in said, said


def test_a_test_chooses_what_exists_at_its_start(project: Callable[..., str], tmp_path: Path) -> None:
    seed = json.dumps({"projects": [{"id": "proj_shop", "name": "Shop"}]})
    (tmp_path / "shop.json").write_text(seed, encoding="utf-16")  # `>` in PowerShell 5.1
    said = project(
        """
        import pytest

        def ids(emulator):
            return {one for one in emulator.control.live("project")["project"] if "default" not in one}

        @pytest.fixture
        def openai_emulator_seed():
            return "shop.json"

        def test_of_the_module(openai_emulator):
            assert ids(openai_emulator) == {"proj_shop"}

        @pytest.mark.parametrize("openai_emulator_seed", [{"projects": [{"id": "proj_lab", "name": "Lab"}]}])
        def test_of_its_own(openai_emulator):
            assert ids(openai_emulator) == {"proj_lab"}

        def test_of_the_module_again(openai_emulator):
            assert ids(openai_emulator) == {"proj_shop"}
        """
    )
    assert "3 passed" in said, said


def test_a_wrong_seed_is_told_in_one_line(project: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text("[]")
    said = project(
        """
        import pytest

        @pytest.mark.parametrize("openai_emulator_seed", ["missing.json", "list.json", {"project": []}])
        def test_it(openai_emulator):
            pass
        """
    )
    assert "3 errors" in said
    assert "openai_emulator_seed: missing.json can't be read: " in said
    assert "openai_emulator_seed: list.json is not a JSON object." in said
    assert "project: Extra inputs are not permitted" in said
    assert "Traceback" not in said
    assert "site-packages" not in said


def test_the_processes_end_with_the_session(project: Callable[..., str], tmp_path: Path) -> None:
    said = project(
        """
        import os, pathlib

        def test_it(openai_emulator):
            pathlib.Path("address").write_text(openai_emulator.base_url)
            os._exit(9)  # nothing is torn down
        """
    )
    assert "passed" not in said
    port = int((tmp_path / "address").read_text(encoding="utf-8").rpartition(":")[2].partition("/")[0])
    _wait_until_nobody_listens(port)


def _wait_until_nobody_listens(port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)):
                return
        assert time.monotonic() < deadline, "the emulator still listens"
        time.sleep(0.1)


def test_who_does_not_use_it_imports_nothing_for_it() -> None:
    script = """
        import sys, pytest
        before = set(sys.modules)
        import pulumi_openai_admin.pytest_plugin
        print(*sorted(set(sys.modules) - before))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    loaded = set(done.stdout.split())
    assert "pulumi_openai_admin.pytest_plugin" in loaded
    assert not {"pulumi", "requests", "urllib.request", "pulumi_openai_admin.emulator"} & loaded
    assert len(loaded) < 10, loaded
