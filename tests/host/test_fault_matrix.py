"""Every fault of the wire meets every verb of both resources, through a real host process.

Each case has a project of its own, so that many run at once. What has to hold stands in `nothing_lost.py`.
"""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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
from tests.host.dynamic_host import UNMEASURED, DynamicHost, Failure
from tests.host.nothing_lost import (
    Outcome,
    assert_limits_can_be_put_back,
    assert_made_once,
    assert_nothing_lost,
    assert_spend_limit_can_be_deleted,
    live_accounts,
    live_groups,
    live_keys,
    live_projects,
)

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer

FAULTS: dict[str, dict[str, Any]] = {
    "500": {"kind": "status", "status": 500},
    "500-after": {"kind": "status", "status": 500, "when": "after"},
    "503-bare": {"kind": "status", "status": 503, "shape": "bare"},
    "408-after": {"kind": "status", "status": 408, "when": "after"},
    "502-html": {"kind": "status", "status": 502, "body": "<html><h1>Bad gateway</h1></html>"},
    "403-string": {
        "kind": "status",
        "status": 403,
        "shape": "string",
        "message": "Missing scopes: api.management.write.",
    },
    "401": {"kind": "status", "status": 401},
    "429-text": {"kind": "throttle", "seconds": 0.2, "advice": "text"},
    "429-header": {"kind": "throttle", "seconds": 0.2, "advice": "retry-after-ms"},
    "429-silent": {"kind": "throttle", "seconds": 0.2, "advice": "none"},
    "spend-limit": {"kind": "throttle", "code": "project_spend_limit_exceeded"},
    "delay": {"kind": "delay", "seconds": 0.3},
    "hang-before": {"kind": "hang"},
    "hang-after": {"kind": "hang", "when": "after"},
    "acts-late": {"kind": "delay", "seconds": 1.0},
    "reset-before": {"kind": "reset"},
    "reset-after": {"kind": "reset", "when": "after"},
    "truncated": {"kind": "truncate"},
    "not-json": {"kind": "not_json"},
    "empty": {"kind": "empty_body"},
    "without-id": {"kind": "without_id"},
    "null-key": {"kind": "null_api_key"},
    "redirect": {"kind": "redirect", "location": "http://127.0.0.1:1/elsewhere"},
    "no-cursor": {"kind": "paging", "how": "no_cursor"},
    "repeated-cursor": {"kind": "paging", "how": "repeated_cursor"},
    "endless": {"kind": "paging", "how": "endless"},
}
PROCESSES = 3
# Waits scaled down: the looks for what a lost reply made, and the reads that get no reply.
QUICK = """
import pulumi_openai_admin.handlers.collection as collection, pulumi_openai_admin.handlers.creation as once
once.LOOKS = (0, 0.1, 0.3, 1.0)
collection.YOUNG_SECONDS = 3
"""
PATIENT = {"openai-admin:readTimeoutSeconds": "0.7"}
IMPATIENT = {**PATIENT, "openai-admin:maxWaitSeconds": "1.5"}


@dataclass(frozen=True)
class Verb:
    """A verb, the request that the fault hits, and the inputs before and after."""

    name: str
    resource: type[Any]
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    method: str
    path: str


