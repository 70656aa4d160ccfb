"""Stacks of programs that tests write."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
import textwrap
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.engine import key_service
from tools import stacks

if TYPE_CHECKING:
    from tools.engine import Engine

NEW = "dev"
OTHER_KEY = "sk-admin-otherorganization0123456789"
"""The Admin API key of the fixture `other`."""

PREAMBLE = """\
import pulumi
from pulumi_openai_admin import Project, ProjectRateLimit, ProjectRateLimits
from pulumi_openai_admin import ProjectServiceAccount, ProjectServiceAccountApiKey
"""


@dataclass
class Stack(stacks.Stack):
    """One stack of one program, with a backend of its own."""

    def __post_init__(self) -> None:
        shutil.copytree(_new_stack(self.engine), self.folder, dirs_exist_ok=True)
        self.environ = {**key_service.environment(), **self.environ, "PULUMI_STACK": NEW}
        self.program("")

    def program(self, text: str) -> None:
        """Write the program; names of the package are imported."""
        (self.folder / "__main__.py").write_text(PREAMBLE + textwrap.dedent(text), encoding="utf-8")

    def resource(self, name: str, *options: str) -> dict[str, Any]:
        found = [
            resource
            for resource in self.export(*options)["deployment"]["resources"]
            if resource["urn"].endswith(f"::{name}")
        ]
        assert len(found) == 1, found
        return dict(found[0])


@lru_cache(maxsize=1)
def _new_stack(engine: Engine) -> Path:
    """A folder with a new stack, which each test copies: to make one takes the engine a third of a second."""
    folder = Path(tempfile.mkdtemp(prefix="new-stack-"))
    atexit.register(shutil.rmtree, folder)
    (folder / "Pulumi.yaml").write_text("name: test\nruntime: python\n", encoding="utf-8")
    stack = stacks.Stack(engine, folder, key_service.environment())
    stack.ok("stack", "init", NEW, "--secrets-provider", key_service.PROVIDER)
    return folder


def shown_changes(text: str, *, deep: bool = False) -> list[str]:
    """The lines of a diff that name a resource's property that changes; the stack's outputs are less indented.

    `deep`: only those that show a value, at any depth, and not the mappings around them.
    """
    found = re.findall(r"^ {6,}([~+-]) ([\w.*-]+)\s*: (.*)$", text, re.MULTILINE)
    return [f"{sign} {name}: {rest}" for sign, name, rest in found if not deep or rest != "{"]
