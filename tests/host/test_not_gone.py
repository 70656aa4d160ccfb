"""What a wrong address or another organization's key does not show is not gone: the state alone has the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import pulumi_openai_admin
from pulumi_openai_admin.dynamic.resource import AdminResource
from tests.host.lives import LIVES
from tests.host.provider_process import Failure
from tests.host.scripted_life import aged

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.native_process import Host
    from tests.host.scripted_life import Life

IMPATIENT = {"openai-admin:maxWaitSeconds": "2"}


@pytest.fixture(params=LIVES, ids=lambda life: life.resource.__name__)
def life(request: pytest.FixtureRequest) -> Life:
    return request.param


@pytest.fixture
def resource(life: Life) -> type[Any]:
    return life.resource


@pytest.fixture
def known(emulator: EmulatorServer, environ: dict[str, str], life: Life, provider: Host) -> tuple[str, dict[str, Any]]:
    """Id and state of one, created long ago."""
    seed, inputs = life.moved_to("proj_ours")
    emulator.control.seed(seed)
    with provider(environ) as host:
        id_, state = host.create(life.resource, inputs)
    if "anchor" in state["__managed"]:
        state["__managed"]["anchor"] = "proj_ours"  # a reset emulator has the others again
    return id_, aged(state)


def test_no_resource_is_left_out() -> None:
    public = {getattr(pulumi_openai_admin, name) for name in pulumi_openai_admin.__all__}
    resources = {one for one in public if isinstance(one, type) and issubclass(one, AdminResource)}
    assert resources == {life.resource for life in LIVES}


@pytest.mark.parametrize("body", [None, "<html><h1>404 Not Found</h1></html>", ""], ids=["OpenAI's", "HTML", "empty"])
def test_a_404_of_another_address_is_an_error(
    emulator: EmulatorServer,
    environ: dict[str, str],
    resource: type[Any],
    provider: Host,
    known: tuple[str, dict[str, Any]],
    body: str | None,
) -> None:
    there = dict(environ)
    if body is None:
        there["OPENAI_BASE_URL"] = emulator.base_url.replace("/v1", "/v2")
    else:
        emulator.control.fault(kind="status", status=404, body=body, times=None)
    with provider(there, IMPATIENT) as host:
        for verb in (host.read, host.delete):
            with pytest.raises(Failure, match="Check OPENAI_BASE_URL"):
                verb(resource, *known)


@pytest.mark.parametrize("is_refused", [False, True], ids=["not found", "refused"])
def test_another_organizations_project_is_not_gone(
    emulator: EmulatorServer,
    environ: dict[str, str],
    resource: type[Any],
    provider: Host,
    known: tuple[str, dict[str, Any]],
    is_refused: bool,
) -> None:
    emulator.control.reset()
    if is_refused:
        for method in ("POST", "DELETE"):
            emulator.control.fault(kind="status", status=403, method=method, times=None)
    with provider(environ) as host:
        for verb in (host.read, host.delete):
            with pytest.raises(Failure, match="another organization") as told:
                verb(resource, *known)
    assert f"`pulumi state delete '{provider.urn_of(resource)}'`" in str(told.value)