ACCOUNT, KEYLESS = {"name": "ci"}, {"name": "ci", "create_service_account_only": True}
KEY = {"name": "k", "scopes": ["api.model.request"]}
LIMIT = {"model": "gpt-4o", "max_requests_per_1_minute": 60}
LIMITS = {"limits": {"gpt-4o": {"max_requests_per_1_minute": 60}, "whisper*": {"max_requests_per_1_minute": 5}}}
MORE_LIMITS = {"limits": {"gpt-4o": {"max_requests_per_1_minute": 60, "max_tokens_per_1_minute": 7}}}
SPEND = {"threshold_amount": 10000}
OF_ORGANIZATION = {Project: "projects", Group: "groups"}
VERBS = [
    Verb("account-create", ProjectServiceAccount, None, ACCOUNT, "POST", "service_accounts"),
    Verb("account-create-list", ProjectServiceAccount, None, ACCOUNT, "GET", "service_accounts"),
    Verb(
        "account-create-owner", ProjectServiceAccount, None, {**ACCOUNT, "role": "owner"}, "POST", "service_accounts/*"
    ),
    Verb("account-create-keyless", ProjectServiceAccount, None, KEYLESS, "POST", "service_accounts"),
    Verb("account-read", ProjectServiceAccount, ACCOUNT, ACCOUNT, "GET", "service_accounts/*"),
    Verb("account-read-keys", ProjectServiceAccount, ACCOUNT, ACCOUNT, "GET", "api_keys"),
    Verb("account-rename", ProjectServiceAccount, {"name": "old"}, ACCOUNT, "POST", "service_accounts/*"),
    Verb("account-mint", ProjectServiceAccount, KEYLESS, ACCOUNT, "POST", "service_accounts/*/api_keys"),
    Verb("account-revoke", ProjectServiceAccount, ACCOUNT, KEYLESS, "DELETE", "api_keys/*"),
    Verb("account-expiry", ProjectServiceAccount, ACCOUNT, {**ACCOUNT, "expires_in_seconds": 99}, "POST", "api_keys/*"),
    Verb("account-delete", ProjectServiceAccount, ACCOUNT, None, "DELETE", "service_accounts/*"),
    Verb("limit-create", ProjectRateLimit, None, LIMIT, "POST", "rate_limits/*"),
    Verb("limit-create-list", ProjectRateLimit, None, LIMIT, "GET", "rate_limits"),
    Verb("limit-read", ProjectRateLimit, LIMIT, LIMIT, "GET", "rate_limits"),
    Verb("limit-update", ProjectRateLimit, LIMIT, {**LIMIT, "max_tokens_per_1_minute": 7}, "POST", "rate_limits/*"),
    Verb("limit-delete", ProjectRateLimit, LIMIT, None, "POST", "rate_limits/*"),
    Verb("limits-create", ProjectRateLimits, None, LIMITS, "POST", "rate_limits/*"),
    Verb("limits-create-list", ProjectRateLimits, None, LIMITS, "GET", "rate_limits"),
    Verb("limits-read", ProjectRateLimits, LIMITS, LIMITS, "GET", "rate_limits"),
    Verb("limits-update", ProjectRateLimits, LIMITS, MORE_LIMITS, "POST", "rate_limits/*"),
    Verb("limits-delete", ProjectRateLimits, LIMITS, None, "POST", "rate_limits/*"),
    Verb("key-create", ProjectServiceAccountApiKey, None, KEY, "POST", "service_accounts/*/api_keys"),
    Verb("key-create-list", ProjectServiceAccountApiKey, None, KEY, "GET", "api_keys"),
    Verb("key-read", ProjectServiceAccountApiKey, KEY, KEY, "GET", "api_keys"),
    Verb("key-expiry", ProjectServiceAccountApiKey, KEY, {**KEY, "expires_in_seconds": 99}, "POST", "api_keys/*"),
    Verb("key-delete", ProjectServiceAccountApiKey, KEY, None, "DELETE", "api_keys/*"),
    Verb("project-create", Project, None, {"name": "made"}, "POST", ""),
    Verb("project-create-list", Project, None, {"name": "listed"}, "GET", ""),
    Verb("project-read", Project, {"name": "read"}, {"name": "read"}, "GET", "{own}"),
    Verb("project-rename", Project, {"name": "old"}, {"name": "renamed"}, "POST", "{own}"),
    Verb("group-create", Group, None, {"name": "g-made"}, "POST", ""),
    Verb("group-create-list", Group, None, {"name": "g-listed"}, "GET", ""),
    Verb("group-read", Group, {"name": "g-read"}, {"name": "g-read"}, "GET", "{own}"),
    Verb("group-rename", Group, {"name": "g-old"}, {"name": "g-renamed"}, "POST", "{own}"),
    Verb("group-delete", Group, {"name": "g-deleted"}, None, "DELETE", "{own}"),
    Verb("spend-create", ProjectSpendLimit, None, SPEND, "POST", "spend_limit"),
    Verb("spend-create-read", ProjectSpendLimit, None, SPEND, "GET", "spend_limit"),
    Verb("spend-read", ProjectSpendLimit, SPEND, SPEND, "GET", "spend_limit"),
    Verb("spend-update", ProjectSpendLimit, SPEND, {"threshold_amount": 20000}, "POST", "spend_limit"),
    Verb("spend-delete", ProjectSpendLimit, SPEND, None, "DELETE", "spend_limit"),
    Verb("project-archive", Project, {"name": "archived"}, None, "POST", "{own}/archive"),
]


