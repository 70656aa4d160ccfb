"""The organization that the emulator has for the comparison: one object of each kind whose list is read."""

from __future__ import annotations

from typing import Any

PROJECT = "proj_demo"

_MONEY = {"currency": "USD", "interval": "month", "threshold_amount": 1000}
_ALERT = {**_MONEY, "notification_channel": {"type": "email", "recipients": ["billing@example.com"]}}

SEED: dict[str, Any] = {
    "users": [{"id": "user-grace", "name": "Grace", "email": "grace@example.com", "role": "reader"}],
    "groups": [{"id": "group_eng", "name": "Engineering"}],
    "roles": [{"id": "role_keys", "role_name": "Keys", "permissions": ["api.groups.read"]}],
    "invites": [{"email": "alan@example.com", "role": "reader", "projects": [{"id": PROJECT, "role": "member"}]}],
    "project_users": [{"project_id": PROJECT, "user_id": "user-grace", "role": "member"}],
    "project_groups": [{"project_id": PROJECT, "group_id": "group_eng", "role": "role-api-project-member"}],
    "spend_alerts": [_ALERT],
    "project_spend_alerts": [{"project_id": PROJECT, **_ALERT}],
    "usage_records": [
        {"project_id": PROJECT, "model": "gpt-4o", "input_tokens": 9000, "output_tokens": 1000, "seconds_ago": 7200}
    ],
}
