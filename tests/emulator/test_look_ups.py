"""Look-ups against the emulator over a socket, with OpenAI's official SDK as second opinion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest
from openai import OpenAI

import pulumi_openai_admin
from pulumi_openai_admin import data_sources
from pulumi_openai_admin.data_sources import kinds
from pulumi_openai_admin.data_sources.result import LookUpError

if TYPE_CHECKING:
    from openai.resources.admin.organization import Organization

    from pulumi_openai_admin.emulator import Control, EmulatorServer

DAY = 86_400
USED: tuple[dict[str, Any], ...] = (
    {"project_id": "proj_demo", "model": "gpt-4o", "input_tokens": 1000, "output_tokens": 50_000},
    {"project_id": "proj_staging", "model": "gpt-4o-mini", "output_tokens": 70_000},
    {"api": "embeddings", "project_id": "proj_demo", "model": "text-embedding-3-small", "input_tokens": 9000},
    {"api": "images", "project_id": "proj_demo", "model": "gpt-image-1", "images": 3},
    {"api": "vector_stores", "project_id": "proj_demo", "usage_bytes": 10_000},
)
REPORTS = [name for name in data_sources.QUERIES if name not in {"AuditLog", "WebhookEventTypes"}]


@pytest.fixture
def organization(organization: Organization, emulator: EmulatorServer, monkeypatch: pytest.MonkeyPatch) -> Organization:
    monkeypatch.setenv("OPENAI_ADMIN_KEY", emulator.admin_key)
    monkeypatch.setenv("OPENAI_BASE_URL", emulator.base_url)
    return organization


@pytest.fixture
def now(control: Control) -> int:
    """The emulator's time, after each API was used."""
    for used in USED:
        control.use(**used)
    return control.advance_clock(0)


@pytest.mark.parametrize("kind", REPORTS)
def test_a_report_says_what_the_sdk_reads(organization: Organization, now: int, kind: str) -> None:
    function, _ = data_sources.QUERIES[kind]
    query: Any = kinds.query(kind)
    method = getattr(organization.usage, query.path.rpartition("/")[2])
    asked = {"start_time": now - 2 * DAY, "group_by": ["project_id"]}
    ours = getattr(pulumi_openai_admin, function)(**asked)
    theirs = method(**asked, limit=31).data
    assert [(shown.start_time, shown.end_time) for shown in ours] == [
        (expected.start_time, expected.end_time) for expected in theirs
    ]
    for mine, other in zip(ours, theirs, strict=True):
        assert len(mine.results) == len(other.results)
        for result, told in zip(mine.results, other.results, strict=True):
            values = {name: getattr(result, name) for name in query.group.__dataclass_fields__}
            if kind == "Costs":
                assert (values.pop("amount"), values.pop("currency")) == (told.amount.value, told.amount.currency)
            assert values == {name: getattr(told, name) for name in values}


NARROWED: dict[str, Any] = {
    "event_types": ["project.created", "project.updated"],
    "project_ids": ["proj_1"],
    "actor_ids": ["user-1"],
    "actor_emails": ["ada@example.com"],
    "resource_ids": ["proj_1"],
    "tenant_only": True,
    "limit": 1,
}


def test_the_audit_log_is_narrowed_as_the_sdk_narrows_it(organization: Organization, control: Control) -> None:
    times = {"gt": 1, "gte": 2, "lt": 3, "lte": 4}
    ours = {f"effective_at_{sign}": time for sign, time in times.items()}
    assert pulumi_openai_admin.list_audit_logs(**ours, **NARROWED) == []
    assert organization.audit_logs.list(effective_at=times, **NARROWED).data == []
    first, second = (
        sorted(parse_qsl(request["query"])) for request in control.requests() if request["path"].endswith("audit_logs")
    )
    assert first == second


def test_webhook_endpoints_are_looked_up_with_the_key_of_their_project(
    organization: Organization, emulator: EmulatorServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = organization.projects.service_accounts.create("proj_demo", name="ci")
    assert made.api_key
    key = made.api_key.value
    monkeypatch.delenv("OPENAI_ADMIN_KEY")  # none is needed
    with OpenAI(api_key=key, base_url=emulator.base_url, max_retries=0) as client:
        endpoint = client.webhooks.create(name="shop", url="https://example.com", event_types=["batch.failed"])
        types = client.webhooks.event_types.list().data
    found = pulumi_openai_admin.get_webhook_endpoint(api_key=key, webhook_endpoint_id=endpoint.id)
    assert (found.name, found.url, found.event_types) == ("shop", "https://example.com", ["batch.failed"])
    assert found == pulumi_openai_admin.get_webhook_endpoint(api_key=key, name="shop")
    assert pulumi_openai_admin.list_webhook_endpoints(api_key=key) == [found]
    assert pulumi_openai_admin.get_webhook_event_types(api_key=key).event_types == types


@pytest.mark.parametrize("key", ["sk-admin-key", "", None])
@pytest.mark.parametrize("name", ["list_webhook_endpoints", "get_webhook_event_types"])
def test_what_is_no_key_of_a_project_is_refused_and_not_shown(name: str, key: str | None) -> None:
    with pytest.raises(LookUpError, match="api_key must be the API key of a project, not an Admin API key") as refused:
        getattr(pulumi_openai_admin, name)(api_key=key)
    assert not key or key not in str(refused.value)
