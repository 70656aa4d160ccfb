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
from tools import pinned, release_check, versions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

VERSION = "1.2.3"
CHANGELOG = f"# Changelog\n\n## [Unreleased]\n\n## [{VERSION}] - 2026-12-01\n\n### Added\n\n- All of it.\n"
BOOTSTRAP = "import sys\nopen('called', 'a').write(sys.argv[1] + '\\n')\n"
"""In place of what runs targets: writes down which."""


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
    capsys: pytest.CaptureFixture[str]

    def __post_init__(self) -> None:
        self.write("pyproject.toml", f'version = "{VERSION}"\n')
        self.write("CHANGELOG.md", CHANGELOG)
        self.write("tools/bootstrap.py", BOOTSTRAP)
        self.write(".gitignore", "called\n")
        self.write("tools/plugin/Dockerfile", f"FROM example.com/image:1@sha256:{'0' * 64}\n")
        self.write("tools/plugin/image.py", (pinned.PLUGIN / "image.py").read_text(encoding="utf-8"))
        self.write("tools/plugin/requirements.in", "# pinned\ntyping_extensions==4.1\n")
        self.write("tools/plugin/requirements.txt", "typing-extensions==4.1 \\\n    --hash=sha256:0\nother==2 \\\n")
        for place in versions.places():
            text = place.path.read_text(encoding="utf-8").replace(place.version, VERSION)
            text = release_check.NOT_RELEASED.sub("", text)
            self.write(place.path.relative_to(pinned.ROOT).as_posix().replace(place.version, VERSION), text)
        self.record()
        origin = self.root.parent / "origin"
        self.git("init", "--quiet", "--bare", str(origin))
        self.git("init", "--quiet")
        self.git("remote", "add", "origin", str(origin))
        self.commit()

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def record(self) -> None:
        """Record the states of the version: those of this clone."""
        shutil.copytree(RECORDED / pinned.package_version(), self.recorded, dirs_exist_ok=True)

    def change_state(self, provider: str, change: Callable[[list[dict[str, Any]]], None]) -> None:
        """Change the resources in a recorded state."""
        state = json.loads((self.recorded / f"{provider}.json").read_text(encoding="utf-8"))
        change(state["deployment"]["resources"])
        (self.recorded / f"{provider}.json").write_text(json.dumps(state), encoding="utf-8")

    @property
    def recorded(self) -> Path:
        return self.root / "tests" / "engine" / "recorded" / VERSION

    def git(self, *arguments: str) -> None:
        who = ("-c", "user.name=A", "-c", "user.email=a@example.com")
        command = ["git", "-C", str(self.root), *who, *arguments]
        subprocess.run(command, check=True)

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "all")
        self.git("push", "--quiet", "--force", "origin", "HEAD:refs/heads/main")

    def check(self, *options: str) -> tuple[int, list[str], str]:
        """The exit code, the lines of items that fail, and all that is printed."""
        code = release_check.main([*options], self.root)
        text = self.capsys.readouterr().out
        return code, [line for line in text.splitlines() if line.startswith("FAILED")], text


@pytest.fixture
def clone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Clone:
    return Clone(tmp_path / "clone", capsys)


def test_a_clone_that_is_ready(clone: Clone) -> None:
    code, failed, text = clone.check()
    assert (code, failed) == (0, [])
    assert text.count("ok  ") == len(release_check.CHECKLIST)
    assert f"git tag v{VERSION}" in text
    assert "runs `make test-full` before it publishes" in text
    assert (clone.root / "called").read_text("utf-8").split() == ["generate", "dist", "plugin"]


def test_an_image_without_a_digest(clone: Clone) -> None:
    clone.write("tools/plugin/Dockerfile", "FROM example.com/image:1\n")
    clone.commit()
    _, (line,), _ = clone.check("--quick")
    assert "Dockerfile names example.com/image:1 without a digest: write example.com/image:1@sha256:…. tools" in line


