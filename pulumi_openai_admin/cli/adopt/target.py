"""What differs between the programs that `adopt` can write: the provider, and the language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from pulumi_openai_admin.cli.adopt import import_file, program, yaml_program
from pulumi_openai_admin.cli.adopt.readme import IMPORT_FILE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pulumi_openai_admin.cli.adopt.import_file import Import
    from pulumi_openai_admin.cli.adopt.plan import Module
    from pulumi_openai_admin.cli.adopt.readme import About

_NO_CHECKPOINTS = "PULUMI_EXPERIMENTAL=true PULUMI_SKIP_CHECKPOINTS=true"
"""For the import only, which changes nothing outside the state: 2,000 entries take 5 s instead of 103."""
_INSTALL = ("pulumi install",)
_READS_NOTHING = "The import sends no requests to OpenAI."
_READS = (
    "The import and the preview use the native provider, which `pip install 'pulumi-openai-admin[native]'` installs. "
    "The\nimport reads each object from OpenAI, so it needs the Admin API key (`OPENAI_ADMIN_KEY`)."
)


class Program(Protocol):
    """Writes a program, which may be larger than memory."""

    def add(self, module: Module) -> None:
        """Write the organization's resources, or those of the next project."""

    def finish(self, left_out: list[str]) -> None:
        """Write the rest.

        Args:
            left_out: The objects that the program does not declare, with the reasons.
        """


def _require_value(one: Import) -> None:
    import_file.require_text(one)
    yaml_program.require_no_function(one)


@dataclass(frozen=True)
class Target:
    """A provider and a language.

    Args:
        program: Begins a program in an empty folder.
        program_files: The files that the program may have.
        entry: The entry of a resource in the import file, from its name and the object.
        about_import: A sentence about which requests the import sends.
        install: The commands before the stack is created.
        require: Raises `errors.NotAdoptableError` for what the program or the import file can't contain.
    """

    program: Callable[[Path, About], Program]
    program_files: tuple[str, ...]
    entry: Callable[[str, Import], dict[str, Any]]
    about_import: str
    install: tuple[str, ...] = ()
    require: Callable[[Import], None] = import_file.require_text

    @property
    def files(self) -> tuple[str, ...]:
        """The files that are written."""
        return (*self.program_files, IMPORT_FILE)

    @property
    def commands(self) -> list[str]:
        """The commands that import the resources into a stack; they run in the program's folder."""
        return [
            *self.install,
            "pulumi stack init production",
            f"{_NO_CHECKPOINTS} pulumi import --file {IMPORT_FILE} --generate-code=false",
            "pulumi preview  # shows no change",
        ]


DYNAMIC = Target(program.PythonProgram, program.FILES, import_file.with_state, _READS_NOTHING, _INSTALL)
"""A Python program for the dynamic provider."""
NATIVE_YAML = Target(yaml_program.YamlProgram, yaml_program.FILES, import_file.by_id, _READS, require=_require_value)
"""A YAML program for the native provider."""
NATIVE_PYTHON = Target(
    partial(program.PythonProgram, package=program.NATIVE), program.FILES, import_file.by_id, _READS, _INSTALL
)
"""A Python program for the native provider."""
