"""A step that fails half-way keeps what it did: with both providers, and with a dynamic host that can not record it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import ProjectRateLimit, ProjectServiceAccount
from tests.host.dynamic_host import DynamicHost
from tests.host.provider_process import Failure

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.native_process import Host

OWNER = {"project_id": "proj_demo", "name": "ci", "role": "owner"}
LIMIT = {"project_id": "proj_demo", "model": "gpt-4o", "max_requests_per_1_minute": 60}
IMPATIENT = {"openai-admin:maxWaitSeconds": "2"}


def accounts(emulator: EmulatorServer) -> list[str]:
    found = emulator.control.state()["projects"]["proj_demo"]["service_accounts"]
    return [id_ for id_, account in found.items() if account["name"] == "ci" and not account["deleted"]]


def limit_now(emulator: EmulatorServer) -> int:
    changed = emulator.control.state()["projects"]["proj_demo"]["rate_limits"]["changed"]
    return int(changed["rl-gpt-4o"]["max_requests_per_1_minute"])


def test_an_account_whose_role_fails_is_kept_with_its_key(
    emulator: EmulatorServer, environ: dict[str, str], provider: Host
) -> None:
    emulator.control.fault(method="POST", path="*/service_accounts/*", kind="status", status=403, times=None)
    with provider(environ, IMPATIENT) as host, pytest.raises(Failure) as failure:
        host.create(ProjectServiceAccount, OWNER)
    kept = failure.value.properties
    assert failure.value.message.startswith("Could not set name, role of service account 'ci'")
    assert failure.value.id == f"proj_demo/{kept['service_account_id']}"
    assert emulator.control.key(kept["api_key"])["state"] == "live"
    assert kept["role"] == "member"
    _goes_on(emulator, environ, provider, failure.value.id, kept)


def test_with_the_door_shut_it_is_kept_with_a_warning(emulator: EmulatorServer, environ: dict[str, str]) -> None:
    emulator.control.fault(method="POST", path="*/service_accounts/*", kind="status", status=403, times=None)
    with DynamicHost(environ, IMPATIENT, door=False) as host:
        id_, kept = host.create(ProjectServiceAccount, OWNER)
    assert "The update did not finish" in host.warnings
    assert kept["role"] == "member"
    _goes_on(emulator, environ, DynamicHost, id_, kept)


def _goes_on(emulator: EmulatorServer, environ: dict[str, str], provider: Host, id_: str, kept: dict[str, Any]) -> None:
    emulator.control.clear_faults()
    with provider(environ) as host:
        due, replaces = host.diff(ProjectServiceAccount, id_, kept, OWNER)
        assert (due is not False, replaces) == (True, [])
        done = host.update(ProjectServiceAccount, id_, kept, OWNER)
        assert host.diff(ProjectServiceAccount, id_, done, OWNER) == (False, [])
    assert "The previous update did not finish. This update completes it: " in host.warnings
    assert (done["role"], done["api_key"]) == ("owner", kept["api_key"])
    assert accounts(emulator) == [kept["service_account_id"]]


def test_a_limit_whose_reply_is_lost_keeps_its_baseline(
    emulator: EmulatorServer, environ: dict[str, str], provider: Host
) -> None:
    emulator.control.fault(method="POST", path="*/rate_limits/*", kind="reset", when="after", times=None)
    with provider(environ, IMPATIENT) as host, pytest.raises(Failure) as failure:
        host.create(ProjectRateLimit, LIMIT)
    assert failure.value.id == "proj_demo/rl-gpt-4o"
    assert failure.value.properties["baseline"] == {"max_requests_per_1_minute": 10000}
    emulator.control.clear_faults()
    with provider(environ) as host:
        host.delete(ProjectRateLimit, failure.value.id, failure.value.properties)
    assert limit_now(emulator) == 10000


def test_with_the_door_shut_the_row_is_put_back(emulator: EmulatorServer, environ: dict[str, str]) -> None:
    emulator.control.fault(method="POST", path="*/rate_limits/*", kind="reset", when="after", times=1)
    emulator.control.fault(method="POST", path="*/rate_limits/*", kind="status", status=403, times=1)
    with DynamicHost(environ, IMPATIENT, door=False) as host, pytest.raises(Failure) as failure:
        host.create(ProjectRateLimit, LIMIT)
    assert not failure.value.id
    assert "Could not set max_requests_per_1_minute" in failure.value.message
    assert limit_now(emulator) == 10000


def test_a_refused_limit_leaves_no_trace(environ: dict[str, str], provider: Host) -> None:
    with provider(environ) as host, pytest.raises(Failure, match="to at most 10000") as failure:
        host.create(ProjectRateLimit, {**LIMIT, "max_requests_per_1_minute": 10001})
    assert not failure.value.id


def test_an_error_of_our_own_is_a_message_and_of_others_a_traceback(environ: dict[str, str]) -> None:
    with DynamicHost({**environ, "OPENAI_ADMIN_KEY": ""}) as host:
        with pytest.raises(Failure) as ours:
            host.create(ProjectRateLimit, LIMIT)
        with pytest.raises(Failure) as others:
            host.create(ProjectRateLimit, {"model": "no project_id, which check would have told"})
    assert ours.value.message == (
        "There is no OpenAI admin key. Set the environment variable OPENAI_ADMIN_KEY. To keep the key in the stack "
        "instead, run `pulumi config set --secret openai-admin:adminApiKey`."
    )
    assert others.value.message.startswith("Traceback")