def test_quick_builds_nothing_and_says_so(clone: Clone) -> None:
    code, failed, text = clone.check("--quick")
    assert (code, failed) == (0, [])
    assert text.count("skipped  ") == 2
    assert "Nothing was built" in text
    assert (clone.root / "called").read_text("utf-8").split() == ["generate"]


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("plugin/requirements.txt", "pulumi-openai-admin==1.2.2\n", "plugin/requirements.txt (1.2.2). Set the version"),
        ("policies/PulumiPolicy.yaml", "runtime: python\n", "policies/PulumiPolicy.yaml names no version"),
        ("CHANGELOG.md", CHANGELOG.replace("[Unreleased]\n", "[Unreleased]\n\n- New.\n"), "[Unreleased] has entries."),
        ("CHANGELOG.md", CHANGELOG.replace("## [Unreleased]\n", ""), "The first section is not [Unreleased]."),
        ("CHANGELOG.md", CHANGELOG.replace(" - 2026-12-01", ""), "is not `## [1.2.3] - YYYY-MM-DD`. Move"),
        ("CHANGELOG.md", CHANGELOG.replace("[1.2.3]", "[1.2.2]"), "is not `## [1.2.3] - YYYY-MM-DD`. Move"),
        ("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n", "is not `## [1.2.3] - YYYY-MM-DD`. Move"),
        ("CHANGELOG.md", CHANGELOG.partition("### Added")[0], "The section [1.2.3] is empty."),
        (
            "tools/plugin/requirements.in",
            "typing_extensions==4.2\nnew==1\n",
            "does not have typing-extensions 4.2 and 1 more",
        ),
        (
            "tools/bootstrap.py",
            "import sys\nif sys.argv[1] == 'generate': open('docs/new.md', 'w').write('x')",
            "`make generate` changed docs/new.md. Commit what it changed.",
        ),
        (
            "tools/bootstrap.py",
            "import sys\nif sys.argv[1] == 'dist': sys.exit('The sdist lacks a file.')",
            "It failed: The sdist lacks a file. Run `make dist`",
        ),
        (
            "tools/bootstrap.py",
            "import sys\nif sys.argv[1] == 'plugin': sys.exit('No packer.')",
            "It failed: No packer. Run `make plugin`",
        ),
    ],
)
def test_an_item_that_fails_says_what_to_do(clone: Clone, path: str, text: str, told: str) -> None:
    clone.write(path, text)
    clone.commit()
    code, failed, text = clone.check()
    assert (code, len(failed)) == (1, 1), text
    assert told in failed[0]
    assert f"1 of {len(release_check.CHECKLIST)} items" in text


def test_a_kind_that_is_not_recorded_fails(clone: Clone) -> None:
    def without_group(resources: list[dict[str, Any]]) -> None:
        resources[:] = [resource for resource in resources if not resource["type"].endswith(":Group")]

    clone.change_state("native", without_group)
    clone.commit()
    (failed,) = clone.check("--quick")[1]
    assert "The state of the native provider has no Group. Run `make record`" in failed


@pytest.mark.parametrize("provider", ["dynamic", "native"])
@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda outputs: outputs.clear(), "Group.createdAt and 3 more"),
        (lambda outputs: outputs.update(colour="red"), "Group.colour"),
    ],
)
def test_outputs_that_are_not_those_of_the_schema_fail(
    clone: Clone, provider: str, change: Callable[[dict[str, Any]], None], named: str
) -> None:
    def change_group(resources: list[dict[str, Any]]) -> None:
        (group,) = [resource for resource in resources if resource["type"].endswith(":Group")]
        change(group["outputs"])

    clone.change_state(provider, change_group)
    clone.commit()
    (failed,) = clone.check("--quick")[1]
    assert f"The outputs of the {provider} provider differ from the schema: {named}. Run `make record`" in failed


@pytest.mark.parametrize("name", ["program.json", "dynamic.json", "dynamic.sql", "native.json", "native.sql"])
def test_a_file_of_a_recording_that_is_missing_fails(clone: Clone, name: str) -> None:
    (clone.recorded / name).unlink()
    clone.commit()
    (failed,) = clone.check("--quick")[1]
    assert f"tests/engine/recorded/{VERSION}/{name} is missing, empty or not committed." in failed


