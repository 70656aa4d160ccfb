"""The lowest versions that are tested are those that `pyproject.toml` declares."""

from __future__ import annotations

import re
import tomllib

import noxfile
from tools import pinned

PROJECT = tomllib.loads((pinned.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def resolved() -> str:
    """What `uv pip compile` prints if each package has the declared version."""
    extras = PROJECT["optional-dependencies"]
    texts = [*PROJECT["dependencies"], *(text for extra in noxfile.USERS for text in extras[extra])]
    return "\n".join(re.sub(r">=([^,]+).*", r"==\1", text) for text in texts)


def test_a_version_above_the_declared_one_is_named() -> None:
    assert noxfile.higher_than_declared(resolved()) == []
    (named,) = noxfile.higher_than_declared(re.sub(r"requests==2\.\d+\.\d+", "requests==2.99.0", resolved(), count=1))
    assert re.fullmatch(r"requests<3,>=2[\d.]+ \(the lowest possible version is 2\.99\.0\)", named)


def test_all_extras_of_users_are_resolved() -> None:
    of_developers = {"demo", "docs", "dev", "mutants", "bench", "sdks"}
    assert {*noxfile.USERS} == PROJECT["optional-dependencies"].keys() - of_developers - {"policies", "native"}
