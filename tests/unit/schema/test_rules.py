from __future__ import annotations

import re
from typing import Any

import pytest

import pulumi_openai_admin
from pulumi_openai_admin import AdminApiKey, ApiObject, ProjectRateLimit, ProjectServiceAccount
from pulumi_openai_admin.resources import ALL, managing
from pulumi_openai_admin.schema.fields import FieldRole
from pulumi_openai_admin.schema.rules import (
    AnyArgument,
    ExactlyOneProperty,
    ExactlyOneSelector,
    NamesInside,
    Needs,
    NotInside,
    NotTogether,
    Rule,
    Shorter,
    UndeclaredPath,
)
from pulumi_openai_admin.schema.shapes import UNKNOWN, Structure

Inputs = dict[str, Any]
OBJECT, KEY = ApiObject.declaration, AdminApiKey.declaration
LIMIT, ACCOUNT = ProjectRateLimit.declaration, ProjectServiceAccount.declaration
SIX = ", ".join(field.name for field in LIMIT.with_role(FieldRole.ARGUMENT))
DELIVER_TO = KEY.fields["deliver_to"].shape
STORES = ", ".join(DELIVER_TO.properties if isinstance(DELIVER_TO, Structure) else ())
FLAG, EXPIRY, RPM = "create_service_account_only", "expires_in_seconds", "max_requests_per_1_minute"
NOT_SHORTER = "short must be shorter than long: otherwise it breaks."
WITHOUT_KEY = f"{EXPIRY} can't be set together with {FLAG}=True: remove one of them."
NAMES, PLACES = {"properties": {"name": 1, "kind": 2}}, "/organization/projects"


def managed_by(resources: str) -> str:
    return f"path is managed by {resources} in this version: declare that resource."


RULES: dict[str, tuple[Rule, Any, list[Inputs], list[tuple[Inputs, str]]]] = {
    "a row is meant in one way": (
        ExactlyOneSelector(),
        LIMIT,
        [{"model": "gpt-4o"}, {"rate_limit_id": UNKNOWN}],
        [
            ({}, "Set exactly one of model and rate_limit_id: none of them is set."),
            (
                {"model": "a", "rate_limit_id": "b"},
                "Set exactly one of model and rate_limit_id: model and rate_limit_id are set.",
            ),
        ],
    ),
    "no limit at all manages nothing": (
        AnyArgument(),
        LIMIT,
        [{RPM: 0}],
        [({"project_id": "proj_1", "model": "gpt-4o"}, f"Set at least one of {SIX}.")],
    ),
    "a key is delivered to one store": (
        ExactlyOneProperty("deliver_to"),
        KEY,
        [{}, {"deliver_to": UNKNOWN}, {"deliver_to": {"vault": {}}}],
        [
            (
                {"deliver_to": {"vault": {}, "command": {}}},
                f"deliver_to has command and vault: set exactly one of {STORES}.",
            )
        ],
    ),
    "an overlap needs a rotation": (
        Needs("overlap", "rotate_every"),
        KEY,
        [{"rotate_every": "90d"}, {"overlap": "1d", "rotate_every": "90d"}],
        [({"overlap": "1d"}, "overlap has no effect without rotate_every: set both, or remove overlap.")],
    ),
    "a duration is shorter than another one": (
        Shorter("short", "long", otherwise="it breaks"),
        KEY,
        [
            {"short": "1d"},
            {"long": "1d"},
            {"short": "1d", "long": "2d"},
            {"short": "1d", "long": 86_401},
            {"short": "2d", "long": UNKNOWN},
            {"short": "2d", "long": "soon"},
            {"short": "2d", "long": True},
        ],
        [({"short": "1d", "long": 86_400}, NOT_SHORTER), ({"short": "2d", "long": "1d"}, NOT_SHORTER)],
    ),
    "a path is of no resource": (
        UndeclaredPath("path", managing),
        OBJECT,
        # The field itself says what is wrong with `things`.
        [
            {"path": path}
            for path in ("/organization/things", f"{PLACES}/proj_1/x", f"{PLACES}/Shop/x", UNKNOWN, "things")
        ],
        [
            ({"path": f"{PLACES}/group_1/things"}, "path has 'group_1', not the id of a project (proj_…)."),
            ({"path": f"{PLACES}/sk-proj-1/things"}, "path has an API key, not the id of a project (proj_…)."),
            ({"path": "/organization/groups/x/y/"}, "path has an empty part: remove the slash."),
            ({"path": "/organization/groups/group_1/users"}, managed_by("GroupMembers or GroupUser")),
            ({"path": "/organization/groups/group_1"}, managed_by("Group")),
            ({"path": f"{PLACES}/proj_1/rate_limits/rl-1"}, managed_by("ProjectRateLimit or ProjectRateLimits")),
        ],
    ),
    "names are in the mapping": (
        NamesInside("recognized_by", "properties"),
        OBJECT,
        [{"recognized_by": names, **NAMES} for names in (["name"], [UNKNOWN], UNKNOWN)],
        [
            (
                {"recognized_by": ["name", "nam"], **NAMES},
                "recognized_by[1] is 'nam', which properties does not set. Did you mean name?",
            ),
            (
                {"recognized_by": ["x"], **NAMES},
                "recognized_by[0] is 'x', which properties does not set. properties sets kind, name.",
            ),
        ],
    ),
    "names are not in the mapping": (
        NotInside("secrets", "properties"),
        OBJECT,
        [{"secrets": names, **NAMES} for names in (["token.value"], UNKNOWN)],
        [
            (
                {"secrets": ["x", "name.inner"], **NAMES},
                (
                    "secrets[1] is 'name.inner', which properties sets: remove it, and mark the value in properties as "
                    "a secret, with Output.secret or in the language's way."
                ),
            )
        ],
    ),
    "an account without a key has no expiry": (
        NotTogether(FLAG, EXPIRY),
        ACCOUNT,
        [{}, {FLAG: False, EXPIRY: 60}, {FLAG: UNKNOWN, EXPIRY: 60}],
        [({FLAG: True, EXPIRY: 60}, WITHOUT_KEY), ({FLAG: True, EXPIRY: UNKNOWN}, WITHOUT_KEY)],
    ),
}
"""By what it says: the rule, a declaration, inputs that it accepts, and those that it refuses."""


@pytest.mark.parametrize(("rule", "declaration", "accepted", "refused"), RULES.values(), ids=RULES)
def test_a_rule_refuses_what_breaks_it_and_nothing_else(
    rule: Rule, declaration: Any, accepted: list[Inputs], refused: list[tuple[Inputs, str]]
) -> None:
    assert [rule.failure(declaration, inputs) for inputs in accepted] == [None] * len(accepted)
    assert [rule.failure(declaration, inputs) for inputs, _ in refused] == [failure for _, failure in refused]


def test_the_paths_of_all_resources_are_managed() -> None:
    paths = {
        name: re.sub(r"{\w+}", "x", handler.path)
        for name in ALL
        if getattr(handler := getattr(pulumi_openai_admin, name).handler, "path", "")
    }
    assert len(paths) > 30
    assert {name: path for name, path in paths.items() if name not in managing(path)} == {}
