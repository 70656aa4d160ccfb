"""A creation whose result is unknown is in the state, and the next update finds it out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import requests

from pulumi_openai_admin import McpTunnel, ProjectServiceAccount, errors
from pulumi_openai_admin.lifecycle.apply import create, delete, update
from pulumi_openai_admin.lifecycle.diff import StateDifference, diff
from pulumi_openai_admin.lifecycle.read import read
from pulumi_openai_admin.lifecycle.run import Run
from pulumi_openai_admin.lifecycle.state import MANAGED, Inputs, has_no_response
from tests.unit.fakes import FakeOpenAI, Log, MemoryHost, through_pulumi, warnings

if TYPE_CHECKING:
    from tests.unit.fakes import Clock

ACCOUNT = {"project_id": "proj_1", "name": "ci"}
SLOW = requests.exceptions.ReadTimeout("slow")


@pytest.fixture
def host(host: MemoryHost, clock: Clock) -> MemoryHost:
    return replace(host, run=Run(clock=clock), timeout=50, kind="ProjectServiceAccount")


def next_run(host: MemoryHost) -> MemoryHost:
    return replace(host, run=Run(clock=host.run.clock), kept=[], timeout=0)


def test_the_next_update_replaces_what_was_created_late(host: MemoryHost, openai: FakeOpenAI, caplog: Log) -> None:
    openai.surprise("POST", "service_accounts$", SLOW)
    with pytest.raises(errors.ResponseLostError) as error:
        create(ProjectServiceAccount, host, Inputs(ACCOUNT))
    assert error.value.what.endswith("no response came within 60 s. The service account may have been created")
    assert error.value.advice == (
        "Run the command again: it looks for the service account, and deletes it before it creates another one."
    )
    ((id_, outputs, kept),) = host.kept
    assert (id_, kept, outputs.values["name"]) == ("proj_1/(no response)", error.value, "ci")
    olds = through_pulumi(outputs.values)
    late = openai.add_account("ci")
    openai.add_key(late)
    run = next_run(host)
    caplog.clear()
    difference = diff(ProjectServiceAccount, run, "proj_1/(no response)", olds, Inputs(ACCOUNT))
    assert difference == StateDifference((), ("project_id",), is_due=True, deletes_first=True)
    assert warnings(caplog) == [
        (
            "A request at 2027-01-15 08:00 UTC to create service account 'ci' in project proj_1 got no response, so "
            "the service account may exist. This update looks for it, and deletes it before it creates another one, "
            "unless the option retainOnDelete (retain_on_delete) is set."
        )
    ]
    delete(ProjectServiceAccount, run, "proj_1/(no response)", olds)
    created = create(ProjectServiceAccount, run, Inputs(ACCOUNT))
    assert list(openai.accounts) == [created.outputs.values["service_account_id"]]
    assert list(openai.keys) == [created.outputs.values["api_key_id"]]
    assert "lost_creations" not in created.outputs.values[MANAGED]


def test_a_host_that_records_nothing_says_what_may_exist(host: MemoryHost, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "service_accounts$", SLOW)
    with pytest.raises(errors.ResponseLostError, match="Look in OpenAI's dashboard, in the project's list of service"):
        create(ProjectServiceAccount, replace(host, keeps=False), Inputs(ACCOUNT))


def test_what_nothing_lists_stays_until_the_user_removes_it(host: MemoryHost, openai: FakeOpenAI, caplog: Log) -> None:
    openai.surprise("POST", "tunnels$", SLOW)
    with pytest.raises(errors.ResponseLostError) as error:
        create(McpTunnel, replace(host, kind="McpTunnel", kept=host.kept), Inputs({"name": "north"}))
    assert error.value.advice.endswith("If there is one, delete it there.")
    ((id_, outputs, _),) = host.kept
    olds = through_pulumi(outputs.values)
    assert has_no_response(id_)
    openai.now += 86_400
    caplog.clear()
    assert diff(McpTunnel, next_run(host), id_, olds, Inputs({"name": "north"})).deletes_first
    (warning,) = warnings(caplog)
    assert warning.endswith("OpenAI has no list of tunnels: this update fails, and says where to look for it.")
    assert read(McpTunnel, next_run(host), id_, olds)
    with pytest.raises(errors.ResponseLostError, match="The tunnel may have been created") as error:
        delete(McpTunnel, next_run(host), id_, olds)
    assert error.value.advice == (
        "OpenAI has no list of tunnels, so look in its dashboard for a new tunnel with the name 'north'. If "
        f"there is one, delete it there. If nothing is left, remove it from the state ('{host.urn}'), then run the "
        "command again."
    )


def test_a_refresh_keeps_an_object_that_is_gone_while_a_request_is_open(host: MemoryHost, openai: FakeOpenAI) -> None:
    keyless = create(ProjectServiceAccount, host, Inputs({**ACCOUNT, "create_service_account_only": True}))
    openai.surprise("POST", "svc_acct_1/api_keys$", SLOW)
    id_, state = keyless.id, through_pulumi(keyless.outputs.values)
    olds = through_pulumi(update(ProjectServiceAccount, host, id_, state, Inputs(ACCOUNT)).values)
    openai.remove("service_account")
    olds["created_at"] -= 3600
    kept = read(ProjectServiceAccount, next_run(host), id_, olds)
    assert kept
    difference = diff(ProjectServiceAccount, next_run(host), id_, kept.outputs.values, Inputs(ACCOUNT))
    assert (difference.is_due, difference.replaces) == (True, ("project_id",))
    openai.now += 60
    assert read(ProjectServiceAccount, next_run(host), id_, olds) is None
