"""The scenario of a `WebhookEndpoint`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import ProjectServiceAccount, WebhookEndpoint
from tests.host.delivery import REFUSED, TO_NOBODY
from tests.host.rules import CreatedOnce
from tests.host.scenario import AnotherTeam, Case, Drift, Matrix, Scenario, Step, Verb

if TYPE_CHECKING:
    from tests.host.dynamic_host import DynamicHost

KEY, OTHER_KEY = "sk-svcacct-key_hooks", "sk-svcacct-key_hooks_2"
ENDPOINT = {"api_key": KEY, "name": "shop", "url": "https://example.com/hooks", "event_types": ["batch.completed"]}
TEST = {"url": "https://example.com/hooks", "event_types": ["batch.completed"]}
RARELY, OFTEN = {"rotate_every": "30d"}, {"rotate_every": "30m"}


def key(host: DynamicHost, project: str) -> dict[str, Any]:
    """A key of the project."""
    return {"api_key": host.create(ProjectServiceAccount, {"project_id": project, "name": "ci"})[1]["api_key"]}


class OneEndpoint(CreatedOnce):
    """Exactly one endpoint, whose secret is in the state, was delivered, or is to be rotated."""

    def check(self, case: Case) -> None:
        super().check(case)
        state = case.outcome.state or {}
        if not case.outcome.error and state:
            is_delivered = bool(state["delivered_version"])
            found = case.server.control.key(state["signing_secret"]) if state["signing_secret"] else None
            assert is_delivered or (found and found["state"] == "live"), case.outcome
            assert "is_rotation_due" not in state["__managed"], case.outcome


SCENARIO = Scenario(
    WebhookEndpoint,
    path="/webhook_endpoints/{id}",
    seed={
        "projects": [
            {
                "id": "proj_hooks",
                "name": "hooks",
                "service_accounts": [
                    {
                        "id": "svc_acct_hooks",
                        "name": "ci",
                        "keys": [{"id": "key_hooks", "value": KEY}, {"id": "key_hooks_2", "value": OTHER_KEY}],
                    }
                ],
            }
        ]
    },
    inputs=ENDPOINT,
    outputs={**ENDPOINT, "delivered_to": "", "delivered_version": "", "triggers": ""},
    drift=Drift({"event_types": ["batch.failed"]}, "event_types", shows=["batch.failed"]),
    steps=[
        Step(
            {**ENDPOINT, "name": "shop-2", "event_types": ["response.failed", "batch.completed"]},
            {"name": "shop-2", "event_types": ["batch.completed", "response.failed"]},
            writes=["POST webhook_endpoints"],
            keeps=("webhook_endpoint_id", "signing_secret", "created_at"),
        ),
        Step(
            {**ENDPOINT, "api_key": OTHER_KEY, "name": "shop-2"},
            {"api_key": OTHER_KEY},
            writes=["POST webhook_endpoints"],
            keeps=("webhook_endpoint_id", "signing_secret"),
        ),
        Step(
            {**ENDPOINT, "name": "shop-2"},
            {"api_key": KEY},
            writes=[],
            keeps=("webhook_endpoint_id", "signing_secret", "updated_at"),
        ),
        Step(
            {**ENDPOINT, "name": "shop-2", "triggers": ["2027"]},
            {"triggers": ["2027"]},
            writes=["POST rotate_secret"],
            keeps=("webhook_endpoint_id", "created_at"),
        ),
        Step(
            {**ENDPOINT, "name": "shop-2", "triggers": ["2027"], "deliver_to": TO_NOBODY},
            {"signing_secret": "", "delivered_to": "the command 'cat'"},
            writes=["POST rotate_secret"],
            keeps=("webhook_endpoint_id",),
        ),
    ],
    replaced_by=None,
    replaces="url",
    bad={
        "url must be a URL that begins with https:// or http://, not 'example.com'": {"url": "example.com"},
        "name is empty": {"name": ""},
        "api_key is missing": {"api_key": None},
        "api_key must be the API key of a project": {"api_key": "sk-admin-1"},
        "rotate_every must be a number of minutes, hours, days or weeks": {"rotate_every": "3 months"},
        **REFUSED,
    },
    missing="whe_none",
    malformed="",
    is_in_project=False,
    matrix=Matrix(
        path="/webhook_endpoints",
        rule=OneEndpoint("webhook_endpoint"),
        verbs=(
            Verb("create", None, {**TEST, "name": "h-made"}, "POST"),
            Verb("deliver", None, {**TEST, "name": "h-delivered", "deliver_to": TO_NOBODY}, "POST"),
            Verb("create-list", None, {**TEST, "name": "h-listed"}, "GET"),
            Verb("read", {**TEST, "name": "h-read"}, {**TEST, "name": "h-read"}, "GET", "{id}"),
            Verb(
                "change",
                {**TEST, "name": "h-changed"},
                {**TEST, "name": "h-changed", "event_types": ["batch.failed"]},
                "POST",
                "{id}",
            ),
            Verb(
                "rotate",
                {**TEST, "name": "h-rotated"},
                {**TEST, "name": "h-rotated", "triggers": [1]},
                "POST",
                "{id}/rotate_secret",
            ),
            Verb(
                "rotate-scheduled",
                {**TEST, "name": "h-old", **RARELY},
                {**TEST, "name": "h-old", **OFTEN},
                "POST",
                "{id}/rotate_secret",
                is_later=True,
            ),
            Verb("delete", {**TEST, "name": "h-deleted"}, None, "DELETE", "{id}"),
        ),
        prepare=key,
    ),
    another_team={"create": AnotherTeam(None, {**TEST, "name": "h-ours"}, "/webhook_endpoints", TEST)},
)
