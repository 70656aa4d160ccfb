"""`make generate`: writes what derives from declarations. A test compares it.

python -m tools.generate
python -m tools.generate --check   # names the files that would change, and fails if there are any
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from pulumi_openai_admin.hosts.native.schema import schema
from tools import docs_pages, examples, pinned, type_stub
from tools.commands import StepError, print_result
from tools.languages import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def files() -> Iterator[tuple[Path, str]]:
    """Each file, with the text that it has to have. Those after the examples contain them."""
    yield type_stub.STUB, type_stub.stub()
    if not examples.is_current():
        yield examples.PROGRAMS, examples.text()
    yield from docs_pages.current_pages().items()
    yield SCHEMA, json.dumps(schema(examples.by_name()), indent=1, ensure_ascii=False) + "\n"


def main() -> str:
    """Write the files, or name the first that differs."""
    for path, text in files():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        name = path.relative_to(pinned.ROOT)
        if "--check" in sys.argv:
            raise StepError(f"{name} is not current. Run `make generate`, and commit what it writes.")
        path.write_text(text, encoding="utf-8", newline="\n")
        print(name, flush=True)
        examples.by_name.cache_clear()
    return "All that is generated is current."


if __name__ == "__main__":
    sys.exit(print_result(main))
