from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openai.resources.admin.organization.projects import api_keys, projects, rate_limits
from openai.resources.admin.organization.projects.service_accounts import api_keys as account_keys
from openai.resources.admin.organization.projects.service_accounts import service_accounts

from pulumi_openai_admin import emulator
from pulumi_openai_admin.emulator.catalogue import FIELDS, ROWS, UNLIMITED
from pulumi_openai_admin.emulator.organization import Organization
from pulumi_openai_admin.emulator.replies import Replies
from pulumi_openai_admin.emulator.routes import routes
from pulumi_openai_admin.emulator.storage import InMemory
from pulumi_openai_admin.emulator.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(emulator.__file__).parent
OURS = "pulumi_openai_admin.emulator"
ALLOWED = {"fastapi", "starlette", "pydantic", "uvicorn", "typing_extensions"}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            yield node.module


@pytest.mark.parametrize("path", sorted(FOLDER.glob("**/*.py")), ids=lambda path: path.name)
def test_the_emulator_imports_nothing_of_the_rest(path: Path) -> None:
    for name in imported(path):
        top = name.partition(".")[0]
        assert name == OURS or name.startswith(f"{OURS}.") or top in ALLOWED | set(sys.stdlib_module_names), name


def test_starting_one_needs_the_standard_library_only() -> None:
    code = f"""
import sys, types
package = types.ModuleType("pulumi_openai_admin")
package.__path__ = [{str(FOLDER.parent)!r}]
sys.modules["pulumi_openai_admin"] = package
import pulumi_openai_admin.emulator.process
print(*sys.modules)
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not ALLOWED & set(result.stdout.split())


_CALL = re.compile(r"self\._(get_api_list|get|post|delete)\(\s*(?:path_template\(\s*)?\"(/[^\"]+)\"")
_CLASSES = [
    projects.Projects,
    rate_limits.RateLimits,
    service_accounts.ServiceAccounts,
    account_keys.APIKeys,
    api_keys.APIKeys,
]


def test_every_operation_of_the_sdk_has_a_route_and_no_route_is_made_up() -> None:
    calls = [call for kind in _CLASSES for call in _CALL.findall(inspect.getsource(kind))]
    asked = {({"get_api_list": "GET"}.get(verb, verb.upper()), path) for verb, path in calls}
    table = routes(Replies(Organization(World(), InMemory())))
    assert len(asked) == 17
    assert {(route.method, route.path) for route in table} == asked


def test_the_catalogue_holds_together() -> None:
    assert len({row.id for row in ROWS}) == len(ROWS)
    for row in ROWS:
        assert list(row.limits) == [name for name in FIELDS if name in row.limits]
        assert set(row.limits) == set(row.ceilings)
        assert {"max_requests_per_1_minute", "max_tokens_per_1_minute"} <= set(row.limits)
    assert any(UNLIMITED in row.limits.values() for row in ROWS)
    assert any(row.limits[name] > row.ceilings[name] for row in ROWS for name in row.limits)
