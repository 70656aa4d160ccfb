"""Names that resemble a misspelled one. Pure."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_ALIKE = 0.5
"""How much two names have in common, from 0 to 1, so that one may be a misspelling of the other."""
_ALIKE_AFTER_PREFIX = 0.4
"""The same for what is left of two names after a common prefix: it is shorter."""
_PREFIX = re.compile(r"(?:[a-z]+[-_])+")
"""What many names begin with, and what so says nothing: `user-`, `svc_acct_`, `max_requests_per_`."""


def similar(name: str, names: Iterable[str], most: int = 3) -> list[str]:
    """The names that resemble another one, the most similar one first.

    Args:
        name: The name.
        names: The names to choose from.
        most: How many are returned at most.
    """
    scores = {other: _resemblance(name, other) for other in names}
    alike = [other for other, score in scores.items() if score > 0]
    return sorted(alike, key=lambda other: -scores[other])[:most]


def suggestion(name: str, names: Iterable[str], place: str) -> str:
    """Advice with the most similar names, or with the place in the dashboard."""
    close = similar(name, names)
    return f"Did you mean {' or '.join(close)}?" if close else f"Check it in OpenAI's dashboard, under {place}."


def _resemblance(one: str, other: str) -> float:
    """How much two names have in common, from 0 to 1; 0 if neither may be a misspelling of the other.

    Addresses of one company have the same domain, and ids of one kind the same prefix. Two people resemble each other
    only if the rest does.
    """
    if "@" in one and "@" in other:
        (person, _, domain), (other_person, _, other_domain) = one.rpartition("@"), other.rpartition("@")
        return min(_ratio(person, other_person, _ALIKE), _ratio(domain, other_domain, _ALIKE))
    prefix = _PREFIX.match(one)
    if prefix and other.startswith(prefix[0]) and len(one) > prefix.end():
        return _ratio(one[prefix.end() :], other[prefix.end() :], _ALIKE_AFTER_PREFIX)
    return _ratio(one, other, _ALIKE)


def _ratio(one: str, other: str, least: float) -> float:
    ratio = difflib.SequenceMatcher(None, other, one).ratio()  # in the order of `difflib.get_close_matches`
    return ratio if ratio >= least else 0.0
