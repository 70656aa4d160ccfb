"""Amounts that a program gives in dollars, or as a share of the spend limit, in the cents that OpenAI takes."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, TypeVar

import pulumi

from pulumi_openai_admin.components.team_inputs import TeamSpendAlert

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi_openai_admin.components.entries import Arguments

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
