"""What type checkers and editors read is what the package has."""

from __future__ import annotations

import ast
import inspect
from typing import Any

import pytest

import pulumi_openai_admin
from tools import type_stub

pytestmark = pytest.mark.every_resource

READ = ast.parse(type_stub.STUB.read_text(encoding="utf-8"))
FUNCTIONS = [node for node in READ.body if isinstance(node, ast.FunctionDef)]


def test_it_is_current() -> None:
    assert type_stub.STUB.read_text(encoding="utf-8") == type_stub.stub(), "Run `make generate`."


def test_it_has_every_name_and_no_other() -> None:
    declared = {node.name for node in READ.body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    imports = [node for node in READ.body if isinstance(node, ast.ImportFrom)]
    imported = {alias.asname for node in imports for alias in node.names if alias.asname}
    assert declared | imported == set(pulumi_openai_admin.__all__)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda node: node.name)
def test_a_function_is_written_as_it_is(function: ast.FunctionDef) -> None:
    made: Any = getattr(pulumi_openai_admin, function.name)
    signature = inspect.signature(made)
    written = {argument.arg: argument.annotation for argument in function.args.kwonlyargs}
    assert {name: type_ and ast.unparse(type_) for name, type_ in written.items()} == {
        name: parameter.annotation for name, parameter in signature.parameters.items()
    }
    assert function.returns is not None
    assert ast.unparse(function.returns) == signature.return_annotation
    assert ast.get_docstring(function) == inspect.getdoc(made)
