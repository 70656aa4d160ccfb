"""The workflows of examples/ci, from a pull request to `up` and drift: their shell, the real engine, a fake `gh`.

A workflow runs as at GitHub, as far as possible without GitHub: the shell of its steps, in order. Steps with `uses` are
not run, except those that pass artifacts on, which are folders here.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from pulumi_openai_admin.emulator.store.catalogue import REQUESTS
from tests.commands import bash
from tests.company import spend_limit
from tools import languages
from tools.stacks import environ_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tools.engine import Engine

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "ci"
PROGRAMS = {"python": "__main__.py", "yaml": "Pulumi.yaml"}
"""The file with the limits, by language. tests/native/test_sdks.py runs the program in TypeScript."""
NOTHING = "#!/bin/sh\n"
GIT = shutil.which("git") or "git"
SHELLS = {None: ["-e"], "bash": ["-eo", "pipefail"]}
CONDITIONS = {
    "always() && steps.preview.outcome != 'skipped'": lambda ran: "preview" in ran,
    "always()": lambda _: True,
}
"""The conditions of the steps, by the ids of the steps that ran."""
GH = """\
#!/usr/bin/env python3
# `gh api` and `gh run download`, for what the workflows ask for.
import json, os, pathlib, shutil, sys
from urllib.parse import parse_qs, urlsplit
assert os.environ["GH_TOKEN"] == "token"
folder = pathlib.Path(os.environ["PLATFORM"])
known = json.loads((folder / "known.json").read_text())
words = [word for word in sys.argv[1:] if word != "--silent"]
if words[:2] == ["run", "download"]:
    assert words[3:6] == ["--repo", "acme/openai", "--name"] and words[7] == "--dir"
    found = folder / "runs" / words[2] / words[6]
    shutil.copytree(found, words[8]) if found.exists() else sys.exit("no artifact")
    sys.exit()
assert words.pop(0) == "api"
method, body = "GET", None
if words[0] == "--method":
    method, words = words[1], words[2:]
if "--field" in words:
    assert words[1:] == ["--field", "body=@body.md"]
    body = pathlib.Path("body.md").read_text()
address = urlsplit(words[0])
asked = {name: values[0] for name, values in parse_qs(address.query).items()}
match method, address.path.removeprefix("repos/acme/openai/").split("/"):
    case "GET", ["commits", commit, "pulls"]:
        print(json.dumps(known["pulls"].get(commit, [])))
    case "GET", ["actions", "workflows", workflow, "runs"]:
        runs = [run for run in known["runs"] if run["workflow"] == workflow and run["event"] == asked["event"]]
        runs = [run for run in runs if run["head_sha"] == asked.get("head_sha", run["head_sha"])]
        runs = [run for run in runs if asked["status"] in (run["status"], run["conclusion"])]
        print(json.dumps({"workflow_runs": runs[::-1][: int(asked["per_page"])]}))
    case "GET", ["issues", "7", "comments"]:
        print(json.dumps(known["comments"]))
    case "POST", ["issues", "7", "comments"]:
        comment = {"id": len(known["comments"]), "user": {"login": "github-actions[bot]"}, "body": body}
        known["comments"].append(comment)
    case "PATCH", ["issues", "comments", id]:
        known["comments"][int(id)]["body"] = body
    case other:
        sys.exit(f"unexpected: {other}")
(folder / "known.json").write_text(json.dumps(known))
"""
CURL = """\
#!/usr/bin/env python3
# The API of GitLab, for what the pipeline asks for.
import json, os, pathlib, sys
words = sys.argv[1:]
assert words[:3] == ["--fail", "--silent", "--show-error"], words
assert words[3:5] == ["--header", "PRIVATE-TOKEN: " + os.environ["GITLAB_TOKEN"]]
folder = pathlib.Path(os.environ["PLATFORM"])
known = json.loads((folder / "known.json").read_text())
path, options = words[5].removeprefix("https://gitlab.example.com/api/v4/projects/1/"), words[6:]
method = options[options.index("--request") + 1] if "--request" in options else "GET"
if "--data-urlencode" in options:
    assert options[options.index("--data-urlencode") + 1] == "body@body.md"
    note = {"id": 1, "body": pathlib.Path("body.md").read_text()}
    known["notes"] = [note] if (path, method) == ("merge_requests/7/notes/1", "PUT") else [*known["notes"], note]
    (folder / "known.json").write_text(json.dumps(known))
