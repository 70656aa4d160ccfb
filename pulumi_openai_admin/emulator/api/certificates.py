"""Certificates for mutual TLS: uploaded once, active for the organization, for projects, or for neither.

Which of the organization's certificates are active for a project.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.handlers.collection import Collection, toggle
from pulumi_openai_admin.emulator.handlers.errors import Refused
from pulumi_openai_admin.emulator.handlers.operation import OMITTED, Body, Name, Operation, Query, Request
from pulumi_openai_admin.emulator.handlers.paging import LastId, Records
from pulumi_openai_admin.emulator.store.store import Record

MOST_CERTIFICATES = 50


class CertificateCreate(Body):
    """UploadCertificateRequest."""

    certificate: str
    name: Name = ""


class CertificateUpdate(Body):
    """ModifyCertificateRequest."""

    name: Name = OMITTED


class CertificateToggle(Body):
    """ToggleCertificatesRequest."""

    certificate_ids: Annotated[list[str], Field(min_length=1, max_length=10)]


class CertificateQuery(Query):
    """The content is shown only where the query asks for it."""

    include: list[Literal["content"]] = Field(default_factory=list)


class Certificates(Collection):
    """The organization's certificates."""

    name = "certificate"
    path = "/organization/certificates"
    id_name = "certificate_id"
    id_prefix = "cert_"
    object = "certificate"
    create_body = seed_body = CertificateCreate
    update_body = CertificateUpdate
    retrieve_query = CertificateQuery
    paging = LastId(has_order=True, default_order="desc")
    event = "certificate"
    event_types = {"activate": "certificates.activated", "deactivate": "certificates.deactivated"}

    def operations(self) -> list[Operation]:
        """Add `activate` and `deactivate`."""
        objects = ("organization.certificate.activation", "organization.certificate.deactivation")
        return [
            *super().operations(),
            *toggle(self, CertificateToggle, ids=certificate_ids, find=find, switch=self.switch, objects=objects),
        ]

    def content(self, request: Request) -> dict[str, Any]:
        """Read the certificate's dates; refuse what is no certificate, and the 51st."""
        if sum(1 for _ in self.all(request.organization)) >= MOST_CERTIFICATES:
            message = f"An organization can have {MOST_CERTIFICATES} certificates; delete one first."
            raise Refused(400, message, code="certificate_limit_reached")
        pem, name = request.body.certificate, request.body.given().get("name")
        return {"name": name, "created_at": request.now, "active": False, **_dates(pem), "content": pem}

    def switch(self, request: Request, record: Record, on: bool) -> dict[str, Any]:  # noqa: FBT001 - what a toggle sets
        """Make a certificate active for the organization, or inactive."""
        record.content["active"] = on
        request.store.update(record)
        return self.show_listed(request, record)

    def check_delete(self, request: Request, record: Record) -> None:
        """Refuse: "the certificate must be inactive for the organization and all projects", archived ones aside."""
        store = request.store
        projects = (store.get("project", use.parent) for use in store.with_id("project_certificate", record.id))
        places = [f"the project {project.id}" for project in projects if project and project["archived_at"] is None]
        if record["active"]:
            places.insert(0, "the organization")
        if places:
            message = f"The certificate {record.id} is active for {places[0]}. Deactivate it before it is deleted."
            raise Refused(400, message, code="certificate_active")

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema Certificate: without `active`."""
        return {**shown(record, self.object), "certificate_details": self._details(request, record)}

    def show_listed(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema OrganizationCertificate."""
        return {**shown(record, "organization.certificate"), "active": record["active"]}

    def show_deleted(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema DeleteCertificateResponse: it has no `deleted`."""
        return {"object": "certificate.deleted", "id": record.id}

    def event_detail(self, verb: str, record: Record, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Give the names, and what a deleted certificate was."""
        if "records" in fields:
            return {"certificates": [_named(record) for record in fields["records"]]}
        deleted = {"certificate": record["content"]} if verb == "delete" else {}
        return {**_named(record), **deleted}

    @staticmethod
    def _details(request: Request, record: Record) -> dict[str, Any]:
        wanted = getattr(request.query, "include", ())
        names = ("valid_at", "expires_at", *(["content"] if "content" in wanted else []))
        return {name: record[name] for name in names}


def certificate_ids(body: Any) -> list[str]:
    """Give what is to be switched."""
    return list(body.certificate_ids)


def find(request: Request, certificate_id: str) -> Record:
    """Find one of the organization's certificates, or refuse the call."""
    record = request.store.get(CERTIFICATES.name, certificate_id)
    if record is None:
        raise CERTIFICATES.missing(request, certificate_id)
    return record


def shown(record: Record, kind: str) -> dict[str, Any]:
    """Give what all responses show of a certificate."""
    return {
        "object": kind,
        "id": record.id,
        "name": record["name"],
        "created_at": record["created_at"],
        "certificate_details": {"valid_at": record["valid_at"], "expires_at": record["expires_at"]},
    }


def _named(record: Record) -> dict[str, Any]:
    """Give what events show of a certificate: without a name, they have none."""
    return {"id": record.id, **({} if record["name"] is None else {"name": record["name"]})}


def _dates(pem: str) -> dict[str, int]:
    """Give from when to when a certificate is valid."""
    from cryptography import x509  # noqa: PLC0415 - a tenth of the time of a start, which few need

    try:
        (certificate,) = x509.load_pem_x509_certificates(pem.encode())
        dates = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    except (ValueError, x509.InvalidVersion) as error:  # no PEM, no certificate in it, or several
        message = "Invalid 'certificate': expected one X.509 certificate in PEM format."
        raise Refused(400, message, code="invalid_certificate", param="certificate") from error
    return {"valid_at": int(dates[0].timestamp()), "expires_at": int(dates[1].timestamp())}


CERTIFICATES = Certificates()


class ProjectCertificates(Collection):
    """The organization's certificates as a project sees them; there is a record only while one is active here."""

    name = "project_certificate"
    path = "/organization/projects/{project_id}/certificates"
    id_name = "certificate_id"
    parent = PROJECTS
    references = {"id": "certificate"}
    object = "organization.project.certificate"
    verbs = ("list",)
    paging = LastId(has_order=True, default_order="desc")
    event_types = {"activate": "certificates.activated", "deactivate": "certificates.deactivated"}

    def operations(self) -> list[Operation]:
        """Add `activate` and `deactivate`."""
        objects = (f"{self.object}.activation", f"{self.object}.deactivation")
        return [
            *super().operations(),
            *toggle(self, CertificateToggle, ids=certificate_ids, find=find, switch=self.switch, objects=objects),
        ]

    def listing(self, request: Request) -> Records:
        """List all certificates of the organization: `active` says which of them are active here."""
        return Records(request.store, CERTIFICATES.name, "", lambda _record: True)

    def switch(self, request: Request, record: Record, on: bool) -> dict[str, Any]:  # noqa: FBT001 - what a toggle sets
        """Make a certificate active for the project, or inactive."""
        here = self._here(request, record)
        if on and here is None:
            request.store.insert(Record(self.name, record.id, self.parent_key(request.ids)))
        elif here is not None and not on:
            request.organization.remove(here)
        return self.show_listed(request, record)

    def show_listed(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema OrganizationProjectCertificate."""
        return {**shown(record, self.object), "active": self._here(request, record) is not None}

    def event_detail(self, verb: str, record: Record, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Give the names."""
        return CERTIFICATES.event_detail(verb, record, fields)

    def _here(self, request: Request, record: Record) -> Record | None:
        return request.store.get(self.name, record.id, self.parent_key(request.ids))


PROJECT_CERTIFICATES = ProjectCertificates()
