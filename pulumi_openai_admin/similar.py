"""Names that resemble a misspelled one. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable

_MIN_RATIO = 0.6
"""How much two names have in common, from 0 to 1, so that one may be a misspelling of the other."""
_MIN_RATIO_AFTER_PREFIX = 0.5
"""How much the parts after a common prefix must have in common, too: they are shorter."""
_PREFIX = re.compile(r"(?:[a-z]+[-_])+")
"""What many names begin with, and what so says nothing: `user-`, `svc_acct_`, `max_requests_per_`."""


def similar(name: str, names: Iterable[str], most: int = 3) -> list[str]:
    """The names that resemble another one, the most similar one first. Capital and small letters are the same.

    If a name differs in nothing else, only such names are returned.
    """
    wanted = name.lower()
    ratios = {other: ratio(wanted, other.lower()) for other in names if _are_alike(wanted, other.lower())}
    if 1.0 in ratios.values():
        return [other for other, in_common in ratios.items() if in_common == 1.0][:most]
    return sorted(ratios, key=lambda other: -ratios[other])[:most]


def did_you_mean(
    name: str, names: Iterable[str], otherwise: str = "", most: int = 1, spelled: Callable[[str], str] = str
) -> str:
    """A question with the most similar names.

    Args:
        otherwise: The text if none is similar.
        most: How many names the question has at most.
        spelled: How the question shows a name.
    """
    close = similar(name, names, most)
    return f"Did you mean {' or '.join(map(spelled, close))}?" if close else otherwise


def suggestion(name: str, names: Iterable[str], place: str) -> str:
    """Advice with the most similar names, or with the place in the dashboard."""
    return did_you_mean(name, names, f"Check it in OpenAI's dashboard, under {place}.", most=3)


def _are_alike(name: str, other: str) -> bool:
    """Whether one name may be a misspelling of the other.

    Addresses of one company have the same domain, and ids of one kind the same prefix. Two people resemble each other
    only if the rest does.
    """
    if "@" in name and "@" in other:
        (person, _, domain), (other_person, _, other_domain) = name.rpartition("@"), other.rpartition("@")
        return min(ratio(person, other_person), ratio(domain, other_domain)) >= _MIN_RATIO
    prefix = _PREFIX.match(name)
    if prefix and other.startswith(prefix[0]) and len(name) > prefix.end():
        rest = ratio(name[prefix.end() :], other[prefix.end() :])
        if rest < _MIN_RATIO_AFTER_PREFIX:
            return False
    return ratio(name, other) >= _MIN_RATIO


def ratio(name: str, other: str) -> float:
    """How much two names have in common, from 0 to 1."""
    return difflib.SequenceMatcher(None, other, name).ratio()  # in the order of `difflib.get_close_matches`
