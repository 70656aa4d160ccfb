"""`pulumi_openai_admin/hosts/native/schema.json`: what the Pulumi engine and its code generators know.

`make generate` writes it from the declarations; a test compares it.
"""

from __future__ import annotations

import json

from pulumi_openai_admin.hosts.native.schema import schema
from tools import programs
from tools.pinned import ROOT

SCHEMA = ROOT / "pulumi_openai_admin" / "hosts" / "native" / "schema.json"


def text() -> str:
    """The whole file."""
    return json.dumps(schema(programs.by_name()), indent=1, ensure_ascii=False) + "\n"


def generate() -> None:
    """Write the file anew."""
    current = text()
    if not SCHEMA.exists() or SCHEMA.read_text(encoding="utf-8") != current:
        SCHEMA.write_text(current, encoding="utf-8", newline="\n")
        print(SCHEMA.relative_to(ROOT))


if __name__ == "__main__":
    generate()
