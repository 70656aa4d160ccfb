"""Programs that `adopt` writes for the native provider: imported by id, and previewed without a change."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import requests
import yaml

from pulumi_openai_admin import resources
from pulumi_openai_admin.cli.adopt.kinds import Patterns, selected
from pulumi_openai_admin.hosts.native import properties
from tests import terraform
from tests.company import EVERYTHING, plant
from tests.native.test_sdks import with_sdk
from tools import languages
from tools.stacks import Stack

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tools.engine import Engine

pytestmark = pytest.mark.timeout(600)
NO_CHECKPOINTS = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}  # as `adopt` prints it


@pytest.fixture
def adopt(pulumi: Engine, emulator: EmulatorServer, tmp_path: Path) -> Callable[..., Stack]:
    environ = {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}

    def run(*options: str, **others: str) -> Stack:
        out = tmp_path / "org"
        command = [sys.executable, "-m", "pulumi_openai_admin.cli", "adopt", "--out", str(out), *options]
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        if (out / "requirements.txt").exists():
            (out / ".venv").symlink_to(sys.prefix)  # in place of `pulumi install`
        emulator.control.clear_requests()
        stack = Stack(languages.with_yaml(pulumi), out, environ | others, tmp_path / "home")
        stack.ok("stack", "init", "production")
        return stack

    return run


def previews_clean(stack: Stack) -> None:
    stack.ok("import", "--file", "import.json", "--generate-code=false", "--yes", **NO_CHECKPOINTS)
    shown = stack.ok("preview", "--expect-no-changes", "--diff", **NO_CHECKPOINTS).text
    assert "[diff:" not in shown


def entries(stack: Stack) -> list[dict[str, Any]]:
    return list(json.loads((stack.folder / "import.json").read_text(encoding="utf-8"))["resources"])


ONE_BY_ONE = ("--all-limits", "--one-by-one", "--exclude", "model:[!o]*")


@pytest.mark.parametrize("options", [("--all-limits",), ONE_BY_ONE], ids=["together", "one by one"])
def test_every_kind_in_yaml(emulator: EmulatorServer, adopt: Callable[..., Stack], options: tuple[str, ...]) -> None:
    plant(emulator)
    before = emulator.control.live()
    stack = adopt("--native", "--all", *EVERYTHING, *options)
    previews_clean(stack)
    asked = emulator.control.requests()
    assert {request["method"] for request in asked} == {"GET"}
    assert emulator.control.live() == before
    kinds = {kind.name for kind in selected(Patterns(include=["kind:*"]), one_by_one=options is ONE_BY_ONE)}
    imported = {resource["type"].rpartition(":")[2] for resource in stack.export()["deployment"]["resources"]}
    assert kinds <= imported
    assert all(set(entry) == {"type", "name", "id"} for entry in entries(stack))


def test_limits_that_differ_are_imported_with_their_state(
    emulator: EmulatorServer, adopt: Callable[..., Stack]
) -> None:
    plant(emulator)
    stack = adopt("--native", "--all", "--include", "kind:Project", "--include", "kind:ProjectRateLimits")
    previews_clean(stack)
    assert {entry["type"] for entry in entries(stack) if "outputs" in entry} == {"openai-admin:index:ProjectRateLimits"}
    stack.ok("up", "--refresh", "--yes", "--skip-preview", "--expect-no-changes")


HOSTILE = (
    *("yes", "2024", "1e3", "0o7", "null", "~", "pulumi", "東京 🗼", "a: b", "# x", "- x", "${project.id}", "$${x}"),
    *('"', "'", "\\", "a\nb", " a\n b ", "a\u2028b", "\x1b[31m", "\u202egnp", "\ttab", "{x}", "[x]", "*x", "&x", "!x"),
)
"""Names that YAML or Pulumi YAML could read as something else."""


def test_names_that_mean_something_in_yaml(emulator: EmulatorServer, adopt: Callable[..., Stack]) -> None:
    projects = [{"id": f"proj_{number:02}", "name": name} for number, name in enumerate(HOSTILE)]
    emulator.control.seed({"projects": projects})
    stack = adopt("--native", "--all", "--include", "proj_[0-9]*", "--exclude", "kind:ProjectRateLimits")
    previews_clean(stack)
    kinds = [resource["type"].rpartition(":")[2] for resource in stack.export()["deployment"]["resources"]]
    assert kinds.count("Project") == len(HOSTILE)


def test_every_kind_in_python(emulator: EmulatorServer, adopt: Callable[..., Stack], sdk: Path, tmp_path: Path) -> None:
    plant(emulator)
    before = emulator.control.live()
    found = with_sdk(sdk, tmp_path / "site")
    stack = adopt("--native-python", "--all", *EVERYTHING, "--exclude", "model:[!og]*", **found)
    previews_clean(stack)
    assert {request["method"] for request in emulator.control.requests()} == {"GET"}
    assert emulator.control.live() == before


def test_the_names_of_arguments_are_those_of_the_sdk(
    sdk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = with_sdk(sdk, tmp_path / "site")["PYTHONPATH"]
    monkeypatch.syspath_prepend(site)
    import pulumi_openai_admin_native as native  # noqa: PLC0415

    import pulumi_openai_admin  # noqa: PLC0415

    for name in resources.ALL:
        fields = getattr(pulumi_openai_admin, name).declaration.inputs
        arguments = inspect.signature(getattr(native, f"{name}Args").__init__).parameters
        assert {properties.python(field.name) for field in fields} == {*arguments} - {"__self__", "self"}


EXISTING = """\
name: existing
runtime: yaml
resources:
  research:
    type: pulumi:providers:openai-admin
    properties: {{adminApiKey: {key}}}
  group_members:
    type: openai-admin:GroupMembers
    name: engineering
    properties: {{groupId: group_eng, userIds: [user-grace]}}
    options: {{provider: "${{research}}"}}
  shop:
    type: openai-admin:ProjectRateLimit
    properties: {{projectId: proj_shop, model: o1, maxRequestsPer1Minute: 5}}
    options: {{provider: "${{research}}"}}
