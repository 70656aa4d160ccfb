"""Which entry of a program, and which maximum, can apply to the same model. Pure."""

from __future__ import annotations

import fnmatch
import re
import string
from collections import deque
from functools import cache
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.handlers.shapes.rate_limit import Policy, is_pattern, specificity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

_TOKEN = re.compile(r"\*|\?|\[!?]?[^]]*]|.", re.DOTALL)
_LETTERS = f"{string.ascii_letters}{string.digits}-._:/ "
"""Letters of names, beside those of the patterns."""
_MAX_STATES = 1_000
"""After so many, a name is taken for possible: a policy must not let a limit pass that it could not check."""


def can_meet(entries: Mapping[str, Any], entry: str | None, maxima: Mapping[str, Any], maximum: str | None) -> bool:
    """Return whether an entry and a maximum apply to the same model, for some name of a model.

    Args:
        entries: The limits of a program by model or pattern.
        entry: The key of one; None: what no key matches, so `others` apply.
        maxima: The maxima by model or pattern.
        maximum: The key of one; None: what no key matches, so the maximum of all models applies.
    """
    for name in (entry, maximum):
        if name is not None and not is_pattern(name):
            return Policy(entries).key_of(name) == entry and Policy(maxima).key_of(name) == maximum
    required = tuple(key for key in (entry, maximum) if key is not None)
    return _is_possible(required, (*_more_specific(entries, entry), *_more_specific(maxima, maximum)))


def _more_specific(keys: Collection[str], key: str | None) -> Iterator[str]:
    """The patterns that apply in the place of a pattern where they match; of None all."""
    for pattern in filter(is_pattern, keys):
        if key is None or specificity(pattern) > specificity(key):
            yield pattern


@cache
def _is_possible(required: tuple[str, ...], excluded: tuple[str, ...]) -> bool:
    """Return whether there can be a name that all required patterns match, and no excluded one.

    It searches through the places in all patterns at once that the beginnings of names lead to.
    """
    tokens = [tuple(_TOKEN.findall(pattern)) for pattern in (*required, *excluded)]
    letters = _letters({token for pattern in tokens for token in pattern})
    start = tuple(_after_stars(pattern, {0}) for pattern in tokens)
    seen, waiting = {start}, deque([start])
    while waiting and len(seen) < _MAX_STATES:
        places = waiting.popleft()
        for letter in letters:
            reached = tuple(_step(*state, letter) for state in zip(tokens, places, strict=True))
            if reached in seen or not all(reached[: len(required)]):
                continue
            matches = [len(pattern) in ends for pattern, ends in zip(tokens, reached, strict=True)]
            if all(matches[: len(required)]) and not any(matches[len(required) :]):
                return True
            seen.add(reached)
            waiting.append(reached)
    return bool(waiting)


def _letters(tokens: Collection[str]) -> list[str]:
    """One letter for each set of tokens that letters match."""
    letters = dict.fromkeys([*_LETTERS, *"".join(tokens)])
    return list({tuple(fnmatch.fnmatchcase(letter, token) for token in tokens): letter for letter in letters}.values())


@cache
def _step(tokens: tuple[str, ...], places: frozenset[int], letter: str) -> frozenset[int]:
    """The places in a pattern after one more letter; none if it no longer matches."""
    matched = [place for place in places if place < len(tokens) and fnmatch.fnmatchcase(letter, tokens[place])]
    return _after_stars(tokens, {place + (tokens[place] != "*") for place in matched})


def _after_stars(tokens: Sequence[str], places: set[int]) -> frozenset[int]:
    """The places, and those behind stars, which match nothing, too."""
    for place in range(len(tokens)):
        if place in places and tokens[place] == "*":
            places.add(place + 1)
    return frozenset(places)
