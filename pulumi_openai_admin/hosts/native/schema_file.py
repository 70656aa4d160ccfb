"""The package's schema, which `make generate` writes from the declarations."""

from __future__ import annotations

import json
from functools import cache
from importlib.metadata import version
from importlib.resources import files


@cache
def text() -> str:
    """The schema, as JSON, with the version of the installed package: `pulumi package add` needs one."""
    _, begin, rest = (files(__package__) / "schema.json").read_text(encoding="utf-8").partition("{")
    return f'{begin}"version": {json.dumps(version("pulumi-openai-admin"))},{rest}'  # reading all of it takes 20 ms
