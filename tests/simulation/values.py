"""What histories are made of: the organization at the start, and inputs for each kind of resource.

Kinds that manage access draw from few people, groups, roles and projects, so that resources meet. The others have the
inputs of `tests/host/scenarios`.
"""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.resources import ALL
from tests.host.scenarios import SCENARIOS

if TYPE_CHECKING:
    from collections.abc import Callable

Inputs = dict[str, Any]


class Draw(random.Random):
    """Random values of one history.

    Half of the histories are about one person, one project and one group, and some about people who join and leave.
    """

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        is_narrow = self.random() < 0.5
        self.is_about_members = self.random() < 0.2
        self.elapsed = 0
        self.people, self.projects, self.groups = (
            [self.choice(names)] if is_narrow else names for names in ([*PEOPLE], PROJECTS, GROUPS)
        )
        self.emails = [email for email, id_ in EMAILS.items() if id_ in self.people]


PEOPLE = {"user-grace": "reader", "user-alan": "reader", "user-olga": "owner"}
"""Users of the organization, with their roles."""
EMAILS = {f"{id_.removeprefix('user-')}@example.com": id_ for id_ in PEOPLE}
OUTSIDERS = ["eve@example.com", "mallory@example.com"]
PROJECTS = ["proj_demo", "proj_staging"]
GROUPS = ["group_life", "group_other"]
ROLES = ["role_life", "role_other", "role-api-organization-owner", "role-api-organization-reader"]
PROJECT_ROLES = ["role_life", "role_other", *(f"role-api-project-{name}" for name in ("owner", "member", "viewer"))]
SHORT = ["owner", "member", "viewer"]
ACCOUNT_NAMES = ["runner", "robot"]
ADMIN_KEY_NAMES = ["ops", "audit"]


def _merged(seeds: list[dict[str, Any]]) -> dict[str, Any]:
    """What all scenarios need, each object once, and few rate limits, because there is a row for each model."""
    merged: dict[str, list[dict[str, Any]]] = {}
    for seed in seeds:
        for name, objects in seed.items():
            there = merged.setdefault(name, [])
            ids = [json.dumps([row.get("id"), row.get("project_id")]) for row in there]
            there += [
                row
                for row in objects
                if json.dumps([row.get("id"), row.get("project_id")]) not in ids or not row.get("id")
            ]
    projects = {row.get("id"): row for row in merged.pop("projects", [])}
    own = [projects.pop(id_, {"id": id_, "name": id_}) for id_ in PROJECTS]
    return {**merged, "projects": [*own, *projects.values()], "world": {"rate_limit_rows": 12}}


SEED = _merged([
    {
        "users": [
            {"id": "user-root", "name": "root", "email": "root@example.com", "role": "owner"},  # has the admin key
            *({"id": id_, "name": id_, "email": email, "role": PEOPLE[id_]} for email, id_ in sorted(EMAILS.items())),
        ],
        "groups": [{"id": id_, "name": id_} for id_ in GROUPS],
        "roles": [
            {"id": id_, "role_name": f"{id_} of all", "permissions": ["api.groups.read"]} for id_ in ROLES[:2]
        ],
        "project_roles": [
            {"project_id": project, "id": id_, "role_name": f"{id_} here", "permissions": ["api.groups.read"]}
            for project in PROJECTS
            for id_ in PROJECT_ROLES[:2]
        ],
    },
    *(scenario.seed for scenario in SCENARIOS),
])  # fmt: skip

