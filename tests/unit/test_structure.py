"""What holds for all modules of the package: names say what they mean, and no imports are circular."""

from __future__ import annotations

import ast
import tokenize
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

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
"""The classes that two modules may define: pairs for one thing in two layers. Each entry has the two folders, the
reason, and the names; all names where None.
"""
NAMELESS = "one"


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


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_name_says_nothing(path: Path) -> None:
    with tokenize.open(path) as file:
        tokens = [*tokenize.generate_tokens(file.readline)]
    lines = [token.start[0] for token in tokens if token.string.strip("_") == NAMELESS]
    assert not lines, f"{path}: name what `{NAMELESS}` holds, in line {', '.join(map(str, lines))}"


def circle(imports: dict[str, set[str]]) -> list[str]:
    """Modules that import each other, the last one the first again; none if there are none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return [*reversed(error.args[1])]
    return []


def test_no_module_imports_itself_through_others() -> None:
    graph = grimp.build_graph(PACKAGE.name, cache_dir=None)  # with the imports below `if TYPE_CHECKING`
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert len(imports) > 200
    assert not circle(imports), (
        f"{' -> '.join(circle(imports))}: move what both need to a third module, or say what one needs in a Protocol."
    )
