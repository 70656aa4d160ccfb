"""The options of the command, also for a part of an existing program."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import stack_export
from pulumi_openai_admin.cli.adopt.patterns import Patterns
from pulumi_openai_admin.cli.adopt.placement import ProgramPart, require_name
from pulumi_openai_admin.cli.adopt.project_folder import ProjectFolder
from pulumi_openai_admin.cli.adopt.stack import StackState
from pulumi_openai_admin.cli.adopt.target import DYNAMIC, NATIVE_PYTHON, NATIVE_YAML, Target
from pulumi_openai_admin.slugs import slug_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True)
class AdoptOptions:
    """The options of the command.

    Args:
        words: What the user names: projects, and objects such as `Group:Engineering`.
        out: The folder of the program.
        projects: The projects, beside those in `words`; where objects that are named by name are looked for.
        terraform: A Terraform state that says which objects are imported.
        into: The existing program, of which a part is written; None: a separate program.
        dry_run: Whether to list what would be imported, and to write nothing.
    """

    words: Sequence[str]
    out: Path
    projects: Sequence[str] = ()
    include: Sequence[str] = ()
    exclude: Sequence[str] = ()
    all_limits: bool = False
    one_by_one: bool = False
    force: bool = False
    target: Target = DYNAMIC
    terraform: Path | None = None
    into: Into | None = None
    dry_run: bool = False

    @property
    def patterns(self) -> Patterns:
        """Which objects to import."""
        return Patterns(self.include, self.exclude)

    @property
    def title(self) -> str:
        """The name of the program."""
        return slug_of(self.out.resolve().name, "-") or "openai"

    @property
    def where(self) -> Path:
        """The folder in which the commands run."""
        return self.into.folder.path if self.into else self.out


@dataclass(frozen=True)
class Into:
    """An existing program and what its stack manages."""

    folder: ProjectFolder
    state: StackState


def options_into(options: AdoptOptions, folder: Path, stack: str, state: Path | None, provider: str) -> AdoptOptions:
    """The options for a part of an existing program.

    Args:
        options: The options for a separate program; `out` is the name of the new folder in the program.
        folder: The folder of the Pulumi project.
        stack: The name of the stack; empty: the selected one.
        state: A file of `pulumi stack export`; None: it is exported now.
        provider: The name of the provider for the new resources; empty: the one that the stack uses.

    Raises:
        errors.ConfigurationError: The program is in another language, or of another provider than the stack.
    """
    require_name(options.out.name)
    project = ProjectFolder.read(folder)
    target = options.target
    if project.runtime not in {"python", "yaml"}:
        what = f"The program in {folder} is in the language {project.runtime!r}, and adopt writes Python and YAML"
        raise errors.ConfigurationError(what, "Use a new program with --out DIR, and import into a separate stack.")
    found = StackState.of(stack_export.document(state, stack, folder))
    if target is DYNAMIC and (project.runtime == "yaml" or found.is_native == {True}):
        target = NATIVE_YAML if project.runtime == "yaml" else NATIVE_PYTHON
    if target.runtime != project.runtime:
        what = f"The program in {folder} is in {project.runtime}, and the option is for {target.runtime}"
        raise errors.ConfigurationError(what, "Remove --native and --native-python.")
    if found.is_native and target.is_native not in found.is_native:
        what = "The resources of the stack are of the dynamic provider, and the option is for the native one"
        raise errors.ConfigurationError(what, "Remove the option, or run `pulumi-openai-admin migrate` first.")
    declared = found.provider(provider)
    if declared and target.runtime == "yaml":
        declared = replace(declared, key=project.key_of(declared.name))
    path = (project.program / options.out.name).as_posix()
    part = ProgramPart(options.out.name, path, stack, declared, project.names)
    return replace(options, out=folder / path, target=target.into(part), into=Into(project, found))