"""


def test_what_a_stack_does_not_manage_is_imported_into_it(
    emulator: EmulatorServer, pulumi: Engine, tmp_path: Path
) -> None:
    plant(emulator)
    folder = tmp_path / "existing"
    folder.mkdir()
    text = EXISTING.format(key=emulator.admin_key)
    (folder / "Pulumi.yaml").write_text(text, encoding="utf-8")
    environ = {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}
    stack = Stack(languages.with_yaml(pulumi), folder, environ, tmp_path / "home")
    stack.ok("stack", "init", "production")
    stack.up()
    before = {resource["urn"]: resource for resource in stack.export("--show-secrets")["deployment"]["resources"]}
    (tmp_path / "state.json").write_text(json.dumps(stack.export()), encoding="utf-8")
    emulator.control.clear_requests()
    options = ("--all", *EVERYTHING, "--into", str(folder), "--state", str(tmp_path / "state.json"))
    command = [sys.executable, "-m", "pulumi_openai_admin.cli", "adopt", *options, "--exclude", "model:[!o]*"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    stack.ok("import", "--file", "adopted/import.json", "--generate-code=false", "--yes", **NO_CHECKPOINTS)
    after = {resource["urn"]: resource for resource in stack.export("--show-secrets")["deployment"]["resources"]}
    unchanged = [urn for urn in before if "pulumi:pulumi:Stack" not in urn]
    assert {urn: after[urn] for urn in unchanged} == {urn: before[urn] for urn in unchanged}
    assert len(after) > len(before) + 40
    part = yaml.safe_load((folder / "adopted" / "resources.yaml").read_text(encoding="utf-8"))["resources"]
    assert not part.keys() & {"research", "group_members", "shop"}
    whole = yaml.safe_load(text)
    whole["resources"] |= part
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(whole, sort_keys=False), encoding="utf-8")
    stack.ok("preview", "--expect-no-changes", **NO_CHECKPOINTS)
    stack.ok("up", "--refresh", "--yes", "--skip-preview", "--expect-no-changes")
    assert {request["method"] for request in emulator.control.requests()} == {"GET"}


def test_what_terraform_managed_previews_clean(
    emulator: EmulatorServer, adopt: Callable[..., Stack], tmp_path: Path
) -> None:
    plant(emulator)
    headers = {"Authorization": f"Bearer {emulator.admin_key}"}
    url = f"{emulator.base_url}/organization/projects/proj_shop/spend_alerts"
    (alert,) = requests.get(url, headers=headers, timeout=10).json()["data"]
    file = tmp_path / "terraform.tfstate"
    file.write_text(json.dumps(terraform.company(alert["id"])), encoding="utf-8")
    before = emulator.control.live()
    stack = adopt("--native", "--from-terraform", str(file))
    previews_clean(stack)
    stack.ok("up", "--refresh", "--yes", "--skip-preview", "--expect-no-changes")
    assert emulator.control.live() == before
    kinds = [entry["type"].rpartition(":")[2] for entry in entries(stack)]
    assert sorted(kinds) == sorted(terraform.KINDS)
