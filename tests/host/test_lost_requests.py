"""A request that acts after the client gave up: after the next update there is one object, and it is in the state."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import AdminApiKey, Invite, Project, ProjectServiceAccount, ProjectServiceAccountApiKey
from pulumi_openai_admin.lifecycle.lost import is_unknown
from tests.host.provider_process import Failure

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.native_process import Host

SCALED = """
import pulumi_openai_admin.handlers.creation as creation
assert creation.POLL_DELAYS and creation.VISIBILITY_LAG_SECONDS  # else nothing is scaled down
creation.POLL_DELAYS = (0, 0.1, 0.3, 1.0)
creation.VISIBILITY_LAG_SECONDS = 4
"""
HASTY = {"openai-admin:readTimeoutSeconds": "0.5", "openai-admin:maxWaitSeconds": "1.2"}
PROJECT = "/organization/projects/proj_demo"


@dataclass
class Case:
    """One resource, and how its objects are listed."""

    resource: type[Any]
    inputs: dict[str, Any]
    path: str
    """Where it is created, and listed unless another path is given."""
    shown: str = ""
    id: str = ""
    state: dict[str, Any] = field(default_factory=dict)

    def live(self, emulator: EmulatorServer) -> set[str]:
        """The ids of the objects with its name or address."""
        url = f"{emulator.base_url}{self.shown or self.path}"
        headers = {"Authorization": f"Bearer {emulator.admin_key}"}
        rows = requests.get(url, params={"limit": 100}, headers=headers, timeout=10).json()["data"]
        by = "email" if self.resource is Invite else "name"
        return {row["id"] for row in rows if row[by] == self.inputs[by]}

    @property
    def known(self) -> str:
        return str(self.state[self.resource.declaration.identity])


def cases(account: str) -> list[Case]:
    of_account = {"project_id": "proj_demo", "service_account_id": account, "name": "late-key"}
    keys = f"{PROJECT}/service_accounts/{account}/api_keys"
    return [
        Case(Project, {"name": "Late"}, "/organization/projects"),
        Case(ProjectServiceAccount, {"project_id": "proj_demo", "name": "late-account"}, f"{PROJECT}/service_accounts"),
        Case(ProjectServiceAccountApiKey, of_account, keys, f"{PROJECT}/api_keys"),
        Case(AdminApiKey, {"name": "late-admin"}, "/organization/admin_api_keys"),
        Case(Invite, {"email": "late@example.com", "role": "owner"}, "/organization/invites"),
    ]


def test_what_acts_late_is_found_by_the_next_update(
    emulator: EmulatorServer, environ: dict[str, str], provider: Host
) -> None:
    with provider(environ) as host:
        _, holder = host.create(ProjectServiceAccount, {"project_id": "proj_demo", "name": "holder"})
    every = cases(holder["service_account_id"])
    for case in every:
        emulator.control.fault(method="POST", path=case.path, kind="delay", seconds=2.5)

    def fails(case: Case) -> None:
        with pytest.raises(Failure, match="may have been created") as failure:
            host.create(case.resource, case.inputs)
        case.id, case.state = failure.value.id, failure.value.properties
        assert is_unknown(case.id)

    def goes_on(case: Case) -> None:
        due, replaces = host.diff(case.resource, case.id, case.state, case.inputs)
        assert due is not False
        assert replaces
        host.delete(case.resource, case.id, case.state)
        case.id, case.state = host.create(case.resource, case.inputs)

    for step in (fails, goes_on):
        with (
            provider(environ, HASTY if step is fails else {}, prelude=SCALED) as host,
            ThreadPoolExecutor(len(every)) as pool,
        ):
            list(pool.map(step, every))
    for case in every:
        assert case.live(emulator) == {case.known}, case
    posts = [call["path"] for call in emulator.control.requests() if call["method"] == "POST"]
    assert all(posts.count(case.path) >= 2 for case in every)
    assert "and deletes it before it creates another one" in host.warnings
    for name in ("late-account", "late-key", "late-admin"):
        assert name in host.warnings
