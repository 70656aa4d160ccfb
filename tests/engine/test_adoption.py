"""An organization that was there before Pulumi: read, written down, imported, and previewed without a change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from pulumi_openai_admin.cli.adopt.kinds import Patterns, selected
from pulumi_openai_admin.cli.options import app
from pulumi_openai_admin.emulator.store.catalogue import REQUESTS
from tests.company import EVERYTHING, plant
from tests.engine import key_service
from tests.engine.stacks import Stack
from tests.warm.start import virtual_environment
from tools import languages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tools.engine import Engine


# As `adopt` prints it for the import. Here for the preview, too: it changes no result, and is three times as fast.
NO_CHECKPOINTS = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}
NOWHERE = {"OPENAI_ADMIN_KEY": "", "OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}


class AdoptedStack(Stack):
    """A stack of a program that `adopt` wrote."""

    def __post_init__(self) -> None:
        self.is_native = not (self.folder / "requirements.txt").exists()
        if not self.is_native:
            (self.folder / ".venv").symlink_to(virtual_environment())  # in place of `pulumi install`
        self.environ = {**key_service.environment(), **self.environ}
        self.ok("stack", "init", "production", "--secrets-provider", key_service.PROVIDER)

    def take_over(self) -> None:
        """Import everything; OpenAI is asked only by the native provider, whose import has ids alone."""
        asked = {} if self.is_native else NOWHERE
        self.ok("import", "--file", "import.json", "--generate-code=false", "--yes", **NO_CHECKPOINTS, **asked)

    def preview_shows_no_change(self) -> None:
        """The program and the state agree, and so do their options: the preview lists nothing at all."""
        shown = self.ok("preview", "--expect-no-changes", **NO_CHECKPOINTS, **NOWHERE).text
        assert "[diff:" not in shown


@pytest.fixture
def adopt(pulumi: Engine, environ: dict[str, str], tmp_path: Path) -> Callable[..., AdoptedStack]:
    def run(*options: str) -> AdoptedStack:
        out = tmp_path / "org"
        done = CliRunner().invoke(app, ["adopt", "--out", str(out), *options], env=environ)
        assert done.exit_code == 0, done.output
        return AdoptedStack(languages.with_yaml(pulumi) if "--native" in options else pulumi, out, environ)

    return run


FORMS = {
    "python": ("--exclude", "model:[!og]*"),
    "python, one by one": ("--exclude", "model:[!og]*", "--one-by-one"),
    "yaml": ("--native",),
    "yaml, one by one": ("--native", "--all-limits", "--exclude", "model:[!o]*", "--one-by-one"),
}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("options", FORMS.values(), ids=FORMS)
def test_every_kind_previews_clean(
    emulator: EmulatorServer, adopt: Callable[..., AdoptedStack], options: tuple[str, ...]
) -> None:
    plant(emulator)
    before = emulator.control.live()
    stack = adopt("--all", *EVERYTHING, *options)
    stack.take_over()
    stack.preview_shows_no_change()
    stack.ok("up", "--refresh", "--yes", "--skip-preview", "--expect-no-changes")
    assert {request["method"] for request in emulator.control.requests()} == {"GET"}
    assert emulator.control.live() == before
    imported = stack.export()["deployment"]["resources"]
    kinds = {kind.name for kind in selected(Patterns(include=["kind:*"]), one_by_one="--one-by-one" in options)}
    assert kinds <= {entry["type"].rpartition(":")[2] for entry in imported}


IN_YAML = (
    *("yes", "2024", "1e3", "0o7", "null", "~", "pulumi", "東京 🗼", "a: b", "# x", "- x", "${project.id}", "$${x}"),
    *('"', "'", "\\", "a\nb", " a\n b ", "a\u2028b", "\x1b[31m", "\u202egnp", "\ttab", "{x}", "[x]", "*x", "&x", "!x"),
)
"""Names that YAML or Pulumi YAML could read as something else."""


def test_names_that_mean_something_in_yaml(emulator: EmulatorServer, adopt: Callable[..., AdoptedStack]) -> None:
    projects = [{"id": f"proj_{number:02}", "name": name} for number, name in enumerate(IN_YAML)]
    emulator.control.seed({"projects": projects})
    stack = adopt("--native", "--all", "--include", "proj_[0-9]*", "--exclude", "kind:ProjectRateLimits")
    stack.take_over()
    stack.preview_shows_no_change()
    kinds = [resource["type"].rpartition(":")[2] for resource in stack.export()["deployment"]["resources"]]
    assert kinds.count("Project") == len(IN_YAML)


def test_what_was_adopted_is_managed_and_gets_a_key_and_was_not_touched(
    emulator: EmulatorServer, adopt: Callable[..., AdoptedStack]
) -> None:
    accounts: list[Any] = [{"name": name, "keys": [{}]} for name in ("bot 0", "bot 1")]
    team = {"id": "proj_0000", "name": "Team 0", "service_accounts": accounts}
    emulator.control.seed({"projects": [{**team, "rate_limits": {"rl-gpt-4o": {REQUESTS: 0}}}]})
    before = emulator.control.state()
    stack = adopt("--all", "--include", "Team*")
    stack.take_over()
    stack.up()
    assert emulator.control.state() == before
    # A mistaken destroy ends nothing.
    assert "protect" in stack.refused("destroy", "--yes", "--skip-preview")
    assert emulator.control.state()["totals"] == before["totals"]
    # A key is created beside those that live, as README.md says.
    module = stack.folder / "projects" / "team_0.py"
    readme = (stack.folder / "README.md").read_text(encoding="utf-8")
    told = readme.rpartition("```python\n")[2].partition("```")[0]
    imports = "import pulumi\nfrom pulumi_openai_admin import ProjectServiceAccountApiKey\n"
    module.write_text(imports + module.read_text(encoding="utf-8") + told, encoding="utf-8")
    stack.up()
    assert emulator.control.key(stack.outputs()["key"])
    after = emulator.control.state()["projects"]["proj_0000"]["service_accounts"]
    assert after.keys() == before["projects"]["proj_0000"]["service_accounts"].keys()


MANAGED = """
    from pulumi_openai_admin import GroupMembers, Provider

    research = Provider("research", admin_api_key=pulumi.Config().require_secret("adminKey"))
    opts = pulumi.ResourceOptions(provider=research)
    ProjectRateLimit("shop", project_id="proj_shop", model="o1", max_requests_per_1_minute=5, opts=opts)
    GroupMembers("engineering", group_id="group_eng", user_ids=["user-grace"], opts=opts)
    ours = Project("ours", name="Ours", opts=opts)
    account = ProjectServiceAccount("ci", project_id=ours.project_id, name="ci", opts=opts)
    pulumi.export("key", account.api_key)
