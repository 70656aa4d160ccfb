"""Names of resources, variables and modules, from the names at OpenAI. Pure."""

from __future__ import annotations

import builtins
import keyword
import sys
from typing import TYPE_CHECKING

from pulumi_openai_admin.slugs import slug_of

if TYPE_CHECKING:
    from collections.abc import Iterable

_DEVICES = {"aux", "con", "nul", "prn"} | {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}
"""Names of devices on Windows, with any extension: `con.py` can't be a file."""
PROJECT = "project"
"""The variable of the project in a module."""
ORGANIZATION = "organization"
"""The module of the objects outside of projects."""
ACROSS = "across_projects"
"""The module of the objects that refer to several projects."""
MODULES_RESERVED = frozenset(
    {
        ORGANIZATION,
        ACROSS,
        "projects",
        "pulumi",
        "pulumi_openai_admin",
        "pulumi_openai_admin_native",
        *sys.stdlib_module_names,
        *_DEVICES,
    }
)
"""Names that a module can't have: other modules have them, or they are invalid file names."""
VARIABLES_RESERVED = frozenset({PROJECT, ORGANIZATION, "key", "projects", "pulumi"})
"""Names that a variable can't have: the module or the code in README.md uses them."""


class Names:
    """Unique names of one kind: a second `ci` becomes `ci-2`.

    Args:
        joint: The character between words: `-` in the name of a resource, `_` in a variable.
        reserved: Names that can't be used.
        taken: Names that are used already.
    """

    def __init__(self, joint: str, reserved: frozenset[str] = frozenset(), taken: Iterable[str] = ()) -> None:
        self._joint = joint
        self._reserved = reserved
        self._given: set[str] = set(taken)
        self._counts: dict[str, int] = {}
        """The last number of each name that was used more than once."""

    def is_free(self, name: str) -> bool:
        """Whether a name is not used yet."""
        return name not in self._given

    def give(self, *words: str) -> str:
        """A name from the last word that has a letter: `give(id, name)`."""
        stem = next((slug for word in reversed(words) if (slug := slug_of(word, self._joint))), "unnamed")
        if stem in self._reserved or (self._joint == "_" and not _is_free(stem)):
            stem = f"the{self._joint}{stem}"
        count = self._counts.get(stem, 0) + 1
        while (name := stem if count == 1 else f"{stem}{self._joint}{count}") in self._given:
            count += 1
        self._counts[stem] = count
        self._given.add(name)
        return name


def _is_free(stem: str) -> bool:
    return not (stem[0].isdigit() or keyword.iskeyword(stem) or hasattr(builtins, stem))
