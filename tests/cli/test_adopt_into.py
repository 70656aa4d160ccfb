"""`adopt` for a program and a stack that are there already. That it previews clean is shown in tests/engine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.cli.test_adopt import check_with_tools
from tests.company import EVERYTHING, plant
from tests.exported import exported, provider, record

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Command

    from pulumi_openai_admin.emulator.process import EmulatorServer


@pytest.fixture(autouse=True)
def _company(emulator: EmulatorServer) -> None:
    plant(emulator)


def existing(folder: Path, *records: dict[str, Any], runtime: str = "python", **settings: Any) -> tuple[str, ...]:
    """A Pulumi project with a stack, and the arguments that name them."""
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump({"name": "shop", "runtime": runtime, **settings}))
    (folder / "__main__.py").write_text("# mine\n", encoding="utf-8")
    (folder / "state.json").write_text(json.dumps(exported(*records)), encoding="utf-8")
    return ("adopt", "--into", str(folder), "--state", str(folder / "state.json"))


def document(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "import.json").read_text(encoding="utf-8")))


GROUP = record("Group", "group_eng", "engineering", inputs={"name": "Engineering"})


def test_the_part_has_only_what_the_stack_does_not_manage(command: Command, tmp_path: Path) -> None:
    namesake = record("Role", "role_other", "auditor")
    limit = record("ProjectRateLimit", "proj_shop/rl-o1", inputs={"project_id": "proj_shop", "model": "o1"})
    arguments = existing(tmp_path, GROUP, namesake, limit)
    done = command.ok(*arguments, "--all", *EVERYTHING, "--all-limits", "--exclude", "model:[!o]*")
    assert "Already in the stack: Group 'group_eng' is 'engineering' in the stack." in done.err
    assert "Already in the stack: parts of ProjectRateLimits 'proj_shop' are managed by 'one' in the stack." in done.err
    assert "It does not read other stacks." in done.err
    assert "import adopted" in done.err
    assert "pulumi import --file adopted/import.json --generate-code=false" in done.out
    assert f"cd {tmp_path}" in done.out
    assert "pulumi stack init" not in done.out
    assert (tmp_path / "__main__.py").read_text(encoding="utf-8") == "# mine\n"
    found = document(tmp_path / "adopted")
    assert "nameTable" not in found
    by_kind = {(resource["type"].rpartition(":")[2], resource["id"]): resource for resource in found["resources"]}
    assert ("Group", "group_eng") not in by_kind
    assert by_kind["Role", "role_audit"]["name"] == "auditor-2"
    limits = by_kind["ProjectRateLimits", "proj_shop"]["inputs"]["limits"]
    assert "o1" not in limits
    assert "o3" in limits
    text = (tmp_path / "adopted" / "projects" / "shop.py").read_text(encoding="utf-8")
    assert "from . import KEEP" in text
    assert "from .. import organization" in text


def test_of_an_exclusive_set_nothing_is_left(command: Command, tmp_path: Path) -> None:
    inputs = {"group_id": "group_eng", "user_ids": ["user-grace"], "exclusive": True}
    members = record("GroupMembers", "group_eng", "engineering", inputs=inputs)
    done = command(*existing(tmp_path, GROUP, members), "--all", "--include", "kind:GroupMembers")
    assert "Nothing is left to import: GroupMembers 'group_eng' is managed by 'engineering' in the stack" in done.err


def test_in_the_folder_itself_no_step_changes_the_folder(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    existing(tmp_path, GROUP)
    monkeypatch.chdir(tmp_path)
    done = command.ok("adopt", "--into", ".", "--state", "state.json", "Group:Empty")
    steps = [line.strip() for line in done.out.splitlines() if line.startswith("  ")]
    assert [step.partition("pulumi ")[2].split()[0] for step in steps] == ["import", "preview"]


def test_the_part_passes_formatters_and_type_checkers(command: Command, tmp_path: Path) -> None:
    research = provider("research")
    group = {**GROUP, "provider": f"{research['urn']}::uuid"}
    command.ok(*existing(tmp_path, research, group), "--all", *EVERYTHING, "--exclude", "model:[!o]*")
    main = "import adopted\nimport pulumi\n\nadopted.declare(pulumi.ProviderResource('a', 'b', {}))\n"
    (tmp_path / "__main__.py").write_text(main, encoding="utf-8")
    found = document(tmp_path / "adopted")
    assert found["nameTable"] == {"research": research["urn"]}
    assert {resource["provider"] for resource in found["resources"]} == {"research"}
    check_with_tools(tmp_path, "adopted")


def test_a_part_of_a_yaml_program(command: Command, tmp_path: Path) -> None:
    research = provider("main", native=True)
    group = record("Group", "group_eng", "engineering", native=True, provider=f"{research['urn']}::uuid")
    declared = {"key-of-it": {"type": "pulumi:providers:openai-admin", "name": "main"}, "auditor": {}}
    arguments = existing(tmp_path, research, group, runtime="yaml", resources=declared)
    command.ok(*arguments, "--all", *EVERYTHING, "--stack", "a b", "--out", "more")
    assert sorted(path.name for path in (tmp_path / "more").iterdir()) == ["README.md", "import.json", "resources.yaml"]
    part = yaml.safe_load((tmp_path / "more" / "resources.yaml").read_text(encoding="utf-8"))["resources"]
    assert not part.keys() & declared.keys()
    assert part["auditor-role"]["options"] == {"protect": True, "provider": "${key-of-it}"}
    readme = (tmp_path / "more" / "README.md").read_text(encoding="utf-8")
    assert "--stack 'a b'" in readme
    assert "Copy the resources of `more/resources.yaml` to `resources` in `Pulumi.yaml`." in readme


def test_the_stack_decides_about_the_provider(command: Command, tmp_path: Path) -> None:
    group = record("Group", "group_eng", native=True)
    command.ok(*existing(tmp_path, group, main="src/"), "Group:Empty", "--json")
    assert document(tmp_path / "adopted")["resources"][0]["type"] == "openai-admin:index:Group"
    (tmp_path / "src").mkdir()
    done = command.ok(*existing(tmp_path, group, main="src/"), "Group:Empty", "--json")
    assert json.loads(done.out)["commands"][0].endswith("--file src/adopted/import.json --generate-code=false")
    assert "import adopted" in json.loads(done.out)["statement"]


@pytest.mark.parametrize(
    ("runtime", "options", "said"),
    [
        ("nodejs", (), "the language 'nodejs', and adopt writes Python and YAML"),
        ("python", ("--native",), "Remove --native and --native-python."),
        ("python", ("--native-python",), "or run `pulumi-openai-admin migrate` first."),
        ("python", ("--out", "class"), "'class' can't be the name of a part of the program"),
        ("python", ("--out", "a-b"), "'a-b' can't be the name of a part of the program"),
        ("python", ("--out", "pulumi"), "'pulumi' can't be the name of a part of the program"),
        ("python", ("--provider", "nobody"), "The stack has no provider 'nobody' for OpenAI"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_does_not_fit_is_refused_before_anything_is_read(
    command: Command, emulator: EmulatorServer, tmp_path: Path, runtime: str, options: tuple[str, ...], said: str
) -> None:
    done = command.fails(*existing(tmp_path, GROUP, runtime=runtime), "--all", *options)
    assert said in done.err
    assert not (tmp_path / "adopted").exists()
    assert emulator.control.requests() == []


@pytest.mark.parametrize("words", [("--all",), ("Group:Empty",), ("Shop",)], ids=" ".join)
def test_the_key_of_another_organization_is_refused(command: Command, tmp_path: Path, words: tuple[str, ...]) -> None:
    elsewhere = record("ProjectSpendLimit", "proj_elsewhere", inputs={"project_id": "proj_elsewhere"})
    done = command.fails(*existing(tmp_path, elsewhere), *words)
    assert "has no project of the stack, or all are archived: proj_elsewhere." in done.err
    assert not (tmp_path / "adopted").exists()


def test_a_folder_without_a_project(command: Command, tmp_path: Path) -> None:
    done = command.fails("adopt", "--all", "--into", str(tmp_path))
    assert "has no Pulumi.yaml, so it is not the folder of a Pulumi project. For a new program, use --out" in done.err


def test_a_program_needs_a_folder(command: Command) -> None:
    assert "--into" in command.fails("adopt", "--all", code=2).err
