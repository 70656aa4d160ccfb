from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import openai
import pytest
import trustme
from cryptography import x509

if TYPE_CHECKING:
    from conftest import Http
    from openai.resources.admin.organization import Organization

    from pulumi_openai_admin.emulator import Control

PROJECT = "proj_demo"
PATH = "/organization/certificates"


def pem() -> str:
    return trustme.CA().cert_pem.bytes().decode()


def test_an_active_certificate_is_not_deleted(organization: Organization, control: Control) -> None:
    before = control.live()
    certificates = organization.certificates
    content = pem()
    old = certificates.create(certificate=content, name="2026")
    parsed = x509.load_pem_x509_certificate(content.encode())
    assert dt.datetime.fromtimestamp(old.certificate_details.valid_at, dt.UTC) == (parsed.not_valid_before_utc)
    assert old.certificate_details.expires_at == parsed.not_valid_after_utc.timestamp()
    assert (old.object, old.name, old.active, old.certificate_details.content) == ("certificate", "2026", None, None)
    assert certificates.retrieve(old.id).certificate_details.content is None
    assert certificates.retrieve(old.id, include=["content"]).certificate_details.content == content
    assert [certificate.active for certificate in certificates.activate(certificate_ids=[old.id])] == [True]

    new = certificates.create(certificate=pem())
    assert new.name is None
    assert certificates.update(new.id, name="2027").name == "2027"
    certificates.activate(certificate_ids=[new.id])
    with pytest.raises(openai.BadRequestError, match=f"The certificate {old.id} is active for the organization"):
        certificates.delete(old.id)
    certificates.deactivate(certificate_ids=[old.id])
    assert {certificate.name: certificate.active for certificate in certificates.list()} == {
        "2026": False,
        "2027": True,
    }
    deleted = certificates.delete(old.id)
    assert (deleted.object, deleted.id) == ("certificate.deleted", old.id)
    with pytest.raises(openai.NotFoundError):
        certificates.retrieve(old.id)
    certificates.deactivate(certificate_ids=[new.id])
    certificates.delete(new.id)
    assert control.live() == before

    deactivated, deleted = list(organization.audit_logs.list())[1:3]
    assert deactivated.certificates_deactivated.certificates[0].name == "2027"
    assert (deleted.certificate_deleted.name, deleted.certificate_deleted.certificate) == ("2026", content)


def test_a_project_has_certificates_of_its_own(organization: Organization, control: Control) -> None:
    ours, others = (organization.certificates.create(certificate=pem(), name=name) for name in ("ours", "others"))
    project = organization.projects.certificates
    for _ in range(2):  # "atomically and idempotently"
        (active,) = project.activate(PROJECT, certificate_ids=[ours.id])
        assert (active.id, active.active, active.object) == (ours.id, True, "organization.project.certificate")
    assert {certificate.name: certificate.active for certificate in project.list(PROJECT)} == {
        "ours": True,
        "others": False,
    }
    assert {certificate.active for certificate in organization.certificates.list()} == {False}
    assert {certificate.active for certificate in project.list("proj_staging")} == {False}
    with pytest.raises(openai.BadRequestError, match=f"is active for the project {PROJECT}"):
        organization.certificates.delete(ours.id)
    for _ in range(2):
        assert [
            certificate.active for certificate in project.deactivate(PROJECT, certificate_ids=[ours.id, others.id])
        ] == [False] * 2
    organization.certificates.delete(ours.id)
    assert "project_certificate" not in control.live()
    events = organization.audit_logs.list(event_types=["certificates.activated"], project_ids=[PROJECT])
    assert [event.certificates_activated.certificates[0].id for event in events] == [ours.id] * 2


def test_a_toggle_switches_all_or_none(organization: Organization, api: Http) -> None:
    certificate = organization.certificates.create(certificate=pem())
    with pytest.raises(openai.NotFoundError, match="The certificate cert_none was not found"):
        organization.certificates.activate(certificate_ids=[certificate.id, "cert_none"])
    assert [each_certificate.active for each_certificate in organization.certificates.list()] == [False]
    for ids, code in (([], "empty_array"), (["cert_none"] * 11, "array_above_max_length")):
        assert api.refusal("POST", f"{PATH}/activate", {"certificate_ids": ids})[:2] == (400, code)
        assert api.refusal("POST", f"/organization/projects/{PROJECT}/certificates/activate", {"certificate_ids": ids})[
            :2
        ] == (400, code)
    assert [event.type for event in organization.audit_logs.list()] == ["certificate.created"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"certificate": "not PEM"}, "invalid_certificate"),
        ({"certificate": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}, "invalid_certificate"),
        ({"certificate": trustme.CA().private_key_pem.bytes().decode()}, "invalid_certificate"),
        ({"certificate": pem() + pem()}, "invalid_certificate"),
        ({}, "missing_required_parameter"),
        ({"certificate": "x", "active": True}, "unknown_parameter"),
        ({"certificate": "x", "name": None}, "invalid_type"),
    ],
)
def test_what_is_no_certificate_is_refused(api: Http, body: object, code: str) -> None:
    assert api.refusal("POST", PATH, body)[:2] == (400, code)


def test_there_are_fifty_at_most_newest_first(organization: Organization, api: Http) -> None:
    content = pem()
    made = [organization.certificates.create(certificate=content).id for _ in range(50)]
    assert api.refusal("POST", PATH, {"certificate": content})[:2] == (400, "certificate_limit_reached")
    assert [certificate.id for certificate in organization.certificates.list()] == made[::-1]
    assert [certificate.id for certificate in organization.certificates.list(order="asc", limit=7)] == made
    assert [certificate.id for certificate in organization.projects.certificates.list(PROJECT, limit=9)] == made[::-1]
    assert set(api("GET", PATH).json()) == {"object", "data", "first_id", "last_id", "has_more"}
