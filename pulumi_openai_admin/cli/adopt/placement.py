"""Where the resources are declared: in a separate program, or in a part of an existing one. Pure."""

from __future__ import annotations

import keyword
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli.adopt.names import MODULES_RESERVED
from pulumi_openai_admin.cli.adopt.readme import IMPORT_FILE
from pulumi_openai_admin.slugs import slug_of

if TYPE_CHECKING:
    from pulumi_openai_admin.cli.adopt.stack import StackProvider

NO_CHECKPOINTS = "PULUMI_EXPERIMENTAL=true PULUMI_SKIP_CHECKPOINTS=true"
"""For the import only, which changes nothing outside the state: 2,000 entries take 5 s instead of 103."""


@dataclass(frozen=True)
class ProgramPart:
    """A part of an existing program.

    Args:
        name: The name of its folder.
        path: The path of its folder from the one of the Pulumi project.
        stack: The stack; empty: the selected one.
        provider: The provider of the resources; None: the default one.
        keys: The names that a YAML program uses already.
    """

    name: str
    path: str
    stack: str = ""
    provider: StackProvider | None = None
    keys: frozenset[str] = frozenset()

    @property
    def commands(self) -> list[str]:
        """The commands that import the resources; they run in the folder of the Pulumi project."""
        stack = f" --stack {shlex.quote(self.stack)}" if self.stack else ""
        file = shlex.quote(f"{self.path}/{IMPORT_FILE}")
        return [
            f"{NO_CHECKPOINTS} pulumi import --file {file} --generate-code=false{stack}",
            f"pulumi preview{stack}  # shows no change",
        ]


def require_name(name: str) -> None:
    """Check the name of the folder: it is also the name of a Python package.

    Raises:
        errors.ConfigurationError: It can't be one.
    """
    is_taken = name in MODULES_RESERVED or keyword.iskeyword(name)
    if is_taken or not name.isidentifier() or slug_of(name, "_") != name.lower():
        what = f"{name!r} can't be the name of a part of the program"
        raise errors.ConfigurationError(what, "Use letters, digits and `_`, such as `adopted_2`.")
