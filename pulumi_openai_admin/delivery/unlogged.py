"""Logging without keys: clients of secret stores log their requests at the level DEBUG, some with the body."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.delivery.masking import Mask

_FORMATTER = logging.Formatter()


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


@contextmanager
def unlogged(mask: Mask) -> Iterator[None]:
    """Drop log lines that contain a key. The filter is at the handlers, and so holds for loggers that come later."""
    keep, handlers = _WithoutKeys(mask), _handlers()
    for handler in handlers:
        handler.addFilter(keep)
    try:
        yield
    finally:
        for handler in handlers:
            handler.removeFilter(keep)


def _handlers() -> list[logging.Handler]:
    """The handlers of all loggers, and the one that Python uses if there are none."""
    loggers = [logging.getLogger(), *logging.getLogger().manager.loggerDict.values()]
    found = [handler for logger in loggers if isinstance(logger, logging.Logger) for handler in logger.handlers]
    if logging.lastResort is not None:
        found.append(logging.lastResort)
    return list(dict.fromkeys(found))
