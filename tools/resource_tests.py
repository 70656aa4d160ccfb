"""Which test modules say something of one resource: those over all resources, and those of its own handler and kind."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from pulumi_openai_admin.emulator.api import KINDS
from pulumi_openai_admin.resources import ALL
from tools import missing_parts, pinned

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = "pytest.mark.every_resource"
VARIABLE = "TEST_RESOURCE"
"""The environment variable that chooses the resource: see tests/every_resource.py."""


def environment(resource: str) -> dict[str, str]:
    """The environment of pytest: the one resource, and nothing left out of its fault matrix."""
    return {VARIABLE: resource, "TESTS": "full"}


def modules_about(resource: str) -> list[str]:
    """The test modules to run, the quickest first."""
    own = {f"test_{name}.py" for name in _own_modules(resource)}
    folder = pinned.ROOT / "tests"
    return [
        path.relative_to(pinned.ROOT).as_posix()
        for path in sorted(folder.rglob("test_*.py"), key=lambda path: (folder / "unit" not in path.parents, path))
        if path.name in own or MARK in path.read_text(encoding="utf-8")
    ]


def _own_modules(resource: str) -> Iterator[str]:
    """The names of the modules of its handler, and of the emulator's kinds at the paths of its handler."""
    module = import_module(f"pulumi_openai_admin.resources.{ALL[resource]}")
    handler = getattr(module, resource).handler
    yield type(handler).__module__.rpartition(".")[2]
    paths = {*missing_parts.paths_of(handler)}
    for kind in KINDS:
        if paths & {operation.path for operation in kind.operations()}:
            yield type(kind).__module__.rpartition(".")[2]
