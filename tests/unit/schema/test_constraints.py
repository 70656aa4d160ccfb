from __future__ import annotations

import re
from pathlib import Path

import pytest

from pulumi_openai_admin.emulator.api import roles
from pulumi_openai_admin.schema.constraints import KNOWN, Length, permission_doubt


@pytest.mark.parametrize(("count", "is_met"), [(1, False), (2, True), (5, True), (6, False)])
def test_a_length_counts_characters(count: int, is_met: bool) -> None:
    assert Length(2, 5).is_met("ä" * count) is is_met
    assert Length(2, 5).words == "a string of 2 to 5 characters"


ROOT = Path(__file__).parents[3]
SPECIFICATION = ROOT / "tests" / "emulator" / "specification" / "admin-openapi.json"
RESEMBLE_NONE = (
    *(f"api.{kind}" for kind in ("videos.read", "vector_stores.write", "fine_tuning.read", "evals.read")),
    *("api.prompts.write", "api.organization.projects.service_accounts.write", "anything", ""),
)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("api.group.read", "api.groups.read"),
        ("api.groups.raed", "api.groups.read"),
        ("groups.read", "api.groups.read"),
        ("API.Groups.Read", "api.groups.read"),
        ("api.groups.read ", "api.groups.read"),
        ("api.respones.write", "api.responses.write"),
        ("api.organization.projects.api_key.read", "api.organization.projects.api_keys.read"),
        ("api.usage.wirte", "api.usage.write"),
        *((name, "") for name in (*KNOWN, *RESEMBLE_NONE)),
    ],
)
def test_a_name_is_doubted_if_it_is_not_known_and_resembles_one_that_is(name: str, meant: str) -> None:
    assert permission_doubt(name) == (f"{name!r} may be misspelled. Did you mean {meant!r}?" if meant else "")


def test_all_names_of_the_emulators_roles_are_known() -> None:
    every = [
        *roles.READ,
        *roles.WRITE,
        *(name for role in roles.ROLES.predefined_permissions.values() for name in role),
    ]
    assert set(every) <= set(KNOWN)


def test_all_names_in_programs_and_pages_are_known() -> None:
    pages = [*ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*/*.py"), SPECIFICATION]
    names = {
        name
        for page in pages
        for name in re.findall(r"[\"'](api(?:\.[a-z_]+)+\.(?:read|write|request))[\"']", page.read_text("utf-8"))
    }
    assert "api.groups.read" in names
    assert names - set(KNOWN) == {"api.group.read"}  # the example of a misspelled one
