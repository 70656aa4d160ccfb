"""A deletion that OpenAI answers with 204 and no body is done: one request, and no error."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.host.lives import LIVES
from tests.host.scripted_life import aged

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.native_process import Host
    from tests.host.scripted_life import Life


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.resource.__name__)
def test_a_deletion_without_a_body_is_done(
    emulator: EmulatorServer, environ: dict[str, str], life: Life, provider: Host
) -> None:
    seed, inputs = life.moved_to("proj_ours")
    emulator.control.seed(seed)
    with provider(environ) as host:
        id_, state = host.create(life.resource, inputs)
    emulator.control.fault(kind="status", status=204, method="DELETE", when="after", times=None)
    emulator.control.clear_requests()
    with provider(environ) as host:
        host.delete(life.resource, id_, aged(state))
    paths = Counter(entry["path"] for entry in emulator.control.requests() if entry["method"] == "DELETE")
    assert set(paths.values()) <= {1}