elif path == "merge_requests/7/notes?per_page=100":
    print(json.dumps(known["notes"]))
elif path == "repository/commits/" + os.environ["CI_COMMIT_SHA"] + "/merge_requests":
    print(json.dumps(known["merged"]))
elif path.startswith("deployments?environment=prod&order_by=id&sort=desc"):
    print(json.dumps(known["deployments"]))
else:
    start, end = "jobs/artifacts/refs%2Fmerge-requests%2F7%2Fhead/raw/", "?job=preview"
    assert path.startswith(start) and path.endswith(end), path
    found = folder / "artifacts" / path[len(start) : -len(end)]
    if not found.exists():
        sys.exit(22)
    assert options[0] == "--output"
    pathlib.Path(options[1]).write_bytes(found.read_bytes())
"""
pytestmark = pytest.mark.timeout(600)  # a dozen runs of the engine


@dataclass
class Run:
    """What came of the jobs."""

    results: dict[str, str] = field(default_factory=dict)
    """`success` or `failure`, by job. A job that was skipped is not there."""
    outputs: dict[str, str] = field(default_factory=dict)
    printed: str = ""
    summary: str = ""


@dataclass
class Repository:
    """The repository of a company: its clone, what the platform knows of it, and the environment of a job."""

    clone: Path
    platform: Path
    environ: dict[str, str]

    def git(self, *command: str) -> str:
        name = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
        done = subprocess.run([GIT, *name, *command], cwd=self.clone, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def commit(self, change: str = "") -> str:
        """Commit all files; its hash."""
        self.git("add", "--all")
        self.git("commit", "--allow-empty", "--message", change or "A change")
        return self.git("rev-parse", "HEAD")

    def edit(self, file: str, old: str, new: str) -> str:
        path = self.clone / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        return self.commit()

    @property
    def known(self) -> dict[str, Any]:
        return dict(json.loads((self.platform / "known.json").read_text(encoding="utf-8")))

    def knows(self, **more: Any) -> None:
        (self.platform / "known.json").write_text(json.dumps({**self.known, **more}), encoding="utf-8")

    def run(self, name: str, event: str) -> Run:
        """Run the jobs of a workflow for the current commit, and record the run.

        A job whose `needs` failed is skipped, unless its `if` says `always()`.
        """
        number, commit = len(self.known["runs"]) + 1, self.git("rev-parse", "HEAD")
        artifacts = self.platform / "runs" / str(number)
        artifacts.mkdir(parents=True)
        done, environ = Run(), {**self.environ, "GITHUB_SHA": commit, "GITHUB_RUN_ID": str(number)}
        workflow = yaml.safe_load((EXAMPLE / "github" / f"{name}.yml").read_text(encoding="utf-8"))
        for job_name, job in workflow["jobs"].items():
            needed = job.get("needs")
            if needed and done.results.get(needed) != "success" and not job.get("if", "").startswith("always()"):
                continue
            self.git("clean", "-fdxq")
            done.results[job_name] = "success" if self._job(job, done, artifacts, environ) else "failure"
        conclusion = "failure" if "failure" in done.results.values() else "success"
        of_run = {"id": number, "workflow": f"{name}.yml", "event": event, "head_sha": commit}
        self.git("clean", "-fdxq")
        self.knows(runs=[*self.known["runs"], {**of_run, "status": "completed", "conclusion": conclusion}])
        return done

    def _job(self, job: Mapping[str, Any], done: Run, artifacts: Path, environ: Mapping[str, str]) -> bool:
        succeeds, ran = True, set[str]()
        for step in job["steps"]:
            if not (CONDITIONS[step["if"]](ran) if "if" in step else succeeds):
                continue
            ran.add(step.get("id", ""))
            passes = self._shell(step, done, environ) if "run" in step else self._uses(step, artifacts)
            succeeds = succeeds and (passes or step.get("continue-on-error", False))
        return succeeds

    def _uses(self, step: Mapping[str, Any], artifacts: Path) -> bool:
        action, given = step["uses"].partition("@")[0], step.get("with", {})
        kept, path = artifacts / str(given.get("name")), self.clone / str(given.get("path"))
        if action == "actions/download-artifact":
            if not kept.exists():
                return False
            shutil.copytree(kept, path, dirs_exist_ok=True)
        if action == "actions/upload-artifact":
            shutil.rmtree(kept, ignore_errors=True)
            kept.mkdir(parents=True)
            if path.is_dir():
                shutil.copytree(path, kept, dirs_exist_ok=True)
            else:
                shutil.copy(path, kept)
        return True

    def _shell(self, step: Mapping[str, Any], done: Run, environ: Mapping[str, str]) -> bool:
        files = {name: self.platform / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for path in files.values():
            path.write_text("", encoding="utf-8")
        own = {
            name: "7" if "number" in str(value) else "token"
            for name, value in step.get("env", {}).items()
            if re.fullmatch(r"\$\{\{ (github\.token|github\.event\.pull_request\.number) \}\}", value)
        }
        assert own.keys() == step.get("env", {}).keys()
        env = {**os.environ, **environ, **own, **{name: str(path) for name, path in files.items()}}
        options = ("--noprofile", "--norc", *SHELLS[step.get("shell")])
        shell = bash(*options, "-c", step["run"], folder=self.clone, env=env)
        done.printed += shell.stdout
        done.summary += files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
        lines = files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines()
        done.outputs.update(line.split("=", 1) for line in lines)  # type: ignore[arg-type]
        return shell.returncode == 0

    def merge(self, head: str) -> None:
        """What GitHub does when a pull request is merged by squashing: another commit, with the same files."""
        self.git("checkout", "main")
        self.git("merge", "--squash", head)
        merged = self.commit("Merge")
        self.knows(pulls={**self.known["pulls"], merged: [{"merged_at": "2026-11-29", "head": {"sha": head}}]})


@pytest.fixture(params=PROGRAMS)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def repository(language: str, pulumi: Engine, emulator: EmulatorServer, tmp_path: Path) -> Repository:
    clone, platform, bin_ = tmp_path / "clone", tmp_path / "platform", tmp_path / "bin"
    for folder in (clone, platform, bin_):
        folder.mkdir()
    source = EXAMPLE if language == "python" else EXAMPLE / language
    for path in (source / "Pulumi.yaml", source / PROGRAMS[language], EXAMPLE / "requirements.txt"):
        shutil.copy(path, clone)
    shutil.copytree(ROOT / "policies", clone / "policies")
    for name, program in (("gh", GH), ("curl", CURL), ("pip", NOTHING), ("aws", "#!/bin/sh\necho $KEY_OF_TEST\n")):
        (bin_ / name).write_text(program, encoding="utf-8")
        (bin_ / name).chmod(0o755)
    environ = languages.with_yaml(pulumi).environment(tmp_path / "home")
    environ |= {
        "PATH": os.pathsep.join([str(bin_), environ["PATH"]]),
        **environ_of(emulator),
        "PLATFORM": str(platform),
        "GITHUB_REPOSITORY": "acme/openai",
        "GITHUB_SERVER_URL": "https://github.com",
    }
    made = Repository(clone, platform, environ)
    known: dict[str, Any] = {"pulls": {}, "runs": [], "comments": [], "notes": []}
    (platform / "known.json").write_text(json.dumps(known), encoding="utf-8")
    made.git("init", "--initial-branch", "main")
    subprocess.run([str(pulumi.pulumi), "stack", "init", "prod"], cwd=clone, env=environ, check=True)
    made.commit("The program")
    return made


def limits(openai: Callable[..., dict[str, Any]]) -> tuple[Any, Any]:
    listed = openai("GET", "proj_demo/rate_limits")["data"]
    (limit,) = [each[REQUESTS] for each in listed if each["model"] == "gpt-4o"]
    try:
        return limit, openai("GET", "proj_demo/spend_limit")["threshold_amount"]
    except OSError:
        return limit, None


def test_a_reviewed_plan_is_applied_after_the_merge(
    repository: Repository, language: str, openai: Callable[..., dict[str, Any]]
) -> None:
    other = {"id": 0, "user": {"login": "grace"}, "body": "<!-- preview of the stack prod --> Looks good"}
    repository.knows(comments=[other])
    before = limits(openai)
    repository.git("checkout", "-b", "change")
    head = repository.commit("The first limits")
    done = repository.run("preview", "pull_request")
    assert done.results == {"preview": "success", "comment": "success"}, done.printed
    _, first = repository.known["comments"]
    assert "2 to create." in first["body"]
    assert "/acme/openai/actions/runs/1)" in first["body"]
    assert "| added | `spend limit` | `$1,000` |" in done.summary
    assert limits(openai) == before

    # A limit that the policies refuse, and a program that fails: the same comment says why, and the page is there.
    file, old, new = PROGRAMS[language], "500", "20000"
    repository.edit(file, old, new)
    done = repository.run("preview", "pull_request")
    assert done.results == {"preview": "failure", "comment": "success"}
    _, updated = repository.known["comments"]
    assert "\n\n    Policies:\n" in updated["body"]  # after an empty line, Markdown shows it as it is
    assert "        - [mandatory]  openai-limits" in updated["body"]
    repository.edit(file, new, '"many"')
    assert repository.run("preview", "pull_request").results == {"preview": "failure", "comment": "success"}
    _, updated = repository.known["comments"]
    assert "**The preview failed**" in updated["body"]
    why = {"python": "must be a whole number", "yaml": "Cannot assign type 'string' to type"}
    assert why[language] in updated["body"]
    assert repository.known["comments"][0] == other
    page = repository.platform / "runs" / "3" / "reviewed" / "plan.html"
    assert "The preview failed" in page.read_text(encoding="utf-8")

    # It is merged as it was reviewed first.
    repository.merge(head)
    done = repository.run("up", "push")
    assert done.results == {"reviewed": "success", "up": "success"}, done.printed
    assert "2 to create." in done.summary
    assert limits(openai) == (500, 100_000)
    assert repository.run("drift", "schedule").results == {"drift": "success"}
    openai("POST", "proj_demo/rate_limits/rl-gpt-4o", **{REQUESTS: 77})
    done = repository.run("drift", "schedule")
    assert done.results == {"drift": "failure"}
    assert "2 resources compared, 1 differs." in done.printed
    page = repository.platform / "runs" / "6" / "drift" / "drift.html"
    assert re.search(r"\b500\b.*\b77\b", page.read_text(encoding="utf-8"), re.DOTALL)

    # The schedule runs the program that was applied. The next one is merged, and waits for its approval.
    commit = repository.git("rev-parse", "HEAD")
    repository.edit(file, old, "400")
    done = repository.run("scheduled", "schedule")
    assert done.results == {"applied": "success", "up": "success"}, done.printed
    assert done.outputs == {"commit": commit}
    steps = yaml.safe_load((EXAMPLE / "github" / "scheduled.yml").read_text(encoding="utf-8"))["jobs"]["up"]["steps"]
    assert steps[0]["with"]["ref"] == "${{ needs.applied.outputs.commit }}"


@pytest.fixture
def applied(repository: Repository) -> Repository:
    """A repository whose program is applied."""
    repository.git("checkout", "-b", "change")
    head = repository.commit("The first limits")
    repository.run("preview", "pull_request")
    repository.merge(head)
    assert repository.run("up", "push").results == {"reviewed": "success", "up": "success"}
    return repository


@pytest.mark.parametrize("language", ["python"], indirect=True)
def test_up_says_why_it_does_not_apply(applied: Repository, openai: Callable[..., dict[str, Any]]) -> None:
    def refused(why: str) -> None:
        done = applied.run("up", "push")
        assert done.results == {"reviewed": "failure"}
        assert f"::error title=Nothing was applied::{why} To get a plan, open a pull request." in done.printed
        assert limits(openai) == (500, 100_000)

    applied.edit("__main__.py", "500", "400")
    refused("The commit is not from a pull request, so there is no reviewed plan.")

    def pull_request(new: str) -> str:
        applied.git("checkout", "-B", "change")
        return applied.edit("__main__.py", "400", new)

    head = pull_request("300")
    applied.merge(head)
    refused(f"No preview of the reviewed commit {head} succeeded.")
    applied.edit("__main__.py", "300", "400")

    head = pull_request("200")
    applied.run("preview", "pull_request")
    applied.git("checkout", "main")
    applied.edit("requirements.txt", "cli", "cli,deliver-aws")  # somebody else's, after the preview
    applied.merge(head)
    refused("The branch main had other changes when the plan was reviewed.")

    # The schedule does not apply either what nobody has reviewed.
    done = applied.run("scheduled", "schedule")
    assert done.results == {"applied": "failure"}
    assert "The last run of up.yml did not succeed" in done.printed


@pytest.mark.parametrize("language", ["python"], indirect=True)
def test_what_is_not_in_the_plan_is_not_applied(applied: Repository, openai: Callable[..., dict[str, Any]]) -> None:
    """Someone changed the organization after the review: an update would change more than the plan."""
    applied.git("checkout", "-B", "change")
    head = applied.edit("__main__.py", "500", "400")
    applied.run("preview", "pull_request")
    openai("POST", "proj_demo/spend_limit", **spend_limit(700))
    applied.merge(head)
    done = applied.run("up", "push")
    assert done.results == {"reviewed": "success", "up": "failure"}
    assert "violates plan" in done.printed
    assert "::error title=The plan was not applied completely::The log says why." in done.printed
    assert limits(openai)[1] == 700


def run_job(repository: Repository, name: str) -> tuple[int, str]:
    """Run the script of a job of GitLab in one shell, as a runner does; its exit code and what it printed."""
    jobs = yaml.safe_load((EXAMPLE / "gitlab" / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    job = {**jobs[jobs[name]["extends"]], **jobs[name]}
    of_gitlab = {
        "CI_API_V4_URL": "https://gitlab.example.com/api/v4",
        "CI_COMMIT_SHA": repository.git("rev-parse", "HEAD"),
        "CI_MERGE_REQUEST_IID": "7",
        "CI_PIPELINE_URL": "https://gitlab.example.com/acme/openai/-/pipelines/1",
        "CI_PROJECT_ID": "1",
        "GITLAB_TOKEN": "glpat-test",
        "AWS_TOKEN": "token",
        "AWS_WEB_IDENTITY_TOKEN_FILE": str(repository.platform / "aws-token"),
        "KEY": "openai/admin-key",
        "KEY_OF_TEST": repository.environ["OPENAI_ADMIN_KEY"],
    }
    script = "\n".join(["set -eo pipefail", *job["before_script"], *job["script"]])
    environ = {**os.environ, **repository.environ, **of_gitlab}
    environ["PATH"] = os.pathsep.join([environ["PATH"], str(Path(sys.executable).parent)])
    done = bash("-c", script, folder=repository.clone, env=environ)
    if name == "preview":
        kept = repository.platform / "artifacts" / "reviewed"
        shutil.copytree(repository.clone / "reviewed", kept, dirs_exist_ok=True)
    return done.returncode, done.stdout


@pytest.mark.parametrize("language", ["yaml"], indirect=True)
def test_the_stages_of_gitlab(repository: Repository, openai: Callable[..., dict[str, Any]]) -> None:
    run = partial(run_job, repository)
    repository.knows(merged=[{"state": "merged", "iid": 7}], deployments=[])
    repository.edit("Pulumi.yaml", "500", "20000")
    code, _ = run("preview")
    assert code
    assert run("comment")[0] == 0
    assert "- [mandatory]  openai-limits" in repository.known["notes"][0]["body"]
    repository.git("clean", "-fdxq")
    repository.edit("Pulumi.yaml", "20000", "400")
    code, printed = run("preview")
    assert code == 0, printed
    run("comment")
    (note,) = repository.known["notes"]
    assert "2 to create." in note["body"]

    repository.git("clean", "-fdxq")
    repository.commit("Another commit with the same files")
    code, printed = run("reviewed")
    assert code == 0, printed
    code, printed = run("up")
    assert code == 0, printed
    assert limits(openai) == (400, 100_000)

    commit = repository.git("rev-parse", "HEAD")
    repository.knows(deployments=[{"status": "success", "sha": commit}])
    assert [run(name)[0] for name in ("applied", "scheduled", "drift")] == [0, 0, 0]
    repository.git("clean", "-fdxq")
    repository.edit("Pulumi.yaml", "400", "300")
    for name, why in (
        ("reviewed", "The branch had other changes when the plan was reviewed."),
        ("applied", "The program of this commit is not applied."),
    ):
        code, printed = run(name)
        assert code
        assert f"Nothing was applied. {why}" in printed
    repository.knows(merged=[])
    assert "The commit is not from a merge request" in run("reviewed")[1]
