"""The scenario of an `OrganizationUser`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import OrganizationUser
from pulumi_openai_admin.emulator.process import Control
from tests.host.scenario import Case, Drift, Matrix, Scenario, Step, Verb

if TYPE_CHECKING:
    from tests.host.dynamic_host import DynamicHost

GRACE = {"user_id": "user-grace", "role": "owner"}
READER, OWNER = {"role": "reader"}, {"role": "owner"}


def user(host: DynamicHost, project: str) -> dict[str, Any]:
    """A user of the case, who is a reader."""
    id_ = project.replace("proj_", "user-")
    control = Control(host.environ["OPENAI_BASE_URL"].removesuffix("/v1"))
    control.seed({"users": [{"id": id_, "email": f"{id_}@example.com", "role": "reader"}]})
    return {"user_id": id_}


class RestorableUser:
    """The user is there and has the role that the program sets, or the state has what restores it."""

    def orphans(self, _case: Case) -> set[str]:
        return set()  # nobody is created

    def check(self, case: Case) -> None:
        role = case.server.control.live("user")["user"][case.further["user_id"]]["role"]
        if not case.outcome.error:
            assert role == (case.verb.after or READER)["role"], case.outcome
        elif role != "reader":
            assert case.outcome.state, case.outcome
            assert case.outcome.state["baseline"] == READER, case.outcome


SCENARIO = Scenario(
    OrganizationUser,
    path="/organization/users/{id}",
    seed={"users": [{"id": "user-grace", "name": "Grace", "email": "grace@example.com", "role": "reader"}]},
    inputs=GRACE,
    outputs={
        **GRACE,
        "name": "Grace",
        "email": "grace@example.com",
        "technical_level": "",
        "is_scim_managed": False,
        "baseline": {"role": "reader"},
    },
    drift=Drift({"role": "reader"}, "role", shows="reader"),
    steps=[
        Step({**GRACE, "role": "reader"}, {"role": "reader"}, writes=["POST users"], keeps=("baseline", "added_at")),
        Step(
            {"email": "Grace@example.com", "role": "reader", "remove_on_destroy": True},
            {"user_id": "user-grace", "remove_on_destroy": True},
            writes=[],
        ),
    ],
    replaced_by={"user_id": "user-emulator", "role": "owner"},
    replaces="user_id",
    bad={
        "role must be 'owner' or 'reader'": {"role": "admin"},
        "Set at least one of ": {"role": None},
        "Set exactly one of user_id and email: user_id and email are set": {"email": "grace@example.com"},
        "Set exactly one of user_id and email: none of them is set": {"user_id": None},
    },
    missing="user-none",
    malformed="",
    is_in_project=False,
    matrix=Matrix(
        path="/organization/users",
        rule=RestorableUser(),
        prepare=user,
        verbs=(
            Verb("create", None, OWNER, "POST", "{user_id}"),
            Verb("read", OWNER, OWNER, "GET"),
            Verb("update", READER, OWNER, "POST", "{user_id}"),
            Verb("delete", OWNER, None, "POST", "{user_id}"),
        ),
    ),
)