def test_a_file_of_a_recording_that_is_empty_or_ignored_fails(clone: Clone) -> None:
    (clone.recorded / "native.sql").write_text("", encoding="utf-8")
    clone.commit()
    (failed,) = clone.check("--quick")[1]
    assert "native.sql is missing, empty or not committed." in failed
    clone.write(".gitignore", "called\n*.sql\n")
    clone.record()
    clone.git("rm", "--quiet", "--cached", str(clone.recorded / "native.sql"))
    clone.commit()
    (failed,) = clone.check("--quick")[1]
    assert "native.sql is missing, empty or not committed." in failed


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("README.md", "Version 1.2.3,\nnot released yet.", "README.md:2 (not released yet)"),
        ("docs/guides/new.md", "After the\nfirst release, ", "docs/guides/new.md:1 (After the first release)"),
        (
            "templates/x/README.md",
            "It is not on a package index yet.",
            "templates/x/README.md:1 (on a package index yet)",
        ),
        ("CHANGELOG.md", f"{CHANGELOG}- It is on no package index.", "CHANGELOG.md:10 (on no package index)"),
    ],
)
def test_a_sentence_that_a_release_makes_false_fails(clone: Clone, path: str, text: str, told: str) -> None:
    clone.write("CONTRIBUTING.md", "Before the first release, for those who work on it.")
    clone.write(path, text)
    clone.commit()
    (failed,) = clone.check("--quick")[1]
    assert told in failed


def test_the_files_of_today_say_that_there_is_no_release_until_there_is_one() -> None:
    """So the item finds the sentences as they are written."""
    found = release_check.NOT_RELEASED.search((pinned.ROOT / "README.md").read_text(encoding="utf-8"))
    changelog = (pinned.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert bool(found) is not re.search(r"^## \[\d", changelog, re.MULTILINE)


def test_a_commit_that_is_not_merged_fails(clone: Clone) -> None:
    clone.git("commit", "--quiet", "--allow-empty", "--message", "not pushed")
    (failed,) = clone.check("--quick")[1]
    assert "HEAD is not the newest commit of main at `origin`. Merge them" in failed
    clone.git("remote", "rename", "origin", "other")
    (failed,) = clone.check("--quick")[1]
    assert "This clone has no remote `origin`." in failed
    clone.git("remote", "add", "origin", str(clone.root / "nowhere"))
    (failed,) = clone.check("--quick")[1]
    assert "git cannot tell: fatal:" in failed


def test_a_build_that_does_not_end_fails(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    clone.write("tools/bootstrap.py", "import sys, time\nif sys.argv[1] == 'dist': time.sleep(60)")
    clone.commit()
    monkeypatch.setattr(release_check, "BUILD_SECONDS", 2)
    (failed,) = clone.check()[1]
    assert "It was ended after 2 s. Run `make dist`" in failed


def test_a_tag_that_exists_fails(clone: Clone) -> None:
    clone.git("tag", "v1.2.30")
    assert not clone.check("--quick")[1]
    clone.git("tag", f"v{VERSION}")
    (failed,) = clone.check("--quick")[1]
    assert f"The tag v{VERSION} exists. Set the next version in pyproject.toml." in failed


def test_what_is_not_committed_fails(clone: Clone) -> None:
    clone.write("new.py", "")
    (failed,) = clone.check("--quick")[1]
    assert "There are uncommitted changes: new.py. Commit them" in failed


def test_a_folder_that_is_no_clone_gets_a_sentence(clone: Clone) -> None:
    (clone.root / ".git").rename(clone.root / "git")
    code, failed, _ = clone.check("--quick")
    assert code == 1
    assert len(failed) == 6
    assert all("git cannot tell" in line for line in failed)


def test_the_steps_of_a_release_are_those_of_the_checklist() -> None:
    """CONTRIBUTING.md names each file and command that an item is about."""
    page = (pinned.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Release")[2]
    for item in release_check.CHECKLIST:
        for named in re.findall(r"`(make \w+)`|\b(pyproject\.toml|CHANGELOG\.md)\b", f"{item.title} {item.remedy}"):
            assert f"`{''.join(named)}`" in page, item.title
