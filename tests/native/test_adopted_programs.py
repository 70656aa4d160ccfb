"""Programs that `adopt` writes for the native provider: imported by id, and previewed without a change."""

from __future__ import annotations

import inspect
import json
import sys
from typing import TYPE_CHECKING

import pytest
import yaml
from typer.testing import CliRunner

from pulumi_openai_admin import resources
from pulumi_openai_admin.cli.app import app
from pulumi_openai_admin.hosts.native import properties
from tests.company import EVERYTHING, plant
from tests.native.test_sdks import with_sdk
from tools import languages
from tools.stacks import Stack

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tools.engine import Engine

pytestmark = pytest.mark.timeout(600)
NO_CHECKPOINTS = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}  # as `adopt` prints it


def adopted(emulator: EmulatorServer, *options: str) -> None:
    """Run `adopt` for each kind of object."""
    environ = {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}
    done = CliRunner().invoke(app, ["adopt", "--all", *EVERYTHING, *options], env=environ)
    assert done.exit_code == 0, done.output
    emulator.control.clear_requests()


def new_stack(engine: Engine, folder: Path, emulator: EmulatorServer, **environ: str) -> Stack:
    environ = {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url, **environ}
    stack = Stack(engine, folder, environ, folder.parent / "home")
    stack.ok("stack", "init", "production")
    return stack


def test_every_kind_in_python(emulator: EmulatorServer, pulumi: Engine, sdk: Path, tmp_path: Path) -> None:
    plant(emulator)
    before = emulator.control.live()
    adopted(emulator, "--native-python", "--out", str(tmp_path / "org"), "--exclude", "model:[!og]*")
    (tmp_path / "org" / ".venv").symlink_to(sys.prefix)  # in place of `pulumi install`
    stack = new_stack(pulumi, tmp_path / "org", emulator, **with_sdk(sdk, tmp_path / "site"))
    stack.ok("import", "--file", "import.json", "--generate-code=false", "--yes", **NO_CHECKPOINTS)
    assert "[diff:" not in stack.ok("preview", "--expect-no-changes", "--diff", **NO_CHECKPOINTS).text
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
    stack = new_stack(languages.with_yaml(pulumi), folder, emulator)
    stack.up()
    before = {resource["urn"]: resource for resource in stack.export("--show-secrets")["deployment"]["resources"]}
    (tmp_path / "state.json").write_text(json.dumps(stack.export()), encoding="utf-8")
    adopted(emulator, "--into", str(folder), "--state", str(tmp_path / "state.json"), "--exclude", "model:[!o]*")
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
