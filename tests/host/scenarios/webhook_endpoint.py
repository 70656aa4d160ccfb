"""The scenario of a `WebhookEndpoint`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import ANY

from pulumi_openai_admin import ProjectServiceAccount, WebhookEndpoint
from tests.host.delivery import REFUSED, TO_NOBODY
from tests.host.rules import CreatedOnce
from tests.host.scenario import AnotherTeam, Case, Drift, Scenario, Step, Verb, verbs_of_object

if TYPE_CHECKING:
    from tests.host.provider_process import DynamicProcess

KEY, OTHER_KEY = "sk-svcacct-key_hooks", "sk-svcacct-key_hooks_2"
TEST = {"url": "https://example.com/hooks", "event_types": ["batch.completed"]}
ROTATED = {"signing_secret": ANY, "signing_secret_hint": ANY, "updated_at": ANY}


def _named(number: int) -> dict[str, Any]:
    return {**TEST, "name": f"hooks {number}"}


def _key(host: DynamicProcess, project: str) -> dict[str, Any]:
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


ENDPOINT = Scenario(
    WebhookEndpoint,
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
    inputs={"api_key": KEY, "name": "shop", **TEST},
    outputs={"delivered_to": "", "delivered_version": "", "triggers": ""},
    drift=Drift({"event_types": ["batch.failed"]}),
    steps=(
        Step(
            {"name": "shop-2", "event_types": ["response.failed", "batch.completed"]},
            {"event_types": ["batch.completed", "response.failed"], "updated_at": ANY},
        ),
        Step({"api_key": OTHER_KEY, **TEST}, {"updated_at": ANY}),
        Step({"api_key": KEY}, writes=()),
        Step({"triggers": ["2027"]}, ROTATED, writes=("POST rotate_secret",)),
        Step(
            {"deliver_to": TO_NOBODY},
            {**ROTATED, "signing_secret": "", "delivered_to": "the command 'cat'", "delivered_version": ANY},
            writes=("POST rotate_secret",),
        ),
    ),
    bad={
        "url must be a URL that begins with https:// or http://, not 'example.com'": {"url": "example.com"},
        "api_key must be the API key of a project": {"api_key": "sk-admin-1"},
        "rotate_every must be a number of minutes, hours, days or weeks": {"rotate_every": "3 months"},
        **REFUSED,
    },
    rule=OneEndpoint("webhook_endpoint"),
    verbs=(
        *verbs_of_object(_named, {"event_types": ["batch.failed"]}),
        Verb("deliver", None, {**_named(6), "deliver_to": TO_NOBODY}, "POST"),
        Verb("rotate", _named(7), {**_named(7), "triggers": [1]}, "POST", "{id}/rotate_secret"),
        Verb(
            "rotate-scheduled",
            {**_named(8), "rotate_every": "30d"},
            {**_named(8), "rotate_every": "30m"},
            "POST",
            "{id}/rotate_secret",
            is_later=True,
        ),
    ),
    prepare=_key,
    another_team={"create": AnotherTeam(TEST)},
)
