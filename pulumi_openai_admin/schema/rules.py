"""Conditions between the inputs of a resource. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from typing_extensions import override

from pulumi_openai_admin.printable import bounded
from pulumi_openai_admin.schema import formats, ids
from pulumi_openai_admin.schema.fields import Declaration, FieldRole
from pulumi_openai_admin.schema.paths import ROOTS, ids_in, path_failure
from pulumi_openai_admin.schema.shapes import Structure, is_unknown
from pulumi_openai_admin.similar import did_you_mean


class Rule:
    """A condition on several inputs. Nobody compares rules or prints them, so their classes are made in less time."""

    def failure(self, declaration: Declaration, inputs: Mapping[str, Any]) -> str | None:
        """Why the inputs are invalid, in a sentence that names them; None if they are valid."""
        raise NotImplementedError


class ExactlyOneSelector(Rule):
    """Exactly one selector is set."""

    @override
    def failure(self, declaration: Declaration, inputs: Mapping[str, Any]) -> str | None:
        names = [field.name for field in declaration.with_role(FieldRole.SELECTOR)]
        given = [name for name in names if name in inputs]
        if len(given) == 1:
            return None
        which = f"{' and '.join(given)} are set" if given else "none of them is set"
        return f"Set exactly one of {' and '.join(names)}: {which}."


class AnyArgument(Rule):
    """At least one argument is set: otherwise there is nothing to manage."""

    @override
    def failure(self, declaration: Declaration, inputs: Mapping[str, Any]) -> str | None:
        names = [field.name for field in declaration.with_role(FieldRole.ARGUMENT)]
        return None if any(name in inputs for name in names) else f"Set at least one of {', '.join(names)}."


@dataclass(eq=False, repr=False)
class Alone(Rule):
    """A text that stands for a whole list is the only one in it."""

    field: str
    text: str

    @override
    def failure(self, declaration: Declaration, inputs: Mapping[str, Any]) -> str | None:
        texts = inputs.get(self.field)
        if not isinstance(texts, list) or self.text not in texts or {*map(str, texts)} == {self.text}:
            return None
        others = ", ".join(repr(text) for text in texts if text != self.text and not is_unknown(text))
        return f"{self.field} has {self.text!r} and {others or 'others'}: remove {self.text!r}, or all others."


@dataclass(eq=False, repr=False)
class ExactlyOneProperty(Rule):
    """A structure has exactly one of its properties, if it is set."""

    field: str

    @override
    def failure(self, declaration: Declaration, inputs: Mapping[str, Any]) -> str | None:
        value = inputs.get(self.field)
        shape = declaration.fields[self.field].shape
        if not isinstance(value, dict) or not isinstance(shape, Structure):
            return None
        given = [name for name in shape.properties if name in value]  # the engine keeps no order
        if len(given) < 2:  # noqa: PLR2004 - the field itself says that it is empty, or what is not a property
            return None
        return f"{self.field} has {' and '.join(given)}: set exactly one of {', '.join(shape.properties)}."


@dataclass(eq=False, repr=False)
class NotTogether(Rule):
    """If `flag` is True, `other` is not set."""

    flag: str
    other: str

    @override
    def failure(self, declaration: Declaration, inputs: Mapping[str, Any]) -> str | None:
        flag = inputs.get(self.flag)
        if flag is None or is_unknown(flag) or not flag or self.other not in inputs:
            return None
        return f"{self.other} can't be set together with {self.flag}=True: remove one of them."


@dataclass(eq=False, repr=False)
class KeysAmong(Rule):
    """The keys of a list of entries are members of another list: its strings, or the keys of its entries."""

    field: str
    members: str

    @override
    def failure(self, declaration: Declaration, inputs: Mapping[str, Any]) -> str | None:
        field = declaration.fields[self.field]
        keys = field.to_handler(inputs.get(self.field))
        members = declaration.fields[self.members].names_in(inputs.get(self.members))
        if not isinstance(keys, dict) or members is None:
            return None
        others = [key for key in keys if key not in members]
        if not others:
            return None
        return (
            f"{self.field} has {bounded(', ', map(repr, others))}, which {self.members} does not have: "
            f"add these entries to {self.members}, or remove them from {self.field}."
        )


@dataclass(eq=False, repr=False)
class Needs(Rule):
    """If one input is set, `other` is set too."""

    field: str
    other: str

    @override
    def failure(self, declaration: Declaration, inputs: Mapping[str, Any]) -> str | None:
        if self.field not in inputs or self.other in inputs:
            return None
        return f"{self.field} has no effect without {self.other}: set both, or remove {self.field}."


@dataclass(eq=False, repr=False)
class UndeclaredPath(Rule):
    """A path has no placeholder, has the ids of its parents, and no resource of this version manages it."""

    field: str
    managing: Callable[[str], list[str]]
    """Gives the names of the resources that manage a path."""

    @override
    def failure(self, declaration: Declaration, inputs: Mapping[str, Any]) -> str | None:
        path = inputs.get(self.field)
        if not isinstance(path, str) or is_unknown(path) or not path.startswith(ROOTS):
            return None  # the field itself says what is wrong
        failure = path_failure(path)
        if failure:
            return f"{self.field} {failure}."
        for id_name, id_ in ids_in(path).items():
            form = ids.form_of_field(id_name)
            if form is not None and not form.is_met(id_):
                return f"{self.field} has {'an API key' if ids.has_key(id_) else repr(id_)}, not {form.words}."
        resources = self.managing(path)
        if resources:
            return f"{self.field} is managed by {' or '.join(resources)} in this version: declare that resource."
        return None


@dataclass(eq=False, repr=False)
class _NamesAndMapping(Rule):
    """A condition on the strings of a list and the keys of a mapping, if both are set."""

    field: str
    of: str

    @override
    def failure(self, declaration: Declaration, inputs: Mapping[str, Any]) -> str | None:
        names, mapping = inputs.get(self.field), inputs.get(self.of)
        if not isinstance(names, list) or not isinstance(mapping, dict):
            return None
        for place, name in enumerate(names):
            if isinstance(name, str) and not is_unknown(name) and (wrong := self._wrong(name, mapping)):
                return f"{self.field}[{place}] is {name!r}, which {self.of} {wrong}"
        return None

    def _wrong(self, name: str, mapping: Mapping[str, Any]) -> str:
        """What the mapping does with a text that breaks the rule, and what to do; empty for another text."""
        raise NotImplementedError


@dataclass(eq=False, repr=False)
class NamesInside(_NamesAndMapping):
    """Each text of a list is a key of a mapping, if both are set."""

    @override
    def _wrong(self, name: str, mapping: Mapping[str, Any]) -> str:
        advice = did_you_mean(name, mapping, f"{self.of} sets {', '.join(sorted(mapping))}.")
        return "" if name in mapping else f"does not set. {advice}"


@dataclass(eq=False, repr=False)
class NotInside(_NamesAndMapping):
    """No text of a list of secrets is a key of a mapping, or inside its value."""

    @override
    def _wrong(self, name: str, mapping: Mapping[str, Any]) -> str:
        how = f"remove it, and mark the value in {self.of} as a secret, with Output.secret or in the language's way"
        return f"sets: {how}." if name.partition(".")[0] in mapping else ""


@dataclass(eq=False, repr=False)
class Shorter(Rule):
    """One duration is shorter than another one, if both are set. A number is in seconds."""

    field: str
    than: str
    otherwise: str
    """What happens otherwise, as a clause without a full stop."""

    @override
    def failure(self, declaration: Declaration, inputs: Mapping[str, Any]) -> str | None:
        short, long = (_seconds(inputs.get(name)) for name in (self.field, self.than))
        if short is None or long is None or short < long:
            return None
        return f"{self.field} must be shorter than {self.than}: otherwise {self.otherwise}."


def _seconds(value: object) -> float | None:
    """The seconds of a duration; None if it is not set, unknown or invalid."""
    if isinstance(value, str) and formats.DURATION.is_met(value):
        return formats.duration_seconds(value)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
