"""The program that is written: its provider, its language and its folder; and what all programs have beside resources.

Existing files in the folder are kept, and the program is written completely or not at all. The import file is for
`pulumi import --file`. For the dynamic provider it has the whole state of each resource, so that nothing has to be
read. The native provider reads an object by its id, so the file has a state only where the program declares a part of
the object.
"""

from __future__ import annotations

import json
import keyword
import os
import shlex
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import terminal
from pulumi_openai_admin.cli.adopt.plan import MODULES_RESERVED
from pulumi_openai_admin.hosts.dynamic.admin_provider import imported
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.printable import bounded, printable
from pulumi_openai_admin.slugs import slug_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from pulumi_openai_admin.cli.adopt.plan import Declared, Module
    from pulumi_openai_admin.cli.adopt.reading import Existing
    from pulumi_openai_admin.cli.adopt.stack import StackProvider

IMPORT_FILE = "import.json"
README = "README.md"
NO_CHECKPOINTS = "PULUMI_EXPERIMENTAL=true PULUMI_SKIP_CHECKPOINTS=true"
"""For the import only, which changes nothing outside the state: 2,000 entries take 5 s instead of 103."""
ABOUT_NO_KEYS = (
    "Existing API keys continue to work. Pulumi does not have them, because OpenAI shows",
    "a key only once. To create a key that Pulumi manages (see README.md):",
)
"""The lines of the comment at the accounts of a project."""

_READS_NOTHING = "The import sends no requests to OpenAI."
_READS = (
    "The import and the preview use the native provider, which `pip install 'pulumi-openai-admin[native]'` installs. "
    "The\nimport reads each object from OpenAI, so it needs the Admin API key (`OPENAI_ADMIN_KEY`)."
)
ABOUT_LOW_LIMITS = (
    "These limits are below the highest value that OpenAI shows for the model, so they need not be its default.\n"
    "Without a declaration, a change of them is no drift. To declare them, run the command again with --all-limits."
)
_NOT_LISTED = """\
It does not declare objects that every organization has: predefined roles, settings at their defaults, and rate limits
that most projects have. It also omits roles that a person has only through a group, and certificates that are not
active.
"""


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


@dataclass(frozen=True)
class Target:
    """A provider, a language, and a place.

    Args:
        runtime: The name of the language in `Pulumi.yaml`: `python` or `yaml`.
        is_native: Whether it is for the native provider.
        part: The part of an existing program that is written; None: a separate program.
    """

    runtime: str
    is_native: bool
    part: ProgramPart | None = None

    @property
    def about_import(self) -> str:
        """A sentence about which requests the import sends."""
        return _READS if self.is_native else _READS_NOTHING

    @property
    def commands(self) -> list[str]:
        """The commands that import the resources into a stack; they run in the folder of the Pulumi project."""
        part = self.part
        stack = f" --stack {shlex.quote(part.stack)}" if part and part.stack else ""
        file = shlex.quote(f"{part.path}/{IMPORT_FILE}") if part else IMPORT_FILE
        install = ["pulumi install"] if self.runtime == "python" else []
        return [
            *([] if part else [*install, "pulumi stack init production"]),
            f"{NO_CHECKPOINTS} pulumi import --file {file} --generate-code=false{stack}",
            f"pulumi preview{stack}  # shows no change",
        ]

    def require(self, existing: Existing) -> None:
        """Check that the program and the import file can contain an object.

        Raises:
            errors.NotAdoptableError: It contains half of a surrogate pair, which is not valid text, or a name with
                which Pulumi YAML calls a function.
        """
        try:
            json.dumps(_with_state("", existing), ensure_ascii=False).encode()
        except UnicodeEncodeError:
            what = f"{existing.adopted.id!r} can't be imported: it contains a character that Pulumi can't store"
            raise errors.NotAdoptableError(what) from None
        if self.runtime == "yaml" and _has_function(existing.inputs):
            what = f"{existing.adopted.id!r} can't be imported: it contains a name that begins with `fn::`"
            raise errors.NotAdoptableError(what)

    def import_file(self, modules: Iterable[Module]) -> str:
        """The file for `pulumi import --file`."""
        provider = self.part.provider if self.part else None
        table = f'"nameTable": {json.dumps({provider.name: provider.urn})}, ' if provider else ""
        of_provider = {"provider": provider.name} if provider else {}
        entries = [
            terminal.without_invisible(json.dumps({**self._entry(declared), **of_provider}, ensure_ascii=False))
            for module in modules
            for declared in module.declared
        ]
        return f'{{{table}"resources": [\n' + ",\n".join(entries) + "\n]}\n"

    def _entry(self, declared: Declared) -> dict[str, Any]:
        make = _by_id if self.is_native else _with_state
        return make(declared.name, declared.existing)


