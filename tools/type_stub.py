"""`pulumi_openai_admin/__init__.pyi`: the public names, as type checkers and editors read them.

The package makes look-ups from declarations when a program first uses them. `make generate` writes down what they are;
a test compares it.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
import sys
import textwrap
from typing import Any

import pulumi_openai_admin
from pulumi_openai_admin import public_names, resources
from pulumi_openai_admin.data_sources.result import declared
from tools.commands import output
from tools.pinned import ROOT

STUB = ROOT / "pulumi_openai_admin" / "__init__.pyi"
FORMAT = (sys.executable, "-m", "ruff", "format", "--stdin-filename", STUB)

_HEAD = '''"""Manage an OpenAI organization as code, from Python, on Pulumi."""

# Written by `make generate`, from the declarations of resources and look-ups.

import dataclasses
{typing}
import pulumi

'''


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
    functions = [_function(value) for value in made.values() if inspect.isroutine(value)]
    listed = f"__all__ = {names!r}"
    body = "\n\n".join([listed, *results, *functions])
    used = [name for name in ("Any", "Literal") if re.search(rf"\b{name}\b", body)]
    head = _HEAD.format(typing=f"from typing import {', '.join(used)}\n" if used else "")
    return output(FORMAT, text=head + "\n".join(imports) + "\n\n" + body)


def _result(kind: Any) -> str:
    lines = ["@dataclasses.dataclass(frozen=True, kw_only=True)", f"class {kind.__name__}:"]
    lines.append(_literal((inspect.getdoc(kind) or "").partition("\n\nAttributes:")[0]))
    for field in dataclasses.fields(kind):
        lines += [f"    {field.name}: {text_of(field.type)}", _literal(declared(field).prose)]
    for name, value in properties(kind).items():
        returns = inspect.signature(value.fget).return_annotation
        lines += [
            "    @property",
            f"    def {name}(self) -> {returns}:",
            textwrap.indent(_literal(value.__doc__), " " * 4),
        ]
    return "\n".join(lines)


def properties(kind: type) -> dict[str, Any]:
    """The properties of a result."""
    return {name: value for name, value in inspect.getmembers(kind) if isinstance(value, property)}


def text_of(hint: Any) -> str:
    """A type as source."""
    return inspect.formatannotation(hint).replace("pulumi_openai_admin.", "").replace("typing.", "")


def _function(function: Any) -> str:
    signature, doc = inspect.signature(function), _literal(function.__doc__)
    return f"def {function.__name__}(\n{parameters_of(signature)}) -> {signature.return_annotation}:\n{doc}"


def parameters_of(signature: inspect.Signature) -> str:
    """The parameters of a function as source, one on each line: their annotations are texts."""
    lines = []
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in lines:
            lines.append("*")
        default = "" if parameter.default is inspect.Parameter.empty else f" = {parameter.default!r}"
        lines.append(f"{parameter.name}: {parameter.annotation}{default}")
    return "".join(f"    {line},\n" for line in lines)


def _literal(text: str | None) -> str:
    lines = textwrap.indent(text or "", " " * 4).lstrip()
    end = "\n    " if "\n" in lines else ""
    return f'    """{lines}{end}"""'
