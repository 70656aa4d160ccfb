from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.hosts.native.properties import camel, token
from tests.engine import recorded_states
from tests.engine.recorded_states import PROVIDERS, RECORDED, Recording
from tools import pinned, release_check

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GIT = shutil.which("git") or "git"
VERSION = "1.2.3"
CHANGELOG = f"# Changelog\n\n## [Unreleased]\n\n## [{VERSION}] - 2026-12-01\n\n### Added\n\n- All of it.\n"


@pytest.fixture(autouse=True)
def _as_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the version the kinds and outputs that its recording has: later ones are recorded for the next release."""
    declared: dict[str, dict[str, set[str]]] = {}
    for provider in PROVIDERS:
        recording = Recording(pinned.package_version(), provider)
        monkeypatch.setattr(recorded_states, "KINDS", recorded_states.KINDS & recording.kinds())
        for resource in json.loads(recording.state.read_text(encoding="utf-8"))["deployment"]["resources"]:
            kind = resource["type"].rpartition(":")[2]
            names = resource.get("outputs", {}).keys() - recorded_states._OF_THE_PROVIDER
            outputs = {camel(name.lstrip("_")) for name in names}
            known = declared.setdefault(token(kind), {"required": outputs, "properties": outputs})
            known["required"], known["properties"] = known["required"] & outputs, known["properties"] | outputs
    monkeypatch.setattr(recorded_states, "schema", lambda _settings: {"resources": declared})


@dataclass
class Clone:
    """A clone that is ready for the release of `VERSION`."""

    root: Path

    def __post_init__(self) -> None:
        self.write("pyproject.toml", f'version = "{VERSION}"\n')
        self.write("CHANGELOG.md", CHANGELOG)
        self.write("tools/plugin/Dockerfile", f"FROM example.com/image:1@sha256:{'0' * 64}\n")
        self.write("tools/plugin/requirements.in", "# pinned\ntyping_extensions==4.1\n")
        self.write("tools/plugin/requirements.txt", "typing-extensions==4.1 \\\n    --hash=sha256:0\nother==2 \\\n")
        shutil.copytree(RECORDED / pinned.package_version(), self.recorded)
        origin = self.root.parent / "origin"
        self.git("init", "--quiet", "--bare", str(origin))
        self.git("init", "--quiet")
        self.git("remote", "add", "origin", str(origin))
        self.commit()

    @property
    def recorded(self) -> Path:
        return self.root / "tests" / "engine" / "recorded" / VERSION

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def change_group(self, provider: str, change: Callable[[list[dict[str, Any]], dict[str, Any]], None]) -> None:
        """Change the group in a recorded state: gets all resources, and this one."""
        path = self.recorded / f"{provider}.json"
        state = json.loads(path.read_text(encoding="utf-8"))
        resources = state["deployment"]["resources"]
        (group,) = [resource for resource in resources if resource["type"].endswith(":Group")]
        change(resources, group)
        path.write_text(json.dumps(state), encoding="utf-8")
        self.commit()

    def git(self, *arguments: str) -> None:
        who = ("-c", "user.name=A", "-c", "user.email=a@example.com")
        subprocess.run([GIT, "-C", str(self.root), *who, *arguments], check=True)

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "all")
        self.git("push", "--quiet", "--force", "origin", "HEAD:refs/heads/main")

    def failed(self) -> list[str]:
        """What is to be done: the items that read files, without those that run commands."""
        items = [item for item in release_check.CHECKLIST if "<locals>" not in item.__qualname__]
        return [remedy for item in items if (remedy := item(self.root))]


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    (tmp_path / "clone").mkdir()
    return Clone(tmp_path / "clone")


def test_a_clone_that_is_ready(clone: Clone) -> None:
    assert clone.failed() == []


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("CHANGELOG.md", CHANGELOG.replace("[Unreleased]\n", "[Unreleased]\n\n- New.\n"), "Move the entries"),
        ("CHANGELOG.md", CHANGELOG.replace("## [Unreleased]\n", ""), "Move the entries"),
        ("CHANGELOG.md", CHANGELOG.replace(" - 2026-12-01", ""), "Move the entries"),
        ("CHANGELOG.md", CHANGELOG.replace("[1.2.3]", "[1.2.2]"), "Move the entries"),
        ("CHANGELOG.md", CHANGELOG.partition("### Added")[0], "Move the entries"),
        ("tools/plugin/requirements.in", "typing_extensions==4.2\nnew==1\n", "It lacks typing-extensions 4.2, new 1."),
        ("tools/plugin/Dockerfile", "FROM example.com/image:1\n", "Dockerfile says how to get it."),
        ("README.md", "Version 1.2.3,\nnot released yet.", "README.md:2."),
        ("docs/guides/new.md", "After the\nfirst release, ", "docs/guides/new.md:1."),
        (f"tests/engine/recorded/{VERSION}/native.sql", "", "Those of the native provider lack native.sql."),
    ],
)
def test_an_item_that_fails_says_what_to_do(clone: Clone, path: str, text: str, told: str) -> None:
    clone.write("CONTRIBUTING.md", "Before the first release, for those who work on it.")
    clone.write(path, text)
    clone.commit()
    (failed,) = clone.failed()
    assert told in failed


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda resources, group: resources.remove(group), "lack Group"),
        (lambda _, group: group["outputs"].update(colour="red"), "lack Group.colour"),
    ],
)
def test_a_recording_without_a_kind_or_with_other_outputs_fails(clone: Clone, change: Any, named: str) -> None:
    clone.change_group("native", change)
    (failed,) = clone.failed()
    assert named in failed


def test_what_is_not_committed_or_not_merged_fails(clone: Clone) -> None:
    clone.write("new.py", "")
    assert clone.failed() == ["Commit or discard new.py and all else that `git status` names."]
    clone.git("add", "--all")
    clone.git("commit", "--quiet", "--message", "not pushed")
    assert clone.failed() == ["Merge it, and check main out from `origin`."]


def test_a_tag_that_exists_fails(clone: Clone) -> None:
    clone.git("tag", "v1.2.30")
    assert clone.failed() == []
    clone.git("tag", f"v{VERSION}")
    assert clone.failed() == ["Set the next version with `bump-my-version`."]


def test_each_item_has_a_line_and_quick_builds_nothing(
    clone: Clone, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_root: Path) -> str:
        """All is well."""
        return "Set VERSION."

    def needs_git(_root: Path) -> str:
        """It is a clone."""
        raise FileNotFoundError("git")

    monkeypatch.setattr(release_check, "CHECKLIST", (release_check.tag, fails, needs_git, *release_check.BUILDS))
    assert release_check.main(["--quick"], clone.root) == 1
    assert capsys.readouterr().out.splitlines() == [
        "ok       No tag of the version exists.",
        "FAILED   All is well. Set 1.2.3.",
        "FAILED   It is a clone. git.",
        "skipped  `tools.dist` succeeds.",
        "skipped  `tools.plugin` succeeds.",
        "",
        "2 of 5 items are to be done before the release of 1.2.3.",
    ]


def test_the_files_of_today_say_that_there_is_no_release_until_there_is_one() -> None:
    """So the item finds the sentences as they are written."""
    found = release_check.NOT_RELEASED.search((pinned.ROOT / "README.md").read_text(encoding="utf-8"))
    changelog = (pinned.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert bool(found) is not re.search(r"^## \[\d", changelog, re.MULTILINE)
