"""Another team acts at the same time, and replies are lost: nothing of theirs is touched.

They act exactly between two requests of ours: around the POST, while a refused POST waits for its repetition, or
between two runs. Each case has a project of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import Project, ProjectServiceAccount, ProjectServiceAccountApiKey
from tests.host.dynamic_host import UNMEASURED, DynamicHost, Failure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.emulator.process import EmulatorServer

QUICK = """
import pulumi_openai_admin.handlers.collection as collection, pulumi_openai_admin.handlers.creation as once
once.LOOKS = (0, 0.1, 0.3)
collection.YOUNG_SECONDS = 3
"""
OUTSIDE_SECONDS = 3.2
"""Far enough from our POST for a clock of whole seconds to tell the two apart."""
PROJECTS = "/organization/projects"
ACCOUNT, KEYLESS = {"name": "ci"}, {"name": "ci", "create_service_account_only": True}
LOST = {
    "nothing was lost": None,
    "our POST acted": {"kind": "reset", "when": "after", "times": 1},
    "our POST did not act": {"kind": "reset", "times": 1},
    "no POST of ours gets a reply": {"kind": "reset", "when": "after"},
    "no POST of ours acts": {"kind": "status", "status": 503},
}


@dataclass(frozen=True)
class Verb:
    """What we do, and where: the inputs before and after, and our POST."""

    resource: type[Any]
    before: dict[str, Any] | None
    after: dict[str, Any]
    post: str


VERBS = {
    "account-create": Verb(ProjectServiceAccount, None, ACCOUNT, "{project}/service_accounts"),
    "account-create-keyless": Verb(ProjectServiceAccount, None, KEYLESS, "{project}/service_accounts"),
    "account-mint": Verb(ProjectServiceAccount, KEYLESS, ACCOUNT, "{project}/service_accounts/*/api_keys"),
    "key-create": Verb(ProjectServiceAccountApiKey, None, {"name": "k"}, "{project}/service_accounts/*/api_keys"),
    "project-create": Verb(Project, None, {"name": "shop"}, ""),
}


@dataclass
class Case:
    """One of our resources in one project, and another team's objects beside it."""

    server: EmulatorServer
    verb: Verb
    project: str = ""
    account: str = ""
    """The account that both teams make keys for."""
    theirs: dict[str, str] = field(default_factory=dict)
    """What they have: path, and the name it has to keep."""
    id: str = ""
    state: dict[str, Any] | None = None
    error: str = ""
    told: str = ""

    def prepare(self) -> None:
        (self.project,) = self.server.control.seed({"projects": [{"name": "shared"}]})["projects"]
        with self._host() as host:
            if self.verb.resource is ProjectServiceAccountApiKey:
                inputs = {"project_id": self.project, "name": "both", "create_service_account_only": True}
                self.account = str(host.create(ProjectServiceAccount, inputs)[1]["service_account_id"])
            if self.verb.before:
                self.id, self.state = host.create(self.verb.resource, self._inputs(self.verb.before))
                self.account = self.state["service_account_id"]

    def up(self) -> None:
        """One `pulumi up`; what it said is kept."""
        self.error = ""
        with self._host() as host:
            try:
                news = self._inputs(self.verb.after)
                if self.state is None:
                    self.id, self.state = host.create(self.verb.resource, news)
                elif host.diff(self.verb.resource, self.id, self.state, news)[0] is not False:
                    self.state = host.update(self.verb.resource, self.id, self.state, news)
            except Failure as failure:
                self.error = failure.message
                if failure.id:
                    self.id, self.state = failure.id, failure.properties
        self.told += self.error + host.warnings + host.stderr

    def destroy(self) -> None:
        if self.state is not None:
            with self._host() as host:
                host.delete(self.verb.resource, self.id, self.state)
            self.told += host.warnings + host.stderr

    def they_make(self, name: str) -> list[dict[str, Any]]:
        """The requests by which they make what is of the same kind as ours."""
        if self.verb.resource is Project:
            return [{"method": "POST", "path": PROJECTS, "body": {"name": name}}]
        if self.account:
            path = f"{PROJECTS}/{self.project}/service_accounts/{self.account}/api_keys"
            return [{"method": "POST", "path": path, "body": {"name": name, "scopes": ["api.model.read"]}}]
        return [{"method": "POST", "path": f"{PROJECTS}/{self.project}/service_accounts", "body": {"name": name}}]

    def note_theirs(self) -> None:
        """Take the ids of what they made from the replies that they got."""
        for fault in self.server.control.faults():
            for reply in fault.get("replies", ()):
                self.note(reply["body"])

    def note(self, made: dict[str, Any]) -> None:
        if self.verb.resource is Project:
            self.theirs[made["id"]] = made["name"]
            return
        self.theirs[made["id"]] = made["name"]
        if isinstance(made.get("api_key"), dict):
            self.theirs[made["api_key"]["id"]] = "live"

    def assert_theirs_is_as_it_was(self) -> None:
        assert self.theirs
        assert "Traceback" not in self.told
        for id_, wanted in self.theirs.items():
            assert self._now(id_) == (wanted if not id_.startswith("key_") else "live"), (id_, self.told)

    def _now(self, id_: str) -> object:
        projects = self.server.control.state()["projects"]
        if id_ in projects:
            return projects[id_]["name"] if projects[id_]["status"] == "active" else "archived"
        accounts = projects[self.project]["service_accounts"]
        if id_ in accounts:
            return "deleted" if accounts[id_]["deleted"] else accounts[id_]["name"]
        return next(
            (fate for account in accounts.values() for key, fate in account["keys"].items() if key == id_), None
        )

    def interleave(self, requests: list[dict[str, Any]], when: str) -> None:
        self.server.control.fault(
            kind="interleave", method="POST", path=self.post, when=when, requests=requests, times=1
        )

    @property
    def post(self) -> str:
        return f"{PROJECTS}/{self.verb.post}".format(project=self.project).rstrip("/")

    def _inputs(self, inputs: dict[str, Any]) -> dict[str, Any]:
        if self.verb.resource is Project:
            return inputs
        owner = {"service_account_id": self.account} if self.verb.resource is ProjectServiceAccountApiKey else {}
        return {"project_id": self.project, **owner, **inputs}

    def _host(self) -> DynamicHost:
        environ = {"OPENAI_ADMIN_KEY": self.server.admin_key, "OPENAI_BASE_URL": self.server.base_url, **UNMEASURED}
        return DynamicHost(environ, {"openai-admin:maxWaitSeconds": "9"}, prelude=QUICK)


