"""A 404 that is not about the object is an error on read and on delete: the state keeps the object and its keys."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

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


def test_an_unsupported_endpoint_is_an_error(
    emulator: EmulatorServer, environ: dict[str, str], life: Life, provider: Host
) -> None:
    seed, inputs = life.moved_to("proj_ours")
    emulator.control.seed(seed)
    with provider(environ) as host:
        id_, state = host.create(life.resource, inputs)
    before = emulator.control.live()
    emulator.control.fault(kind="unrelated_404", times=None)
    with provider(environ, IMPATIENT) as host:
        for verb in (host.read, host.delete):
            with pytest.raises(Failure, match="the 404 does not say that the object is gone: Unsupported endpoint"):
                verb(life.resource, id_, aged(state))
    assert emulator.control.live() == before


def test_an_object_whose_endpoint_alone_is_unsupported_is_kept(
    emulator: EmulatorServer, environ: dict[str, str], life: Life, provider: Host
) -> None:
    """Lists are served, so kinds that read a list see it."""
    seed, inputs = life.moved_to("proj_ours")
    emulator.control.seed(seed)
    with provider(environ) as host:
        id_, state = host.create(life.resource, inputs)
    before = emulator.control.live()
    emulator.control.fault(kind="unrelated_404", path=f"*/{id_.rpartition('/')[2]}", times=None)
    with provider(environ, IMPATIENT) as host:
        with suppress(Failure):
            assert host.read(life.resource, id_, aged(state))[0]
        try:
            host.delete(life.resource, id_, aged(state))
        except Failure:
            assert emulator.control.live() == before
        else:
            assert emulator.control.live() != before
