from __future__ import annotations

from typing import Any

import pytest

from pulumi_openai_admin import Project
from pulumi_openai_admin.hosts.native.native_host import EngineCall, NativeHost, Process
from pulumi_openai_admin.lifecycle.state import Outputs


class Context:
    """The part of gRPC's context that a half-done step is sent with."""

    def __init__(self) -> None:
        self.metadata: Any = ()

    def set_trailing_metadata(self, metadata: Any) -> None:
        self.metadata = metadata


@pytest.mark.parametrize(("value", "is_kept"), [("Team", True), (object(), False)])
def test_a_half_done_step_that_can_not_be_sent_is_left_to_the_caller(value: object, is_kept: bool) -> None:
    context = Context()
    host = NativeHost(Process(), EngineCall("urn:it", 0, Project, context))
    assert host.keep_partial("proj_1", Outputs({"name": value}), ValueError("It broke.")) is is_kept
    assert bool(context.metadata) is is_kept
