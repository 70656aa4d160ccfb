"""The scenarios of the users of the organization, and of those who are invited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import ANY

from pulumi_openai_admin import OrganizationMember, OrganizationUser
from pulumi_openai_admin.emulator.process import Control
from tests import keyed
from tests.host.rules import Setting
from tests.host.scenario import Case, Drift, Rule, Scenario, Step, Verb
from tests.host.scenarios.memberships import USERS

if TYPE_CHECKING:
    from tests.host.provider_process import DynamicProcess

READER, OWNER = {"role": "reader"}, {"role": "owner"}


def _reader(host: DynamicProcess, project: str) -> dict[str, Any]:
    """A user of the case, who is a reader."""
    id_ = project.replace("proj_", "user-")
    control = Control(host.environ["OPENAI_BASE_URL"].removesuffix("/v1"))
    control.seed({"users": [{"id": id_, "email": f"{id_}@example.com", "role": "reader"}]})
    return {"user_id": id_}


USER = Scenario(
    OrganizationUser,
    seed={"users": [USERS[0]]},
    inputs={"user_id": "user-grace", **OWNER},
    outputs={
        "name": "Grace",
        "email": "grace@example.com",
        "technical_level": "",
        "is_scim_managed": False,
        "baseline": READER,
    },
    drift=Drift(READER),
    steps=(
        Step(READER),
        Step(
            {"user_id": None, "email": "Grace@example.com", "remove_on_destroy": True},
            {"email": "grace@example.com"},
            writes=(),
        ),
    ),
    another={"user_id": "user-emulator", "email": None},
    bad={
        "Set at least one of ": {"role": None},
        "Set exactly one of user_id and email: user_id and email are set": {"email": "grace@example.com"},
        "Set exactly one of user_id and email: none of them is set": {"user_id": None},
    },
    rule=Setting("user", READER),
    verbs=(
        Verb("create", None, OWNER, "POST", "{user_id}"),
        Verb("read", OWNER, OWNER, "GET"),
        Verb("update", READER, OWNER, "POST", "{user_id}"),
        Verb("delete", OWNER, None, "POST", "{user_id}"),
    ),
    prepare=_reader,
)


class OneInvite(Rule):
    """One open invite of the person, which is in the state; or an error names what may exist."""

    def check(self, case: Case) -> None:
        email = (case.verb.after or case.verb.before or {})["email"]
        found = case.server.control.live("invite").get("invite", {})
        there = {path for path, content in found.items() if content["email"] == email}
        known = (case.outcome.state or {}).get("invite_id")
        if not case.outcome.error:
            assert there == ({known} if known else set()), case.outcome
        may_exist = any(text in case.outcome.told for text in ("may exist all the same", "may have been created"))
        assert all(id_ in case.outcome.told or may_exist for id_ in there - {known}), case.outcome


def _invited(name: str, role: str = "reader") -> dict[str, str]:
    return {"email": f"{name}@example.com", "role": role}


MEMBER = Scenario(
    OrganizationMember,
    inputs={**_invited("eve"), "projects": keyed.projects({"proj_demo": "member"})},
    outputs={"status": "invited", "user_id": ""},
    steps=(
        Step(
            {"email": "Eve@Example.com", "role": "owner"},
            {"email": "eve@example.com", "invite_id": ANY, "expires_at": ANY},
            writes=("DELETE invites", "POST invites"),
        ),
        Step({"remove_on_destroy": True}, writes=()),
    ),
    another={"email": "mallory@example.com"},
    bad={
        "email must be an email address, not 'eve'": {"email": "eve"},
        "email must be an email address": {"email": "eve/grace@example.com"},
        "email is missing: set it to an email address": {"email": None},
    },
    requests_at="/organization/invites",
    rule=OneInvite(),
    verbs=(
        Verb("create", None, _invited("m-made"), "POST"),
        Verb("create-list", None, _invited("m-listed"), "GET"),
        Verb("read", _invited("m-read"), _invited("m-read"), "GET"),
        Verb("update", _invited("m-changed"), _invited("m-changed", "owner"), "POST"),
        Verb("delete", _invited("m-deleted"), None, "DELETE", "*"),
    ),
)
