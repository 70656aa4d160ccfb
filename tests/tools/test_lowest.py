"""The lowest versions that are tested are those that `pyproject.toml` declares."""

from __future__ import annotations

import pytest
import tomli

from tools import lowest, pinned
from tools.progress import StepError

PROJECT = tomli.loads((pinned.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_a_version_above_the_declared_one_is_refused_with_its_name() -> None:
    declared = ["requests>=2.32,<3", "google-auth[requests]>=2.35,<3", "typing-extensions>=4.12"]
    resolved = "google-auth[requests]==2.35.0\nrequests==2.34.0\n    # via google-auth\ntyping_extensions==4.12.0\n"
    with pytest.raises(
        StepError, match=r"can't be installed.*: requests<3,>=2\.32 \(the lowest .* is 2\.34\.0\)\. Raise them"
    ):
        lowest.require_bounds(declared, resolved)
    lowest.require_bounds(declared, resolved.replace("2.34.0", "2.32.0"))


def test_what_users_install_is_resolved_without_tools() -> None:
    own, tools = map(lowest.name_of, lowest.declared(PROJECT)), [*map(lowest.name_of, lowest.of_tests(PROJECT))]
    assert {"pulumi", "urllib3", "hvac", "typer", "pydantic"} <= {*own}
    assert {"pytest", "openai", "hypothesis"} <= {*tools}
    assert not {"hvac", "rich", "pulumi-policy", "types-hvac"} & {*tools}
    assert not [text for text in lowest.declared(PROJECT) if "==" in text]
