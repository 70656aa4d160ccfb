"""`--include` and `--exclude`: which objects to import. Pure."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PROJECT, ACCOUNT, MODEL = KINDS = ("project", "account", "model")


@dataclass(frozen=True)
class Patterns:
    """Globs for one kind of object: `account:ci-*`, `model:gpt-4o*`, and without a prefix for projects.

    Args:
        include: If a kind has any, only matching objects are imported.
        exclude: Matching objects are not imported. It takes precedence over `include`.
    """

    include: Sequence[str] = ()
    exclude: Sequence[str] = ()

    def selects(self, kind: str, *names: str | None) -> bool:
        """Whether an object with these names is imported."""
        included = list(_of_kind(kind, self.include))
        return (not included or _any_matches(included, names)) and not _any_matches(_of_kind(kind, self.exclude), names)

    def selects_any(self, kind: str) -> bool:
        """Whether objects of the kind can be imported: if not, they do not have to be read."""
        return "*" not in _of_kind(kind, self.exclude)

    def any_of(self, kind: str) -> bool:
        """Whether any pattern is for the kind."""
        return any(True for _ in _of_kind(kind, [*self.include, *self.exclude]))

    def idle(self, kind: str, names: Iterable[str | None]) -> list[str]:
        """The patterns for a kind that match nothing, which are usually misspelled."""
        existing = set(names)
        given = [*self.include, *self.exclude]
        return [
            pattern
            for pattern in given
            if (globs := list(_of_kind(kind, [pattern]))) and not _any_matches(globs, existing)
        ]


def _of_kind(kind: str, patterns: Iterable[str]) -> Iterable[str]:
    for pattern in patterns:
        prefix, separator, glob = pattern.partition(":")
        if separator and prefix in KINDS:
            if prefix == kind:
                yield glob
        elif kind == PROJECT:
            yield pattern


def _any_matches(globs: Iterable[str], names: Iterable[str | None]) -> bool:
    known = [name for name in names if name is not None]
    return any(fnmatch.fnmatchcase(name, glob) for glob in globs for name in known)
