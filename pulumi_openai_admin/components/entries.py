"""The entries of the arguments of `TeamProject`: their types, and the checks that report mistakes in one line."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, Required, TypedDict, TypeVar

import pulumi

from pulumi_openai_admin.program.arguments import DeclarationError, calling_line, nearest
from pulumi_openai_admin.program.key_delivery import DeliverTo, Store  # noqa: TC001 - annotations are read at run time
from pulumi_openai_admin.program.provider import PUBLIC_MODULE
from pulumi_openai_admin.schema import shapes
from pulumi_openai_admin.schema.shapes import Bounds
from pulumi_openai_admin.schema.validation import kind_of

if TYPE_CHECKING:
    Cents = int | pulumi.Output[int]


class TeamSpendAlert(TypedDict, total=False):
    """An email when the costs of a month reach an amount; see `ProjectSpendAlert`."""

    threshold_dollars: pulumi.Input[float]
    """The amount in dollars: 800 or 800.5. Either this or `threshold_share`."""
    threshold_share: pulumi.Input[str]
    """The amount as a percentage of `spend_limit_dollars`: `"80%"`."""
    recipients: Required[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """The email addresses that get the alert."""
    subject_prefix: pulumi.Input[str] | None
    """The text at the beginning of the emails' subjects."""


class TeamMember(TypedDict, total=False):
    """A person in the project: one of `user_id` and `email`; see `ProjectMembers`."""

    user_id: pulumi.Input[str]
    """The user (`user-…`)."""
    email: pulumi.Input[str]
    """The user's address."""
    role: pulumi.Input[str]
    """`member`, `viewer` or `owner`. If omitted, `member`. Write `owner` as a plain string: an Output with the value
    `owner` is an error."""
    until: pulumi.Input[str | int] | None
    """When the access ends; see `ProjectMembers`. With `invite`, an invite that is open then is withdrawn. The user
    leaves the project, and stays in the organization."""


class TeamGroup(TypedDict, total=False):
    """A group of the organization in the project; see `ProjectGroup`."""

    group_id: Required[pulumi.Input[str]]
    """The group (`group_…`)."""
    role: pulumi.Input[str]
    """`member`, `viewer`, `owner`, or the id of a role of the project. If omitted, `member`. Write `owner` as a plain
    string: an Output with the value `owner` is an error."""


class TeamApiKey(TypedDict, total=False):
    """An API key of a service account; see `ProjectServiceAccountApiKey`."""

    expires_in_seconds: Required[pulumi.Input[int] | None]
    """The key's lifetime in seconds. `None` for a key that does not expire. It must be set."""
    name: pulumi.Input[str]
    """The key's name. If omitted, the account's name."""
    scopes: pulumi.Input[Sequence[pulumi.Input[str]]] | None
    """The permissions of the key. If omitted, the key has all permissions of its account."""
    triggers: pulumi.Input[Sequence[Any]] | None
    """Any values. Changing one of them rotates the key."""
    rotate_every: pulumi.Input[str] | None
    """The maximum age of the key: `90d`. The first update after that time rotates the key."""
    overlap: pulumi.Input[str] | None
    """How long the old key continues to work after a scheduled rotation: `24h`."""
    deliver_to: DeliverTo | Store | None
    """The secret store that receives the key, such as `Command([…])`. The key is then not in `api_keys`."""


class TeamServiceAccount(TypedDict, total=False):
    """A service account of the project; see `ProjectServiceAccount`."""

    name: pulumi.Input[str]
    """The account's name at OpenAI. If omitted, the name of the entry."""
    role: pulumi.Input[str] | None
    """`member` or `owner`. If omitted, the role is not managed: OpenAI gives a keyless account the role `none`. Write
    `owner` as a plain string: an Output with the value `owner` is an error."""
    api_key: TeamApiKey | None
    """A key for the account, which can be rotated without an outage. If omitted, the account has no key."""
    groups: Mapping[str, pulumi.Input[str]] | None
    """The groups of the organization that contain the account: group ids by a name of your choice. The account has the
    roles of these groups."""
    create_service_account_only: pulumi.Input[bool] | None
    """`True`, the default, creates the account without a key. `None` or `False` is for an account that the program
    declared with its first key before the account moved into the component."""
    expires_in_seconds: pulumi.Input[int] | None
    """The lifetime of that first key in seconds. It does not apply to `api_key`."""