ACCESS: dict[str, Callable[[Draw], Inputs]] = {
    "ProjectUser": lambda rng: {**_project(rng), **_user(rng), "role": rng.choice(SHORT)},
    "ProjectMembers": lambda rng: {
        **_project(rng),
        "members": [
            {**({"email": email} if rng.random() < 0.5 else {"user_id": EMAILS[email]}), "role": rng.choice(SHORT)}
            for email in _some(rng, rng.emails)
        ],
        **_exclusive(rng),
    },
    "ProjectUserRole": lambda rng: {**_project(rng), **_user_id(rng), "role_id": rng.choice(PROJECT_ROLES)},
    "ProjectUserRoles": lambda rng: {
        **_project(rng),
        **_user_id(rng),
        "role_ids": _roles(rng, PROJECT_ROLES),
        **_exclusive(rng),
    },
    "ProjectGroup": lambda rng: {**_project(rng), **_group(rng), "role": rng.choice(SHORT)},
    "ProjectGroupRole": lambda rng: {**_project(rng), **_group(rng), "role_id": rng.choice(PROJECT_ROLES)},
    "ProjectGroupRoles": lambda rng: {
        **_project(rng),
        **_group(rng),
        "role_ids": _roles(rng, PROJECT_ROLES),
        **_exclusive(rng),
    },
    "GroupUser": lambda rng: {**_group(rng), **_user_id(rng)},
    "GroupMembers": lambda rng: {**_group(rng), "user_ids": _some(rng, rng.people), **_exclusive(rng)},
    "GroupRole": lambda rng: {**_group(rng), "role_id": rng.choice(ROLES)},
    "GroupRoles": lambda rng: {**_group(rng), "role_ids": _roles(rng, ROLES), **_exclusive(rng)},
    "UserRole": lambda rng: {**_user_id(rng), "role_id": rng.choice(ROLES)},
    "UserRoles": lambda rng: {**_user_id(rng), "role_ids": _roles(rng, ROLES), **_exclusive(rng)},
    "OrganizationUser": lambda rng: {**_user(rng), "role": rng.choice(["owner", "reader"]), **_remove(rng)},
    "OrganizationMember": lambda rng: {
        "email": rng.choice([*rng.emails, *OUTSIDERS]),
        "role": rng.choice(["owner", "reader"]),
        "projects": [{**_project(rng), "role": rng.choice(SHORT[:2])}] if rng.random() < 0.6 else [],
        **rng.choice([{}, {}, {"remove_on_destroy": True}, {"remove_after_until": False}]),
    },
    "Invite": lambda rng: {"email": rng.choice(OUTSIDERS), "role": rng.choice(["owner", "reader"]), "projects": []},
}
"""Inputs of the kinds that manage access."""
KEYS: dict[str, Callable[[Draw], Inputs]] = {
    "Project": lambda rng: {"name": rng.choice(["Shop", "Search"])},
    "ProjectServiceAccount": lambda rng: {
        "project_id": _own_project(rng, 0.5),
        "name": rng.choice(ACCOUNT_NAMES),
        **rng.choice([{}, {}, {"role": "owner"}, {"create_service_account_only": True}, {"expires_in_seconds": 7200}]),
    },
    "ProjectServiceAccountApiKey": lambda rng: {
        "project_id": {"ref": "account", "output": "project_id"},
        "service_account_id": {"ref": "account", "output": "service_account_id"},
        "name": rng.choice(["deploy", "batch"]),
        **rng.choice([{}, {"triggers": [1]}, {"triggers": [2]}, {"rotate_every": "1h", "overlap": "10m"}]),
    },
    "AdminApiKey": lambda rng: {
        "name": rng.choice(ADMIN_KEY_NAMES),
        **rng.choice([{}, {"triggers": [1]}, {"rotate_every": "1h", "overlap": "10m"}]),
    },
}
"""Inputs of the kinds that have keys, and of what contains them."""
OTHERS = {
    scenario.resource.__name__: [
        scenario.inputs,
        *scenario.programs,
        *([scenario.replaced_by] if scenario.replaced_by else []),
    ]
    for scenario in SCENARIOS
    if scenario.resource.__name__ not in {*ACCESS, *KEYS}
}
"""Inputs of all other kinds."""
OTHERS["Certificate"] = [{"name": name, "certificate": {"pem": name}} for name in ("2026", "2027")]
assert {*ACCESS, *KEYS, *OTHERS} == {*ALL}


def inputs_of(kind: str, rng: Draw) -> Inputs:
    if kind in OTHERS:
        inputs: Inputs = json.loads(json.dumps(rng.choice(OTHERS[kind])))
        if "project_id" in inputs and rng.random() < 0.3:
            inputs["project_id"] = _own_project(rng)
        return inputs
    inputs = (ACCESS.get(kind) or KEYS[kind])(rng)
    if has_end(kind) and rng.random() < (0.8 if kind == "OrganizationMember" else 0.15):
        inputs["until"] = end(inputs, rng)
    return inputs


def has_end(kind: str) -> bool:
    return kind in ACCESS and kind not in ("OrganizationUser", "Invite")


def end(inputs: Inputs, rng: Draw) -> Any:
    """Draw the end of an access in seconds after the start of the history; of a set, of some members."""
    moment = {"after": rng.elapsed + rng.choice([600, 90_000, 200_000])}
    for name, id_name in (("members", ""), ("user_ids", "user_id"), ("role_ids", "role_id")):
        if name in inputs:
            given = [{id_name: one} if id_name else one for one in inputs[name]]
            named = [{key: value for key, value in one.items() if key != "role"} for one in given]
            return [{**one, "ends_at": moment} for one in named if rng.random() < 0.7]
    return moment


def _project(rng: Draw) -> Inputs:
    return {"project_id": rng.choice(rng.projects)}


def _own_project(rng: Draw, share: float = 0.7) -> Any:
    """A project of the program, more often than one that exists."""
    return {"ref": "project", "output": "project_id"} if rng.random() < share else rng.choice(rng.projects)


def _user_id(rng: Draw) -> Inputs:
    return {"user_id": rng.choice(rng.people)}


def _user(rng: Draw) -> Inputs:
    return _user_id(rng) if rng.random() < 0.5 else {"email": rng.choice(rng.emails)}


def _group(rng: Draw) -> Inputs:
    return {"group_id": rng.choice(rng.groups)}


def _exclusive(rng: Draw) -> Inputs:
    return rng.choice([{}, {"exclusive": True}, {"exclusive": False}])


def _remove(rng: Draw) -> Inputs:
    return rng.choice([{}, {}, {"remove_on_destroy": True}])


def _some(rng: Draw, names: Any) -> list[Any]:
    return sorted(rng.sample([*names], min(len(names), rng.choice([0, 1, 1, 2]))))


def _roles(rng: Draw, roles: list[str]) -> list[str]:
    """Some roles, with at most one that OpenAI predefines."""
    custom, predefined = roles[:2], roles[2:]
    return sorted([*rng.sample(custom, rng.choice([0, 1, 2])), *rng.sample(predefined, rng.choice([0, 1]))])
