"""`make generate`: writes what derives from declarations. A test compares it.

python -m tools.generate
python -m tools.generate --check   # names the first file that would change, and fails if there is one

`pulumi_openai_admin/__init__.pyi` has the public names, as type checkers and editors read them: the package makes
look-ups from declarations when a program first uses them.
"""

from __future__ import annotations

import dataclasses
import inspect
import json
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import pulumi_openai_admin
from pulumi_openai_admin import public_names, resources
from pulumi_openai_admin.hosts.native.schema import Schema
from tools import docs_pages, examples, pinned
from tools.commands import StepError, output, print_result
from tools.docs_declarations import members_of, parameters_of
from tools.languages import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STUB = pinned.PACKAGE / "__init__.pyi"
_HEAD = '''"""Manage an OpenAI organization as code, from Python, on Pulumi."""

# Written by `make generate`, from the declarations of resources and look-ups.

import dataclasses
from typing import Any, Literal

import pulumi

'''


def files() -> Iterator[tuple[Path, str]]:
    """Each file, with the text that it has to have. Those after the examples contain them."""
    yield STUB, stub()
    if not examples.is_current():
        yield examples.PROGRAMS, examples.text()
    yield from docs_pages.current_pages().items()
    yield SCHEMA, json.dumps(Schema(examples.by_name()).whole(), indent=1, ensure_ascii=False) + "\n"


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


def stub() -> str:
    """The whole file."""
    homes = [
        (f"resources.{module}", name)
        for resource, module in resources.ALL.items()
        for name in public_names.types_of(resource)
        if name == resource or name not in resources.ALL  # else another resource's, which the module imports
    ]
    homes += [(module, name) for module in public_names.SHARED_TYPES for name in public_names.types_in(module)]
    homes += [(module, name) for name, module in public_names.OTHERS.items()]
    imports = sorted(f"from pulumi_openai_admin.{module} import {name} as {name}" for module, name in homes)
    names = pulumi_openai_admin.__all__
    made = {name: getattr(pulumi_openai_admin, name) for name in names}
    results = [_result(value) for name, value in made.items() if dataclasses.is_dataclass(value)]
    functions = []
    for name, value in made.items():
        if inspect.isroutine(value):
            signature, doc = inspect.signature(value), _literal(value.__doc__)
            result = signature.return_annotation
            functions.append(f"def {name}(\n{parameters_of(signature)}) -> {result}:\n{doc}")
    body = "\n\n".join([f"__all__ = {names!r}", *results, *functions])
    formatter = (sys.executable, "-m", "ruff", "format", "--stdin-filename", STUB)
    return output(formatter, text=_HEAD + "\n".join(imports) + "\n\n" + body)


def _result(kind: Any) -> str:
    lines = ["@dataclasses.dataclass(frozen=True, kw_only=True)", f"class {kind.__name__}:"]
    lines.append(_literal((inspect.getdoc(kind) or "").partition("\n\nAttributes:")[0]))
    for name, type_, prose, is_property in members_of(kind):
        text = _literal(prose)
        if is_property:
            lines += ["    @property", f"    def {name}(self) -> {type_}:", textwrap.indent(text, " " * 4)]
        else:
            lines += [f"    {name}: {type_}", text]
    return "\n".join(lines)


def _literal(text: str | None) -> str:
    lines = textwrap.indent(text or "", " " * 4).lstrip()
    end = "\n    " if "\n" in lines else ""
    return f'    """{lines}{end}"""'


if __name__ == "__main__":
    sys.exit(print_result(main))
