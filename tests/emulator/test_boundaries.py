from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin import emulator

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(emulator.__file__).parent
OURS = "pulumi_openai_admin.emulator"
ALLOWED = {"pydantic", "pydantic_core", "uvicorn", "typing_extensions", "cryptography"}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            yield node.module


@pytest.mark.parametrize("path", sorted(FOLDER.glob("**/*.py")), ids=lambda path: path.name)
def test_the_emulator_imports_nothing_of_the_rest(path: Path) -> None:
    for name in imported(path):
        top = name.partition(".")[0]
        assert name == OURS or name.startswith(f"{OURS}.") or top in ALLOWED | set(sys.stdlib_module_names), name


def test_starting_one_needs_the_standard_library_only() -> None:
    code = f"""
import sys, types
package = types.ModuleType("pulumi_openai_admin")
package.__path__ = [{str(FOLDER.parent)!r}]
sys.modules["pulumi_openai_admin"] = package
import pulumi_openai_admin.emulator.process
print(*sys.modules)
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert not ALLOWED & set(result.stdout.split())
