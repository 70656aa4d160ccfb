"""Print an organization of 50 projects, as `pulumi-openai-admin emulate --seed` reads it."""

import json
from typing import Any

NAMES = ["Default project", "Shop", "Search", *(f"Team {number}" for number in range(4, 51))]
PEOPLE = ["ada", "edsger", "grace", "barbara", "donald", "frances", "katherine", "tony"]
OWNERS = ["ada", "edsger"]
MONTHLY = {"currency": "USD", "interval": "month"}
BY_EMAIL = {"type": "email", "recipients": ["finance@example.com"]}


def main() -> None:
    """Print it as JSON."""
    print(json.dumps(organization(), indent=1))


def organization() -> dict[str, Any]:
    """People, groups, and projects with members, accounts with a key, limits and budgets."""
    ids = [f"proj_{number:02}" for number in range(1, len(NAMES) + 1)]
    budgets = ids[1:3] + ids[9::10]
    return {
        "users": [person(name) for name in PEOPLE],
        "groups": [{"id": "group_engineering", "name": "Engineering"}, {"id": "group_data", "name": "Data"}],
        "group_users": [
            {"group_id": f"group_{group}", "user_id": person(name)["id"]}
            for group, names in {"engineering": PEOPLE[2:6], "data": PEOPLE[5:]}.items()
            for name in names
        ],
        "projects": [project(number, id_) for number, id_ in enumerate(ids)],
        "project_users": [
            {"project_id": id_, "user_id": person(PEOPLE[number % len(PEOPLE)])["id"], "role": "member"}
            for first, id_ in enumerate(ids)
            for number in (first, first + 1)
        ],
        "project_groups": [
            {"project_id": id_, "group_id": "group_data" if number % 3 else "group_engineering", "role": "member"}
            for number, id_ in enumerate(ids)
            if number % 2
        ],
        "project_spend_limits": [{"project_id": id_, "threshold_amount": 100_000, **MONTHLY} for id_ in budgets],
        "project_spend_alerts": [
            {"project_id": id_, "threshold_amount": 80_000, **MONTHLY, "notification_channel": BY_EMAIL}
            for id_ in budgets
        ],
    }


def person(name: str) -> dict[str, Any]:
    """A user. Ada has the key with which the emulator is called."""
    id_ = "user-emulator" if name == "ada" else f"user-{name}"
    role = "owner" if name in OWNERS else "reader"
    return {"id": id_, "name": name.title(), "email": f"{name}@example.com", "role": role}


def project(number: int, id_: str) -> dict[str, Any]:
    """A project with an account that has a key. Shop, Search and every fifth have custom limits."""
    has_limits = number in (1, 2) or number % 5 == 0
    return {
        "id": id_,
        "name": NAMES[number],
        "default": number == 0,
        "service_accounts": [{"name": "ci", "keys": [{}]}],
        "rate_limits": {"rl-gpt-4o": {"max_requests_per_1_minute": 100 + number}} if has_limits else {},
    }


if __name__ == "__main__":
    main()
