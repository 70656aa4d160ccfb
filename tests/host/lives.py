"""What happens to a resource in one life, as data; `test_life.py` plays it for every resource."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pulumi_openai_admin import (
    Group,
    Project,
    ProjectRateLimit,
    ProjectRateLimits,
    ProjectServiceAccount,
    ProjectServiceAccountApiKey,
    ProjectSpendLimit,
)

PROJECT = {"project_id": "proj_demo"}
WHISPER = {"max_requests_per_1_minute": 10}


@dataclass(frozen=True)
class Drift:
    """A change behind Pulumi's back: POST `body` to the object, after which `property` shows as `shows`."""

    body: dict[str, Any]
    property: str
    shows: Any


@dataclass(frozen=True)
class Step:
    """An update: what the program says now, and what has to come of it."""

    inputs: dict[str, Any]
    outputs: dict[str, Any]
    writes: list[str]
    """The requests that change something: method and the last part of the path without ids."""
    keeps: tuple[str, ...] = ()
    """Outputs that have to stay what they were."""


@dataclass(frozen=True)
class Life:
    """One resource's life."""

    resource: type[Any]
    path: str
    """Where the object is changed, below the base address; `{id}` is its own id."""
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    drift: Drift | None
    """None where nothing that a program sets can be changed behind its back."""
    steps: list[Step]
    replaced_by: dict[str, Any] | None
    """Inputs that mean another object; None where any change is made in place."""
    replaces: str
    """The input that `replaced_by` changes; where that is None, an input that is changed in place."""
    bad: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Inputs that check has to refuse, by a piece of the reason."""
    is_gone_after_delete: bool = True
    missing: str = "proj_demo/none"
    """An id that no object has."""
    malformed: str = "none"
    """What is no id; empty where anything is one."""
    archives_itself: bool = False
    """Whether it is what an archived project is."""
    is_in_project: bool = True
    """Whether an archived project ends it."""
    seed: dict[str, Any] = field(default_factory=dict)
    """What has to be there before."""


KEY = {"project_id": "proj_keys", "service_account_id": "svc_acct_life"}
LIVES = [
    Life(
        Group,
        path="/organization/groups/{id}",
        inputs={"name": "Engineering"},
        outputs={"name": "Engineering", "is_scim_managed": False},
        drift=Drift({"name": "renamed by hand"}, "name", shows="renamed by hand"),
        steps=[
            Step(
                {"name": "Research"},
                {"name": "Research"},
                writes=["POST groups"],
                keeps=("group_id", "created_at"),
            ),
        ],
        replaced_by=None,
        replaces="name",
        bad={"name is empty": {"name": ""}, "name must be a text, not a number": {"name": 3}},
        missing="group_none",
        malformed="",
        is_in_project=False,
    ),
    Life(
        ProjectSpendLimit,
        path="/organization/projects/proj_demo/spend_limit",
        inputs={**PROJECT, "threshold_amount": 10000},
        outputs={
            **PROJECT,
            "threshold_amount": 10000,
            "currency": "USD",
            "interval": "month",
            "enforcement_status": "inactive",
            "baseline": {},
        },
        drift=Drift({"threshold_amount": 77, "currency": "USD", "interval": "month"}, "threshold_amount", shows=77),
        steps=[
            Step(
                {**PROJECT, "threshold_amount": 20000},
                {"threshold_amount": 20000},
                writes=["POST spend_limit"],
                keeps=("baseline", "project_id"),
            ),
        ],
        replaced_by={"project_id": "proj_staging", "threshold_amount": 20000},
        replaces="project_id",
        bad={
            "threshold_amount must be a whole number, 1 or more, not 0": {"threshold_amount": 0},
            "threshold_amount must be a whole number, 1 or more, not a text": {"threshold_amount": "100"},
            "threshold_amount is missing": {"threshold_amount": None},
            "project_id is not an id": {"project_id": "../admin_api_keys"},
        },
        missing="proj_none",
        malformed="a/b",
    ),
    Life(
        Project,
        path="/organization/projects/{id}",
        inputs={"name": "web", "residency": "EU_STORAGE_PROCESSING"},
        outputs={"name": "web", "residency": "EU_STORAGE_PROCESSING", "status": "active", "archived_at": ""},
        drift=Drift({"name": "renamed by hand"}, "name", shows="renamed by hand"),
        steps=[
            Step(
                {"name": "web-2", "residency": "EU_STORAGE_PROCESSING"},
                {"name": "web-2"},
                writes=["POST projects"],
                keeps=("project_id", "created_at", "residency"),
            ),
            Step({"name": "web-2"}, {"residency": "EU_STORAGE_PROCESSING"}, writes=[], keeps=("project_id",)),
            Step(
                {"name": "web-2", "external_key_id": "extkey_1"},
                {"external_key_id": "extkey_1"},
                writes=["POST projects"],
                keeps=("project_id",),
            ),
        ],
        replaced_by={"name": "web-2", "residency": "GLOBAL"},
        replaces="residency",
        bad={
            "name is empty": {"name": ""},
            "_PROCESSING', not a number": {"residency": 3},
            "not 'Mars'": {"residency": "Mars"},
        },
        missing="proj_none",
        malformed="",
        archives_itself=True,
    ),
    Life(
        ProjectServiceAccountApiKey,
        path="",
        seed={
            "projects": [
                {"id": "proj_keys", "name": "keys", "service_accounts": [{"id": "svc_acct_life", "name": "ci"}]}
            ]
        },
        inputs={**KEY, "name": "k", "scopes": ["api.responses.write"], "triggers": ["2026-Q4", 1]},
        outputs={**KEY, "name": "k", "scopes": ["api.responses.write"], "expires_at": "", "expires_in_seconds": ""},
        drift=None,
        steps=[
            Step(
                {**KEY, "name": "k", "scopes": ["api.responses.read"], "triggers": ["2026-Q4", 1]},
                {"scopes": ["api.responses.read"]},
                writes=["POST api_keys"],
                keeps=("api_key_id", "api_key", "expires_at"),
            ),
            Step(
                {
                    **KEY,
                    "name": "k",
                    "scopes": ["api.responses.read"],
                    "expires_in_seconds": 3600,
                    "triggers": ["2026-Q4", 1],
                },
                {"expires_in_seconds": 3600},
                writes=["POST api_keys"],
                keeps=("api_key_id", "api_key"),
            ),
        ],
        replaced_by={
            **KEY,
            "name": "k",
            "scopes": ["api.responses.read"],
            "expires_in_seconds": 3600,
            "triggers": ["2027-Q1", 1],
        },
        replaces="triggers",
        bad={
            "scopes is an empty list, which OpenAI takes for everything": {"scopes": []},
            "scopes[0] must be a text, not a number": {"scopes": [3]},
            "service_account_id is not an id": {"service_account_id": "a/b"},
            "expires_in_seconds must be a whole number from 1 to 31536000, not 0": {"expires_in_seconds": 0},
            "triggers must be a list, not a text": {"triggers": "2026"},
        },
        missing="proj_keys/svc_acct_life/key_none",
        malformed="proj_keys/svc_acct_life",
    ),
    Life(
        ProjectRateLimit,
        path="/organization/projects/proj_demo/rate_limits/{id}",
        inputs={**PROJECT, "model": "gpt-4o", "max_requests_per_1_minute": 60},
        outputs={
            **PROJECT,
            "model": "gpt-4o",
            "rate_limit_id": "rl-gpt-4o",
            "max_requests_per_1_minute": 60,
            "max_images_per_1_minute": "",
            "baseline": {"max_requests_per_1_minute": 10000},
        },
        drift=Drift(
            {"max_requests_per_1_minute": 77, "max_tokens_per_1_minute": 5}, "max_requests_per_1_minute", shows=77
        ),
        steps=[
            Step(
                {**PROJECT, "rate_limit_id": "rl-gpt-4o", "max_requests_per_1_minute": 60},
                {"rate_limit_id": "rl-gpt-4o", "model": "gpt-4o"},
                writes=[],
                keeps=("baseline",),
            ),
            Step(
                {**PROJECT, "model": "gpt-4o", "max_requests_per_1_minute": 0, "max_tokens_per_1_minute": 9},
                {"max_requests_per_1_minute": 0, "max_tokens_per_1_minute": 9},
                writes=["POST rate_limits"],
            ),
            Step(
                {**PROJECT, "model": "gpt-4o", "max_tokens_per_1_minute": 9},
                {"max_requests_per_1_minute": 10000, "max_tokens_per_1_minute": 9},
                writes=["POST rate_limits"],
            ),
        ],
        replaced_by={**PROJECT, "model": "gpt-4o-mini", "max_tokens_per_1_minute": 9},
        replaces="model",
        bad={
            "max_requests_per_1_minute must be a whole number, 0 or more, not -1": {"max_requests_per_1_minute": -1},
            "max_requests_per_1_minute must be a whole number, 0 or more, not 1.5": {"max_requests_per_1_minute": 1.5},
            "max_requests_per_1_minute must be a whole number, 0 or more, not a truth value": {
                "max_requests_per_1_minute": True
            },
            "max_requests_per_1_minute must be a whole number, 0 or more, not a text": {
                "max_requests_per_1_minute": "60"
            },
            "Set exactly one of model and rate_limit_id: model and rate_limit_id are set": {"rate_limit_id": "rl-x"},
            "Set exactly one of model and rate_limit_id: none of them is set": {"model": None},
            "Nothing is set": {"max_requests_per_1_minute": None},
            "model is empty": {"model": " "},
            "project_id is not an id": {"project_id": "../admin_api_keys"},
            "project_id is missing": {"project_id": None},
        },
        is_gone_after_delete=False,
    ),
    Life(
        ProjectRateLimits,
        path="/organization/projects/proj_demo/rate_limits/rl-whisper-1",
        inputs={**PROJECT, "limits": {"gpt-4o": {"max_requests_per_1_minute": 60}, "whisper*": WHISPER}},
        outputs={
            **PROJECT,
            "others": "",
            "baseline": {
                "gpt-4o": {"max_requests_per_1_minute": 10000},
                "whisper-1": {"max_requests_per_1_minute": 10000},
            },
            "skipped": {},
        },
        drift=Drift(
            {"max_requests_per_1_minute": 77},
            "limits",
            shows={
                "gpt-4o": {"max_requests_per_1_minute": 60},
                "whisper*": WHISPER,
                "whisper-1": {"max_requests_per_1_minute": 77},
            },
        ),
        steps=[
            Step(
                {**PROJECT, "limits": {"gpt-4o": {"max_requests_per_1_minute": 0}, "whisper*": WHISPER}},
                {},
                writes=["POST rate_limits"],
                keeps=("baseline",),
            ),
            Step(
                {**PROJECT, "limits": {"whisper*": WHISPER}},
                {"baseline": {"whisper-1": {"max_requests_per_1_minute": 10000}}},
                writes=["POST rate_limits"],
            ),
            Step(
                {**PROJECT, "limits": {"whisper*": WHISPER, "gpt-4o": {"max_tokens_per_1_minute": 30_000_000}}},
                {"baseline": {"whisper-1": {"max_requests_per_1_minute": 10000}}},
                writes=[],
            ),
        ],
        replaced_by={"project_id": "proj_staging", "limits": {"whisper*": WHISPER}},
        replaces="project_id",
        bad={
            "limits is missing": {"limits": None},
            "limits is empty": {"limits": {}},
            "limits must be a mapping, not a text": {"limits": "all"},
            "limits['gpt-4o'] is empty": {"limits": {"gpt-4o": {}}},
            "limits['gpt-4o'] must be a mapping, not a number": {"limits": {"gpt-4o": 60}},
            "limits[''] is an empty name": {"limits": {"": WHISPER}},
            "limits['gpt-4o']['max_rpm'] is not one of max_req": {"limits": {"gpt-4o": {"max_rpm": 60}}},
            "others['max_requests_per_1_minute'] must be a whole number, 0 or more, not 1.5": {
                "others": {"max_requests_per_1_minute": 1.5}
            },
        },
        is_gone_after_delete=False,
        missing="proj_none",
        malformed="a/b",
    ),
    Life(
        ProjectServiceAccount,
        path="/organization/projects/proj_demo/service_accounts/{id}",
        inputs={**PROJECT, "name": "ci"},
        outputs={**PROJECT, "name": "ci", "role": "member", "api_key_expires_at": ""},
        drift=Drift({"name": "renamed by hand"}, "name", shows="renamed by hand"),
        steps=[
            Step(
                {**PROJECT, "name": "ci-2", "role": "owner"},
                {"name": "ci-2", "role": "owner"},
                writes=["POST service_accounts"],
                keeps=("service_account_id", "api_key", "api_key_id"),
            ),
            Step(
                {**PROJECT, "name": "ci-2", "role": "owner", "expires_in_seconds": 3600},
                {"role": "owner", "expires_in_seconds": 3600},
                writes=["POST api_keys"],
                keeps=("service_account_id", "api_key", "api_key_id"),
            ),
            Step(
                {**PROJECT, "name": "ci-2", "create_service_account_only": True},
                {"api_key": "", "api_key_id": "", "create_service_account_only": True},
                writes=["DELETE api_keys"],
                keeps=("service_account_id",),
            ),
            Step(
                {**PROJECT, "name": "ci-2", "role": "member", "create_service_account_only": False},
                {"role": "member", "create_service_account_only": False},
                writes=["POST service_accounts", "POST api_keys"],
                keeps=("service_account_id",),
            ),
        ],
        replaced_by={"project_id": "proj_other", "name": "ci-2"},
        replaces="project_id",
        bad={
            "name is empty": {"name": ""},
            "name must be a text, not a number": {"name": 3},
            "role must be 'member' or 'owner', not 'boss'": {"role": "boss"},
            "expires_in_seconds must be a whole number from 1 to 31536000, not 0": {"expires_in_seconds": 0},
            "create_service_account_only must be True or False, not a text": {"create_service_account_only": "yes"},
            "expires_in_seconds can't be set together with create_service_account_only=True": {
                "create_service_account_only": True,
                "expires_in_seconds": 60,
            },
        },
    ),
]
