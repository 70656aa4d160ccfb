"""Which test modules are about the files that a change touches.

A test module is about a file if it imports it, directly or through modules of `tests/`, or if it reads it: see `READ`.
What a change breaks further away, only all tests find: `make test`.
"""

from __future__ import annotations

import ast
import subprocess
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tools import pinned

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

QUICK = ("tests/unit/", "tests/tools/")
"""The folders whose tests are run because of what they import: they need no engine and no browser."""
READ = {
    "pulumi_openai_admin/resources/*": ("tests/unit/test_registry.py", "tests/unit/test_identity.py"),
    "pulumi_openai_admin/__init__.pyi": ("tests/tools/test_type_stub.py",),
    "pulumi_openai_admin/hosts/native/schema.json": ("tests/native/test_schema.py",),
    "*.md": (
        "tests/tools/test_links.py",
        "tests/tools/test_page_commands.py",
        "tests/unit/test_readme.py",
        "tests/unit/test_troubleshooting.py",
    ),
    "Makefile": ("tests/tools/test_commands.py", "tests/tools/test_page_commands.py"),
    "pyproject.toml": ("tests/tools/test_bootstrap.py", "tests/tools/test_pinned.py"),
    ".github/*": ("tests/tools/test_workflows.py",),
}
"""Test modules by the files that they read instead of importing them."""


def changed_since(base: str) -> list[str]:
    """The files that differ from where this branch left `base`, and those that git does not track yet.

    Raises:
        subprocess.CalledProcessError: Git knows no such commit.
    """
    start = _git("merge-base", base, "HEAD").strip()
    tracked = _git("diff", "--name-only", "--no-renames", start)
    return sorted({*tracked.splitlines(), *_git("ls-files", "--others", "--exclude-standard").splitlines()})


def modules_about(changed: Iterable[str], root: Path) -> list[str]:
    """The test modules to run: those that changed, and those that are about another file that changed."""
    files = [*changed]
    found = {file for file in files if _is_test(file)}
    for pattern, tests in READ.items():
        if any(fnmatch(file, pattern) for file in files):
            found |= {*tests}
    modules = {_module(file) for file in files if file.endswith((".py", ".pyi"))}
    found |= {test for test in _quick_tests(root) if _reaches(root, test, modules)}
    return sorted(test for test in found if (root / test).exists())


def _is_test(file: str) -> bool:
    return file.startswith("tests/") and Path(file).name.startswith("test_") and file.endswith(".py")


def _quick_tests(root: Path) -> list[str]:
    found = (path.relative_to(root).as_posix() for path in (root / "tests").rglob("test_*.py"))
    return [path for path in found if path.startswith(QUICK)]


def _reaches(root: Path, test: str, modules: set[str]) -> bool:
    """Whether a test module imports one of the modules, itself or through modules of `tests/`."""
    seen, waiting = set[str](), [test]
    while waiting:
        names = imports(root / waiting.pop())
        if names & modules:
            return True
        own = {f"{name.replace('.', '/')}.py" for name in names if name.startswith("tests.")} - seen
        seen |= own
        waiting += [file for file in own if (root / file).exists()]
    return False


@cache
def imports(path: Path) -> frozenset[str]:
    """The names of the modules that a module imports; of `from a import b`, both `a` and `a.b`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return frozenset(found)


def _module(file: str) -> str:
    return file.rpartition(".")[0].removesuffix("/__init__").replace("/", ".")


def _git(*arguments: str) -> str:
    command: Sequence[str] = ("git", *arguments)
    return subprocess.run(command, cwd=pinned.ROOT, capture_output=True, encoding="utf-8", check=True).stdout
