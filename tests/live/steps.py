"""The requests that are sent to OpenAI and to the emulator, in this order.

Most of them read. Those that change something change the throw-away project only: its service accounts, their keys, and
rate limits of two models. No request adds a person, creates a project or uses a model.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.emulator.store.catalogue import AUDIO, REQUESTS, TOKENS
from tests.company import spend_alert

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ACCOUNT_NAME = "pulumi-openai-admin live test"
"""How the names of all service accounts begin that a run creates."""

WRONG_KEY = "sk-admin-this-is-not-a-key"
TOO_HIGH = 2_000_000_000
"""More than any organization may have, and less than the number that stands for "unlimited"."""

_ORGANIZATION, _PROJECT = "/organization", "/organization/projects/{project}"
_ACCOUNTS = f"{_PROJECT}/service_accounts"
_KEYS = f"{_PROJECT}/api_keys"
_LIMITS = f"{_PROJECT}/rate_limits"

DEMO = "proj_demo"
"""The project of the emulator in which the comparison changes things."""

_ALERT = spend_alert(1000, "billing@example.com")

SEED: dict[str, Any] = {
    "users": [{"id": "user-grace", "name": "Grace", "email": "grace@example.com", "role": "reader"}],
    "groups": [{"id": "group_eng", "name": "Engineering"}],
    "roles": [{"id": "role_keys", "role_name": "Keys", "permissions": ["api.groups.read"]}],
    "invites": [{"email": "alan@example.com", "role": "reader", "projects": [{"id": DEMO, "role": "member"}]}],
    "project_users": [{"project_id": DEMO, "user_id": "user-grace", "role": "member"}],
    "project_groups": [{"project_id": DEMO, "group_id": "group_eng", "role": "role-api-project-member"}],
    "spend_alerts": [_ALERT],
    "project_spend_alerts": [{"project_id": DEMO, **_ALERT}],
    "usage_records": [
        {"project_id": DEMO, "model": "gpt-4o", "input_tokens": 9000, "output_tokens": 1000, "seconds_ago": 7200}
    ],
}
"""The organization that the emulator has for the comparison: one object of each kind whose list is read."""


@dataclass(frozen=True)
class Step:
    """One request. `{project}`, `{row}`, `{shared}` and the names in `keeps` stand for ids."""

    method: str
    path: str
    about: str = ""
    """What it is for, where method and path do not say."""
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    keeps: Mapping[str, str] = field(default_factory=dict)
    """Names for ids of the reply, each with the dotted place of the id in it."""
    key: str | None = None
    """Another key than the admin key."""
    may_be_absent: bool = False
    """Whether it reads a setting that an organization need not have: a 404 of one server then says nothing."""

    @property
    def title(self) -> str:
        return f"{self.method} {self.path}" + (f" ({self.about})" if self.about else "")


def steps() -> Iterator[Step]:
    yield from _errors()
    yield from _lists()
    yield from _settings()
    yield from _rate_limits()
    yield from _service_accounts()


def _errors() -> Iterator[Step]:
    yield Step("GET", f"{_ORGANIZATION}/projects", "a key that does not exist", key=WRONG_KEY)
    yield Step("GET", f"{_ORGANIZATION}/nothing", "a path that does not exist")
    yield Step("GET", f"{_ORGANIZATION}/projects/proj_nothing")
    yield Step("GET", f"{_ORGANIZATION}/projects/proj_nothing/service_accounts")
    yield Step("GET", f"{_ORGANIZATION}/projects/proj_nothing/rate_limits")
    yield Step("GET", f"{_ORGANIZATION}/users/user-nothing")
    yield Step("GET", f"{_ORGANIZATION}/groups/group_nothing/users")
    yield Step("GET", f"{_ORGANIZATION}/projects", "a limit of 0", query={"limit": 0})
    yield Step("GET", f"{_ORGANIZATION}/projects", "a limit above the maximum", query={"limit": 1000})
    yield Step("GET", f"{_ORGANIZATION}/projects", "an unknown cursor", query={"after": "proj_nothing"})


def _lists() -> Iterator[Step]:
    yield Step("GET", _PROJECT)
    yield Step("GET", f"{_ORGANIZATION}/projects", "with archived projects", query={"include_archived": "true"})
    some = {"limit": 5}
    for name in ("users", "invites", "groups", "admin_api_keys", "certificates", "external_keys", "external_storage"):
        yield Step("GET", f"{_ORGANIZATION}/{name}", query=some)
    yield Step("GET", f"{_ORGANIZATION}/workload_identity_providers", query=some)
    yield Step("GET", f"{_ORGANIZATION}/spend_alerts", query=some)
    yield Step("GET", f"{_ORGANIZATION}/roles", query={"limit": 100})
    yield Step("GET", "/projects/{project}/roles", query={"limit": 100})
    for name in ("users", "groups", "spend_alerts", "certificates"):
        yield Step("GET", f"{_PROJECT}/{name}", query=some)
    day = {"start_time": int(time.time()) - 86_400, "limit": 1}
    yield Step("GET", f"{_ORGANIZATION}/costs", query=day)
    yield Step("GET", f"{_ORGANIZATION}/usage/completions", query=day)


def _settings() -> Iterator[Step]:
    for inside in (_ORGANIZATION, _PROJECT):
        yield Step("GET", f"{inside}/spend_limit", may_be_absent=True)
        yield Step("GET", f"{inside}/data_retention")
    yield Step("GET", f"{_PROJECT}/model_permissions", may_be_absent=True)
    for name in ("hosted_tool_permissions", "service_tier_settings"):
        yield Step("GET", f"{_PROJECT}/{name}")


def _rate_limits() -> Iterator[Step]:
    row = f"{_LIMITS}/{{row}}"
    yield Step("GET", _LIMITS, "all models", query={"limit": 1000})
    yield Step("GET", _LIMITS, "one page", query={"limit": 2}, keeps={"last_of_page": "last_id"})
    yield Step("GET", _LIMITS, "the next page", query={"limit": 2, "after": "{last_of_page}"})
    yield Step("POST", row, "one limit", body={TOKENS: 1000})
    yield Step("POST", row, "another limit", body={REQUESTS: 3})
    yield Step("POST", row, "zero", body={REQUESTS: 0})
    yield Step("POST", row, "no limit", body={})
    yield Step("POST", row, "null", body={REQUESTS: None})
    yield Step("POST", row, "a negative number", body={REQUESTS: -1})
    yield Step("POST", row, "a text", body={REQUESTS: "3"})
    yield Step("POST", row, "an unknown field", body={"max_requests_per_1_fortnight": 3})
    yield Step("POST", row, "above the maximum", body={REQUESTS: TOO_HIGH})
    yield Step("POST", row, "a limit that the model does not have", body={AUDIO: 1})
    yield Step("POST", f"{_LIMITS}/rl-nothing", body={REQUESTS: 3})
    yield Step("POST", f"{_LIMITS}/{{shared}}", "a `-shared` row", body={REQUESTS: 3})
    yield Step("GET", _LIMITS, "after the changes", query={"limit": 1000})


def _service_accounts() -> Iterator[Step]:
    first, second = f"{_ACCOUNTS}/{{first_account}}", f"{_ACCOUNTS}/{{second_account}}"
    keys, extra = f"{first}/api_keys", f"{_KEYS}/{{extra_key}}"
    known = {"first_account": "id", "first_key": "api_key.id"}
    yield Step("POST", _ACCOUNTS, body={"name": f"{ACCOUNT_NAME} 1"}, keeps=known)
    yield Step("GET", first, "at once after its creation")
    yield Step("POST", _ACCOUNTS, "without a name", body={})
    yield Step("POST", _ACCOUNTS, "with an empty name", body={"name": ""})
    yield Step("POST", _ACCOUNTS, "a lifetime of 0", body={"name": ACCOUNT_NAME, "expires_in_seconds": 0})
    keyless = {"name": f"{ACCOUNT_NAME} 2", "create_service_account_only": True}
    yield Step("POST", _ACCOUNTS, "without a key", body=keyless, keeps={"second_account": "id"})
    yield Step("GET", _ACCOUNTS, "two accounts", query={"limit": 100})
    yield Step("POST", first, "another name", body={"name": f"{ACCOUNT_NAME} 1, renamed"})
    yield Step("POST", first, "an unknown role", body={"role": "king"})
    yield Step("POST", second, "the role `member`", body={"role": "member"})
    more = {"name": f"{ACCOUNT_NAME} extra", "expires_in_seconds": 3600}
    yield Step("POST", keys, "one more key", body=more, keeps={"extra_key": "id"})
    yield Step("POST", keys, "a lifetime of 0", body={"expires_in_seconds": 0})
    yield Step("GET", _KEYS, "two keys", query={"limit": 100, "owner_project_access": "any"})
    yield Step("GET", extra)
    yield Step("POST", extra, "scopes", body={"scopes": ["api.responses.write"]})
    yield Step("POST", extra, "an unknown scope", body={"scopes": ["api.nothing.write"]})
    yield Step("POST", extra, "no change", body={})
    yield Step("DELETE", extra)
    yield Step("GET", extra, "after its deletion")
    yield Step("DELETE", extra, "for the second time")
    yield Step("DELETE", first)
    yield Step("GET", first, "after its deletion")
    yield Step("DELETE", first, "for the second time")
    yield Step("GET", f"{_KEYS}/{{first_key}}", "after the deletion of its account")
    yield Step("DELETE", second)
