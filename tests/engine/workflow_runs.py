"""Runs a workflow as GitHub does, as far as possible without GitHub: the shell of its steps, in order.

Steps with `uses` are not run, except those that pass artifacts on, which are folders here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from tests.commands import bash

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

GIT = shutil.which("git") or "git"
SHELLS = {None: ["-e"], "bash": ["-eo", "pipefail"]}
CONDITIONS = {
    "always() && steps.preview.outcome != 'skipped'": lambda ran: "preview" in ran,
    "always()": lambda _: True,
}
"""The conditions of the steps, by the ids of the steps that ran."""


@dataclass
class Run:
    """What came of the jobs."""

    results: dict[str, str] = field(default_factory=dict)
    """`success` or `failure`, by job. A job that was skipped is not there."""
    outputs: dict[str, str] = field(default_factory=dict)
    printed: str = ""
    summary: str = ""


@dataclass(frozen=True)
class Runner:
    """A machine with a checkout, and the artifacts of the runs."""

    checkout: Path
    artifacts: Path
    """The artifacts of the current run, a folder each."""
    environ: Mapping[str, str]

    def run(self, workflow: Path) -> Run:
        """Run the jobs of a workflow: one whose `needs` failed is skipped, unless its `if` says `always()`."""
        done = Run()
        for name, job in yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"].items():
            needed = job.get("needs")
            if needed and done.results.get(needed) != "success" and not job.get("if", "").startswith("always()"):
                continue
            subprocess.run([GIT, "clean", "-fdxq"], cwd=self.checkout, check=True)
            done.results[name] = "success" if self._job(job, done) else "failure"
        return done

    def _job(self, job: Mapping[str, Any], done: Run) -> bool:
        succeeds, ran = True, set[str]()
        for step in job["steps"]:
            if not (CONDITIONS[step["if"]](ran) if "if" in step else succeeds):
                continue
            ran.add(step.get("id", ""))
            passes = self._shell(step, done) if "run" in step else self._uses(step)
            succeeds = succeeds and (passes or step.get("continue-on-error", False))
        return succeeds

    def _uses(self, step: Mapping[str, Any]) -> bool:
        action, given = step["uses"].partition("@")[0], step.get("with", {})
        kept = self.artifacts / str(given.get("name"))
        path = self.checkout / str(given.get("path"))
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

    def _shell(self, step: Mapping[str, Any], done: Run) -> bool:
        files = {name: self.artifacts.parent / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for path in files.values():
            path.write_text("", encoding="utf-8")
        own = {
            name: "7" if "number" in str(value) else "token"
            for name, value in step.get("env", {}).items()
            if re.fullmatch(r"\$\{\{ (github\.token|github\.event\.pull_request\.number) \}\}", value)
        }
        assert own.keys() == step.get("env", {}).keys()
        env = {**os.environ, **self.environ, **own, **{name: str(path) for name, path in files.items()}}
        options = ("--noprofile", "--norc", *SHELLS[step.get("shell")])
        shell = bash(*options, "-c", step["run"], folder=self.checkout, env=env)
        done.printed += shell.stdout
        done.summary += files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
        lines = files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines()
        done.outputs.update(line.split("=", 1) for line in lines)  # type: ignore[arg-type]
        return shell.returncode == 0
