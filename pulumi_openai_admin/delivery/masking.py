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
        self._parts: dict[int, set[str]] = {}
        """By length, the shortest parts of the forms that are masked. All have one length, unless the key is short."""
        for form in forms_of(key) if key else ():
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
        for length, parts in self._parts.items():
            shown, end = "", 0
            for start in [at for at in range(len(text) - length + 1) if text[at : at + length] in parts]:
                if start >= end:  # the beginning of another part
                    shown += text[end:start] + _MASK
                end = start + length
            text = shown + text[end:]
        return _LOOKS_LIKE_A_KEY.sub(_MASK, text)


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


class _WithoutKeys(logging.Filter):
    def __init__(self, mask: Mask) -> None:
        super().__init__()
        self._mask = mask

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            text = _FORMATTER.format(record)
        except (TypeError, ValueError, KeyError):  # the handler would print the arguments
            return False
        return self._mask(text) == text
