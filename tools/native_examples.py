"""The programs of the pages in docs/resources as Pulumi YAML, for the schema of the native provider.

They are resources with literal arguments, and outputs. A program with anything else fails here, so that no page is
without its example.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

import yaml  # type: ignore[import-untyped]

from pulumi_openai_admin import config
from pulumi_openai_admin.hosts.native.properties import camel, token
from pulumi_openai_admin.schema import shapes
from tools.docs_declarations import DocsError
from tools.docs_pages import INDEX, resources

if TYPE_CHECKING:
    from pulumi_openai_admin.schema.shapes import Shape

_API_KEY = camel(config.PROJECT_KEY)
_PROGRAM = re.compile(r"```python\n(.*?)```", re.DOTALL)


def examples() -> dict[str, str]:
    """A YAML program for each resource, by its name.

    Raises:
        DocsError: A page has no program, or one that can't be written in YAML.
    """
    return {name: _example(name) for name in resources()}


def _example(name: str) -> str:
    found = _PROGRAM.search((INDEX.parent / f"{name}.md").read_text(encoding="utf-8"))
    if not found:
        raise DocsError(f"docs/resources/{name}.md has no program")
    try:
        return program(found[1])
    except ValueError as error:
        raise DocsError(f"docs/resources/{name}.md: {error}") from None


def program(source: str) -> str:
    """A Python program as a Pulumi YAML program.

    Raises:
        ValueError: It has more than resources with literal arguments, and outputs.
    """
    declared: dict[str, Any] = {}
    outputs: dict[str, Any] = {}
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            continue
        call = statement.value if isinstance(statement, ast.Assign | ast.Expr) else None
        if not isinstance(call, ast.Call):
            raise ValueError(f"`{ast.unparse(statement)}` is neither a resource nor an output")  # noqa: TRY004 - the program is wrong
        if ast.unparse(call.func) == "pulumi.export":
            name, value = call.args
            outputs[camel(_plain(name))] = _value(value, shapes.AnyValue())
        else:
            key = ast.unparse(statement.targets[0]) if isinstance(statement, ast.Assign) else _plain(call.args[0])
            declared[camel(key)] = _resource(call)
    settings = _settings(declared)
    document = {"name": "example", "runtime": "yaml", "config": settings, "resources": declared, "outputs": outputs}
    return dump({key: value for key, value in document.items() if value})


def _settings(declared: dict[str, Any]) -> dict[str, Any]:
    """The settings from which resources take their API keys, in place of the accounts whose keys they are.

    The key of a service account may be null, and TypeScript, Python and Go accept no such value for a required input.
    """
    found = {}
    for properties in [spec["properties"] for spec in declared.values()]:
        for key, value in properties.items():
            account, _, output = str(value).removeprefix("${").partition(".")
            if key == _API_KEY and output == f"{_API_KEY}}}":
                properties[key] = f"${{{_API_KEY}}}"
                found[_API_KEY] = {"type": "string", "secret": True}
                if f"${{{account}." not in str(declared):
                    del declared[account]
    return found


def dump(document: dict[str, Any]) -> str:
    """A program as YAML."""
    return str(yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100))


def _resource(call: ast.Call) -> dict[str, Any]:
    name = ast.unparse(call.func)
    fields = resources()[name].declaration.fields
    values = {camel(str(given.arg)): _value(given.value, fields[str(given.arg)].shape) for given in call.keywords}
    return {"type": token(name).replace(":index:", ":"), "properties": values}


def _value(node: ast.expr, shape: Shape) -> Any:
    """A value, with the properties of structures in camelCase and references to other resources."""
    if isinstance(node, ast.Dict):
        entries = ((_plain(key), value) for key, value in zip(node.keys, node.values, strict=True))
        return {_key(key, shape): _value(value, _inside(shape, key)) for key, value in entries}
    if isinstance(node, ast.List):
        return [_value(item, _inside(shape, "")) for item in node.elts]
    if isinstance(node, ast.Attribute):
        return f"${{{camel(ast.unparse(node.value))}.{camel(node.attr)}}}"
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute):
        inside = str(_value(node.value, shape)).removesuffix("}")
        return f'{inside}["{_plain(node.slice)}"]}}'
    return _plain(node)


def _key(key: str, shape: Shape) -> str:
    has_structure = any(isinstance(member, shapes.Structure) for member in _members(shape))
    return camel(key) if has_structure else key


def _inside(shape: Shape, key: str) -> Shape:
    """The shape of one value in a list or mapping."""
    for member in _members(shape):
        if isinstance(member, shapes.Structure) and key in member.properties:
            return member.properties[key]
        if isinstance(member, shapes.Entries):
            return member.value
        if isinstance(member, shapes.Items):
            return member.item
    return shapes.AnyValue()


def _members(shape: Shape) -> tuple[Shape, ...]:
    return shape.members if isinstance(shape, shapes.Alternatives) else (shape,)


def _plain(node: ast.expr | None) -> Any:
    """A literal, or the product of literals.

    Raises:
        ValueError: It is something else.
    """
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return _plain(node.left) * _plain(node.right)
    if isinstance(node, ast.Constant):
        return node.value
    raise ValueError(f"`{ast.unparse(node) if node else node}` is not a literal")


class _Dumper(yaml.SafeDumper):  # type: ignore[misc] # it has no types
    """Writes texts of several lines as blocks, and every list below its key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002, ARG002 - PyYAML's signature
        super().increase_indent(flow, indentless=False)


def _text(dumper: _Dumper, text: str) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)
