"""Names for what a program declares, made from the names that people gave. Pure."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata

_LONGEST = 60


class Names:
    """Names of one kind, no two the same: a second `ci` becomes `ci-2`.

    Args:
        joint: What stands between words: `-` in a resource's name, `_` in a variable's.
        taken: What can't be used.
    """

    def __init__(self, joint: str, taken: frozenset[str] = frozenset()) -> None:
        self._joint = joint
        self._taken = set(taken)

    def give(self, *words: str) -> str:
        """A name from words, of which the last that has a letter counts: `give(id, name)`."""
        stem = next((slug for word in reversed(words) if (slug := slug_of(word, self._joint))), "unnamed")
        if self._joint == "_" and (stem[0].isdigit() or keyword.iskeyword(stem) or hasattr(builtins, stem)):
            stem = f"the_{stem}"
        name, count = stem, 1
        while name in self._taken:
            count += 1
            name = f"{stem}{self._joint}{count}"
        self._taken.add(name)
        return name


def slug_of(text: str, joint: str) -> str:
    """The text in small letters and digits, with `joint` between the words; empty if it has none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return joint.join(re.findall(r"[a-z0-9]+", plain))[:_LONGEST].strip(joint)