"""
"""A program that manages a part of what is there, and an account with its key."""
OF_STACK = ("adopt", "--all", "--into", ".", *EVERYTHING, "--all-limits", "--exclude", "model:[!o]*")


def settled(stack: Stack) -> dict[str, Any]:
    """What the state has of each resource, without what the engine writes anew in each run: encrypted values."""
    resources = stack.export("--show-secrets")["deployment"]["resources"]
    return {resource["urn"]: resource for resource in resources if resource["type"] != "pulumi:pulumi:Stack"}


def test_what_a_stack_does_not_manage_is_imported_into_it(emulator: EmulatorServer, stack: Stack) -> None:
    plant(emulator)
    stack.ok("config", "set", "--secret", "adminKey", emulator.admin_key)
    stack.program(MANAGED)
    stack.up()
    before, live = settled(stack), emulator.control.live()
    emulator.control.clear_requests()
    done = stack.command(*OF_STACK)
    assert done.exit_code == 0, done.output
    assert "ProjectServiceAccount 'proj_" in done.output
    assert "parts of GroupMembers 'group_eng' are managed by 'engineering' in the stack" in done.output
    stack.ok("import", "--file", "adopted/import.json", "--generate-code=false", "--yes", **NO_CHECKPOINTS)
    after = settled(stack)
    assert {urn: after[urn] for urn in before} == before
    added = after.keys() - before.keys()
    assert len(added) > 40
    providers = {after[urn].get("provider", "").split("::")[-2] for urn in added if "dynamic" in urn}
    assert providers == {"research"}
    stack.program(f"{MANAGED}    import adopted\n    adopted.declare(research)\n")
    stack.ok("preview", "--expect-no-changes", **NO_CHECKPOINTS)
    stack.ok("up", "--refresh", "--yes", "--skip-preview", "--expect-no-changes")
    assert emulator.control.live() == live
    assert {request["method"] for request in emulator.control.requests()} == {"GET"}


def test_a_single_account_is_imported(emulator: EmulatorServer, adopt: Callable[..., AdoptedStack]) -> None:
    plant(emulator)
    stack = adopt("account:web", "--project", "Shop", "Group:Engineering")
    stack.take_over()
    stack.preview_shows_no_change()
    for command in (("preview",), ("up", "--yes", "--skip-preview"), ("preview",)):
        shown = stack.ok(*command, "--refresh", "--diff").text
        assert "api_key" not in shown, "a refresh finds no key, as the import did not"
    kinds = [resource["type"].rpartition(":")[2] for resource in stack.export()["deployment"]["resources"]]
    assert sorted(kinds)[:2] == ["Group", "ProjectServiceAccount"]
