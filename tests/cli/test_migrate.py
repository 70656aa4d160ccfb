"""`migrate` reads an exported stack and writes one. That it previews clean is shown in tests/engine."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.exported import exported as exported_stack
from tests.exported import plain, record
from tests.systems import is_private

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Command

KEY = "sk-svcacct-secret"


def stack(*kinds: str) -> dict[str, Any]:
    default = record("pulumi:providers:pulumi-python", "old", "default")
    values = {"inputs": {"name": "it"}, "outputs": {"name": "it", "api_key": plain(KEY)}}
    of_default = {"provider": f"{default['urn']}::old", **values}
    return exported_stack(default, *(record(kind, "proj_1/it", kind.lower(), **of_default) for kind in kinds))


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    path = tmp_path / "dynamic.json"
    path.write_text(json.dumps(stack("ProjectServiceAccount", "ProjectRateLimit")), encoding="utf-8")
    return path


def types(text: str) -> list[str]:
    return [resource["type"] for resource in json.loads(text)["deployment"]["resources"]]


NATIVE = [
    "pulumi:providers:openai-admin",
    "openai-admin:index:ProjectServiceAccount",
    "openai-admin:index:ProjectRateLimit",
]


def test_it_writes_a_file_that_only_its_owner_can_read(command: Command, exported: Path, tmp_path: Path) -> None:
    out = tmp_path / "native.json"
    done = command.ok("migrate", str(exported), str(out))
    assert types(out.read_text(encoding="utf-8")) == NATIVE
    assert is_private(out)
    assert done.out == ""
    assert KEY not in done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dynamic.json", "native.json"]


def test_it_says_what_to_change_and_to_run(command: Command, exported: Path, tmp_path: Path) -> None:
    out = tmp_path / "native stack.json"
    told = command.ok("migrate", str(exported), str(out)).err
    assert "Migrated 2 resources of 2 kinds." in told
    assert "Import pulumi_openai_admin_native instead of pulumi_openai_admin." in told
    assert "max_requests_per_1_day is max_requests_per1_day" in told
    assert f"pulumi stack import --file '{out}'" in " ".join(told.split())
    assert "Provider" not in told


# PowerShell 5 writes UTF-16 with `>`.
@pytest.mark.parametrize(("arguments", "encoding"), [([], "utf-8"), (["-", "-"], "utf-16")], ids=str)
def test_it_reads_stdin_and_writes_stdout(exported: Path, arguments: list[str], encoding: str) -> None:
    run = [sys.executable, "-m", "pulumi_openai_admin.cli", "migrate", *arguments]
    done = subprocess.run(
        run, input=exported.read_text(encoding="utf-8").encode(encoding), capture_output=True, check=True, timeout=60
    )
    assert types(done.stdout.decode()) == NATIVE
    assert b"Migrated 2 resources" in done.stderr


def test_an_existing_file_is_overwritten_only_with_force(command: Command, exported: Path, tmp_path: Path) -> None:
    out = tmp_path / "native.json"
    out.write_text("the export of another stack", encoding="utf-8")
    out.chmod(0o644)
    done = command("migrate", str(exported), str(out))
    assert (done.code, out.read_text(encoding="utf-8")) == (1, "the export of another stack")
    assert "native.json already exists and was not overwritten" in done.said
    assert "--force" in done.err
    command.ok("migrate", str(exported), str(out), "--force")
    assert types(out.read_text(encoding="utf-8")) == NATIVE
    assert is_private(out)


def test_the_export_is_not_overwritten(command: Command, exported: Path) -> None:
    before = exported.read_bytes()
    done = command("migrate", str(exported), str(exported))
    assert (done.code, exported.read_bytes()) == (1, before)
    assert "is the exported stack. Keep it, to be able to return to the old provider" in done.err
