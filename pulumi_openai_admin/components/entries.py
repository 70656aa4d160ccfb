"""The entries of a component's arguments: mappings by name, whose mistakes are reported in one line."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import pulumi

from pulumi_openai_admin.components.team_inputs import TeamSpendAlert
from pulumi_openai_admin.program.arguments import DeclarationError, calling_line, nearest
from pulumi_openai_admin.schema import shapes
from pulumi_openai_admin.schema.shapes import Bounds

if TYPE_CHECKING:
    from collections.abc import Callable

    Cents = int | pulumi.Output[int]

_CENTS = 100
_TOLERANCE = 1e-4
"""How far a number may be from a whole cent: 0.1 + 0.2 is 0.30000000000000004."""
_DOLLARS, _SHARE = "threshold_dollars", "threshold_share"
_PERCENT = re.compile(r"(\d+(?:\.\d+)?) ?%")
_ALL = 100

T = TypeVar("T")


def cents(checked: Arguments, place: str, dollars: Any, minimum: int = 1) -> Cents:
    """An amount in cents.

    Args:
        checked: Refuses what is wrong.
        place: What messages call the argument: `spend_limit_dollars`.
        dollars: The amount in dollars, or an Output of one.
        minimum: The least amount in cents.

    Raises:
        DeclarationError: It is no amount of whole cents, or too small.
    """
    advice = "Write it as 1000 or 1000.5: a number, with at most two decimals."
    return _converted(
        dollars, lambda known: _in_cents(known, minimum), checked, (place, "an amount in dollars", advice)
    )


def of_alert(checked: Arguments, place: str, given: Any, limit: Cents | None) -> dict[str, Any]:
    """The inputs of a `ProjectSpendAlert`.

    Args:
        checked: Refuses what is wrong.
        place: Where the alert is: `alerts['high']`.
        given: Its entry.
        limit: The spend limit in cents; None if there is none.

    Raises:
        DeclarationError: Not exactly one of the amount and the share is given, or it is wrong.
    """
    entry = checked.properties(place, given, TeamSpendAlert)
    named = [name for name in (_DOLLARS, _SHARE) if entry.get(name) is not None]
    if len(named) != 1:
        what = f"{place} has both" if named else f"{place} has neither of"
        checked.refuse(f"{what} {checked.quoted(_DOLLARS)} and {checked.quoted(_SHARE)}", "Set one of them.")
    inputs = {name: value for name, value in entry.items() if name not in (_DOLLARS, _SHARE)}
    amount = checked.inside(place, named[0])
    if named == [_DOLLARS]:
        return {"threshold_amount": cents(checked, amount, entry[_DOLLARS], minimum=0), **inputs}
    if limit is None:
        what = f"{amount} is a share of {checked.name('spend_limit_dollars')}, which is not set"
        checked.refuse(what, f"Set it, or {checked.quoted(_DOLLARS)}.")
    return {"threshold_amount": _share(checked, amount, entry, limit), **inputs}


def _share(checked: Arguments, place: str, entry: Mapping[str, Any], limit: Cents) -> Cents:
    """A share of the limit in whole cents, at least one."""
    advice = "Write it as '80%': at most 100%."
    percent = _converted(entry[_SHARE], _percent, checked, (place, "a share of the spend limit", advice))
    error = checked.error(
        f"{place} is less than one cent of {checked.name('spend_limit_dollars')}",
        f"Set a larger share, or {checked.quoted(_DOLLARS)}.",
    )

    def of(limit: int, percent: float) -> int:
        amount = round(limit * percent / _ALL)
        if not amount:
            raise error
        return amount

    if isinstance(limit, int) and isinstance(percent, float):
        return of(limit, percent)
    both: pulumi.Output[list[Any]] = pulumi.Output.all(limit, percent)
    return both.apply(lambda known: of(*known))


def _converted(
    value: Any, convert: Callable[[Any], T | None], checked: Arguments, words: tuple[str, str, str]
) -> T | pulumi.Output[T]:
    """A value in another form; one that is refused has no other form."""
    place, what, advice = words
    if not isinstance(value, pulumi.Output):
        converted = convert(value)
        if converted is None:
            checked.refuse(f"{place} is {checked.example(value)}, not {what}", advice)
        return converted
    # The line of the program is known only now, and a value that is known later may be secret.
    error = checked.error(f"{place} is an Output that is not {what}", advice)

    def later(known: Any) -> T:
        converted = convert(known)
        if converted is None:
            raise error
        return converted

    return value.apply(later)


def _in_cents(dollars: Any, minimum: int) -> int | None:
    """The amount in whole cents; None if it is not an amount."""
    if isinstance(dollars, bool) or not isinstance(dollars, int | float) or not math.isfinite(dollars):
        return None
    amount = round(dollars * _CENTS)
    return amount if abs(dollars * _CENTS - amount) <= _TOLERANCE and amount >= minimum else None


def _percent(share: Any) -> float | None:
    """80.0 for "80%"; None if it is not a share."""
    found = _PERCENT.fullmatch(share.strip()) if isinstance(share, str) else None
    percent = float(found.group(1)) if found else 0.0
    return percent if 0 < percent <= _ALL else None


@dataclass(frozen=True)
class Spelling:
    """How messages spell what a program gives.

    Args:
        name: An argument, or a property.
        key: The entry of a mapping or a list, behind its place.
        inside: The property of an entry, behind its place.
        value: An example.
        kind: The type of a value, in words.
        line: The line of the program, in parentheses; empty if it is not known.
    """

    name: Callable[[str], str]
    key: Callable[[str | int], str]
    inside: Callable[[str], str]
    value: Callable[[object], str]
    kind: Callable[[object], str]
    line: Callable[[], str]


@dataclass(frozen=True)
class Arguments:
    """Checks the arguments of one component.

    Args:
        component: What messages begin with: `TeamProject 'shop': `. Empty if the engine names the component.
        spelling: How they spell what the program gives.
    """

    component: str
    spelling: Spelling

    def name(self, argument: str) -> str:
        """An argument, or a property, in messages."""
        return self.spelling.name(argument)

    def child(self, called: str) -> str:
        """What `former_names` calls a resource: an argument, and the name of an entry behind it."""
        argument, *entry = called.split(".", 1)
        return ".".join([self.name(argument), *entry])

    def quoted(self, name: str) -> str:
        """A property between quotes."""
        return repr(self.name(name))

    def entry(self, place: str, key: str | int) -> str:
        """The place of an entry: `alerts['high']`."""
        return f"{place}{self.spelling.key(key)}"

    def inside(self, place: str, name: str) -> str:
        """The place of a property of an entry: `alerts['high']['recipients']`."""
        return f"{place}{self.spelling.inside(name)}"

    def example(self, value: object) -> str:
        """An example."""
        return self.spelling.value(value)

    def error(self, what: str, advice: str) -> DeclarationError:
        """What is wrong, the line of the program, and what to do."""
        return DeclarationError(f"{self.component}{what}{self.spelling.line()}", advice)

    def refuse(self, what: str, advice: str) -> NoReturn:
        """End the program.

        Raises:
            DeclarationError: See `error`.
        """
        raise self.error(what, advice)

    def mapping(self, place: str, value: object, example: object) -> Mapping[str, Any]:
        """The entries of an argument by their names; none if it is omitted.

        Args:
            place: Where it is.
            value: The argument.
            example: What it could be.

        Raises:
            DeclarationError: It is not a mapping, or a name is not a text or is empty.
        """
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            what = f"{place} is {self.spelling.kind(value)}, not a mapping"
            self.refuse(what, f"Write it as {self.example(example)}.")
        for name in value:
            if not isinstance(name, str) or not name.strip():
                what = f"{place} has the name {_shown(name)}"
                self.refuse(what, f"Name each entry, as in {self.example(example)}.")
        return value

    def properties(self, place: str, value: object, declared: type) -> Mapping[str, Any]:
        """The properties of an entry.

        Args:
            place: Where it is: `service_accounts['web']`.
            value: The entry.
            declared: The TypedDict of its properties.

        Raises:
            DeclarationError: It is not a mapping, has a property that there is not, or lacks one that it needs.
        """
        shape: Any = shapes.of(declared, Bounds())
        names = list(shape.properties)
        spelled = [*map(self.name, names)]
        if not isinstance(value, Mapping):
            what = f"{place} is {self.spelling.kind(value)}, not a mapping"
            self.refuse(what, f"Its properties are {', '.join(spelled)}.")
        for name in value:
            if name not in names:
                self.refuse(f"{place} has no property {name!r}", nearest(str(name), spelled, "properties"))
        missing = [name for name in names if name in shape.required and name not in value]
        if missing:
            self.refuse(f"{place} is missing {' and '.join(map(self.quoted, missing))}", "Add the missing properties.")
        return value

    def flag(self, place: str, value: object) -> bool:
        """An argument that is True or False, and known in the program.

        Raises:
            DeclarationError: It is not.
        """
        if not isinstance(value, bool):
            what = f"{place} is {self.spelling.kind(value)}"
            self.refuse(what, f"Set it to {' or '.join(map(self.example, (True, False)))}.")
        return value


def kind_of(value: object) -> str:
    """The type of a value, in words."""
    return "an Output" if isinstance(value, pulumi.Output) else f"a {type(value).__name__}"


PYTHON = Spelling(
    name=str,
    key=lambda key: f"[{key!r}]",
    inside=lambda name: f"[{name!r}]",
    value=repr,
    kind=kind_of,
    line=calling_line,
)
"""Messages for programs of this package."""


def _shown(name: object) -> str:
    """A name in a message. An Output as a key has no text yet."""
    return "of an Output" if isinstance(name, pulumi.Output) else repr(name)
