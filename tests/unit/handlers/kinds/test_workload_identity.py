"""What is special about workload identity providers and their rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import WorkloadIdentityFederationRule, WorkloadIdentityProvider, errors
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from pulumi_openai_admin.handlers.memory import Memory
from tests.unit.fakes import NOW, error_body, listed

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client
    from tests.unit.fakes import FakeOpenAI

PROVIDERS, RULES = WorkloadIdentityProvider.handler, WorkloadIdentityFederationRule.handler
DISCOVERY = {"type": "discovery"}
SHOWN = {"type": "discovery", "discovery_url": None}
SENT = {"attribute_matchers": {"repo": "shop"}, "project_id": "proj_1", "service_account_id": "svc_1"}
RULE = {"created_at": NOW, "enabled": True, "name": None, **SENT}


def test_the_issuers_own_address_is_sent_as_null(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "wip_1$", (200, {"id": "wip_1", "verification": SHOWN}))
    remote = Remote({}, "wip_1", {"verification": {"type": "uploaded_jwks", "jwks": {"keys": []}}})
    PROVIDERS.update(client, remote, Wanted({}, {"verification": DISCOVERY}))
    assert openai.asked("POST")[0][1] == {"verification": SHOWN}
    assert remote.attributes["verification"] == DISCOVERY


def test_what_is_shown_with_null_is_as_wanted(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("GET", "wip_1$", (200, {"id": "wip_1", "verification": SHOWN}))
    remote = Remote({}, "wip_1", memory=Memory({"anchor": "proj_1"}))
    PROVIDERS.read(client, remote)
    PROVIDERS.update(client, remote, Wanted({}, {"verification": DISCOVERY}))
    assert openai.asked("POST") == []


@pytest.mark.parametrize(
    ("theirs", "is_ours"),
    [
        ({}, True),
        ({"name": "theirs"}, False),
        ({"attribute_matchers": {"repo": "x"}}, False),
        ({"enabled": False}, True),
    ],
    ids=["as it was sent", "another name", "other matchers", "what was not sent"],
)
def test_after_a_lost_reply_a_rule_is_recognized_by_all_that_was_sent(
    client: Client, openai: FakeOpenAI, theirs: dict[str, Any], is_ours: bool
) -> None:
    openai.surprise("GET", "projects$", listed({"id": "proj_1"}))
    openai.surprise("GET", "federation_rules$", listed())
    openai.surprise("POST", "federation_rules$", requests.exceptions.ReadTimeout("slow"), times=9)
    openai.surprise("GET", "federation_rules$", listed({"id": "wifr_1", **RULE, **theirs}), times=99)
    openai.surprise("POST", "wifr_1$", (200, {"id": "wifr_1"}))
    remote = Remote({"workload_identity_provider_id": "wip_1"})
    if is_ours:
        RULES.create(client, remote, Wanted({}, SENT))
        assert remote.id == "wifr_1"
    else:
        with pytest.raises(errors.ResponseLostError, match=r"'for svc_1'.*so nothing was created"):
            RULES.create(client, remote, Wanted({}, SENT))
        assert not remote.id


@pytest.mark.parametrize(("body", "words"), [({"name": "ci"}, "'ci'"), ({}, "'for svc_1'")])
def test_a_rule_is_called_by_its_name_or_else_by_its_account(
    client: Client, openai: FakeOpenAI, body: dict[str, Any], words: str
) -> None:
    openai.surprise("GET", "projects$", listed({"id": "proj_1"}))
    openai.surprise("GET", "federation_rules$", listed())
    openai.surprise("POST", "federation_rules$", (401, {"error": "No"}))
    remote = Remote({"workload_identity_provider_id": "wip_1"})
    with pytest.raises(errors.AuthenticationError, match=words):
        RULES.create(client, remote, Wanted({}, {**SENT, **body}))


def test_a_rule_of_a_provider_that_was_deleted_is_gone(client: Client, openai: FakeOpenAI) -> None:
    missing = (404, {"error": {"message": "Provider not found", "type": "invalid_request_error", "code": None}})
    openai.surprise("GET", "workload_identity_providers/", missing, times=9)
    remote = Remote(
        {"workload_identity_provider_id": "wip_1"}, "wifr_1", {"created_at": NOW - 3600}, Memory({"anchor": "proj_1"})
    )
    with pytest.raises(errors.ParentEndedError, match="Workload identity provider wip_1 was not found"):
        RULES.read(client, remote)


def test_a_young_rule_whose_project_is_archived_is_gone_at_once(client: Client, openai: FakeOpenAI) -> None:
    openai.project = {"id": "proj_1", "status": "archived"}
    openai.surprise("GET", "wip_1$", (200, {"id": "wip_1"}), times=99)
    for method in ("GET", "DELETE"):
        openai.surprise(method, "wifr_1$", (404, error_body("No such rule", "not_found")))
    remote = Remote({"workload_identity_provider_id": "wip_1"}, "wifr_1", {**RULE, "id": "wifr_1"})
    with pytest.raises(errors.ProjectArchivedError, match="Project proj_1 is archived"):
        RULES.read(client, remote)
    RULES.delete(client, remote)
    assert len(openai.asked("DELETE")) == 1