@pytest.fixture(params=VERBS)
def case(request: pytest.FixtureRequest, emulator: EmulatorServer) -> Iterator[Case]:
    case = Case(emulator, VERBS[request.param])
    case.prepare()
    yield case
    emulator.control.clear_faults()
    emulator.control.world(clock_offset_seconds=0)


@pytest.mark.parametrize("lost", LOST)
def test_theirs_of_another_name_made_while_ours_is_made(case: Case, lost: str) -> None:
    case.interleave(case.they_make("theirs-before"), "before")
    case.interleave(case.they_make("theirs-after"), "after")
    _up_with(case, LOST[lost])
    case.note_theirs()
    _go_on(case)


@pytest.mark.parametrize("lost", [lost for lost in LOST if lost != "nothing was lost"])
def test_theirs_of_the_same_name_made_while_ours_waits_to_be_sent(case: Case, lost: str) -> None:
    name = case.verb.after["name"]
    case.interleave(case.they_make(name), "after")
    case.server.control.fault(
        kind="throttle", method="POST", path=case.post, seconds=OUTSIDE_SECONDS, advice="retry-after-ms", times=1
    )
    _up_with(case, LOST[lost])
    case.note_theirs()
    _go_on(case)


@pytest.mark.parametrize("lost", ["no POST of ours gets a reply", "no POST of ours acts"])
def test_theirs_made_between_two_runs(case: Case, lost: str) -> None:
    _up_with(case, LOST[lost])
    case.server.control.clear_faults()
    case.server.control.world(clock_offset_seconds=60)
    (request,) = case.they_make(case.verb.after["name"])
    headers = {"Authorization": f"Bearer {case.server.admin_key}"}
    path = case.server.base_url + request["path"]
    case.note(requests.request(request["method"], path, json=request["body"], headers=headers, timeout=10).json())
    _go_on(case)


def _up_with(case: Case, fault: dict[str, Any] | None) -> None:
    if fault:
        case.server.control.fault(method="POST", path=case.post, **fault)
    case.up()


def _go_on(case: Case) -> None:
    """The next run, and destroy: what is theirs outlives both, except keys of an account that is ours."""
    case.assert_theirs_is_as_it_was()
    case.server.control.clear_faults()
    case.up()
    case.assert_theirs_is_as_it_was()
    if case.verb.before is None:
        case.destroy()
        case.assert_theirs_is_as_it_was()
