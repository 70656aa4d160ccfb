"""An endpoint that OpenAI does not serve to the organization: each step says so, and no object is taken for deleted."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.handlers.handler import Shows
from pulumi_openai_admin.schema.paths import feature_of
from tests.host.provider_process import Failure
from tests.host.scenarios import SCENARIOS
from tests.host.stack import Member

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.dynamic_host import DynamicHost
    from tests.host.native_process import Host, NativeProcess
    from tests.host.scenario import Scenario

RESTRICTED = [scenario for scenario in SCENARIOS if feature_of(getattr(scenario.resource.handler, "path", ""))]
UNSUPPORTED = {"kind": "unrelated_404"}


@pytest.fixture(params=RESTRICTED, ids=lambda scenario: str(scenario.resource.__name__))
def scenario(request: pytest.FixtureRequest) -> Scenario:
    restricted: Scenario = request.param
    return restricted


def failure(step: Callable[[], Any]) -> str:
    with pytest.raises(Failure) as failed:
        step()
    return failed.value.message


def test_every_step_says_that_the_organization_has_no_access(
    provider: Host, emulator: EmulatorServer, environ: dict[str, str], scenario: Scenario
) -> None:
    emulator.control.seed(scenario.seed)
    kind, member = scenario.resource, Member(scenario)
    handler: Any = kind.handler
    with provider(environ) as host:
        member.inputs, _ = host.check(kind, scenario.inputs)
        member.id, member.state = host.create(kind, member.inputs)
    emulator.control.fault(path_regex=rf".*{re.sub('{.*?}', '[^/]+', handler.path)}(/.*)?", times=None, **UNSUPPORTED)
    steps: dict[str, Callable[[DynamicHost | NativeProcess], Any]] = {
        "create": lambda host: host.create(kind, member.inputs),
        "refresh": lambda host: host.read(kind, member.id, member.state),
        "delete": lambda host: host.delete(kind, member.id, member.state),
        "preview": lambda host: host.preview_create(kind, scenario.inputs),
    }
    if handler.traits.shows is Shows.EACH:
        del steps["preview"]  # before a creation, only a list says that there is no access
    with provider(environ, {"openai-admin:previewReads": "true"}) as host:
        messages = {name: failure(partial(step, host)) for name, step in steps.items()}
    reason = f"the organization has no access to {feature_of(handler.path)}"
    assert {name: message.count(reason) for name, message in messages.items()} == dict.fromkeys(steps, 1)
    assert not any("Traceback" in message for message in messages.values())
