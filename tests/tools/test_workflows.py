from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.engine.test_guides import read
from tools import pinned, workflows

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = pinned.ROOT / "examples"
OF_USERS = sorted([*EXAMPLES.glob("ci/github/*.yml"), EXAMPLES / "workload-identity" / "workflow.yml"])
"""Workflows that users copy."""
FILES = sorted(workflows.WORKFLOWS.glob("*.yml"))
pytestmark = pytest.mark.timeout(600)  # the first run builds actionlint


def text(name: str) -> str:
    return (workflows.WORKFLOWS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "folder",
    [workflows.WORKFLOWS, EXAMPLES / "ci" / "github", EXAMPLES / "workload-identity"],
    ids=lambda value: value.name,
)
def test_the_workflows_have_no_errors(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert workflows.main(folder) == 0, capfd.readouterr().out


def test_the_guide_shows_what_the_jobs_run() -> None:
    """tests/engine/test_guides.py runs the commands of the guide, tests/engine/test_ci.py the jobs."""
    guide = read((pinned.ROOT / "docs" / "guides" / "ci.md").read_text(encoding="utf-8"))
    told = {line for command in guide.commands for line in command.text.splitlines()}
    of_github = [step["run"] for path in OF_USERS for step in _steps(path) if "run" in step]
    gitlab = yaml.safe_load((EXAMPLES / "ci" / "gitlab" / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    of_gitlab = [line for job in gitlab.values() if "script" in job for line in job["script"]]
    run = [re.split(r" \|\|", line.strip())[0] for text in (*of_github, *of_gitlab) for line in text.splitlines()]
    of_pulumi = [line for line in run if line.startswith("pulumi")]
    assert len(of_pulumi) == 12
    assert set(of_pulumi) - told == set()


def test_the_program_in_typescript_has_the_package_of_the_template() -> None:
    files = (EXAMPLES / "ci" / "typescript", pinned.ROOT / "templates" / "openai-admin-typescript")
    example, template = (yaml.safe_load((path / "Pulumi.yaml").read_text(encoding="utf-8")) for path in files)
    assert example["packages"] == template["packages"]


def test_actions_of_examples_are_those_of_this_repository() -> None:
    """Dependabot updates the workflows of this repository only."""
    texts = ("\n".join(path.read_text(encoding="utf-8") for path in paths) for paths in (FILES, OF_USERS))
    here, of_users = (dict(re.findall(r"uses: ([^@\s]+)@(\S+ # v[\d.]+)", text)) for text in texts)
    both = here.keys() & of_users.keys()
    assert len(both) == 4
    assert {name: of_users[name] for name in both} == {name: here[name] for name in both}


def _steps(path: Path) -> list[dict[str, Any]]:
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [step for job in workflow["jobs"].values() for step in job.get("steps", ())]


def test_a_workflow_of_an_example_holds_no_key() -> None:
    texts = [path.read_text(encoding="utf-8") for path in OF_USERS]
    assert all("id-token: write" in text and "secrets." not in text for text in texts)


@pytest.mark.parametrize(
    ("pattern", "replacement", "error"),
    [
        (r"runs-on: ubuntu-24\.04", "runs-on: ubuntu-1.04", 'label "ubuntu-1.04" is unknown'),
        (r"actions/checkout@\S+ # (\S+)", r"actions/checkout@\1", "error[unpinned-uses]"),
    ],
)
def test_an_error_in_a_workflow_is_found(
    pattern: str, replacement: str, error: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs.yml").write_text(re.sub(pattern, replacement, text("docs.yml")), encoding="utf-8")
    assert workflows.main(tmp_path) != 0
    assert error in capfd.readouterr().out


@pytest.mark.parametrize(
    ("name", "is_accepted"),
    [
        (f"quay.io/pypa/image:1@sha256:{'0a' * 32}", True),
        ("quay.io/pypa/image:latest", False),
        (f"quay.io/pypa/image@sha256:{'0a' * 31}", False),
    ],
)
def test_the_archives_are_built_in_an_image_by_its_digest(name: str, is_accepted: bool, tmp_path: Path) -> None:
    """Of the one file that names it. The job that reads it fails otherwise, and all that publishes waits for it."""
    dockerfile, output = tmp_path / "tools" / "plugin" / "Dockerfile", tmp_path / "output"
    dockerfile.parent.mkdir(parents=True)
    dockerfile.write_text(f"# An image.\nFROM {name}\n", encoding="utf-8")
    jobs = yaml.safe_load(text("release.yml"))["jobs"]
    (step,) = [step for step in jobs["image"]["steps"] if "run" in step]
    environ = {**os.environ, "GITHUB_OUTPUT": str(output)}
    as_github_does = ["bash", "-e", "-c", step["run"]]
    done = subprocess.run(as_github_does, cwd=tmp_path, env=environ, check=False)
    assert (done.returncode == 0) is is_accepted
    assert not is_accepted or output.read_text(encoding="utf-8") == f"name={name}\n"
    read = "needs.image.outputs.name"
    assert read in jobs["plugin"]["container"]
    assert not re.search(r"\b(dnf|yum|apt-get|apk)\b", text("release.yml")), "the image has all that is needed"


def test_each_version_of_python_is_tested() -> None:
    supported = re.findall(r"Python :: (3\.\d+)", (pinned.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    jobs = yaml.safe_load(text("test.yml"))["jobs"]
    assert jobs["test"]["strategy"]["matrix"]["python"] == supported
    assert jobs["systems"]["strategy"]["matrix"]["python"] == [supported[0], supported[-1]]
    options = [step.get("with", {}) for step in jobs["lowest"]["steps"]]
    assert [given["python-version"] for given in options if "python-version" in given] == supported[:1]


def test_the_targets_exist() -> None:
    workflow = "\n".join(path.read_text(encoding="utf-8") for path in FILES)
    named = {*re.findall(r"run: make ([a-z-]+)$", workflow, re.MULTILINE)}
    named |= {target for found in re.findall(r"target: \[(.+)\]", workflow) for target in found.split(", ")}
    makefile = (pinned.ROOT / "Makefile").read_text(encoding="utf-8")
    assert {"test"} < named
    assert named <= {word for line in re.findall(r"^([a-z].*):", makefile, re.MULTILINE) for word in line.split()}


PUBLISHING = {"contents", "id-token", "packages", "pages"}
"""The permissions that a job needs to publish something."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_is_published_before_all_else_has_passed(path: Path) -> None:
    jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
    allowed = {name: job.get("permissions", {}).items() for name, job in jobs.items()}
    publishing = {name for name, found in allowed.items() if {(what, "write") for what in PUBLISHING} & {*found}}
    assert bool(publishing) is (path.stem in {"docs", "release"})
    for name in publishing:
        needed = set(jobs[name]["needs"])
        assert needed == set(jobs) - publishing
        assert "./.github/workflows/test.yml" in {jobs[other].get("uses") for other in needed}


GH = """\
#!/bin/sh
echo "$@" >> calls
if [ -f fails ]; then exit 1; fi
case "$2" in list) if [ -f state ]; then cat state; fi ;; esac
"""


@pytest.mark.parametrize(
    ("state", "called"),
    [
        ("", ["list", "create", "upload", "edit"]),
        ("true", ["list", "upload", "edit"]),
        ("false", ["list"]),
    ],
)
def test_a_release_is_made_once_and_without_attestations(state: str, called: list[str], tmp_path: Path) -> None:
    """The step can run again: a draft gets all files again, a release that is published stays as it is."""
    wheel, sdist, archive = "pypi/p-1.whl", "pypi/p-1.tar.gz", "dist/plugin.tar.gz"
    for name in (wheel, sdist, f"{wheel}.publish.attestation", f"{sdist}.publish.attestation", archive):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    if state:
        (tmp_path / "state").write_text(state, encoding="utf-8")
    (tmp_path / "gh").write_text(GH, encoding="utf-8")
    (tmp_path / "gh").chmod(0o755)
    (step,) = [step for step in _steps(workflows.WORKFLOWS / "release.yml") if step.get("name") == "Make the release"]
    environ = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "GITHUB_REF_NAME": "v1"}
    command = ["bash", "-e", "-c", step["run"]]  # as GitHub runs it
    subprocess.run(command, cwd=tmp_path, env=environ, check=True)
    calls = [line.split() for line in (tmp_path / "calls").read_text(encoding="utf-8").splitlines()]
    assert [words[1] for words in calls] == called
    uploaded = [{*words[4:]} for words in calls if words[1] == "upload"]
    assert uploaded == ([{wheel, sdist, archive}] if "upload" in called else [])


def test_a_release_is_not_made_twice(tmp_path: Path) -> None:
    """Two runs for one tag take turns, and a list that can't be read is no sign that there is no draft."""
    release = yaml.safe_load((workflows.WORKFLOWS / "release.yml").read_text(encoding="utf-8"))
    assert release["concurrency"] == {"group": "release-${{ github.ref }}"}
    for name, text in {"gh": GH, "fails": ""}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    (step,) = [step for step in _steps(workflows.WORKFLOWS / "release.yml") if step.get("name") == "Make the release"]
    environ = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "GITHUB_REF_NAME": "v1"}
    command = ["bash", "-e", "-c", step["run"]]
    ended = subprocess.run(command, cwd=tmp_path, env=environ, check=False)
    assert ended.returncode
    assert "create" not in (tmp_path / "calls").read_text(encoding="utf-8")


def test_dependabot_knows_each_folder_with_pinned_versions() -> None:
    updates = yaml.safe_load((pinned.ROOT / ".github" / "dependabot.yml").read_text(encoding="utf-8"))["updates"]
    named = {
        (update["package-ecosystem"], folder.strip("/"))
        for update in updates
        for folder in update.get("directories", [update.get("directory")])
    }
    files = {
        "Dockerfile": "docker",
        "go.mod": "gomod",
        "package-lock.json": "npm",
        "pyproject.toml": "pip",
        "requirements.in": "uv",
    }
    at_root = (pinned.ROOT / name for name in files if (pinned.ROOT / name).exists())
    pins = [*at_root, *(path for path in pinned.TOOLS.rglob("*") if path.name in files)]
    there = {(files[path.name], path.parent.relative_to(pinned.ROOT).as_posix().strip(".")) for path in pins}
    assert named == there | {("github-actions", "")}
