"""The rule that holds whatever happens on the wire, in one place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.program.key_delivery import RETIRING_API_KEYS

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer

ORIGINAL = {"max_requests_per_1_minute": 10_000, "max_tokens_per_1_minute": 2_000_000}


@dataclass
class Outcome:
    """What the engine knows after a verb: what is in the state, and what the user was told."""

    state: dict[str, Any] | None
    """None: nothing stands in the state."""
    id: str = ""
    error: str = ""
    warnings: str = ""
    told: str = field(default="", repr=False)
    """All that the user ever saw of this resource."""


def assert_nothing_lost(emulator: EmulatorServer, project: str, outcome: Outcome) -> None:
    """One account, one live key, both known; or an error that names the rest.

    Without an error the state has exactly what there is. With one, whatever lives and is not in the state is named,
    by its id or as that which may exist.
    """
    accounts = live_accounts(emulator, project)
    keys = live_keys(emulator, project)
    state = outcome.state or {}
    known_account, known_key = state.get("service_account_id"), state.get("api_key_id")
    if state.get("api_key"):
        held = emulator.control.key(state["api_key"])
        assert held, "the state's key is none that OpenAI ever made"
        assert held["id"] == known_key
    if not (outcome.error or is_open(outcome)):
        assert set(accounts) == ({known_account} if outcome.state else set()), outcome
        assert keys == ({known_key} if known_key else set()), outcome
        return
    may_exist = "may have been created" in outcome.told or is_open(outcome)
    for account in set(accounts) - {known_account}:
        assert account in outcome.told or (may_exist and "'ci'" in outcome.told and project in outcome.told), outcome
    for account_id, account in accounts.items():
        strangers = {key for key, fate in account["keys"].items() if fate == "live"} - {known_key}
        if account_id == known_account and not may_exist:
            assert all(key in outcome.told for key in strangers), outcome


def assert_made_once(there: set[str], identity: str, outcome: Outcome) -> None:
    """What is there is in the state; or an error names it, by its id or as that which may exist."""
    known = known_ids(identity, outcome)
    if not (outcome.error or is_open(outcome)):
        assert there == known, outcome
    may_exist = "may have been created" in outcome.told or is_open(outcome)
    assert all(id_ in outcome.told or may_exist for id_ in there - known), outcome


def known_ids(identity: str, outcome: Outcome) -> set[str]:
    """The ids in the state: that of the object, and of the old keys that still work."""
    state = outcome.state or {}
    old = RETIRING_API_KEYS.mapping(state.get("retiring_api_keys") or [])
    return {state[identity], *old} if state.get(identity) else set()


def is_open(outcome: Outcome) -> bool:
    """Whether the state remembers what has to be looked for, or revoked: the next `up` does it."""
    managed = (outcome.state or {}).get("__managed", {})
    return bool({"open_requests", "to_revoke"} & managed.keys())


def live_accounts(emulator: EmulatorServer, project: str) -> dict[str, Any]:
    found = emulator.control.state()["projects"][project]["service_accounts"]
    return {id_: account for id_, account in found.items() if not account["deleted"]}


def live_keys(emulator: EmulatorServer, project: str) -> set[str]:
    accounts = live_accounts(emulator, project).values()
    return {key for account in accounts for key, fate in account["keys"].items() if fate == "live"}


def limits_now(emulator: EmulatorServer, project: str) -> dict[str, int]:
    changed = emulator.control.state()["projects"][project]["rate_limits"]["changed"].get("rl-gpt-4o", {})
    return {name: changed.get(name, value) for name, value in ORIGINAL.items()}


def assert_limits_can_be_put_back(
    emulator: EmulatorServer, project: str, outcome: Outcome, wanted: dict[str, int]
) -> None:
    """The row holds what the program wants; or, after an error, what is needed to put it back is in the state."""
    now = limits_now(emulator, project)
    if not outcome.error:
        assert now == {**ORIGINAL, **(wanted if outcome.state else {})}, outcome
        return
    for name, value in now.items():
        if value != ORIGINAL[name]:
            assert outcome.state, outcome
            baseline = outcome.state["baseline"].get("gpt-4o", outcome.state["baseline"])
            assert baseline[name] == ORIGINAL[name], outcome
