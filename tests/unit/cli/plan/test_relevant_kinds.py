"""A new kind that gives access is in the parts of the command line that say who has access."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_openai_admin import resources
from pulumi_openai_admin.cli import memberships, recorded
from pulumi_openai_admin.handlers.handler import GrantedAccess, Shows, Subject

pytestmark = pytest.mark.every_resource

GIVEN = {"role", "role_id", "role_ids", "members", "user_id", "user_ids"}
"""The inputs of a resource that gives access."""


def handler_of(name: str) -> Any:
    return recorded.resource_of(name).handler


@pytest.mark.parametrize("name", resources.ALL)
def test_each_kind_that_gives_access_is_shown(name: str) -> None:
    gives = not GIVEN.isdisjoint(field.name for field in recorded.resource_of(name).declaration.inputs)
    assert (handler_of(name).grants is not None) is gives, "its handler has to say what it `grants`"
    if gives and handler_of(name).traits.shows is not Shows.NOTHING:
        assert name in memberships._LISTS


@pytest.mark.parametrize("name", resources.ALL)
def test_what_a_kind_grants_is_in_the_fields_that_plan_reads(name: str) -> None:
    fields = {
        None: set(),
        GrantedAccess.PLACE: {"role", "members"},
        GrantedAccess.ROLES: {"role_id", "role_ids"},
        GrantedAccess.GROUP: {"user_id", "user_ids"},
    }[handler_of(name).grants]
    assert not fields or not fields.isdisjoint(recorded.resource_of(name).declaration.fields)


@pytest.mark.parametrize("name", resources.ALL)
def test_what_gives_people_access_is_in_their_part_of_the_page(name: str) -> None:
    gives_people = handler_of(name).grants is not None and name != "ProjectServiceAccount"
    assert (handler_of(name).traits.subject is Subject.PEOPLE) is gives_people
