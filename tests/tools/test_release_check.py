from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.engine.recorded_states import KINDS
from tools import pinned, release_check, versions

if TYPE_CHECKING:
    from pathlib import Path

VERSION = "1.2.3"
CHANGELOG = f"# Changelog\n\n## [Unreleased]\n\n## [{VERSION}] - 2026-12-01\n\n### Added\n\n- All of it.\n"
BOOTSTRAP = "import sys\nopen('called', 'a').write(sys.argv[1] + '\\n')\n"
"""In place of what runs targets: writes down which."""


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
        self.write("tools/plugin/requirements.in", "# pinned\ntyping_extensions==4.1\n")
        self.write("tools/plugin/requirements.txt", "typing-extensions==4.1 \\\n    --hash=sha256:0\nother==2 \\\n")
        for place in versions.places():
            text = place.path.read_text(encoding="utf-8").replace(place.version, VERSION)
            self.write(place.path.relative_to(pinned.ROOT).as_posix().replace(place.version, VERSION), text)
        for provider in ("dynamic", "native"):
            self.record(provider, KINDS)
        self.git("init", "--quiet")
        self.commit()

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def record(self, provider: str, kinds: set[str]) -> None:
        resources = [{"type": f"openai-admin:index:{kind}"} for kind in sorted(kinds)]
        self.write(
            f"tests/engine/recorded/{VERSION}/{provider}.json", json.dumps({"deployment": {"resources": resources}})
        )

    def git(self, *arguments: str) -> None:
        who = ("-c", "user.name=A", "-c", "user.email=a@example.com")
        command = ["git", "-C", str(self.root), *who, *arguments]
        subprocess.run(command, check=True)

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "all")

    def check(self, *options: str) -> tuple[int, list[str], str]:
        """The exit code, the lines of items that fail, and all that is printed."""
        code = release_check.main([*options], self.root)
        text = self.capsys.readouterr().out
        return code, [line for line in text.splitlines() if line.startswith("FAILED")], text


@pytest.fixture
def clone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Clone:
    return Clone(tmp_path, capsys)


def test_a_clone_that_is_ready(clone: Clone) -> None:
    code, failed, text = clone.check()
    assert (code, failed) == (0, [])
    assert text.count("ok  ") == len(release_check.CHECKLIST)
    assert f"git tag v{VERSION}" in text
    assert (clone.root / "called").read_text("utf-8").split() == ["generate", "dist", "plugin"]


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
    clone.record("native", KINDS - {"Group"})
    clone.commit()
    (failed,) = clone.check("--quick")[1]
    assert "The state of the native provider has no Group. Run `make record`" in failed
    (clone.root / f"tests/engine/recorded/{VERSION}/dynamic.json").unlink()
    clone.commit()
    (failed,) = clone.check("--quick")[1]
    assert f"tests/engine/recorded/{VERSION}/dynamic.json is missing." in failed


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
    assert len(failed) == 3
    assert all("git cannot tell" in line for line in failed)


def test_the_steps_of_a_release_are_those_of_the_checklist() -> None:
    """CONTRIBUTING.md names each file and command that an item is about."""
    page = (pinned.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Release")[2]
    for item in release_check.CHECKLIST:
        for named in re.findall(r"`(make \w+)`|\b(pyproject\.toml|CHANGELOG\.md)\b", f"{item.title} {item.remedy}"):
            assert f"`{''.join(named)}`" in page, item.title
