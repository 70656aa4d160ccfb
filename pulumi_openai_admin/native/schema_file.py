"""The package's schema, which `make generate` writes from the declarations."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def text() -> str:
    """The schema, as JSON."""
    return (files(__package__) / "schema.json").read_text(encoding="utf-8")
