"""A stack of the dynamic provider becomes one of the native provider: every kind of resource, on the real engine.

The program is changed as the command says.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.resources import ALL

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Stack

EXAMPLE = Path(__file__).parents[2] / "examples" / "organization"
MORE = """
inner = openai.Project("inner", name="Inner")
openai.Group("child", name=pulumi.Output.secret("Not for all"), opts=pulumi.ResourceOptions(parent=inner))
openai.ProjectRateLimits(
    "some-secret",
    project_id=inner.project_id,
    limits={{"gpt-4o": {{"max_requests_per_1_minute": pulumi.Output.secret(7)}}}},
)
keyed = openai.ProjectServiceAccount("keyed", project_id=inner.project_id, name="keyed")
openai.WebhookEndpoint(
    "hooks", api_key=keyed.api_key, name="hooks", url="https://example.com/hooks", event_types=["batch.completed"]
)
openai.ApiObject(
    "thing", path="/organization/experimental_things", properties={{"name": "shop"}}, recognized_by=["name"]
)
openai.ApiSetting("mode", path="/organization/experimental_thing_settings", properties={{"mode": "enforce"}})
openai.Project.get("demo", "proj_demo")
openai.Group("found", name=openai.get_project(project_id="proj_demo").name)
other = openai.Provider("other", admin_api_key="{key}", base_url="{address}", parallel=5)
openai.Group("elsewhere", name="elsewhere", opts=pulumi.ResourceOptions(provider=other))
"""
"""What the example has not: a resource with a parent, secret inputs, a key, kinds that are not in it, an object that is
only read, the result of a provider function, a provider."""
NATIVE = "openai-admin:index:"


@pytest.mark.timeout(600)  # ten commands of the engine, each with every kind of resource
def test_every_kind_is_clean_after_the_migration(
    stack: Stack, emulator: EmulatorServer, python_sdk: dict[str, str], tmp_path: Path
) -> None:
    emulator.control.seed(json.loads((EXAMPLE / "emulator.json").read_text(encoding="utf-8")))
    before = _exists(emulator)
    more = MORE.format(key=emulator.admin_key, address=emulator.base_url)
    program = (EXAMPLE / "__main__.py").read_text(encoding="utf-8")
    (stack.folder / "__main__.py").write_text(program + more, encoding="utf-8")
    shutil.copy(EXAMPLE / "mtls.pem", stack.folder)
    stack.ok("config", "set", "openai-admin:parallel", "6")
    stack.ok("config", "set", "--secret", "openai-admin:adminApiKey", emulator.admin_key)
    stack.up()
    stack.assert_clean()
    dynamic = stack.export("--show-secrets")

    migrate(stack, tmp_path)
    assert "plaintext" not in json.dumps(stack.export())
    native = stack.export("--show-secrets")
    assert {resource["type"].removeprefix(NATIVE) for resource in _resources(native)} >= {*ALL}
    assert _kept(native) == _kept(dynamic)
    _change_program(stack, python_sdk)
    stack.ok("refresh", "--yes", "--skip-preview", "--diff", "--expect-no-changes")
    assert _kept(stack.export("--show-secrets")) == _kept(dynamic)
    stack.destroy()
    assert _exists(emulator) == before


def _exists(emulator: EmulatorServer) -> dict[str, Any]:
    """What there is by kind: not what happened, nor what is in archived projects, where nobody can use or change it."""
    live = emulator.control.live()
    archived = {id_ for id_, project in live["project"].items() if project["archived_at"]}
    reachable = {
        kind: {path: content for path, content in objects.items() if not archived & set(path.split("/"))}
        for kind, objects in live.items()
        if kind not in {"project", "audit_log"}
    }
    return {kind: objects for kind, objects in reachable.items() if objects}


def _change_program(stack: Stack, python_sdk: dict[str, str]) -> None:
    """Change the program as the command says. It changes nothing."""
    program = stack.folder / "__main__.py"
    text = program.read_text(encoding="utf-8").replace("pulumi_openai_admin", "pulumi_openai_admin_native")
    program.write_text(text.replace("per_1_", "per1_"), encoding="utf-8")
    stack.environ |= python_sdk
    stack.assert_clean()


def migrate(stack: Stack, folder: Path, *options: str) -> None:
    """Export, migrate and import, as the documentation says."""
    old, new = folder / "dynamic.json", folder / "native.json"
    stack.ok("stack", "export", "--file", str(old), *options)
    done = stack.command("migrate", str(old), str(new))
    assert done.exit_code == 0, " ".join(done.output.split())
    stack.ok("stack", "import", "--file", str(new))


def _resources(document: dict[str, Any]) -> list[dict[str, Any]]:
    resources = document["deployment"]["resources"]
    return [each for each in resources if each["custom"] and each["type"] != "pulumi:pulumi:Stack"]


def _kept(document: dict[str, Any]) -> dict[str, Any]:
    """What must not change: ids and secrets, by the name of the type and of the resource."""
    return {
        f"{resource['type'].rpartition(':')[2]} {resource['urn'].rpartition('::')[2]}": (
            resource["id"],
            sorted(_secrets(resource.get("outputs", {}).get(name)) for name in ("api_key", "apiKey")),
        )
        for resource in _resources(document)
        if "pulumi:providers" not in resource["type"]
    }


def _secrets(value: Any) -> str:
    plain = value.get("plaintext", "") if isinstance(value, dict) else ""
    return "" if plain in {'""', "null"} else plain
