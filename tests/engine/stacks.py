"""Runs the real Pulumi engine on real programs."""

from __future__ import annotations

import atexit
import json
import re
import shutil
import subprocess
import tempfile
import textwrap
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tools.engine import Engine

NEW = "dev"

PREAMBLE = """\
import pulumi
from pulumi_openai_admin import Project, ProjectRateLimit, ProjectRateLimits
from pulumi_openai_admin import ProjectServiceAccount, ProjectServiceAccountApiKey
"""


@dataclass(frozen=True)
class Run:
    """What a command printed, and how it ended."""

    code: int
    text: str

    @property
    def summary(self) -> dict[str, int]:
        """The counts of the last summary: `{"created": 3}`."""
        block = self.text.rpartition("Resources:")[2]
        found = re.findall(r"^\s+\W*\s*(?:\d+ changes\. )?(\d+) (to \w+|\w+)$", block, re.MULTILINE)
        return {word: int(number) for number, word in found}


@dataclass
class Stack:
    """One stack of one program, with a backend of its own."""

    engine: Engine
    folder: Path
    environ: dict[str, str] = field(repr=False)  # it may hold a real key
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        shutil.copytree(_new_stack(self.engine), self.folder, dirs_exist_ok=True)
        self.environ = {**self.environ, "PULUMI_STACK": NEW}
        self.program("")

    def program(self, text: str) -> None:
        """Write the program; names of the package are imported."""
        (self.folder / "__main__.py").write_text(PREAMBLE + textwrap.dedent(text), encoding="utf-8")

    def run(self, *arguments: str, **environ: str) -> Run:
        """Run a command, whatever becomes of it."""
        done = subprocess.run(
            [str(self.engine.pulumi), *arguments, "--non-interactive"],
            cwd=self.folder,
            env=self.environment(**environ),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        self.log.append(done.stdout + done.stderr)
        return Run(done.returncode, done.stdout + done.stderr)

    def environment(self, **environ: str) -> dict[str, str]:
        """What the engine gets to see."""
        merged = {**self.engine.environment(self.folder / "home"), **self.environ, **environ}
        return {name: value for name, value in merged.items() if value}

    def ok(self, *arguments: str, **environ: str) -> Run:
        """Run a command that has to succeed."""
        run = self.run(*arguments, **environ)
        assert run.code == 0, run.text
        return run

    def up(self, **environ: str) -> Run:
        return self.ok("up", "--yes", "--skip-preview", **environ)

    def preview(self) -> Run:
        return self.ok("preview", "--diff")

    def assert_clean(self) -> None:
        """A preview that lists nothing: the program and the state agree."""
        self.ok("preview", "--diff", "--expect-no-changes")

    def refresh(self) -> Run:
        return self.ok("refresh", "--yes", "--skip-preview", "--diff")

    def destroy(self, **environ: str) -> Run:
        return self.ok("destroy", "--yes", "--skip-preview", **environ)

    def export(self, *options: str) -> dict[str, Any]:
        deployment: dict[str, Any] = json.loads(self.ok("stack", "export", *options).text)
        return deployment

    def outputs(self) -> dict[str, Any]:
        outputs: dict[str, Any] = json.loads(self.ok("stack", "output", "--json", "--show-secrets").text)
        return outputs

    def resource(self, name: str, *options: str) -> dict[str, Any]:
        found = [one for one in self.export(*options)["deployment"]["resources"] if one["urn"].endswith(f"::{name}")]
        assert len(found) == 1, found
        return dict(found[0])


@lru_cache(maxsize=1)
def _new_stack(engine: Engine) -> Path:
    """A folder with a new stack, which each test copies: to make one takes the engine a third of a second."""
    folder = Path(tempfile.mkdtemp(prefix="new-stack-"))
    atexit.register(shutil.rmtree, folder)
    (folder / "Pulumi.yaml").write_text("name: test\nruntime: python\n", encoding="utf-8")
    command = [str(engine.pulumi), "stack", "init", NEW, "--non-interactive"]
    subprocess.run(command, cwd=folder, env=engine.environment(folder / "home"), capture_output=True, check=True)
    return folder


def shown_changes(text: str, *, deep: bool = False) -> list[str]:
    """The lines of a diff that name a resource's property that changes; the stack's outputs are less indented.

    `deep`: only those that show a value, at any depth, and not the mappings around them.
    """
    found = re.findall(r"^ {6,}([~+-]) ([\w.*-]+)\s*: (.*)$", text, re.MULTILINE)
    return [f"{sign} {name}: {rest}" for sign, name, rest in found if not deep or rest != "{"]
