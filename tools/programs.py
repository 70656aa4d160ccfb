"""`tools/programs.json`: the example of each resource and function of the native provider, in every language.

`program_conversion.py` writes it. The schema and the pages of resources contain the programs.
"""

from __future__ import annotations

import json
from functools import cache

from tools import pinned

PROGRAMS = pinned.TOOLS / "programs.json"
LANGUAGES = {"typescript": "TypeScript", "python": "Python", "go": "Go", "csharp": "C#", "yaml": "YAML"}
"""The name of each language in a code block and in a text, in the order of the Pulumi Registry."""


@cache
def by_name() -> dict[str, dict[str, str]]:
    """The programs of each resource and function by language, as they were last converted."""
    return dict(json.loads(PROGRAMS.read_text(encoding="utf-8"))["programs"])