@pytest.mark.parametrize("for_good", [False, True], ids=["once", "for-good"])
@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_lost(emulator: EmulatorServer, fault: str, for_good: bool) -> None:
    run = _Run(emulator, fault, for_good=for_good)
    run.prepare()
    run.meet_the_fault()
    run.go_on()
    run.assert_no_key_shows()


class _Run:
    """All verbs meet one fault, each in a project of its own."""

    def __init__(self, server: EmulatorServer, fault: str, *, for_good: bool) -> None:
        self.server = server
        self.fault = {**FAULTS[fault], "times": None if for_good else 1}
        self.config = IMPATIENT if for_good else PATIENT
        self.environ = {
            "OPENAI_ADMIN_KEY": server.admin_key,
            "OPENAI_BASE_URL": server.base_url,
            "OPENAI_LOG": "debug",
            **UNMEASURED,
        }
        self.projects: dict[str, str] = {}
        self.accounts: dict[str, str] = {}
        self.outcomes: dict[str, Outcome] = {}
        self.stderr = ""

    def prepare(self) -> None:
        ids = self.server.control.seed({"projects": [{"name": verb.name} for verb in VERBS]})["projects"]
        self.projects = dict(zip((verb.name for verb in VERBS), ids, strict=True))
        with DynamicHost(self.environ) as host:
            for verb in VERBS:
                if verb.resource is ProjectServiceAccountApiKey:
                    self.accounts[verb.name] = self._account(host, verb)
                self.outcomes[verb.name] = Outcome(None)
                if verb.before:
                    self._settle(host, verb, verb.before)
        for verb in VERBS:
            pattern = re.escape(self._path(verb)).replace(r"\*", "[^/]+")
            self.server.control.fault(method=verb.method, path_regex=pattern, **self.fault)

    def _path(self, verb: Verb) -> str:
        if verb.resource in OF_ORGANIZATION:
            return f"/organization/{OF_ORGANIZATION[verb.resource]}/{verb.path}".format(
                own=self.outcomes[verb.name].id
            ).rstrip("/")
        return f"/organization/projects/{self.projects[verb.name]}/{verb.path}"

    def _account(self, host: DynamicHost, verb: Verb) -> str:
        """A keyless account for a key to belong to."""
        inputs = {"project_id": self.projects[verb.name], **KEYLESS}
        return str(host.create(ProjectServiceAccount, inputs)[1]["service_account_id"])

    def meet_the_fault(self) -> None:
        self._check(self._settle_all(VERBS, self.config))

    def _settle_all(self, verbs: list[Verb], config: dict[str, str]) -> str:
        """All verbs at once, four to a process as Pulumi has it; what the user was warned of."""
        shares = [share for share in (verbs[first::PROCESSES] for first in range(PROCESSES)) if share]

        def settle(share: list[Verb]) -> str:
            with DynamicHost(self.environ, config, prelude=QUICK) as host, ThreadPoolExecutor(4) as pool:
                list(pool.map(lambda verb: self._settle(host, verb, verb.after), share))
            self.stderr += host.stderr
            return host.warnings

        with ThreadPoolExecutor(PROCESSES) as pool:
            return "\n".join(pool.map(settle, shares))

    def go_on(self) -> None:
        """The wire is well again, and the user runs the same command."""
        self.server.control.clear_faults()
        failed = [verb for verb in VERBS if self.outcomes[verb.name].error]
        warnings = self._settle_all(failed, {})
        for verb in failed:
            assert not self.outcomes[verb.name].error
            orphans = self._orphans(verb)
            told = self.outcomes[verb.name].told + warnings
            assert all(orphan in told or "may exist all the same" in told for orphan in orphans), (verb, orphans, told)
            self._delete(verb, orphans)  # as the message says
        self._check(warnings)

    def _orphans(self, verb: Verb) -> list[str]:
        """What lives of a verb's kind, and is not in its state."""
        project = self.projects[verb.name]
        if verb.resource is Project:
            there = live_projects(self.server, (verb.after or verb.before or {})["name"])
        elif verb.resource is Group:
            there = live_groups(self.server, (verb.after or verb.before or {})["name"])
        elif verb.resource is ProjectSpendLimit:
            return []  # there is one in each project
        elif verb.resource is ProjectServiceAccountApiKey:
            there = live_keys(self.server, project)
        else:
            there = set(live_accounts(self.server, project))
        return sorted(there - {self.outcomes[verb.name].id.rpartition("/")[2]})

    def _check(self, warnings: str) -> None:
        self.stderr += warnings
        assert "Traceback" not in self.stderr
        for verb in VERBS:
            outcome, project = self.outcomes[verb.name], self.projects[verb.name]
            outcome.told += warnings
            assert "Traceback" not in outcome.error
            assert not outcome.error or outcome.error.rstrip().endswith((".", "?")), "ends in what to do"
            if verb.resource is ProjectServiceAccount:
                assert_nothing_lost(self.server, project, outcome)
            elif verb.resource is ProjectServiceAccountApiKey:
                assert_made_once(live_keys(self.server, project), "api_key_id", outcome)
            elif verb.resource is Project:
                names = {inputs["name"] for inputs in (verb.before, verb.after) if inputs}
                there = {one for name in names for one in live_projects(self.server, name)}
                assert_made_once(there, "project_id", outcome)
            elif verb.resource is Group:
                names = {inputs["name"] for inputs in (verb.before, verb.after) if inputs}
                there = {one for name in names for one in live_groups(self.server, name)}
                assert_made_once(there, "group_id", outcome)
            elif verb.resource is ProjectSpendLimit:
                assert_spend_limit_can_be_deleted(self.server, project, outcome, verb.after)
            else:
                after = (verb.after or {}).get("limits", {}).get("gpt-4o", verb.after or {})
                wanted = {name: value for name, value in after.items() if name.startswith("max_")}
                assert_limits_can_be_put_back(self.server, project, outcome, wanted)

    def _settle(self, host: DynamicHost, verb: Verb, inputs: dict[str, Any] | None) -> None:
        """What the engine does to bring the resource to these inputs; a read first, where nothing differs."""
        outcome = self.outcomes[verb.name]
        outcome.error = ""
        try:
            self._engine_step(host, verb, outcome, inputs)
        except Failure as failure:
            outcome.error = failure.message
            outcome.told += failure.message
            if failure.id:
                outcome.id, outcome.state = failure.id, failure.properties

    def _engine_step(self, host: DynamicHost, verb: Verb, outcome: Outcome, inputs: dict[str, Any] | None) -> None:
        resource = verb.resource
        if inputs is None:
            if outcome.state is not None:
                host.delete(resource, outcome.id, outcome.state)
            outcome.state = None
            return
        news = inputs if resource in OF_ORGANIZATION else {"project_id": self.projects[verb.name], **inputs}
        if verb.name in self.accounts:
            news["service_account_id"] = self.accounts[verb.name]
        if outcome.state is None:
            outcome.id, outcome.state = host.create(resource, news)
            return
        if inputs == verb.before:
            id_, outcome.state, _ = host.read(resource, outcome.id, outcome.state)
            assert id_, "an error was taken for gone"
        if host.diff(resource, outcome.id, outcome.state, news)[0] is not False:
            outcome.state = host.update(resource, outcome.id, outcome.state, news)
        assert host.diff(resource, outcome.id, outcome.state, news) == (False, [])

    def _delete(self, verb: Verb, orphans: list[str]) -> None:
        if not orphans:
            return
        above = {
            Project: "",
            Group: "",
            ProjectServiceAccountApiKey: f"{self.projects[verb.name]}/{self.accounts.get(verb.name)}/",
        }.get(verb.resource, f"{self.projects[verb.name]}/")
        with DynamicHost(self.environ) as host:
            for orphan in orphans:
                host.delete(verb.resource, above + orphan, {"__managed": {"inputs": []}})

    def assert_no_key_shows(self) -> None:
        """No key stands in a message, a log line or what the emulator shows."""
        shown = self.stderr + "".join(outcome.error + outcome.told for outcome in self.outcomes.values())
        shown += json.dumps([self.server.control.requests(), self.server.control.state()])
        secrets = [
            outcome.state["api_key"] for outcome in self.outcomes.values() if (outcome.state or {}).get("api_key")
        ]
        assert secrets
        for secret in [*secrets, self.server.admin_key]:
            assert secret not in shown
