"""Mappings that a program may also write as a list, so that their keys may be Outputs of other resources. Pure.

A key of a mapping in a program must be a text. The id of a project that the same program creates is not known when the
program runs. `projects=[{"project_id": project.project_id, "role": "member"}]` is `projects={"proj_…": "member"}`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.schema.unknown import is_unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class ListForm:
    """The properties of the entries of the list.

    Args:
        keys: The properties of which each entry has one: the key in the mapping. Each with an example of an Output.
        value: The property that is the value in the mapping.
    """

    keys: Mapping[str, str]
    value: str

    def mapping(self, entries: Any, normalize: Callable[[str], str]) -> Any:
        """The list as a mapping; the list itself while a key is unknown, or if `failure` refuses it."""
        if not isinstance(entries, list) or self.failure(entries, normalize):
            return entries
        if not all(isinstance(entry, dict) and entry.keys() <= {*self.keys, self.value} for entry in entries):
            return entries
        keys = [self._key(entry) for entry in entries]
        if not all(isinstance(key, str) and key.strip() and not is_unknown(key) for key in keys):
            return entries
        if not all(self.value in entry for entry in entries):
            return entries
        return {normalize(key): entry[self.value] for key, entry in zip(keys, entries, strict=True)}

    def failure(self, entries: list[Any], normalize: Callable[[str], str]) -> tuple[int, str] | None:
        """The first wrong entry, beyond the types of its properties: its place in the list, and what is wrong."""
        places: dict[str, int] = {}
        for place, entry in enumerate(entries):
            if not isinstance(entry, dict):
                continue
            given = [name for name in self.keys if entry.get(name) is not None]
            if not given:
                return place, f"lacks {' or '.join(self.keys)}"
            if len(given) > 1:
                return place, f"has {' and '.join(given)}: set exactly one of them"
            key = entry[given[0]]
            if isinstance(key, str) and not is_unknown(key):
                other = places.setdefault(normalize(key), place)
                if other != place:
                    return place, f"is the same as the entry [{other}]: remove one of them"
        return None

    def example(self, value: object) -> str:
        """A list with one entry, as a program writes it.

        Args:
            value: The value of the entry.
        """
        key, output = next(iter(self.keys.items()))
        return f"[{{{key!r}: {output}, {self.value!r}: {value!r}}}]"

    def _key(self, entry: Mapping[str, Any]) -> Any:
        return next(entry[name] for name in self.keys if entry.get(name) is not None)
