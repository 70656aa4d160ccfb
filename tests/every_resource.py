"""Tests over all resources, and the choice of one resource among them.

    pytestmark = pytest.mark.every_resource

marks a test, or all of a module, that says something of every resource. With `TEST_RESOURCE=Group`, such a test runs
for this resource alone. `make check RESOURCE=Group` runs all of them, and the other tests of their modules.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.resources import ALL
from pulumi_openai_admin.similar import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

MARK = "every_resource"
VARIABLE = "TEST_RESOURCE"
ONLY = os.environ.get(VARIABLE)
"""The one resource to run, or None for all."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"{MARK}: the test says something of every resource")
    if not is_chosen(*ALL):
        advice = did_you_mean(f"{ONLY}", ALL, "A new one needs an entry in resources.ALL first.", most=3)
        raise pytest.UsageError(f"There is no resource {ONLY}. {advice}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if ONLY:
        kept = about(ONLY, items)
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


def is_chosen(*resources: str) -> bool:
    """Whether this run is about one of the resources."""
    return ONLY in {None, *resources}


def about(resource: str, items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The tests that say something of a resource: the marked ones of this resource or of none, and all others."""
    return [item for item in items if not item.get_closest_marker(MARK) or _is_of(resource, item.name)]


def _is_of(resource: str, test: str) -> bool:
    """Whether the parameters of a test name this resource, or none."""
    named = {*re.findall(r"\w+", test.partition("[")[2])} & {*ALL}
    return not named or resource in named
