"""A property leaves the program right after a change of it had no response, and OpenAI makes the change only then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import requests

from pulumi_openai_admin import errors
from pulumi_openai_admin.lifecycle.apply import create, delete, update
from pulumi_openai_admin.lifecycle.run import Run
from pulumi_openai_admin.lifecycle.state import Inputs
from pulumi_openai_admin.resources.organization_member import OrganizationMember
from pulumi_openai_admin.resources.organization_user import OrganizationUser
from pulumi_openai_admin.resources.project_rate_limit import ProjectRateLimit
from pulumi_openai_admin.resources.project_rate_limits import ProjectRateLimits
from tests.unit.fakes import PROJECT, URL, Clock, MemoryHost

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.fakes import FakeOpenAI

ADA = {"id": "user-ada", "name": "Ada", "email": "ada@example.com", "role": "reader"}
ROW = f"{PROJECT}/rate_limits/rl-gpt-4o"
LONGEST_RETRY = 30
RPM, TPM = "max_requests_per_1_minute", "max_tokens_per_1_minute"


class Case(NamedTuple):
    kind: Any
    first: dict[str, Any]
    lost: dict[str, Any]
    left: dict[str, Any]
    path: str
    late: dict[str, Any]
    restored: Any


MODEL = {"project_id": "proj_1", "model": "gpt-4o"}
CASES = [
    Case(ProjectRateLimit, {**MODEL, RPM: 100}, {**MODEL, RPM: 200}, {**MODEL, TPM: 900}, ROW, {RPM: 200}, 500),
    Case(
        ProjectRateLimits,
        {"project_id": "proj_1", "limits": {"gpt-4o": {RPM: 100, TPM: 900}}},
        {"project_id": "proj_1", "limits": {"gpt-4o": {RPM: 200, TPM: 900}}},
        {"project_id": "proj_1", "limits": {"gpt-4o": {TPM: 900}}},
        ROW,
        {RPM: 200},
        500,
    ),
    *(
        Case(
            kind,
            {"email": ADA["email"], "role": "reader"},
            {"email": ADA["email"], "role": "owner"},
            {"email": ADA["email"]},
            f"/organization/users/{ADA['id']}",
            {"role": "owner"},
            "reader",
        )
        for kind in (OrganizationUser, OrganizationMember)
    ),
]


class LateClock(Clock):
    """OpenAI makes the change while somebody waits for it."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__()
        self.act: Callable[[], object] | None = act

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        if seconds > LONGEST_RETRY:
            self.finish()

    def finish(self) -> None:
        if self.act is not None:
            self.act()
            self.act = None


@pytest.mark.parametrize("case", CASES, ids=[case.kind.__name__ for case in CASES])
def test_it_is_restored_after_the_change(openai: FakeOpenAI, case: Case) -> None:
    def host(clock: Clock | None = None) -> MemoryHost:
        made = MemoryHost(Run(clock=clock or Clock()), kind=case.kind.__name__)
        made.settings["openai-admin:baseUrl"] = URL
        return made

    openai.seed(users=[ADA])
    openai.add_row("gpt-4o", **{RPM: 500, TPM: 1000})
    made = create(case.kind, host(), Inputs(case.first))
    openai.surprise("POST", case.path, requests.exceptions.ReadTimeout("slow"), times=99)
    lost = host()
    with pytest.raises(errors.ResponseLostError):
        update(case.kind, lost, made.id, made.outputs.values, Inputs(case.lost))
    openai.surprises.clear()
    ((_, kept, _),) = lost.kept
    late = LateClock(lambda: openai.others("POST", case.path, case.late))
    after = update(case.kind, host(late), made.id, kept.values, Inputs(case.left))
    late.finish()
    delete(case.kind, host(), made.id, after.values)
    place, _, id_ = case.path.rpartition("/")
    (name,) = case.late
    assert openai.shown(place)[id_][name] == case.restored