DYNAMIC = Target("python", is_native=False)
"""A Python program for the dynamic provider."""
NATIVE_YAML = Target("yaml", is_native=True)
"""A YAML program for the native provider."""
NATIVE_PYTHON = Target("python", is_native=True)
"""A Python program for the native provider."""


def _with_state(name: str, existing: Existing) -> dict[str, Any]:
    """The entry for the dynamic provider: it can't read an object by its id."""
    state = imported(existing.kind.resource, existing.adopted)
    values = {"inputs": dict(state.inputs), "outputs": dict(state.outputs)}
    return {"type": state.type_token, "name": name, "id": state.id, **values}


def _by_id(name: str, existing: Existing) -> dict[str, Any]:
    """The entry for the native provider. It has the state only if the program declares a part of the object."""
    resource = existing.kind.resource
    entry = {"type": properties.token(resource.__name__), "name": name, "id": existing.adopted.id}
    if existing.is_whole:
        return entry
    from pulumi_openai_admin.hosts.native.native_host import state_of  # noqa: PLC0415 - only here, and slow to import

    inputs = properties.from_inputs(resource.declaration, existing.inputs)
    return {**entry, "inputs": inputs, "outputs": state_of(resource, existing.adopted.outputs)}


def _has_function(value: Any) -> bool:
    if isinstance(value, list):
        return any(map(_has_function, value))
    if isinstance(value, dict):
        return any(str(key).lower().startswith("fn::") for key in value) or any(map(_has_function, value.values()))
    return False


def require_name(name: str) -> None:
    """Check the name of the folder of a part: it is also the name of a Python package.

    Raises:
        errors.ConfigurationError: It can't be one.
    """
    is_taken = name in MODULES_RESERVED or keyword.iskeyword(name)
    if is_taken or not name.isidentifier() or slug_of(name, "_") != name.lower():
        what = f"{name!r} can't be the name of a part of the program"
        raise errors.ConfigurationError(what, "Use letters, digits and `_`, such as `adopted_2`.")


@dataclass(frozen=True)
class About:
    """What the files of a program say about it, beside its resources.

    Args:
        title: Its name.
        version: The required version of this package.
        target: Its provider, language and place.
        notes: Paragraphs about where the objects come from.
        not_imported: The kinds of objects that the program does not declare, each with the reason.
        left_out: The objects that the program does not declare, with the reasons.
        low_limits: By model, the limits of most projects that are below the highest value.
    """

    title: str
    version: str
    target: Target
    notes: Sequence[str] = ()
    not_imported: Sequence[str] = ()
    left_out: Sequence[str] = ()
    low_limits: Sequence[str] = ()

    def readme(self, about_files: str, statement: str, example_of_key: str) -> str:
        """The README of the program.

        Args:
            about_files: A sentence about the files.
            statement: What a user adds to an existing program; empty for a separate program.
            example_of_key: The code that creates a key for an account, as Markdown; empty without accounts.
        """
        lines = "\n".join(self.target.commands)
        title = "Existing objects of the OpenAI organization" if statement else "OpenAI organization"
        notes = "".join(f"\n{note}\n" for note in self.notes)
        steps = f"\n{statement}\n\nThen, in the folder of `Pulumi.yaml`:\n" if statement else ""
        text = f"""\
# {title}

Written by `pulumi-openai-admin adopt`. {about_files}
{notes}
## Import
{steps}
```console
{lines}
```

{self.target.about_import} The preview after it shows no change. Then `{IMPORT_FILE}` is no longer needed.
"""
        return text + (_about_keys(example_of_key) if example_of_key else "") + self._omitted()

    def _omitted(self) -> str:
        """What the program does not declare; indented, so that names are not read as Markdown."""
        kinds, objects, limits = (
            "".join(f"    {printable(line)}\n" for line in lines)
            for lines in (self.not_imported, self.left_out, self.low_limits)
        )
        text = f"\nThe program declares no objects of these kinds:\n\n{kinds}\n{_NOT_LISTED}" if kinds else ""
        text += f"\nThe program does not declare these objects:\n\n{objects}" if objects else ""
        text += f"\nMost projects have these limits:\n\n{limits}\n{ABOUT_LOW_LIMITS}\n" if limits else ""
        return f"\n## Omitted\n{text}" if text else ""


