"""The differences between two versions of one resource: its state, its object at OpenAI, its inputs. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.cli.recorded import SECRET, has_secret
from pulumi_openai_admin.hosts.native.properties import camel, key_in_path, renamed
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.schema.fields import ABSENT, FieldRole
from pulumi_openai_admin.schema.validation import normalized

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pulumi_openai_admin.cli.recorded import RecordedResource
    from pulumi_openai_admin.schema.fields import Declaration, Field


@dataclass(frozen=True)
class Change:
    """A value that differs."""

    path: tuple[str, ...]
    """The field, then the keys inside of it: `("limits", "gpt-4o", "max_requests_per_1_minute")`."""
    before: Any
    """The value in the state; None if it has none."""
    after: Any
    """The value at OpenAI; None if it has none."""
    is_item: bool = False
    """Whether it is an item that was added to a list, or removed from it: then the other value is None."""
    is_managed: bool = True
    """Whether the program sets the field."""
    spelling: tuple[str, ...] = ()
    """The path with the names of Pulumi packages, for a resource of the native provider."""

    @property
    def item(self) -> Any:
        """The item that was added or removed."""
        return self.before if self.after is None else self.after

    @property
    def field(self) -> str:
        """The place as Pulumi writes it: `limits["gpt-4o"].max_requests_per_1_minute`."""
        first, *others = self.spelling or self.path
        return first + "".join(map(key_in_path, others))


def in_native(declaration: Declaration, changes: Iterable[Change]) -> Iterator[Change]:
    """The changes of a resource of the native provider, with the names in its programs; keys of mappings stay."""
    for change in changes:
        first, *others = change.path
        inside: Any = None
        for key in reversed(others):
            inside = {key: inside}
        inside, spelled = renamed(declaration.fields[first].shape, inside), [camel(first)]
        while inside is not None:
            ((key, inside),) = inside.items()
            spelled.append(key)
        yield replace(change, spelling=tuple(spelled))


def changes_between_inputs(
    resource: RecordedResource,
    olds: Mapping[str, Any],
    old_inputs: Mapping[str, Any],
    new_inputs: Mapping[str, Any],
    named: Iterable[str] = (),
) -> list[Change]:
    """What a program changes, from the inputs in the state.

    The state has what the program did not set before; it is empty for a new resource. `named` are the inputs of which
    the engine says that they change: of a secret, nothing else says it.
    """
    found: list[Change] = []
    declaration = resource.declaration
    for field in declaration.inputs:
        shown = _value(field, olds) if field.name in new_inputs else None
        before, after = _input(field, old_inputs), _input(field, new_inputs)
        before = shown if before is None else before
        if not (has_secret(before) and before == after):
            hidden = _hidden_entries(declaration, field, olds)
            found += _changes(field, (field.name,), before, after, hidden)
    changed = {change.path[0] for change in found}
    for name in named:
        if name not in changed and has_secret([old_inputs.get(name), new_inputs.get(name)]):
            found.append(Change((name,), SECRET, SECRET))
    return [*in_native(declaration, found)] if resource.is_native else found


def _input(field: Field[Any, Any], values: Mapping[str, Any]) -> Any:
    value = values.get(field.name)
    return None if value is None else _by_key(field, field.ordered(normalized(value)))


def changes_between(resource: RecordedResource, olds: Mapping[str, Any], news: Mapping[str, Any]) -> list[Change]:
    """What differs between a state and what a refresh would write. Secrets are not compared."""
    managed = state.managed_inputs(olds) or set()
    found: list[Change] = []
    declaration = resource.declaration
    for field in declaration.fields.values():
        before, after = _value(field, olds), _value(field, news)
        if _is_compared(field, olds) and before != after:
            hidden = _hidden_entries(declaration, field, olds)
            changes = _changes(field, (field.name,), before, after, hidden)
            found += [replace(change, is_managed=field.name in managed) for change in changes]
    return [*in_native(declaration, found)] if resource.is_native else found


def uncompared_inputs(resource: RecordedResource, olds: Mapping[str, Any]) -> list[str]:
    """The inputs that OpenAI shows and that are not compared, because the state has them encrypted: their names in
    programs.
    """
    declaration = resource.declaration
    names = [
        field.name
        for field in declaration.inputs
        if field.role is FieldRole.ARGUMENT and _is_shown(field) and has_secret(olds.get(field.stored))
    ]
    return [camel(name) if resource.is_native else name for name in names]


def is_any_input_compared(declaration: Declaration, olds: Mapping[str, Any]) -> bool:
    """Whether anything is compared that a program sets, apart from whether the object exists: not if all is secret."""
    managed = state.managed_inputs(olds) or set()
    arguments = [field for field in declaration.inputs if field.name in managed and field.role is FieldRole.ARGUMENT]
    are_secret = any(has_secret(olds.get(field.stored)) for field in arguments)
    return not are_secret or any(_is_compared(field, olds) for field in arguments)


def _is_compared(field: Field[Any, Any], olds: Mapping[str, Any]) -> bool:
    return _is_shown(field) and field.stored in olds and not has_secret(olds[field.stored])


def _is_shown(field: Field[Any, Any]) -> bool:
    """Whether OpenAI shows the field. A hidden one repeats what another field says."""
    return field.role is not FieldRole.OPTION and not field.is_secret and not field.write_only and not field.hidden


def _value(field: Field[Any, Any], values: Mapping[str, Any]) -> Any:
    value = values.get(field.stored)
    return None if value is None or value == ABSENT else _by_key(field, field.ordered(normalized(value)))


def _by_key(field: Field[Any, Any], value: Any) -> Any:
    """A list whose entries have keys as a mapping, so that a change names the entry, and not its place in the list."""
    if field.keyed is None or not isinstance(value, list):
        return value
    found: dict[str, Any] = {}
    for entry, key in zip(value, field.keyed.keys_of(value), strict=True):
        is_entry = isinstance(entry, dict)  # else it is words for what is not known yet
        name = key if is_entry else str(entry)
        others = sum(known.partition(" (")[0] == name for known in found)
        found[f"{name} ({others + 1})" if others else name] = entry.get(field.keyed.value) if is_entry else entry
    return found


def _hidden_entries(declaration: Declaration, field: Field[Any, Any], olds: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a hidden output remembers of each entry of a field, such as the rows that a pattern covers."""
    for other in declaration.fields.values():
        value = olds.get(other.stored)
        if other.hidden and field.name in other.reveals and isinstance(value, dict):
            return value
    return {}


def _changes(field: Field[Any, Any], path: tuple[str, ...], before: Any, after: Any, hidden: Any) -> Iterator[Change]:
    if before == after:
        return
    inside = hidden if isinstance(hidden, dict) else {}
    if isinstance(after, dict) and isinstance(before, dict | None):
        old = before if before is not None else inside if len(path) > 1 else {}
        for key in sorted({*(before or {}), *after}):
            yield from _changes(field, (*path, key), old.get(key), after.get(key), inside.get(key))
    elif isinstance(before, dict) and after is None and len(path) == 1:
        for key, value in sorted(before.items()):
            yield Change((*path, key), value, None)
    elif field.unordered and isinstance(before, list | None) and isinstance(after, list | None):
        olds, news = before or [], after or []
        yield from (Change(path, item, None, is_item=True) for item in olds if item not in news)
        yield from (Change(path, None, item, is_item=True) for item in news if item not in olds)
    else:
        yield Change(path, before, after)
