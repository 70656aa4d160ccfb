"""The lowest versions that are tested are those that `pyproject.toml` declares."""

from __future__ import annotations

import re

import noxfile


def test_each_dependency_of_users_has_a_lower_bound() -> None:
    pinned = noxfile.lowest_declared()
    assert {"requests==2.32.2", "google-auth==2.35"} <= {*pinned}
    assert [text for text in pinned if not re.fullmatch(r"[\w-]+==[\d.]+", text)] == []


def test_all_extras_of_users_are_resolved() -> None:
    of_developers = {"demo", "docs", "dev", "mutants", "bench", "sdks"}
    extras = noxfile.PROJECT["optional-dependencies"].keys()
    assert {*noxfile.USERS} == extras - of_developers - {"policies", "native"}
