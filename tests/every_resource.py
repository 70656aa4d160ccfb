"""Tests over all resources, and the choice of one resource among them.

    pytestmark = pytest.mark.every_resource

marks a test, or all of a module, that says something of every resource. With `TEST_RESOURCE=Group`, such a test runs
for this resource alone. `make check RESOURCE=Group` runs all of them, and the other tests of their modules.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from pulumi_openai_admin.resources import ALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

MARK = "every_resource"
VARIABLE = "TEST_RESOURCE"
ONLY = os.environ.get(VARIABLE)
"""The one resource to run, or None for all."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"{MARK}: the test says something of every resource")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if ONLY:
        kept = about(ONLY, items)
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


def is_chosen(resource: str) -> bool:
    """Whether this run is about a resource."""
    return ONLY in {None, resource}


def about(resource: str, items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The tests that say something of a resource: the marked ones of this resource or of none, and all others."""
    return [item for item in items if not item.get_closest_marker(MARK) or _is_of(resource, item.name)]


def _is_of(resource: str, test: str) -> bool:
    """Whether the parameters of a test name this resource, or none."""
    named = {*re.findall(r"\w+", test.partition("[")[2])} & {*ALL}
    return not named or resource in named
