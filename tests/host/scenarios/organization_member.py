"""The scenario of an `OrganizationMember`: of the invite."""

from __future__ import annotations

from pulumi_openai_admin import OrganizationMember
from tests import keyed
from tests.host.scenario import Case, Matrix, Scenario, Step, Verb

EVE = {"email": "eve@example.com", "role": "reader", "projects": keyed.projects({"proj_demo": "member"})}


class OneInvite:
    """One open invite of the person, which is in the state; or an error names what may exist."""

    def orphans(self, _case: Case) -> set[str]:
        return set()  # the next run finds an invite by the address

    def check(self, case: Case) -> None:
        email = (case.verb.after or case.verb.before or {})["email"]
        found = case.server.control.live("invite").get("invite", {})
        there = {path for path, content in found.items() if content["email"] == email}
        known = (case.outcome.state or {}).get("invite_id")
        if not case.outcome.error:
            assert there == ({known} if known else set()), case.outcome
        may_exist = any(text in case.outcome.told for text in ("may exist all the same", "may have been created"))
        assert all(id_ in case.outcome.told or may_exist for id_ in there - {known}), case.outcome


def invited(name: str, role: str = "reader") -> dict[str, str]:
    return {"email": f"{name}@example.com", "role": role}


SCENARIO = Scenario(
    OrganizationMember,
    path="",
    inputs=EVE,
    outputs={**EVE, "status": "invited", "user_id": ""},
    drift=None,
    steps=[
        Step(
            {**EVE, "email": "Eve@Example.com", "role": "owner"},
            {"email": "eve@example.com", "role": "owner", "status": "invited"},
            writes=["DELETE invites", "POST invites"],
        ),
        Step({**EVE, "role": "owner", "remove_on_destroy": True}, {"remove_on_destroy": True}, writes=[]),
    ],
    replaced_by={**EVE, "email": "mallory@example.com"},
    replaces="email",
    bad={
        "role must be 'owner' or 'reader'": {"role": "admin"},
        "email must be an email address, not 'eve'": {"email": "eve"},
        "email must be an email address": {"email": "eve/grace@example.com"},
        "email is missing: set it to an email address": {"email": None},
    },
    missing="nobody@example.com",
    malformed="",
    is_in_project=False,
    matrix=Matrix(
        path="/organization/invites",
        rule=OneInvite(),
        verbs=(
            Verb("create", None, invited("m-made"), "POST"),
            Verb("create-list", None, invited("m-listed"), "GET"),
            Verb("read", invited("m-read"), invited("m-read"), "GET"),
            Verb("update", invited("m-changed"), invited("m-changed", "owner"), "POST"),
            Verb("delete", invited("m-deleted"), None, "DELETE", "*"),
        ),
    ),
)
