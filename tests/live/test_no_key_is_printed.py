from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PROGRAM = """
import subprocess
import pytest, requests

ADMIN, KEY = "sk-admin-" + "S3CRET" * 9, "sk-svcacct-" + "S3CRET" * 9

@pytest.fixture
def broken():
    print("made", KEY)
    raise ValueError(ADMIN)

def get(headers):
    return requests.get("http://127.0.0.1:9/v1/models", headers=headers, timeout=5)

def test_a_comparison():
    print("said", ADMIN)
    assert {"Authorization": f"Bearer {KEY}"} == {}

def test_a_request():
    get({"Authorization": f"Bearer {KEY}"})

def test_a_command():
    subprocess.run(["false"], env={"PATH": "/usr/bin:/bin", "OPENAI_ADMIN_KEY": ADMIN}, check=True)

def test_a_fixture(broken):
    pass
"""


@pytest.mark.parametrize("options", [["--showlocals"], ["-rA", "--tb=short"]], ids=" ".join)
def test_a_live_test_that_fails_prints_no_key(tmp_path: Path, options: list[str]) -> None:
    shutil.copy(HERE / "conftest.py", tmp_path)
    (tmp_path / "test_it.py").write_text(PROGRAM, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), *options, "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert "3 failed, 1 error" in done.stdout
    assert "sk-…" in done.stdout
    assert "S3CRETS3CRET" not in done.stdout + done.stderr
