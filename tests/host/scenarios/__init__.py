"""The scenarios of all resources: a file for each, named as the resource's module. Each has one name, `SCENARIO`."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from pulumi_openai_admin.resources import ALL

if TYPE_CHECKING:
    from tests.host.scenario import Scenario


def _all() -> list[Scenario]:
    """Those that have a file; tests/unit/test_registry.py names the ones that have none."""
    modules = [f"{__name__}.{module}" for module in ALL.values()]
    return [import_module(module).SCENARIO for module in modules if find_spec(module)]


SCENARIOS = _all()
