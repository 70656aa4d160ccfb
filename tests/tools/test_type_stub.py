"""What type checkers and editors read is what the package has."""

from __future__ import annotations

import ast

import pytest

import pulumi_openai_admin
from tools import type_stub

pytestmark = pytest.mark.every_resource

READ = ast.parse(type_stub.STUB.read_text(encoding="utf-8"))


def test_it_is_current() -> None:
    assert type_stub.STUB.read_text(encoding="utf-8") == type_stub.stub(), "Run `make generate`."


def test_it_has_every_name_and_no_other() -> None:
    declared = {node.name for node in READ.body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    imports = [node for node in READ.body if isinstance(node, ast.ImportFrom)]
    imported = {alias.asname for node in imports for alias in node.names if alias.asname}
    assert declared | imported == set(pulumi_openai_admin.__all__)