class TeamModels(TypedDict, total=False):
    """The models that the project may use, or the models that it may not use; see `ProjectModelPermissions`."""

    mode: Required[pulumi.Input[str]]
    """`allow_list` or `deny_list`."""
    model_ids: Required[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """The ids of the models."""


for _shape in (TeamApiKey, TeamGroup, TeamMember, TeamModels, TeamServiceAccount, TeamSpendAlert):
    _shape.__module__ = PUBLIC_MODULE

_CENTS = 100
_TOLERANCE = 1e-4
"""How far a number may be from a whole cent: 0.1 + 0.2 is 0.30000000000000004."""
_DOLLARS, _SHARE = "threshold_dollars", "threshold_share"
_PERCENT = re.compile(r"(\d+(?:\.\d+)?) ?%")
_ALL = 100

T = TypeVar("T")


@dataclass(frozen=True)
class Arguments:
    """Checks the arguments of one component. What is wrong becomes a `DeclarationError`.

    In the methods, `place` is what messages call the checked value: `service_accounts['web']`.

    Args:
        component: What messages begin with: `TeamProject 'shop': `. Empty if the engine names the component.
        respell: Gives a message the names and paths of the language of the program.
    """

    component: str = ""
    respell: Callable[[str], str] = str

    def error(self, what: str, advice: str) -> DeclarationError:
        """What is wrong, the line of the program in parentheses, and what to do. The engine knows no line."""
        line = calling_line() if self.component else ""
        return DeclarationError(f"{self.component}{self.respell(what)}{line}", self.respell(advice))

    def refuse(self, what: str, advice: str) -> NoReturn:
        """End the program; see `error`."""
        raise self.error(what, advice)

    def mapping(self, place: str, value: object, form: object) -> Mapping[str, Any]:
        """The entries of an argument by their names; none if it is omitted. Messages show `form` as an example."""
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.refuse(f"{place} is {kind(value)}, not a mapping", f"Write it as {example(form)}.")
        for name in value:
            if not isinstance(name, str) or not name.strip():
                shown = "of an Output" if isinstance(name, pulumi.Output) else repr(name)  # an Output has no text yet
                self.refuse(f"{place} has the name {shown}", f"Name each entry, as in {example(form)}.")
        return value

    def properties(self, place: str, value: object, declared: type) -> Mapping[str, Any]:
        """The properties of an entry, which are those of a TypedDict."""
        shape: Any = shapes.of(declared, Bounds())
        names = list(shape.properties)
        if not isinstance(value, Mapping):
            self.refuse(f"{place} is {kind(value)}, not a mapping", f"Its properties are {', '.join(names)}.")
        for name in value:
            if name not in names:
                advice = nearest(str(name), map(self.respell, names), "properties")  # in quotes, names stay as they are
                self.refuse(f"{place} has no property {name!r}", advice)
        missing = [name for name in names if name in shape.required and name not in value]
        if missing:
            self.refuse(f"{place} is missing {' and '.join(missing)}", "Add the missing properties.")
        return value

    def flag(self, place: str, value: object) -> bool:
        """An argument that is True or False, and known in the program."""
        if not isinstance(value, bool):
            self.refuse(f"{place} is {kind(value)}", "Set it to True or False.")
        return value

    def cents(self, place: str, dollars: Any, minimum: int = 1) -> Cents:
        """An amount in cents, from one in dollars or from an Output of one. The minimum is in cents."""
        advice = "Write it as 1000 or 1000.5: a number, with at most two decimals."
        return self._converted(dollars, lambda known: _in_cents(known, minimum), place, "an amount in dollars", advice)

    def of_alert(self, place: str, given: Any, limit: Cents | None) -> dict[str, Any]:
        """The inputs of a `ProjectSpendAlert`, from its entry. Exactly one of the amount and the share is given."""
        entry = self.properties(place, given, TeamSpendAlert)
        named = [name for name in (_DOLLARS, _SHARE) if entry.get(name) is not None]
        if len(named) != 1:
            what = f"{place} has both" if named else f"{place} has neither of"
            self.refuse(f"{what} {_DOLLARS} and {_SHARE}", "Set one of them.")
        inputs = {name: value for name, value in entry.items() if name not in (_DOLLARS, _SHARE)}
        amount = f"{place}[{named[0]!r}]"
        if named == [_DOLLARS]:
            return {"threshold_amount": self.cents(amount, entry[_DOLLARS], minimum=0), **inputs}
        if limit is None:
            what = f"{amount} is a share of spend_limit_dollars, which is not set"
            self.refuse(what, f"Set it, or {_DOLLARS}.")
        return {"threshold_amount": self._share(amount, entry[_SHARE], limit), **inputs}

    def _share(self, place: str, share: Any, limit: Cents) -> Cents:
        """A share of the limit in whole cents, at least one."""
        advice = "Write it as '80%': at most 100%."
        percent = self._converted(share, _percent, place, "a share of the spend limit", advice)
        error = self.error(
            f"{place} is less than one cent of spend_limit_dollars", f"Set a larger share, or {_DOLLARS}."
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
        self, value: Any, convert: Callable[[Any], T | None], place: str, what: str, advice: str
    ) -> T | pulumi.Output[T]:
        """A value in another form; one that is refused has no other form."""
        if not isinstance(value, pulumi.Output):
            converted = convert(value)
            if converted is None:
                self.refuse(f"{place} is {value!r}, not {what}", advice)
            return converted
        # The line of the program is known only now, and a value that is known later may be secret.
        error = self.error(f"{place} is an Output that is not {what}", advice)

        def later(known: Any) -> T:
            converted = convert(known)
            if converted is None:
                raise error
            return converted

        return value.apply(later)


def kind(value: object) -> str:
    """The type of an argument, in words."""
    return "an Output" if isinstance(value, pulumi.Output) else kind_of(value)


def example(value: object) -> str:
    """An example, as programs in most languages write it."""
    return json.dumps(value, ensure_ascii=False)


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
