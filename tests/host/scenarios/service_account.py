"""The scenarios of a service account of a project, and of its API keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import ANY

from pulumi_openai_admin import ProjectServiceAccount, ProjectServiceAccountApiKey
from tests.host.delivery import REFUSED, TO_NOBODY
from tests.host.rules import assert_made_once, known_ids
from tests.host.scenario import PROJECT, AnotherTeam, Case, Drift, Rule, Scenario, Step, Verb, is_open

if TYPE_CHECKING:
    from tests.host.provider_process import DynamicProcess

KEYS = "/organization/projects/{project_id}/api_keys"
ACCOUNT, KEYLESS = {"name": "ci"}, {"name": "ci", "create_service_account_only": True}


def _accounts(case: Case) -> dict[str, Any]:
    found = case.server.control.state()["projects"][case.project]["service_accounts"]
    return {id_: account for id_, account in found.items() if not account["deleted"]}


def _keys(*accounts: dict[str, Any]) -> set[str]:
    return {key for account in accounts for key, fate in account["keys"].items() if fate == "live"}


class AccountAndKey(Rule):
    """One account and one live key, both in the state; or an error that names the rest."""

    def orphans(self, case: Case) -> set[str]:
        return set(_accounts(case)) - {case.outcome.id.rpartition("/")[2]}

    def check(self, case: Case) -> None:
        """Without an error the state has exactly what there is.

        With one, whatever lives and is not in the state is named, by its id or as that which may exist.
        """
        accounts, outcome, state = _accounts(case), case.outcome, case.outcome.state or {}
        known_account, known_key = state.get("service_account_id"), state.get("api_key_id")
        if state.get("api_key"):
            held = case.server.control.key(state["api_key"])
            assert held, "the state's key is none that OpenAI ever made"
            assert held["id"] == known_key
        if not (outcome.error or is_open(outcome)):
            assert set(accounts) == ({known_account} if outcome.state else set()), outcome
            assert _keys(*accounts.values()) == ({known_key} if known_key else set()), outcome
            return
        may_exist = "may have been created" in outcome.told or is_open(outcome)
        is_said = may_exist and "'ci'" in outcome.told and case.project in outcome.told
        assert all(id_ in outcome.told or is_said for id_ in set(accounts) - {known_account}), outcome
        strangers = _keys(accounts.get(known_account, {"keys": {}})) - {known_key}
        assert may_exist or all(key in outcome.told for key in strangers), outcome


SERVICE_ACCOUNT = Scenario(
    ProjectServiceAccount,
    inputs={**PROJECT, **ACCOUNT},
    outputs={"role": "member", "api_key_expires_at": ""},
    drift=Drift({"name": "renamed by hand"}),
    steps=(
        Step({"name": "ci-2", "role": "owner"}),
        Step({"expires_in_seconds": 3600}, {"api_key_expires_at": ANY}, writes=("POST api_keys",)),
        Step(
            {"role": None, "expires_in_seconds": None, "create_service_account_only": True},
            {"expires_in_seconds": "", "api_key": "", "api_key_id": "", "api_key_expires_at": ""},
            writes=("DELETE api_keys",),
            warns=" will be revoked, because of ",
        ),
        Step(
            {"role": "member", "create_service_account_only": False},
            {"api_key": ANY, "api_key_id": ANY},
            writes=("POST service_accounts", "POST api_keys"),
        ),
    ),
    another={"project_id": "proj_other"},
    bad={
        "expires_in_seconds can't be set together with create_service_account_only=True": {
            "create_service_account_only": True,
            "expires_in_seconds": 60,
        }
    },
    rule=AccountAndKey(),
    verbs=(
        Verb("create", None, ACCOUNT, "POST"),
        Verb("create-list", None, ACCOUNT, "GET"),
        Verb("create-owner", None, {**ACCOUNT, "role": "owner"}, "POST", "*"),
        Verb("create-keyless", None, KEYLESS, "POST"),
        Verb("read", ACCOUNT, ACCOUNT, "GET", "*"),
        Verb("read-keys", ACCOUNT, ACCOUNT, "GET", KEYS),
        Verb("rename", {"name": "old"}, ACCOUNT, "POST", "*"),
        Verb("mint", KEYLESS, ACCOUNT, "POST", "{service_account_id}/api_keys"),
        Verb("revoke", ACCOUNT, KEYLESS, "DELETE", f"{KEYS}/*"),
        Verb("expiry", ACCOUNT, {**ACCOUNT, "expires_in_seconds": 99}, "POST", f"{KEYS}/*"),
        Verb("delete", ACCOUNT, None, "DELETE", "*"),
    ),
    another_team={
        "create": AnotherTeam(),
        "create-keyless": AnotherTeam(),
        "mint": AnotherTeam({"scopes": ["api.model.read"]}),
    },
)

KEY = {"name": "k", "scopes": ["api.model.request"]}
RARELY, OFTEN = ({**KEY, "rotate_every": every, "overlap": "10m"} for every in ("30d", "30m"))


def _account(host: DynamicProcess, project: str) -> dict[str, Any]:
    """A keyless account for a key to belong to."""
    _, account = host.create(ProjectServiceAccount, {"project_id": project, **KEYLESS})
    return {"service_account_id": account["service_account_id"]}


class OneKey(Rule):
    """One live key, which is in the state, and the old keys that the state names."""

    def orphans(self, case: Case) -> set[str]:
        return _keys(*_accounts(case).values()) - known_ids("api_key_id", case.outcome)

    def check(self, case: Case) -> None:
        assert_made_once(_keys(*_accounts(case).values()), "api_key_id", case.outcome)


API_KEY = Scenario(
    ProjectServiceAccountApiKey,
    seed={
        "projects": [{"id": "proj_keys", "name": "keys", "service_accounts": [{"id": "svc_acct_life", "name": "ci"}]}]
    },
    inputs={
        "project_id": "proj_keys",
        "service_account_id": "svc_acct_life",
        "name": "k",
        "scopes": ["api.responses.write"],
        "triggers": ["2026-Q4", 1],
    },
    outputs={"expires_at": "", "expires_in_seconds": ""},
    steps=(
        Step({"scopes": ["api.responses.read"]}),
        Step({"expires_in_seconds": 3600}, {"expires_at": ANY}),
        Step(
            {"expires_in_seconds": 7_776_001, "rotate_every": "90d", "overlap": "24h"},
            {"expires_at": ANY, "retiring_api_keys": ""},
        ),
    ),
    another={"triggers": ["2027-Q1", 1]},
    bad={
        "scopes is an empty list, which means everything to OpenAI": {"scopes": []},
        "scopes[0] must be a string, not a number": {"scopes": [3]},
        **REFUSED,
        "rotate_every must be a number of minutes, hours, days or weeks": {"rotate_every": "3 months"},
        "overlap has no effect without rotate_every": {"overlap": "24h"},
        "overlap must be shorter than rotate_every": {"rotate_every": "24h", "overlap": "1d"},
        "rotate_every must be shorter than expires_in_seconds": {"rotate_every": "90d", "expires_in_seconds": 3600},
    },
    rule=OneKey(),
    verbs=(
        Verb("create", None, KEY, "POST"),
        Verb("deliver", None, {**KEY, "deliver_to": TO_NOBODY}, "POST"),
        Verb("create-list", None, KEY, "GET", KEYS),
        Verb("read", KEY, KEY, "GET", KEYS),
        Verb("expiry", KEY, {**KEY, "expires_in_seconds": 99}, "POST", f"{KEYS}/*"),
        Verb("rotate", RARELY, OFTEN, "POST", is_later=True),
        Verb("rotate-list", RARELY, OFTEN, "GET", KEYS, is_later=True),
        Verb("retire", OFTEN, RARELY, "DELETE", f"{KEYS}/*", earlier=(RARELY,), is_later=True),
        Verb("delete", KEY, None, "DELETE", f"{KEYS}/*"),
    ),
    prepare=_account,
    another_team={"create": AnotherTeam({"scopes": ["api.model.read"]})},
)
