"""Projects, storage, keys, certificates, tunnels and workload identity: what each kind does that others do not."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import (
    Certificate,
    ExternalKey,
    ExternalStorage,
    McpTunnel,
    Project,
    ProjectModelPermissions,
    WorkloadIdentityFederationRule,
    WorkloadIdentityProvider,
    errors,
)
from pulumi_openai_admin.handlers.handler import PendingAction, Remote, Wanted
from tests.unit.fakes import NOW, Log, error_body, listed, warnings

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client
    from tests.unit.fakes import FakeOpenAI

STORAGES = ExternalStorage.handler
AWS = {"type": "aws", "bucket": "data", "role_arn": "arn"}
FOUND = {"account_id": "1", "external_id": "proj_1", "region": "us-east-1"}
WANTED = Wanted({}, {"project_id": "proj_1", "provider": AWS})


def storage(status: str = "pending", **more: str) -> dict[str, Any]:
    provider = {**AWS, **FOUND, **more}
    return {"id": "extstore_1", "project_id": "proj_1", "created_at": NOW, "status": status, "provider": provider}


def test_an_unusable_bucket_is_warned_of_and_tried_again(client: Client, openai: FakeOpenAI, caplog: Log) -> None:
    openai.surprise("POST", "external_storage$", (200, storage()))
    openai.surprise("POST", "validate$", (200, storage("unhealthy")))
    remote = Remote({})
    STORAGES.create(client, remote, WANTED)
    (told,) = warnings(caplog)
    assert told == (
        "external storage extstore_1 is unhealthy: OpenAI can't use it. Give OpenAI access in your cloud, then refresh "
        "the state, then update the resources: OpenAI tests it again."
    )
    openai.surprise("GET", "extstore_1$", (200, storage("unhealthy")), times=2)
    STORAGES.read(client, remote)
    STORAGES.read(client, remote)  # says it once, however many refreshes there are
    assert remote.pending_actions == [
        PendingAction("External storage extstore_1 is unhealthy", "have OpenAI test it again")
    ]
    openai.surprise("POST", "validate$", (200, storage("validated")))
    STORAGES.update(client, remote, WANTED)
    openai.calls.clear()
    STORAGES.update(client, remote, WANTED)
    assert openai.calls == []


KEY = {"name": "data", "provider": {"type": "oci", "region": "eu"}}
IDENTITY = {"name": "GH", "issuer": "https://gh.example", "created_at": NOW}


@pytest.mark.parametrize(
    ("handler", "shown", "body", "says"),
    [
        (ExternalKey.handler, {"name": "data", "type": "oci", "region": "eu"}, KEY, "name and provider ('data')"),
        (STORAGES, {"project_id": "proj_1", "provider": AWS}, WANTED.settings, "project_id and provider ('data')"),
        (WorkloadIdentityProvider.handler, IDENTITY, IDENTITY, "name and issuer ('GH, https://gh.example')"),
    ],
)
def test_an_object_of_the_same_names_is_told(
    client: Client, openai: FakeOpenAI, caplog: Log, handler: Any, shown: Any, body: Any, says: str
) -> None:
    openai.surprise("GET", f"{handler.path}$", listed({"id": "it_1", **shown}), times=9)
    handler.observe(client, Remote({}), Wanted({}, body))
    (told,) = warnings(caplog)
    assert f"already has another {handler.noun} with the same {says}: it_1." in told
    assert "If this stack manages it under another name, add an alias with its old name. " in told


MODELS = ["gpt-4oo", "gpt-4o", "gpt-4o-2024-08-06", "ft:gpt-4o:acme", "brand-new"]
DENIED = Wanted({}, {"mode": "deny_list", "model_ids": MODELS})


def test_a_misspelled_model_is_warned_of_once(client: Client, openai: FakeOpenAI, caplog: Log) -> None:
    """The state has it afterwards. Other unknown models may be new, or fine-tuned."""
    setting, path = ProjectModelPermissions.handler, "model_permissions$"
    remote = Remote({"project_id": "proj_1"}, unordered=frozenset({"model_ids"}))
    openai.add_row("gpt-4o")
    openai.surprise("GET", path, (404, error_body("None", "not_found")), times=2)
    setting.observe(client, remote, DENIED)
    openai.surprise("POST", path, (200, DENIED.settings))
    setting.create(client, remote, DENIED)
    openai.surprise("GET", path, (200, DENIED.settings))
    setting.update(client, remote, DENIED)
    says = (
        "Project proj_1 has no rate limit for the model 'gpt-4oo', so the name may be misspelled. Did you mean gpt-4o?"
    )
    assert [text.partition(" If")[0] for text in warnings(caplog)] == [says, says], "in the preview and in the update"


RULES = WorkloadIdentityFederationRule.handler
SENT = {"attribute_matchers": {"repo": "shop"}, "project_id": "proj_1", "service_account_id": "svc_1"}
RULE = {"created_at": NOW, "enabled": True, "name": None, **SENT}


def test_the_issuers_own_address_is_sent_as_null(client: Client, openai: FakeOpenAI) -> None:
    discovery = {"type": "discovery", "discovery_url": None}
    openai.surprise("POST", "wip_1$", (200, {"id": "wip_1", "verification": discovery}))
    remote = Remote({}, "wip_1", {"verification": {"type": "uploaded_jwks", "jwks": {"keys": []}}})
    wanted = Wanted({}, {"verification": {"type": "discovery"}})
    WorkloadIdentityProvider.handler.update(client, remote, wanted)
    assert openai.asked("POST")[0][1] == {"verification": discovery}
    assert remote.attributes["verification"] == {"type": "discovery"}


@pytest.mark.parametrize(("body", "words"), [({"name": "ci"}, "'ci'"), ({}, "'for svc_1'")])
def test_a_rule_is_called_by_its_name_or_else_by_its_account(
    client: Client, openai: FakeOpenAI, body: dict[str, Any], words: str
) -> None:
    openai.surprise("GET", "federation_rules$", listed())
    openai.surprise("POST", "federation_rules$", (401, {"error": "No"}))
    remote = Remote({"workload_identity_provider_id": "wip_1"})
    with pytest.raises(errors.AuthenticationError, match=words):
        RULES.create(client, remote, Wanted({}, {**SENT, **body}))


def test_a_young_rule_whose_project_is_archived_is_gone_at_once(client: Client, openai: FakeOpenAI) -> None:
    openai.archive()
    openai.surprise("GET", "wip_1$", (200, {"id": "wip_1"}), times=99)
    for method in ("GET", "DELETE"):
        openai.surprise(method, "wifr_1$", (404, error_body("No such rule", "not_found")))
    remote = Remote({"workload_identity_provider_id": "wip_1"}, "wifr_1", {**RULE, "id": "wifr_1"})
    with pytest.raises(errors.ProjectArchivedError, match="Project proj_1 is archived"):
        RULES.read(client, remote)
    RULES.delete(client, remote)
    assert len(openai.asked("DELETE")) == 1


TUNNEL = {"id": "tunnel_1", "name": "office", "description": "MCP servers", "creator": "user-1"}
TUNNEL |= {"tenant_ids": [], "workspace_ids": [], "organization_ids": ["org-1"]}
PATH = "/tunnels/tunnel_1"


def test_a_description_that_the_program_never_set_stays_as_it_is_now(client: Client, openai: FakeOpenAI) -> None:
    theirs = {**TUNNEL, "description": "changed by hand"}
    openai.surprise("GET", PATH, (200, theirs))
    openai.surprise("POST", PATH, (200, {**theirs, "name": "home"}))
    remote = Remote({}, "tunnel_1", dict(TUNNEL))
    McpTunnel.handler.update(client, remote, Wanted({}, {"name": "home"}))
    assert openai.calls == [("GET", PATH, None), ("POST", PATH, {"name": "home", "description": "changed by hand"})]
    assert (remote.get("name"), remote.get("description")) == ("home", "changed by hand")


CERTIFICATES = Certificate.handler
PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize("details", [{}, {"content": PEM}], ids=["not shown", "shown"])
def test_an_import_declares_the_content_if_shown(client: Client, openai: FakeOpenAI, details: dict[str, str]) -> None:
    openai.surprise("GET", "certificates$", listed({"id": "cert_1", "name": "ci", "created_at": NOW}), times=9)
    openai.surprise("GET", "certificates/cert_1$", (200, {"id": "cert_1", "certificate_details": details}))
    declared = CERTIFICATES.declared(client, Remote({}, "cert_1"))
    assert openai.mock.last_request.qs == {"include[]": ["content"]}, "OpenAI shows it only where it is asked to"
    assert (declared["name"], declared["certificate"]) == ("ci", details.get("content", ""))


KEYS = ExternalKey.handler
OCI = {"type": "oci", "key_ocid": "k", "region": "r", "vault_ocid": "v"}
KEY = Wanted({}, {"name": "data", "provider": OCI})
SHOWN_KEY = {"id": "extkey_1", "name": "data", "created_at": NOW, "purpose": "ekm", "audience": None, **OCI}


def test_a_key_that_openai_cannot_use_is_kept_and_tried_again(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "external_keys$", (200, SHOWN_KEY))
    openai.surprise("POST", "validate$", (400, error_body("AccessDenied")))
    remote = Remote({})
    with pytest.raises(errors.ConfigurationError, match=r"'data' .extkey_1. was created, but .* AccessDenied") as told:
        KEYS.create(client, remote, KEY)
    assert told.value.advice == "Give OpenAI access to the key in your cloud, then run the command again."
    assert (remote.id, remote.step.has_changed, remote.attributes["validation_status"]) == ("extkey_1", True, "failed")
    openai.surprise("POST", "validate$", (200, {"status": "success"}))
    KEYS.update(client, remote, KEY)
    assert remote.attributes["validation_status"] == "success"
    openai.calls.clear()
    KEYS.update(client, remote, KEY)
    assert openai.calls == []


CERTIFICATE = {"id": "cert_1", "name": "ci", "created_at": NOW, "certificate_details": {"content": PEM}}
OTHER_CONTENT = {"certificate_details": {"content": PEM.replace("MIIB", "MIIC")}}
SAME_CONTENT = {"certificate_details": {"content": PEM.replace("\n", "\r\n")}}


@pytest.mark.parametrize(
    ("handler", "given", "shown", "is_ours"),
    [
        (STORAGES, WANTED.settings, storage(), True),
        (STORAGES, WANTED.settings, storage(bucket="other"), False),
        (KEYS, KEY.settings, SHOWN_KEY, True),
        (KEYS, KEY.settings, {**SHOWN_KEY, "key_ocid": "other"}, False),
        (CERTIFICATES, {"name": "ci", "certificate": PEM}, {**CERTIFICATE, **SAME_CONTENT}, True),
        (CERTIFICATES, {"name": "ci", "certificate": PEM}, {**CERTIFICATE, **OTHER_CONTENT}, False),
        (CERTIFICATES, {"name": "ci", "certificate": PEM}, {**CERTIFICATE, "name": "other"}, False),
        (CERTIFICATES, {"name": "ci", "certificate": PEM}, {**CERTIFICATE, "name": None}, False),
    ],
    ids=[
        "storage", "another bucket", "key", "another key",
        "other line endings", "another content", "another name", "no name",
    ],
)  # fmt: skip
def test_after_a_lost_reply_what_identifies_an_object_recognizes_it(
    client: Client, openai: FakeOpenAI, handler: Any, given: dict[str, Any], shown: dict[str, Any], is_ours: bool
) -> None:
    openai.surprise("GET", f"{handler.path}$", listed())
    openai.surprise("POST", f"{handler.path}$", requests.exceptions.ReadTimeout("slow"), times=9)
    openai.surprise("GET", f"{handler.path}$", listed(shown), times=99)
    openai.surprise("GET", "cert_1$", (200, shown), times=99)
    openai.surprise("POST", "validate$", (200, {"status": "validated"}))
    remote = Remote({})
    if is_ours:
        handler.create(client, remote, Wanted({}, given))
    else:
        with pytest.raises(errors.ResponseLostError, match="so nothing was created"):
            handler.create(client, remote, Wanted({}, given))
    assert remote.id == (shown["id"] if is_ours else "")


def test_a_preview_that_does_not_know_the_content_recognizes_no_certificate(
    client: Client, openai: FakeOpenAI, caplog: Log
) -> None:
    openai.surprise("GET", "certificates$", listed(CERTIFICATE))
    CERTIFICATES.observe(client, Remote({}), Wanted({}, {"name": "ci"}))
    assert (len(openai.calls), caplog.messages) == (1, [])


PROJECTS = Project.handler
REFUSED = (400, error_body("No"))


@pytest.fixture
def remote() -> Remote:
    return Remote({}, "proj_1", {"name": "a", "status": "active"})


def test_another_refusal_of_a_change_is_told_as_it_is(client: Client, openai: FakeOpenAI, remote: Remote) -> None:
    openai.surprise("POST", "proj_1$", REFUSED)
    with pytest.raises(errors.BadRequestError, match="No"):
        PROJECTS.update(client, remote, Wanted({}, {"name": "b"}))
    assert not remote.step.has_changed


def test_a_project_is_archived_with_a_warning(client: Client, openai: FakeOpenAI, remote: Remote, caplog: Any) -> None:
    openai.surprise("POST", "archive$", (200, {"id": "proj_1", "status": "archived"}))
    PROJECTS.delete(client, remote)
    assert remote.attributes["status"] == "archived"
    assert "project 'a' (proj_1) is archived, not deleted, because OpenAI does not delete projects." in caplog.text


@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [
        ("archived", REFUSED, None),
        ("archived", (403, error_body("No")), None),
        ("active", REFUSED, errors.BadRequestError),
        ("", (404, error_body("The project proj_1 was not found")), errors.ProjectNotFoundError),
        ("", REFUSED, errors.ProjectNotFoundError),
    ],
)
def test_a_refusal_to_archive_a_project_is_no_error_if_it_is_archived(
    client: Client, openai: FakeOpenAI, remote: Remote, caplog: Any, status: str, answer: Any, error: Any
) -> None:
    if status == "archived":
        openai.archive()
    elif not status:
        openai.remove("project", "proj_1")
    openai.surprise("POST", "archive$", answer)
    with pytest.raises(error, match=r"Project 'a'|No") if error else nullcontext():
        PROJECTS.delete(client, remote)
    assert "is archived, not deleted" not in caplog.text


def test_a_preview_says_how_new_projects_end() -> None:
    assert PROJECTS.creation_note(Wanted({}, {"name": "Shop"})) == (
        "OpenAI does not delete projects. Destroying one archives it, which cannot be undone."
    )


def test_only_a_project_that_is_not_archived_is_imported() -> None:
    assert PROJECTS.is_own({"status": "active", "archived_at": None})
    assert not PROJECTS.is_own({"status": "archived", "archived_at": None})
    assert not PROJECTS.is_own({"status": "active", "archived_at": 7})


@pytest.mark.parametrize("reply", [requests.exceptions.ReadTimeout("slow"), (409, error_body("Conflict"))])
def test_a_tunnel_that_may_have_been_created_is_not_made_again(client: Client, openai: FakeOpenAI, reply: Any) -> None:
    openai.surprise("POST", "tunnels$", reply, times=9)
    remote = Remote({})
    with pytest.raises(errors.ResponseLostError) as lost:
        McpTunnel.handler.create(client, remote, Wanted({}, {"name": "north"}))
    assert lost.value.what.endswith(". The tunnel may have been created")
    assert lost.value.what.startswith("Could not create tunnel 'north' in the organization")
    assert lost.value.advice == (
        "OpenAI has no list of tunnels, so look in its dashboard for a new tunnel with the name 'north'. If there is "
        "one, delete it there."
    )
    assert remote.id == ""
    assert len(openai.calls) == 1
