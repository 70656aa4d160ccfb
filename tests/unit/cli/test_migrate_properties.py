from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import (
    ExternalKey,
    Group,
    ProjectRateLimits,
    ProjectServiceAccount,
)
from pulumi_openai_admin.cli.migrate import Properties
from pulumi_openai_admin.errors import ConfigurationError
from tests.exported import ENCRYPTED, MARK, plain

if TYPE_CHECKING:
    from pulumi_openai_admin.resources.base import AdminResource


def of(resource: type[AdminResource]) -> Properties:
    return Properties(f"{resource.__name__} 'it'", resource.declaration)


def test_encrypted_values_are_moved_as_they_are_also_inside_of_mappings() -> None:
    limits = {"gpt-4o": {"max_requests_per_1_minute": ENCRYPTED, "max_tokens_per_1_minute": 5}}
    assert of(ProjectRateLimits).inputs({"limits": limits})["limits"] == {
        "gpt-4o": {"maxRequestsPer1Minute": ENCRYPTED, "maxTokensPer1Minute": 5}
    }
    state = of(ProjectRateLimits).state({"__rows": ENCRYPTED, "__managed": ENCRYPTED})
    assert state["rows"] == state["__managed"] == ENCRYPTED


@pytest.mark.parametrize(
    ("resource", "name", "value"),
    [
        (ExternalKey, "provider", ENCRYPTED),
        (ProjectRateLimits, "others", ENCRYPTED),
        (ProjectRateLimits, "limits", ENCRYPTED),
        (ProjectRateLimits, "limits", {"gpt-4o": ENCRYPTED}),
    ],
)
def test_a_structure_that_is_encrypted_as_a_whole_is_refused(
    resource: type[AdminResource], name: str, value: Any
) -> None:
    for move in (of(resource).inputs, of(resource).state):
        with pytest.raises(ConfigurationError, match=f"has the secret {name}, .* --show-secrets"):
            move({name: value})


def test_values_in_plain_text_are_renamed_and_stay_secret() -> None:
    limits = {"gpt-4o": {"max_requests_per_1_minute": 60}}
    new = plain({"gpt-4o": {"maxRequestsPer1Minute": 60}})
    assert of(ProjectRateLimits).inputs({"limits": plain(limits)}) == {"limits": new}
    inside = {"gpt-4o": {"max_requests_per_1_minute": plain(60)}}
    assert of(ProjectRateLimits).inputs({"limits": plain(inside)}) == {
        "limits": plain({"gpt-4o": {"maxRequestsPer1Minute": plain(60)}})
    }


def test_a_key_that_there_is_not_is_null_though_its_absence_is_encrypted() -> None:
    account = of(ProjectServiceAccount)
    assert account.state({"api_key": plain("")})["apiKey"] is None
    assert account.state({"api_key": ENCRYPTED, "api_key_id": "", "api_key_expires_at": ""})["apiKey"] is None


@pytest.mark.parametrize("beside", [{}, {"api_key_id": "key_1", "api_key_expires_at": ""}])
def test_a_key_that_there_may_be_is_kept(beside: dict[str, Any]) -> None:
    assert of(ProjectServiceAccount).state({"api_key": ENCRYPTED, **beside})["apiKey"] == ENCRYPTED


def test_a_secret_that_was_edited_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="Group 'it' has a secret that is not JSON"):
        of(Group).inputs({"name": {**MARK, "plaintext": "{"}})


def test_names_and_paths_of_properties() -> None:
    limits = of(ProjectRateLimits)
    assert limits.names(["__provider", "__secret", "project_id", "__rows", "limits"]) == ["projectId", "rows", "limits"]
    assert limits.path('limits["gpt-4o"].max_requests_per_1_minute') == 'limits["gpt-4o"].maxRequestsPer1Minute'
