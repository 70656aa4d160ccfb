"""A change of a program that a reviewer has to understand, for both providers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import keyed

if TYPE_CHECKING:
    from tests.engine.stacks import Program

_SHOP = "$shop.project_id"

PEOPLE = {
    "users": [
        {"id": f"user-{name}", "name": name.title(), "email": f"{name}@example.com", "role": "reader"}
        for name in ("edsger", "grace", "katherine")
    ]
}
"""The seed of the emulator's organization."""
BEFORE: Program = {
    "shop": ("Project", {"name": "Web shop"}),
    "row": ("ProjectRateLimit", {"project_id": _SHOP, "model": "gpt-4o", "max_requests_per_1_minute": 10_000}),
    "rows": (
        "ProjectRateLimits",
        {
            "project_id": "proj_demo",
            "limits": {"gpt-4o*": {"max_requests_per_1_minute": 30}, "whisper-1": {"max_requests_per_1_minute": 50}},
            "others": {"max_requests_per_1_minute": 0},
        },
    ),
    "budget": ("ProjectSpendLimit", {"project_id": _SHOP, "threshold_amount": 100_000}),
    "alert": (
        "ProjectSpendAlert",
        {"project_id": _SHOP, "threshold_amount": 80_000, "recipients": ["shop@example.com"]},
    ),
    "people": (
        "ProjectMembers",
        {
            "project_id": _SHOP,
            "members": keyed.members({"grace@example.com": "member", "edsger@example.com": "member"}),
        },
    ),
    "katherine": ("ProjectUser", {"project_id": _SHOP, "email": "katherine@example.com", "role": "member"}),
    "engineering": ("Group", {"name": "Engineering"}),
    "engineers": ("GroupMembers", {"group_id": "$engineering.group_id", "user_ids": ["user-grace", "user-edsger"]}),
    "web": ("ProjectServiceAccount", {"project_id": _SHOP, "name": "web", "create_service_account_only": True}),
    "web-key": (
        "ProjectServiceAccountApiKey",
        {
            "project_id": _SHOP,
            "service_account_id": "$web.service_account_id",
            "name": "web",
            "triggers": ["2026-Q3"],
        },
    ),
    "ci": ("AdminApiKey", {"name": "ci", "expires_in_seconds": 7_776_000, "triggers": ["2026-Q3"]}),
    "models": (
        "ProjectModelPermissions",
        {"project_id": _SHOP, "mode": "allow_list", "model_ids": ["gpt-4o", "gpt-4.1-mini"]},
    ),
    "retention": ("ProjectDataRetention", {"project_id": _SHOP, "retention_type": "organization_default"}),
}
AFTER: Program = {
    **BEFORE,
    "row": ("ProjectRateLimit", {"project_id": _SHOP, "model": "gpt-4o", "max_requests_per_1_minute": 60}),
    "rows": (
        "ProjectRateLimits",
        {
            "project_id": "proj_demo",
            "limits": {"gpt-4o*": {"max_requests_per_1_minute": 300}, "gpt-4.1": {"max_requests_per_1_minute": 9}},
            "others": {"max_requests_per_1_minute": 0},
        },
    ),
    "budget": ("ProjectSpendLimit", {"project_id": _SHOP, "threshold_amount": 250_000}),
    "people": (
        "ProjectMembers",
        {"project_id": _SHOP, "members": keyed.members({"grace@example.com": "owner", "user-katherine": "viewer"})},
    ),
    "engineers": ("GroupMembers", {"group_id": "$engineering.group_id", "user_ids": ["user-grace", "user-katherine"]}),
    "web-key": (
        "ProjectServiceAccountApiKey",
        {
            "project_id": _SHOP,
            "service_account_id": "$web.service_account_id",
            "name": "web",
            "triggers": ["2026-Q4"],
        },
    ),
    "ci": ("AdminApiKey", {"name": "ci", "expires_in_seconds": 7_776_000, "triggers": ["2026-Q4"]}),
    "retention": ("ProjectDataRetention", {"project_id": "proj_demo", "retention_type": "organization_default"}),
    "search": ("Project", {"name": "Search"}),
    "search-row": (
        "ProjectRateLimit",
        {"project_id": "$search.project_id", "model": "gpt-4o", "max_requests_per_1_minute": 600},
    ),
    "search-owner": (
        "ProjectUser",
        {"project_id": "$search.project_id", "email": "grace@example.com", "role": "owner"},
    ),
    "indexer": ("ProjectServiceAccount", {"project_id": "$search.project_id", "name": "indexer"}),
}
for _name in ("katherine", "alert", "models"):
    del AFTER[_name]
