"""`--include` and `--exclude`: which objects to import. Pure."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_openai_admin.resources import ALL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PROJECT, ACCOUNT, MODEL, KIND = "project", "account", "model", "kind"
_SHORT = {"Project": PROJECT, "ProjectServiceAccount": ACCOUNT}
"""By the name of a resource, a shorter prefix."""
_PREFIXES = {PROJECT, ACCOUNT, MODEL, KIND, *ALL}


def thing_of(resource: str) -> str:
    """The prefix of patterns for the objects of a resource."""
    return _SHORT.get(resource, resource)


def resource_of(prefix: str) -> str:
    """The name of the resource whose objects a prefix is for."""
    return next((resource for resource, short in _SHORT.items() if short == prefix), prefix)


@dataclass(frozen=True)
class Patterns:
    """Globs for one kind of object each, with a prefix: `Group:eng-*`, `model:gpt-4o*`; without one, for projects.

    The prefix is the name of a resource, or `project`, `account` or `model`. After `kind:` comes a glob for names of
    resources.

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

    def includes_any(self, kind: str) -> bool:
        """Whether any pattern of `include` is for the kind."""
        return any(True for _ in _of_kind(kind, self.include))

    def unused(self, kind: str, names: Iterable[str | None]) -> list[str]:
        """The patterns for a kind that match nothing, which are usually misspelled."""
        existing = set(names)
        return [
            pattern
            for pattern in (*self.include, *self.exclude)
            if (globs := list(_of_kind(kind, [pattern]))) and not _any_matches(globs, existing)
        ]


class Unmatched:
    """The patterns that have matched nothing yet.

    Args:
        patterns: The patterns.
        things: The kinds of objects that are read: patterns for others are ignored.
    """

    def __init__(self, patterns: Patterns, things: Iterable[str]) -> None:
        self._patterns = patterns
        self._unused = {thing: unused for thing in things if (unused := patterns.unused(thing, ()))}

    def record(self, thing: str, names: Iterable[str | None]) -> None:
        """Record that there is an object with these names."""
        if thing in self._unused:
            still = set(self._patterns.unused(thing, names))
            self._unused[thing] = [pattern for pattern in self._unused[thing] if pattern in still]

    def remaining(self) -> list[tuple[str, str]]:
        """The kind of object and the pattern, of each that matched nothing."""
        return [(thing, pattern) for thing, unused in self._unused.items() for pattern in unused if pattern]


def _of_kind(kind: str, patterns: Iterable[str]) -> Iterable[str]:
    for pattern in patterns:
        prefix, separator, glob = pattern.partition(":")
        if separator and prefix in _PREFIXES:
            if thing_of(prefix) == kind:
                yield glob
        elif kind == PROJECT:
            yield pattern


def _any_matches(globs: Iterable[str], names: Iterable[str | None]) -> bool:
    known = [name for name in names if name is not None]
    return any(fnmatch.fnmatchcase(name, glob) for glob in globs for name in known)
