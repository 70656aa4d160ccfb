"""The errors inside an error of a library."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

E = TypeVar("E", bound=BaseException)


def first(causes: Iterable[BaseException], *kinds: type[E]) -> E | None:
    """The first cause of one of the kinds."""
    return next((cause for cause in causes if isinstance(cause, kinds)), None)


def all_of(error: Exception) -> Iterator[BaseException]:
    """The error and all errors that it wraps: the libraries use `args`, `__context__` and attributes for that."""
    seen: set[int] = set()
    todo: list[object] = [error]
    while todo:
        cause = todo.pop()
        if isinstance(cause, BaseException) and id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            held = [getattr(cause, name, None) for name in ("reason", "inner_exception")]  # of urllib3, and of Azure
            todo += [cause.__cause__, cause.__context__, *held, *cause.args]
