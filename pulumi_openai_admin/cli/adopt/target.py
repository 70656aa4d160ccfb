"""What differs between the programs that `adopt` can write: the provider, the language, and the place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from pulumi_openai_admin.cli.adopt import import_file, program, yaml_program
from pulumi_openai_admin.cli.adopt.placement import NO_CHECKPOINTS
from pulumi_openai_admin.cli.adopt.readme import IMPORT_FILE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pulumi_openai_admin.cli.adopt.import_file import Import
    from pulumi_openai_admin.cli.adopt.placement import ProgramPart
    from pulumi_openai_admin.cli.adopt.plan import Module
    from pulumi_openai_admin.cli.adopt.readme import About

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


class Begin(Protocol):
    """Begins a program in an empty folder."""

    def __call__(self, folder: Path, about: About, *, part: ProgramPart | None = None) -> Program:
        """Begin it; with `part`, a part of an existing program."""
        ...


def _require_value(import_: Import) -> None:
    import_file.require_text(import_)
    yaml_program.require_no_function(import_)


@dataclass(frozen=True)
class Target:
    """A provider, a language, and a place.

    Args:
        begin: Begins a program in an empty folder.
        program_files: The files that the program may have.
        part_files: The files that a part of a program may have.
        entry: The entry of a resource in the import file, from its name and the object.
        about_import: A sentence about which requests the import sends.
        statement: What a program needs to declare the resources of a part of it.
        is_native: Whether it is for the native provider.
        runtime: The name of the language in `Pulumi.yaml`.
        install: The commands before the stack is created.
        require: Raises `errors.NotAdoptableError` for what the program or the import file can't contain.
        part: The part of an existing program that is written; None: a separate program.
    """

    begin: Begin
    program_files: tuple[str, ...]
    part_files: tuple[str, ...]
    entry: Callable[[str, Import], dict[str, Any]]
    about_import: str
    statement: Callable[[ProgramPart], str]
    is_native: bool = False
    runtime: str = "python"
    install: tuple[str, ...] = ()
    require: Callable[[Import], None] = import_file.require_text
    part: ProgramPart | None = None

    def program(self, folder: Path, about: About) -> Program:
        """Begin the program in an empty folder."""
        return self.begin(folder, about, part=self.part)

    @property
    def files(self) -> tuple[str, ...]:
        """The files that are written."""
        return (*(self.part_files if self.part else self.program_files), IMPORT_FILE)

    @property
    def commands(self) -> list[str]:
        """The commands that import the resources into a stack; they run in the folder of the Pulumi project."""
        if self.part:
            return self.part.commands
        return [
            *self.install,
            "pulumi stack init production",
            f"{NO_CHECKPOINTS} pulumi import --file {IMPORT_FILE} --generate-code=false",
            "pulumi preview  # shows no change",
        ]

    def into(self, part: ProgramPart) -> Target:
        """The same for a part of an existing program."""
        return replace(self, part=part)


DYNAMIC = Target(
    program.PythonProgram,
    program.FILES,
    program.FILES_OF_PART,
    import_file.with_state,
    _READS_NOTHING,
    program.statement,
    install=_INSTALL,
)
"""A Python program for the dynamic provider."""
NATIVE_YAML = Target(
    yaml_program.YamlProgram,
    yaml_program.FILES,
    yaml_program.FILES_OF_PART,
    import_file.by_id,
    _READS,
    yaml_program.statement,
    is_native=True,
    runtime="yaml",
    require=_require_value,
)
"""A YAML program for the native provider."""
NATIVE_PYTHON = replace(
    DYNAMIC,
    begin=partial(program.PythonProgram, package=program.NATIVE),
    entry=import_file.by_id,
    about_import=_READS,
    is_native=True,
)
"""A Python program for the native provider."""