def _about_keys(example: str) -> str:
    return f"""
## Keys

OpenAI shows an API key only when it is created. So Pulumi does not have the keys of these accounts, and the accounts
do not create one in Pulumi. The keys continue to work. To create a key that Pulumi manages:

{example}

Then replace the old key wherever it is used, and revoke it in OpenAI's dashboard.
"""


class Folder:
    """The folder of a program.

    Args:
        path: The folder; it does not have to exist.
        files: The files and folders that the program may have.
        force: Whether existing files may be overwritten.
    """

    def __init__(self, path: Path, files: Sequence[str], *, force: bool) -> None:
        self.path = path
        self._files = files
        self._force = force
        self._draft = path / ".adopt"

    def refuse_to_overwrite(self) -> None:
        """Check the folder before the organization is read.

        Raises:
            errors.ConfigurationError: The program would overwrite existing files.
        """
        if self.path.exists() and not self.path.is_dir():
            raise errors.ConfigurationError(f"{self.path} is not a folder", "Use another folder.")
        self._refuse([self._draft, *(self.path / name for name in self._files)])

    def write(self, contents: Mapping[str, str]) -> None:
        """Write files. After an error, the folder is as it was before.

        They are written to a folder inside of it, so that they are on the same disk and a rename is enough.

        Args:
            contents: The contents by path.

        Raises:
            errors.ConfigurationError: They would overwrite other files that came there since.
        """
        self._refuse([self._draft, *(self.path / name for name in contents)])
        folders = {self.path, *((self.path / name).parent for name in contents)}
        made = sorted(folder for folder in folders if not folder.exists())
        shutil.rmtree(self._draft, ignore_errors=True)  # of a run that was killed
        try:
            for name, text in contents.items():
                file = self._draft / "new" / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8", newline="\n")
            self._place(contents)
        except BaseException:
            shutil.rmtree(self._draft, ignore_errors=True)
            for folder in filter(_is_empty_folder, reversed(made)):
                folder.rmdir()
            raise
        shutil.rmtree(self._draft)

    def _place(self, names: Collection[str]) -> None:
        """Move all files into place, or none."""
        begun = []
        try:
            for name in names:
                place, old = self.path / name, self._draft / "old" / name
                place.parent.mkdir(exist_ok=True)
                old.parent.mkdir(parents=True, exist_ok=True)
                begun.append((place, old))
                if os.path.lexists(place):
                    place.replace(old)
                (self._draft / "new" / name).replace(place)
        except BaseException:
            for place, old in reversed(begun):
                if os.path.lexists(old):
                    old.replace(place)
                elif not (self._draft / "new" / place.relative_to(self.path)).exists():
                    place.unlink()
            raise

    def _refuse(self, places: Collection[Path]) -> None:
        """Refuse to overwrite files of others, and links that point outside the folder.

        Raises:
            errors.ConfigurationError: There are such files or links.
        """
        root = self.path.resolve()
        existing = [place for place in places if os.path.lexists(place)]
        checked = (*existing, *{place.parent for place in places})
        leaving = [path for path in checked if not path.resolve().is_relative_to(root)]
        if leaving:
            what = f"{leaving[0]} is a link that points outside {self.path}"
            raise errors.ConfigurationError(what, "Remove the link, or use another folder.")
        foreign = [path for path in existing if path != self._draft and not _is_empty_folder(path)]
        if foreign and not self._force:
            names = bounded(", ", (str(path.relative_to(self.path)) for path in foreign))
            what = f"{self.path} already has files that the program would overwrite: {names}"
            raise errors.ConfigurationError(what, "Use another folder, or overwrite them with --force.")


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())
