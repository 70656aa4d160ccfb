"""The package's schema, which `make generate` writes from the declarations."""

from __future__ import annotations

import json
from functools import cache
from importlib.metadata import version
from importlib.resources import files


@cache
def text() -> str:
    """The schema, as JSON, with the version of the installed package: `pulumi package add` needs one."""
    schema = json.loads((files(__package__) / "schema.json").read_text(encoding="utf-8"))
    return json.dumps({**schema, "version": version("pulumi-openai-admin")}, ensure_ascii=False)
