"""Whatever is lost on the way: all that is there is known, or an error says what more there may be.

The rule is that of tests/host/nothing_lost.py, to which real processes are held.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import requests_mock
from hypothesis import given
from hypothesis import strategies as st

from pulumi_openai_admin import ProjectServiceAccount, ProjectServiceAccountApiKey
from pulumi_openai_admin.program.key_delivery import RETIRING_API_KEYS
from tests.unit.fakes import FakeOpenAI
from tests.unit.scenario import FATES, SCENARIOS, Scenario

if TYPE_CHECKING:
    from pulumi_openai_admin.http.requestor import Requestor

PROJECT = "/organization/projects/proj_1"
ACCOUNTS: list[dict[str, Any]] = [
    {"project_id": "proj_1", "name": "ci", **more}
    for more in (
        {},
        {"role": "owner"},
        {"role": "member"},
        {"create_service_account_only": True},
        {"create_service_account_only": True, "role": "owner"},
        {"expires_in_seconds": 86_400},
    )
]
KEYS: list[dict[str, Any]] = [
    {"project_id": "proj_1", "service_account_id": "svc_acct_1", **more}
    for more in ({}, {"expires_in_seconds": 86_400}, {"rotate_every": "30m", "overlap": "10m"})
]
"""The last one is rotated by each operation that is an hour after the one before."""
WRITES = ["POST ", "POST service_accounts$", r"POST svc_acct_\d+$", "POST svc_acct_.*api_keys$", "DELETE "]
READS = ["GET ", "GET service_accounts$", r"GET svc_acct_\d+$", "GET api_keys$"]
FAULTS = st.one_of(
    st.dictionaries(st.sampled_from(WRITES), st.sampled_from(sorted(FATES)), max_size=2),
    st.dictionaries(st.sampled_from([*WRITES, *READS]), st.sampled_from(["not made", "not made once", "refused"])),
)


@dataclass
class User:
    """Runs one engine operation after the other, and does as messages say."""

    scenario: Scenario
    caplog: pytest.LogCaptureFixture
    told: str = ""
    is_going: bool = False
    """Whether a deletion is to be gone on with."""

    @property
    def state(self) -> dict[str, Any]:
        return self.scenario.outputs if self.scenario.id else {}

    @property
    def is_open(self) -> bool:
        """Whether the state says that more may be there."""
        return bool({"open_requests", "to_revoke"} & self.state.get("__managed", {}).keys())

    @property
    def retiring(self) -> set[str]:
        """The old keys that work until their overlap is over."""
        return set(RETIRING_API_KEYS.mapping(self.state.get("retiring_api_keys") or []))

    def run(self, what: Any, faults: dict[str, str]) -> None:
        """Let an hour pass; refresh, destroy, or up with these inputs."""
        if what == "wait":
            self.scenario.wait(3600)
            return
        if what == "refresh":
            self.scenario.refresh(faults)
        else:
            self.delete_what_was_named()
            self.is_going = what == "destroy" or (self.is_going and bool(self.scenario.error))
            if self.is_going:
                self.scenario.destroy(faults)
            else:
                self.scenario.up(what, faults)
        self.told += self.scenario.error + "".join(record.getMessage() for record in self.caplog.records)
        self.caplog.clear()

    def delete_what_was_named(self) -> None:
        """That it was named is what `assert_all_is_known` saw to. What was said before is forgotten then."""
        if self.is_open:
            return  # the next run finds it
        openai = self.scenario.openai
        if self.scenario.resource is ProjectServiceAccount:
            for id_ in set(openai.accounts) - {self.state.get("service_account_id")}:
                openai._answer("DELETE", f"{PROJECT}/service_accounts/{id_}", None)
        else:
            for id_ in set(openai.keys) - {self.state.get("api_key_id")} - self.retiring:
                openai._answer("DELETE", f"{PROJECT}/api_keys/{id_}", None)
        self.told = ""

    def assert_all_is_known(self) -> None:
        openai, key = self.scenario.openai, self.state.get("api_key_id") or None
        account = self.state.get("service_account_id", "svc_acct_1")
        own = {account} if self.state or self.scenario.resource is ProjectServiceAccountApiKey else set()
        if self.state.get("api_key"):
            assert self.state["api_key"] == f"sk-svcacct-VALUE{int(str(key).removeprefix('key_')):04}"
        if not (self.scenario.error or self.is_open):
            assert (set(openai.accounts), set(openai.keys)) == (own, ({key} | self.retiring) - {None})
            return
        may_exist = "may have been created" in self.told or self.is_open
        assert all(id_ in self.told or may_exist for id_ in set(openai.accounts) - own)
        for id_ in set(openai.keys_of(account)) - {key} - self.retiring:
            assert id_ in self.told or may_exist

    def assert_account_is_as(self, wanted: dict[str, Any]) -> None:
        account = self.scenario.openai.accounts[self.state["service_account_id"]]
        assert account["role"] == wanted.get("role", account["role"])
        assert bool(self.state["api_key_id"]) is not wanted.get("create_service_account_only", False)


@pytest.mark.parametrize(
    ("resource", "inputs"),
    [(ProjectServiceAccount, ACCOUNTS), (ProjectServiceAccountApiKey, KEYS)],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_all_that_is_there_is_known(
    resource: type[Any], inputs: list[dict[str, Any]], requestor: Requestor, caplog: pytest.LogCaptureFixture
) -> None:
    @SCENARIOS
    @given(
        steps=st.lists(st.tuples(st.sampled_from([*inputs, "refresh", "destroy", "wait"]), FAULTS), max_size=6),
        lag=st.sampled_from([0, 0, 2]),
    )
    def live(steps: list[tuple[Any, dict[str, str]]], lag: int) -> None:
        caplog.clear()
        with requests_mock.Mocker() as mock:
            openai = FakeOpenAI(mock, lag=lag)
            if resource is ProjectServiceAccountApiKey:
                openai.add_account("theirs")
            user = User(Scenario(resource, openai, requestor), caplog)
            for what, faults in steps:
                user.run(what, faults)
                user.assert_all_is_known()
                is_account = resource is ProjectServiceAccount and isinstance(what, dict)
                if is_account and user.state and not user.scenario.error:
                    user.assert_account_is_as(what)
            # The wire is well again: all comes right.
            user.run("wait", {})
            for what in (["destroy"] if user.is_going else []) + [inputs[0], "destroy"]:
                user.run(what, {})
                assert not user.scenario.error
                user.assert_all_is_known()

    live()
