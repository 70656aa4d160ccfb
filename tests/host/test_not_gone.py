"""What a wrong address or another organization's key does not show is not gone: the state alone has the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import (
    Group,
    Project,
    ProjectRateLimit,
    ProjectRateLimits,
    ProjectServiceAccount,
    ProjectServiceAccountApiKey,
    ProjectSpendLimit,
)
from tests.host.dynamic_host import DynamicHost, Failure
from tests.host.lives import LIVES

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer

OURS = {"projects": [{"id": "proj_ours", "name": "Ours", "service_accounts": [{"id": "svc_acct_ours", "name": "ci"}]}]}
IN_OURS = {"project_id": "proj_ours"}
RESOURCES: dict[type[Any], dict[str, Any]] = {
    Group: {"name": "Ours"},
    Project: {"name": "Ours, too"},
    ProjectRateLimit: {**IN_OURS, "model": "gpt-4o", "max_requests_per_1_minute": 60},
    ProjectRateLimits: {**IN_OURS, "limits": {"gpt-4o": {"max_requests_per_1_minute": 60}}},
    ProjectServiceAccount: {**IN_OURS, "name": "ci"},
    ProjectServiceAccountApiKey: {**IN_OURS, "service_account_id": "svc_acct_ours"},
    ProjectSpendLimit: {**IN_OURS, "threshold_amount": 10000},
}
IMPATIENT = {"openai-admin:maxWaitSeconds": "2"}


@pytest.fixture(params=RESOURCES, ids=lambda resource: resource.__name__)
def resource(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def known(emulator: EmulatorServer, environ: dict[str, str], resource: type[Any]) -> tuple[str, dict[str, Any]]:
    """Id and state of one, made long ago."""
    emulator.control.seed(OURS)
    with DynamicHost(environ) as host:
        id_, state = host.create(resource, RESOURCES[resource])
    if "anchor" in state["__managed"]:
        state["__managed"]["anchor"] = "proj_ours"  # a reset emulator has the others again
    return id_, {name: value - 3600 if name == "created_at" else value for name, value in state.items()}


def test_no_resource_is_left_out() -> None:
    assert set(RESOURCES) == {life.resource for life in LIVES}


@pytest.mark.parametrize("body", [None, "<html><h1>404 Not Found</h1></html>", ""], ids=["OpenAI's", "HTML", "empty"])
def test_a_404_of_another_address_is_an_error(
    emulator: EmulatorServer,
    environ: dict[str, str],
    resource: type[Any],
    known: tuple[str, dict[str, Any]],
    body: str | None,
) -> None:
    there = dict(environ)
    if body is None:
        there["OPENAI_BASE_URL"] = emulator.base_url.replace("/v1", "/v2")
    else:
        emulator.control.fault(kind="status", status=404, body=body, times=None)
    with DynamicHost(there, IMPATIENT) as host:
        for verb in (host.read, host.delete):
            with pytest.raises(Failure, match="Check OPENAI_BASE_URL"):
                verb(resource, *known)


@pytest.mark.parametrize("is_refused", [False, True], ids=["not found", "refused"])
def test_another_organizations_project_is_not_gone(
    emulator: EmulatorServer,
    environ: dict[str, str],
    resource: type[Any],
    known: tuple[str, dict[str, Any]],
    is_refused: bool,
) -> None:
    emulator.control.reset()
    if is_refused:
        for method in ("POST", "DELETE"):
            emulator.control.fault(kind="status", status=403, method=method, times=None)
    with DynamicHost(environ) as host:
        for verb in (host.read, host.delete):
            with pytest.raises(Failure, match="another organization") as told:
                verb(resource, *known)
    assert f"`pulumi state delete 'urn:pulumi:dev::test::pulumi-python:{resource._resource_type_name}::it'`" in str(
        told.value
    )
