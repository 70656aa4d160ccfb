"""No module of the package imports itself through others, for types neither."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

import grimp

PACKAGE = "pulumi_openai_admin"


def circle(imports: dict[str, set[str]]) -> list[str]:
    """Modules that import each other, the last one the first again; none if there are none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return [*reversed(error.args[1])]
    return []


def test_no_module_imports_itself_through_others() -> None:
    graph = grimp.build_graph(PACKAGE, cache_dir=None)  # with the imports below `if TYPE_CHECKING`
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert len(imports) > 200
    assert not circle(imports), (
        f"{' -> '.join(circle(imports))}: move what both need to a third module, or say what one needs in a Protocol."
    )
