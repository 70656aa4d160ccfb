"""What all programs have beside their resources: what is known before they are written, and the README. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

IMPORT_FILE = "import.json"
ABOUT_NO_KEYS = (
    "Existing API keys continue to work. Pulumi does not have them, because OpenAI shows",
    "a key only once. To create a key that Pulumi manages (see README.md):",
)
"""The lines of the comment at the accounts of a project."""

_NOT_LISTED = """\
It does not declare objects that every organization has: predefined roles, settings at their defaults, and rate limits
that most projects have. It also omits roles that a person has only through a group, and certificates that are not
active.
"""


@dataclass(frozen=True)
class About:
    """What is known of a program before it is written.

    Args:
        title: Its name.
        version: The required version of this package.
        commands: The commands that import the resources into a stack.
        about_import: A sentence about which requests the import sends.
        statement: What a user adds to an existing program; empty for a separate program.
        notes: Paragraphs about where the objects come from.
        not_imported: The kinds of objects that the program does not declare, each with the reason.
    """

    title: str
    version: str
    commands: Sequence[str]
    about_import: str
    statement: str = ""
    notes: Sequence[str] = ()
    not_imported: Sequence[str] = ()


@dataclass(frozen=True)
class Readme:
    """The README of a program.

    Args:
        about_files: A sentence about the files.
        example_of_key: The code that creates a key for an account, as Markdown; None without accounts.
        left_out: The objects that the program does not declare, with the reasons.
    """

    about_files: str
    example_of_key: str | None
    left_out: Sequence[str]

    def text(self, about: About) -> str:
        """The README."""
        lines = "\n".join(about.commands)
        title = "Existing objects of the OpenAI organization" if about.statement else "OpenAI organization"
        notes = "".join(f"\n{note}\n" for note in about.notes)
        text = f"""\
# {title}

Written by `pulumi-openai-admin adopt`. {self.about_files}
{notes}
## Import
{_about_program(about.statement)}
```console
{lines}
```

{about.about_import} The preview after it shows no change. Then `{IMPORT_FILE}` is no longer needed.
"""
        text += _about_keys(self.example_of_key) if self.example_of_key else ""
        return text + _about_left_out(about.not_imported, self.left_out)


def _about_program(statement: str) -> str:
    return f"\n{statement}\n\nThen, in the folder of `Pulumi.yaml`:\n" if statement else ""


def _about_left_out(not_imported: Iterable[str], left_out: Iterable[str]) -> str:
    """Indented, so that names are not read as Markdown."""
    kinds, objects = ("".join(f"    {printable(line)}\n" for line in lines) for lines in (not_imported, left_out))
    text = f"\nThe program declares no objects of these kinds:\n\n{kinds}\n{_NOT_LISTED}" if kinds else ""
    text += f"\nThe program does not declare these objects:\n\n{objects}" if objects else ""
    return f"\n## Omitted\n{text}" if text else ""


def _about_keys(example: str) -> str:
    return f"""
## Keys

OpenAI shows an API key only when it is created. So Pulumi does not have the keys of these accounts, and the accounts
do not create one in Pulumi. The keys continue to work. To create a key that Pulumi manages:

{example}

Then replace the old key wherever it is used, and revoke it in OpenAI's dashboard.
"""
