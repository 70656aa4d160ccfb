"""What a state records of the time before its resource managed an object, in words. Pure.

A forced replacement that creates the new resource first loses it: the new resource finds the values of the old one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.handlers.handler import Remote


def before(remote: Remote, *, is_secret: bool) -> list[str]:
    """What destroy would have restored, each value with its name; empty if destroy would have changed nothing.

    Args:
        remote: The object in the state.
        is_secret: Whether the values are secret: then only their names are given.
    """
    baseline, found = remote.attributes.get("baseline") or {}, remote.private.get("found") or {}
    told = [text for values in (baseline, found) for text in _flat(values, is_secret=is_secret)]
    if remote.private.get("added"):
        told.append(f"without {', '.join(map(str, remote.private['added']))}")
    is_new = remote.private.get("was_there") is False or remote.private.get("is_kept")
    return told or (["it did not exist"] if is_new else [])


def _flat(values: Any, name: str = "", *, is_secret: bool) -> Iterator[str]:
    """The values of nested mappings: "gpt-4o max_requests_per_1_minute 10000"."""
    if isinstance(values, dict):
        for key, value in values.items():
            yield from _flat(value, f"{name} {key}".strip(), is_secret=is_secret)
    elif values is not None:
        yield name if is_secret else f"{name} {values}"
