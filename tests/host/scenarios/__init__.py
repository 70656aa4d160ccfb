"""The scenarios of all resources: `Scenario` in a module, which is about one resource or several of one family."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from pulumi_openai_admin.resources import ALL
from tests.host.scenario import Scenario


def _of_kinds() -> dict[str, Scenario]:
    """By kind, in the order of the registry; `tests/unit/test_registry.py` names the kinds that have none."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    found = [value for module in modules for value in vars(module).values() if isinstance(value, Scenario)]
    by_kind = {scenario.resource.__name__: scenario for scenario in found}
    return {kind: by_kind[kind] for kind in ALL if kind in by_kind}


OF_KINDS = _of_kinds()
SCENARIOS = [*OF_KINDS.values()]
