"""What may be said of a key: strings of secret stores and commands, and logs of their clients, without it."""

from __future__ import annotations

import hashlib
import json
import logging
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pulumi_openai_admin.http.replies import forms_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MASK = "***"
_SHORTEST_PART = 12
"""So many characters of a key in a row are masked: a program may break a key into lines."""
_SHORTEST_VALUE = 8
"""Other values of a document are masked from this length: shorter ones are words."""
_LOOKS_LIKE_A_KEY = re.compile(r"(?:sk-|c2st)[A-Za-z0-9+/=_\-*]{6,}")
"""An API key, or its base64 (`c2st` is the base64 of `sk-`), for responses about a key that is not known here."""
_FORMATTER = logging.Formatter()


def fingerprint(key: str) -> str:
    """A text that identifies a key and does not reveal it.

    Source: a key has more than 200 random bits, so nobody can find it by trying keys.
    """
    return f"sha256:{hashlib.sha256(key.encode()).hexdigest()[:16]}"


class Mask:
    """Finds keys in strings: as they are, encoded, and parts of them.

    Args:
        key: The key that must not be shown; empty if it is not known. Other keys of OpenAI are found by their look.
    """

    def __init__(self, key: str = "") -> None:
        self._forms = forms_of(key) if key else ()
        self._parts: dict[int, set[str]] = {}
        """By length, the shortest parts of the forms that are masked. All have one length, unless the key is short."""
        for form in self._forms:
            length = min(_SHORTEST_PART, len(form))
            parts = (form[at : at + length] for at in range(len(form) - length + 1))
            self._parts.setdefault(length, set()).update(parts)
        self._values: set[str] = set()

    def add(self, values: Iterable[object]) -> None:
        """Mask these values, too, where they stand as a whole: other members of a document that was read."""
        texts = [value for value in values if isinstance(value, str) and len(value) >= _SHORTEST_VALUE]
        self._values |= {form for text in texts for form in (text, json.dumps(text)[1:-1])}

    def __call__(self, text: str) -> str:
        """The text, with `***` in place of keys."""
        for value in sorted(self._values, key=len, reverse=True):
            text = text.replace(value, _MASK)
        if self._has_part(text):
            for form in self._forms:
                text = _without(text, form)
        return _LOOKS_LIKE_A_KEY.sub(_MASK, text)

    def finds(self, text: str) -> bool:
        """Return whether the text has a key or a part of one."""
        return self(text) != text

    def _has_part(self, text: str) -> bool:
        """Return whether a part of the key is in a text. Most strings have none, and this is quick for long ones."""
        for length, parts in self._parts.items():
            ends = range(length, len(text) + 1)
            if not parts.isdisjoint(map(text.__getitem__, map(slice, range(len(text)), ends))):
                return True
        return False


@contextmanager
def unlogged(mask: Mask) -> Iterator[None]:
    """Drop log lines that contain a key: clients of stores log their requests, some with the body.

    The filter is at the handlers, and so holds for loggers that come later.
    """
    loggers = [logging.getLogger(), *logging.getLogger().manager.loggerDict.values()]
    found = [handler for logger in loggers if isinstance(logger, logging.Logger) for handler in logger.handlers]
    # Python uses the last resort if there are no handlers.
    keep, handlers = _WithoutKeys(mask), {*found, *filter(None, [logging.lastResort])}
    for handler in handlers:
        handler.addFilter(keep)
    try:
        yield
    finally:
        for handler in handlers:
            handler.removeFilter(keep)


def _without(text: str, form: str) -> str:
    """A text without a form of the key, and without parts of it that are 12 characters or longer."""
    shown, place = "", 0
    while place < len(text):
        length = _length_of_part(text, place, form)
        shown += _MASK if length else text[place]
        place += length or 1
    return shown


def _length_of_part(text: str, place: int, form: str) -> int:
    """How many characters of the text, from a place, are a part of the key; 0 if they are too few to reveal any."""
    length = min(_SHORTEST_PART, len(form))
    if text[place : place + length] not in form or place + length > len(text):
        return 0
    while place + length < len(text) and text[place : place + length + 1] in form:
        length += 1
    return length


class _WithoutKeys(logging.Filter):
    def __init__(self, mask: Mask) -> None:
        super().__init__()
        self._mask = mask

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            text = _FORMATTER.format(record)
        except (TypeError, ValueError, KeyError):  # the handler would print the arguments
            return False
        return not self._mask.finds(text)
