"""Which limits a policy wants for which model. Pure."""

from __future__ import annotations

import copy
import fnmatch
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.handlers.handler import Claim

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Limits = dict[str, Any]


def is_pattern(key: str) -> bool:
    """Whether a key stands for several models."""
    return "*" in key or "?" in key


@dataclass(frozen=True)
class Policy:
    """Limits by model name or pattern, and for all other models.

    An exact name beats a pattern, the longer pattern beats the shorter, and `others` covers what no key matches.
    """

    limits: Mapping[str, Limits]
    others: Limits | None = None

    def limits_of(self, model: str) -> Limits | None:
        """What the policy wants for a model; None where it says nothing."""
        if model in self.limits:
            return self.limits[model]
        patterns = [key for key in self.limits if is_pattern(key) and fnmatch.fnmatchcase(model, key)]
        if patterns:
            return self.limits[max(patterns, key=lambda pattern: (len(pattern), pattern))]
        return self.others

    def names_without(self, models: Iterable[str]) -> list[str]:
        """The exact names that are no model's."""
        there = set(models)
        return [key for key in self.limits if not is_pattern(key) and key not in there]

    def patterns_without(self, models: Iterable[str]) -> list[str]:
        """The patterns that no model matches."""
        there = list(models)
        return [key for key in self.limits if is_pattern(key) and not fnmatch.filter(there, key)]


@dataclass(frozen=True)
class PolicyClaim(Claim):
    """The rate limits that one resource manages in one project."""

    what: str = "the whole project"
    is_whole: bool = False
    """Whether it manages all that the project has, as far as its policy goes: there can be only one such."""
    policy: Policy = field(default_factory=lambda: Policy({}))
    id: str = ""
    """The id of the only object that it manages, where it is known; its model, in `policy`, may not be."""

    @property
    def names(self) -> list[str]:
        """What it may have in common with another claim of the place that is not whole."""
        return [] if self.is_whole else [*self.policy.limits, *([self.id] if self.id else [])]

    def overlap(self, other: Claim) -> str | None:
        """What both manage, in words; None if nothing."""
        if self.place != other.place:
            return None
        if not isinstance(other, PolicyClaim) or (self.is_whole and other.is_whole):
            return self.what
        one, many = (other, self) if self.is_whole else (self, other)
        shared = next((name for name in one.policy.limits if many.policy.limits_of(name) is not None), None)
        covers_all = many.is_whole and many.policy.others is not None
        is_same = bool(one.id) and (one.id == many.id or covers_all)
        return one.id if shared is None and is_same else shared


def expanded(old: Mapping[str, Limits], policy: Policy) -> dict[str, Limits]:
    """The policy's limits, with an entry of its own for each model that the old limits name.

    Refresh puts a model that deviates from a pattern or from `others` into the old limits by its name. Named in the
    new limits too, it shows in a preview as `~ model: {~ field: 500 => 0}`; otherwise it would look like a deletion.
    """
    named = dict(policy.limits)
    for model in old:
        wanted = None if is_pattern(model) else policy.limits_of(model)
        if wanted is not None:
            named.setdefault(model, copy.copy(wanted))  # not `dict`: in a preview it may be unknown
    return named
