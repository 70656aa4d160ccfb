"""Each module imports only what is declared where it is installed: what other packages bring may change at any time."""

from __future__ import annotations

import ast
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from pulumi_openai_admin.delivery.secret_store import SecretStore, class_of
from pulumi_openai_admin.program.key_delivery import DeliverTo

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "pulumi_openai_admin"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

OWN = "pulumi_openai_admin"
DISTRIBUTIONS = {
    "azure.core": "azure-core",
    "azure.identity": "azure-identity",
    "azure.keyvault.secrets": "azure-keyvault-secrets",
    "google.auth": "google-auth",
    "google.protobuf": "protobuf",
}
"""Modules in packages that several distributions have."""
INSTALLED = packages_distributions()
EXTRAS = {
    "cli": ["cli"],
    "emulator": ["emulator"],
    "policies": ["policies"],
    "pytest_plugin.py": ["emulator"],
    **{
        f"delivery/{name}.py": [kind.extra]
        for name in DeliverTo.__annotations__
        if issubclass(kind := class_of(name), SecretStore)
    },
}
"""The extras with which a part of the package is used. The rest needs none."""
LOADED_BY = {"pytest_plugin.py": {"pytest"}}
"""What has loaded a module."""
OF_DEVELOPERS = ["cli", "demo", "dev", "docs", "mutants"]
OPEN = {"cryptography", "pydantic-core", "typing-extensions"}
"""Without an upper bound: their major versions say nothing, and pydantic requires one exact version of its core."""


@cache
def declared(extra: str) -> frozenset[str]:
    """The distributions that an extra declares, with its own extras; without a name: those of the package."""
    texts = PROJECT["optional-dependencies"][extra] if extra else PROJECT["dependencies"]
    found = set[str]()
    for requirement in map(Requirement, texts):
        name = canonicalize_name(requirement.name)
        found |= set().union(*map(declared, requirement.extras)) if name == PROJECT["name"] else {name}
    return frozenset(found)


def imported(node: ast.AST) -> Iterator[str]:
    """The modules that are imported when the code runs, without those of the standard library and of the project."""
    if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
        return
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
    if isinstance(node, ast.ImportFrom) and not node.level:
        names = [f"{node.module}.{alias.name}" for alias in node.names]
    yield from (name for name in names if name.partition(".")[0] not in {*sys.stdlib_module_names, OWN, "__future__"})
    for child in ast.iter_child_nodes(node):
        yield from imported(child)


def distribution_of(module: str) -> str:
    named = next((name for name in DISTRIBUTIONS if f"{module}.".startswith(f"{name}.")), "")
    package = module.partition(".")[0]
    return DISTRIBUTIONS[named] if named else canonicalize_name(INSTALLED.get(package, [package])[0])


def missing(path: Path, extras: list[str]) -> set[str]:
    allowed = set().union(*map(declared, ["", *extras]))
    return {distribution_of(name) for name in imported(ast.parse(path.read_text(encoding="utf-8")))} - allowed


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_the_package_imports_what_it_declares(path: Path) -> None:
    name = path.relative_to(PACKAGE).as_posix()
    extras = EXTRAS.get(name) or EXTRAS.get(name.partition("/")[0], [])
    assert missing(path, extras) - LOADED_BY.get(name, set()) == set()


def test_the_tools_import_what_they_declare() -> None:
    own = {"benchmarks", "noxfile", "tests", "tools", *(path.stem for path in (ROOT / "tools" / "plugin").glob("*.py"))}
    found = {path.name: missing(path, OF_DEVELOPERS) - own for path in (ROOT / "tools").rglob("*.py")}
    assert {name: names for name, names in found.items() if names} == {}


def test_each_dependency_has_a_lower_and_an_upper_bound() -> None:
    texts = [*PROJECT["dependencies"], *(text for extra in PROJECT["optional-dependencies"].values() for text in extra)]
    requirements = [found for found in map(Requirement, texts) if found.name not in {PROJECT["name"], *OPEN}]
    bounds = {str(found): {each.operator for each in found.specifier} for found in requirements}
    assert [text for text, operators in bounds.items() if operators not in ({"=="}, {">=", "<"})] == []
