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
from tools.commands import StepError, say
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


def main(arguments: list[str]) -> int:
    """Write the files, or only name those that differ; the exit code."""
    is_check = "--check" in arguments
    try:
        for path, text in files():
            if path.exists() and path.read_text(encoding="utf-8") == text:
                continue
            if is_check:
                say(f"{path.relative_to(pinned.ROOT)} is not current. Run `make generate`, and commit what it writes.")
                return 1
            path.write_text(text, encoding="utf-8", newline="\n")
            print(path.relative_to(pinned.ROOT), flush=True)
            examples.by_name.cache_clear()
    except (ValueError, StepError) as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
