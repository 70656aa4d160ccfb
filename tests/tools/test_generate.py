"""What is generated is current, and what type checkers and editors read is what the package has."""

from __future__ import annotations

import ast

import pytest

import pulumi_openai_admin
from tools import docs_pages, generate, languages

pytestmark = pytest.mark.every_resource


def test_all_files_are_current() -> None:
    files = dict(generate.files())
    assert not [path for path, text in files.items() if path.read_text("utf-8") != text], "Run `make generate`."
    pages = {*docs_pages.SOURCES.rglob("*.md"), docs_pages.EMULATOR, docs_pages.BEHAVIOR}
    assert {generate.STUB, languages.SCHEMA, *pages} == files.keys()


def test_the_stub_has_every_name_and_no_other() -> None:
    read = ast.parse(generate.STUB.read_text(encoding="utf-8")).body
    declared = {node.name for node in read if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    imports = [node for node in read if isinstance(node, ast.ImportFrom)]
    imported = {alias.asname for node in imports for alias in node.names if alias.asname}
    assert declared | imported == set(pulumi_openai_admin.__all__)
