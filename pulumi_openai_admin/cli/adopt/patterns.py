"""`--include` and `--exclude`: what is meant to be taken over. Pure."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PROJECT, ACCOUNT, MODEL = KINDS = ("project", "account", "model")


@dataclass(frozen=True)
class Patterns:
    """Globs, each on one kind of thing: `account:ci-*`, `model:gpt-4o*`, and a bare one on projects.

    Args:
        include: Where a kind has any, only what one of them matches is taken.
        exclude: What one of them matches is not taken, whatever `include` says.
    """

    include: Sequence[str] = ()
    exclude: Sequence[str] = ()

    def take(self, kind: str, *names: str | None) -> bool:
        """Whether a thing with these names is meant."""
        included = list(_of_kind(kind, self.include))
        return (not included or _any_matches(included, names)) and not _any_matches(_of_kind(kind, self.exclude), names)

    def take_any(self, kind: str) -> bool:
        """Whether there can be a thing of the kind that is meant: if not, nobody needs to look."""
        return "*" not in _of_kind(kind, self.exclude)

    def any_of(self, kind: str) -> bool:
        """Whether any pattern is for the kind."""
        return any(True for _ in _of_kind(kind, [*self.include, *self.exclude]))

    def idle(self, kind: str, names: Iterable[str | None]) -> list[str]:
        """The patterns for a kind that match nothing of all that there is: typing mistakes, most of them."""
        there = set(names)
        given = [*self.include, *self.exclude]
        return [one for one in given if (globs := list(_of_kind(kind, [one]))) and not _any_matches(globs, there)]


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
