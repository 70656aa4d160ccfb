"""One failing test names everything that is missing for a resource of the registry."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from pulumi_openai_admin.dynamic.resource import AdminResource
from pulumi_openai_admin.resources import ALL
from tests.unit.test_identity import PINNED

ROOT = Path(__file__).parents[2]


def test_every_module_of_a_resource_is_registered() -> None:
    modules = {path.stem for path in (ROOT / "pulumi_openai_admin" / "resources").glob("[a-z]*.py")}
    assert modules == set(ALL.values())


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_missing_for_a_resource(name: str) -> None:
    resource = getattr(import_module(f"pulumi_openai_admin.resources.{ALL[name]}"), name)
    assert issubclass(resource, AdminResource)
    page = ROOT / "docs" / "resources" / f"{name}.md"
    text = {
        file: (ROOT / file).read_text(encoding="utf-8")
        for file in ("README.md", "docs/index.md", "tests/host/lives.py", "tests/host/test_fault_matrix.py")
    }
    expected = {
        "its import in pulumi_openai_admin/__init__.pyi (`make generate`)": (
            f"resources.{ALL[name]} import" in (ROOT / "pulumi_openai_admin" / "__init__.pyi").read_text("utf-8")
        ),
        f"its page docs/resources/{name}.md": page.exists(),
        f"a program in docs/resources/{name}.md": page.exists() and f"{name}(" in page.read_text(encoding="utf-8"),
        "its line in README.md": f"docs/resources/{name}.md" in text["README.md"],
        "its line in docs/index.md": f"resources/{name}.md" in text["docs/index.md"],
        "its life in tests/host/lives.py": f"    Life(\n        {name},\n" in text["tests/host/lives.py"],
        "its verbs in tests/host/test_fault_matrix.py": (
            f", {name}, " in text["tests/host/test_fault_matrix.py"].partition("VERBS = [")[2].partition("]")[0]
        ),
        "its pinned bytes in tests/unit/test_identity.py": resource in PINNED,
    }
    missing = [what for what, is_there in expected.items() if not is_there]
    assert not missing, f"{name} lacks {'; '.join(missing)}"
