"""Which limits a policy sets for which model. Pure."""

from __future__ import annotations

import copy
import fnmatch
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.handlers.handler import Claim

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Limits = dict[str, Any]

BATCH = "batch_1_day_max_input_tokens"
"""The limit of batches, which OpenAI counts apart from requests."""


def is_pattern(key: str) -> bool:
    """Whether a key is a pattern, which may match several models."""
    return "*" in key or "?" in key


def specificity(pattern: str) -> tuple[int, str]:
    """The order of patterns: the greatest one that matches a model applies."""
    return len(pattern), pattern


@dataclass(frozen=True)
class Policy:
    """Limits by model name or pattern, and for all other models.

    An exact name beats a pattern, the longer pattern beats the shorter, and `others` covers what no key matches.
    """

    limits: Mapping[str, Limits]
    others: Limits | None = None

    def limits_of(self, model: str) -> Limits | None:
        """The limits of the policy for a model; None if it has none."""
        key = self.key_of(model)
        return self.others if key is None else self.limits[key]

    def key_of(self, model: str) -> str | None:
        """The entry of a model; None if it has none, so `others` apply."""
        if model in self.limits:
            return model
        patterns = [key for key in self.limits if is_pattern(key) and fnmatch.fnmatchcase(model, key)]
        return max(patterns, key=specificity, default=None)

    def names_without(self, models: Iterable[str]) -> list[str]:
        """The exact names that no model has."""
        existing = set(models)
        return [key for key in self.limits if not is_pattern(key) and key not in existing]

    def patterns_without(self, models: Iterable[str]) -> list[str]:
        """The patterns that no model matches."""
        existing = list(models)
        return [key for key in self.limits if is_pattern(key) and not fnmatch.filter(existing, key)]


@dataclass(frozen=True)
class PolicyClaim(Claim):
    """The rate limits that one resource manages in one project."""

    what: str = "the whole project"
    is_whole: bool = False
    """Whether it manages all rate limits of the project that its policy covers: then there can be only one."""
    policy: Policy = field(default_factory=lambda: Policy({}))
    id: str = ""
    """The id of the only row that it manages, if it is known. The model, in `policy`, may be unknown."""

    @property
    def names(self) -> list[str]:
        """The names by which it may overlap with another claim that is not whole."""
        return [] if self.is_whole else [*self.policy.limits, *([self.id] if self.id else [])]

    def overlap(self, other: Claim) -> str | None:
        """What both manage, in words; None if nothing."""
        if self.place != other.place:
            return None
        if not isinstance(other, PolicyClaim) or (self.is_whole and other.is_whole):
            return self.what
        narrow, wide = (other, self) if self.is_whole else (self, other)
        shared = next((name for name in narrow.policy.limits if wide.policy.limits_of(name) is not None), None)
        covers_all = wide.is_whole and wide.policy.others is not None
        is_same = bool(narrow.id) and (narrow.id == wide.id or covers_all)
        return narrow.id if shared is None and is_same else shared

    def covers(self, part: Claim) -> bool:
        """Return whether it limits a row as the part does, which has one row."""
        if self.overlap(part) is None or not isinstance(part, PolicyClaim):
            return False
        limits = self.policy.limits_of(next(iter(part.policy.limits), "")) if self.is_whole else self.properties
        return limits is not None and part.properties <= {*limits}


def limits_requests(wanted: Limits, accepted: Limits, shown: Mapping[str, Any]) -> bool:
    """Whether the limits of a policy that OpenAI accepts for a model limit its requests as the policy means it.

    Args:
        wanted: The limits of the policy for the model.
        accepted: Those of them that OpenAI does not refuse.
        shown: The current limits of the model.
    """
    of_requests = {name: value for name, value in wanted.items() if name != BATCH}
    if not of_requests:
        return not wanted or BATCH in accepted or shown.get(BATCH) is None
    in_effect = [value for name, value in of_requests.items() if name in accepted]
    return 0 in in_effect if 0 in of_requests.values() else bool(in_effect)


def expanded(old: Mapping[str, Limits], policy: Policy) -> dict[str, Limits]:
    """The policy's limits, with a separate entry for each model that the old limits name.

    Refresh adds an entry to the old limits for each model that deviates from a pattern or from `others`. With an entry
    in the new limits too, a preview shows `~ model: {~ field: 500 => 0}` instead of a deletion.
    """
    limits = dict(policy.limits)
    for model in old:
        wanted = None if is_pattern(model) else policy.limits_of(model)
        if wanted is not None:
            limits.setdefault(model, copy.copy(wanted))  # not `dict`: in a preview it may be unknown
    return limits
