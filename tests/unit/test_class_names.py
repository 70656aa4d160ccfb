"""A class name is defined once in the package, so that it says which class is meant.

The exceptions are pairs of classes for one thing in two layers. Each entry has the two folders, the reason, and
the names; all names where None.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pulumi_openai_admin
from pulumi_openai_admin.program.key_delivery import Store

PACKAGE = Path(pulumi_openai_admin.__file__).parent

SHARED: dict[tuple[str, str], tuple[str, set[str] | None]] = {
    ("emulator/api", "handlers"): (
        "The emulator's endpoints of a kind of object, and the provider's handler of them. Both have OpenAI's name.",
        None,
    ),
    ("emulator/api", "resources"): (
        "The emulator's endpoints or body of a request, and the resource or structure that programs write.",
        None,
    ),
    ("emulator/handlers", "handlers"): (
        "A shape of endpoints: how the emulator serves it, and what the verbs of the provider mean for it.",
        {"Collection", "Membership", "OptionalSetting", "Setting"},
    ),
    ("emulator/handlers", "schema"): (
        "How OpenAI's lists are paged: as the emulator does it, and as the client reads it.",
        {"Paging"},
    ),
    ("emulator/handlers", "data_sources"): (
        "A report of usage or costs: as the emulator replies, and as programs read it.",
        {"Report"},
    ),
    ("program", "schema"): (
        "A field of a declaration: as type checkers see it on a resource of a program, and without Pulumi.",
        {"Field"},
    ),
    ("delivery", "program"): (
        "A secret store: how a key gets there, and the class that programs name it with.",
        {kind.__name__ for kind in Store.__subclasses__()},
    ),
}


def definitions() -> dict[str, list[str]]:
    """By class name, the modules that define it."""
    found = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(path.relative_to(PACKAGE).as_posix())
    return found


def is_shared(name: str, modules: list[str]) -> bool:
    """Whether a class may be defined in these modules: for one thing in two layers."""
    return any(
        (names is None or name in names)
        and len(modules) == 2
        and all(path.startswith(f"{folder}/") for path, folder in zip(modules, sorted(pair), strict=True))
        for pair, (_, names) in SHARED.items()
    )


def test_a_class_name_is_defined_once_except_in_two_layers_for_one_thing() -> None:
    found = definitions()
    several = {name: modules for name, modules in found.items() if len(modules) > 1 and not is_shared(name, modules)}
    assert not several, f"Give each class a name of its own, or add it to SHARED with a reason: {several}"
    listed = {name for _, names in SHARED.values() for name in names or ()}
    assert {name for name in listed if len(found[name]) < 2} == set()
