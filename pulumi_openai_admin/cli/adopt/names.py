"""Names for what a program declares, made from the names that people gave. Pure."""

from __future__ import annotations

import builtins
import keyword
import re
import sys
import unicodedata

_LONGEST = 60

_DEVICES = {"aux", "con", "nul", "prn"} | {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}
"""What Windows takes for a device, whatever its ending: `con.py` can't be a file there."""
PROJECT = "project"
"""What a module calls its project."""
MODULES_RESERVED = frozenset({"projects", "pulumi", "pulumi_openai_admin", *sys.stdlib_module_names, *_DEVICES})
"""What no module of the program is called: a name that something else has, or that is no file name."""
VARIABLES_RESERVED = frozenset({PROJECT, "key", "projects", "pulumi"})
"""What no account is called in a module: names that the module, or the code in README.md, uses."""


class Names:
    """Names of one kind, no two the same: a second `ci` becomes `ci-2`.

    Args:
        joint: What stands between words: `-` in a resource's name, `_` in a variable's.
        reserved: What can't be used.
    """

    def __init__(self, joint: str, reserved: frozenset[str] = frozenset()) -> None:
        self._joint = joint
        self._reserved = reserved
        self._given: set[str] = set()
        self._counts: dict[str, int] = {}
        """By name, the last number that was given to one that would be the same."""

    def give(self, *words: str) -> str:
        """A name from words, of which the last that has a letter counts: `give(id, name)`."""
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


def slug_of(text: str, joint: str) -> str:
    """The text in small letters and digits, with `joint` between the words; empty if it has none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return joint.join(re.findall(r"[a-z0-9]+", plain))[:_LONGEST].strip(joint)
