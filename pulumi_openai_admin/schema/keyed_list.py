"""Lists of structures that each have a key, such as the id of a user. Handlers have them as mappings. Pure.

A program writes a list, because a key may be an Output of another resource, and the key of a mapping can't be one:
`projects=[{"project_id": project.project_id, "role": "member"}]`. A handler has `{"proj_…": "member"}`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.schema.unknown import UNKNOWN, is_unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ADDRESS = "email"
"""The property of keys that are addresses."""


@dataclass(frozen=True)
class KeyedList:
    """The properties of the entries of a list. The order of the entries has no meaning.

    Args:
        keys: The properties of which each entry has exactly one: its key.
        value: The property that is the value in the mapping.
    """

    keys: tuple[str, ...]
    value: str

    def mapping(self, entries: Any) -> Any:
        """The list as a mapping, without entries whose key is not known yet. What is no list stays."""
        if not isinstance(entries, list):
            return entries
        return {
            key: entry[self.value]
            for entry, key in zip(entries, self.keys_of(entries), strict=True)
            if key != UNKNOWN and entry.get(self.value) is not None
        }

    def entries(self, mapping: Any) -> Any:
        """The mapping as a list. What is no mapping stays."""
        if not isinstance(mapping, dict):
            return mapping
        return [{self._property_of(key): key, self.value: value} for key, value in sorted(mapping.items())]

    def keys_of(self, entries: list[Any]) -> list[str]:
        """The keys of the entries; `UNKNOWN` for a key that is not known yet, or is not valid."""
        found = (self._given(entry) for entry in entries)
        keys = (entry[given[0]] if given else None for entry, given in zip(entries, found, strict=True))
        return [key if isinstance(key, str) and key.strip() and not is_unknown(key) else UNKNOWN for key in keys]

    def spelled(self, entries: list[Any], normalize: Callable[[str], str]) -> list[Any]:
        """The entries in their order: each key with one spelling, and without properties that are not set."""
        return [self._spelled(entry, normalize) if isinstance(entry, dict) else entry for entry in entries]

    def ordered(self, entries: list[Any]) -> list[Any]:
        """The entries in the order of their keys. Those whose key is not known yet are last."""
        places = dict(enumerate(self.keys_of(entries)))
        return [entries[place] for place in sorted(places, key=lambda place: (places[place] == UNKNOWN, places[place]))]

    def failure(self, entries: list[Any]) -> tuple[int, str] | None:
        """The first wrong entry, beyond the types of its properties: its place in the list, and what is wrong."""
        places: dict[str, int] = {}
        for place, (entry, key) in enumerate(zip(entries, self.keys_of(entries), strict=True)):
            given = self._given(entry)
            if isinstance(entry, dict) and not given:
                return place, f"lacks {' or '.join(self.keys)}"
            if len(given) > 1:
                return place, f"has {' and '.join(given)}: set exactly one of them"
            other = places.setdefault(key, place) if key != UNKNOWN else place
            if other != place:
                return place, f"is the same as the entry [{other}]: remove one of them"
        return None

    def _spelled(self, entry: Mapping[str, Any], normalize: Callable[[str], str]) -> dict[str, Any]:
        return {
            name: normalize(value) if name in self.keys and isinstance(value, str) and not is_unknown(value) else value
            for name, value in entry.items()
            if value is not None
        }

    def _given(self, entry: Any) -> list[str]:
        """The keys that an entry has."""
        return [name for name in self.keys if entry.get(name) is not None] if isinstance(entry, dict) else []

    def _property_of(self, key: str) -> str:
        return ADDRESS if ADDRESS in self.keys and "@" in key else self.keys[0]


@dataclass(frozen=True)
class IdsByName(KeyedList):
    """Entries that each have an id, and the name that the program uses, if that is not the id. An output.

    `[{"email": "ada@example.com", "user_id": "user-1"}, {"user_id": "user-2"}]` is
    `{"ada@example.com": "user-1", "user-2": "user-2"}`.
    """

    def mapping(self, entries: Any) -> Any:
        """See `KeyedList.mapping`."""
        if not isinstance(entries, list):
            return entries
        (name,) = self.keys
        return {entry.get(name) or entry[self.value]: entry[self.value] for entry in entries}

    def entries(self, mapping: Any) -> Any:
        """See `KeyedList.entries`."""
        found = super().entries(mapping)
        (name,) = self.keys
        if not isinstance(found, list):
            return found
        return [entry if entry[name] != entry[self.value] else {self.value: entry[self.value]} for entry in found]
