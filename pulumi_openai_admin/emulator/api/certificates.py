"""Certificates for mutual TLS: uploaded once, active for the organization, for projects, or for neither."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.handlers.bodies import Name, body, changes
from pulumi_openai_admin.emulator.handlers.collection import Collection
from pulumi_openai_admin.emulator.handlers.errors import Refused
from pulumi_openai_admin.emulator.handlers.kind import Request, action
from pulumi_openai_admin.emulator.handlers.paging import LastId, Records
from pulumi_openai_admin.emulator.store.store import Record

MOST_CERTIFICATES = 50


_TOGGLED = Annotated[list[str], Field(min_length=1, max_length=10)]
_TOGGLE = body("ToggleCertificatesRequest", certificate_ids=_TOGGLED)


class _Certificates(Collection):
    paging = LastId(has_order=True, default_order="desc")
    event_types = {"activate": "certificates.activated", "deactivate": "certificates.deactivated"}
    object_here = "organization.certificate"
    """What a list has for `object`."""

    def is_active(self, request: Request, record: Record) -> bool:
        return bool(record["active"])

    def set_active(self, request: Request, record: Record, *, active: bool) -> None:
        request.store.change(record, active=active)

    @action("POST", "/activate", body=_TOGGLE, takes_no_body=False)
    def activate(self, request: Request) -> dict[str, Any]:
        """Make certificates active: all of them, or none."""
        return self._set_all(request, "activation", active=True)

    @action("POST", "/deactivate", body=_TOGGLE, takes_no_body=False)
    def deactivate(self, request: Request) -> dict[str, Any]:
        """Make certificates inactive: all of them, or none."""
        return self._set_all(request, "deactivation", active=False)

    def _set_all(self, request: Request, what: str, *, active: bool) -> dict[str, Any]:
        records = [CERTIFICATES.named(request, id_) for id_ in request.body.certificate_ids]
        for record in records:
            self.set_active(request, record, active=active)
        self.log_event(request, request.operation.verb, records[0], {"records": records})
        return {"object": f"{self.object_here}.{what}", "data": [self.show_listed(request, each) for each in records]}

    def show_listed(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema OrganizationCertificate or OrganizationProjectCertificate."""
        return {**_shown(record, self.object_here), "active": self.is_active(request, record)}

    def event_detail(self, verb: str, record: Record, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Give the names, and what a deleted certificate was."""
        if "records" in fields:
            return {"certificates": [self.event_detail("", each, {}) for each in fields["records"]]}
        name = {} if record["name"] is None else {"name": record["name"]}
        return {"id": record.id, **name, **({"certificate": record["content"]} if verb == "delete" else {})}


class Certificates(_Certificates):
    """The organization's certificates."""

    name = "certificate"
    path = "/organization/certificates"
    id_prefix = "cert_"
    object = "certificate"
    create_body = seed_body = body("UploadCertificateRequest", certificate=str, name=(Name, ""))
    update_body = changes("ModifyCertificateRequest", name=Name)
    retrieve_query = {"include": (list[Literal["content"]], Field(default_factory=list))}
    event = "certificate"

    def content(self, request: Request) -> dict[str, Any]:
        """Read the certificate's dates; refuse what is no certificate, and the 51st."""
        if sum(1 for _ in request.store.children(self.name)) >= MOST_CERTIFICATES:
            message = f"An organization can have {MOST_CERTIFICATES} certificates; delete one first."
            raise Refused(400, message, code="certificate_limit_reached")
        pem, name = request.body.certificate, request.body.given().get("name")
        return {"name": name, "created_at": request.now, "active": False, **_dates(pem), "content": pem}

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
        return _shown(record, self.object, has_content="content" in getattr(request.query, "include", ()))

    def show_deleted(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema DeleteCertificateResponse: it has no `deleted`."""
        return {"object": "certificate.deleted", "id": record.id}


class ProjectCertificates(_Certificates):
    """The organization's certificates as a project sees them; there is a record only while one is active here."""

    name = "project_certificate"
    path = "/organization/projects/{project_id}/certificates"
    parent = PROJECTS
    references = {"id": "certificate"}
    object_here = "organization.project.certificate"
    verbs = ("list",)

    def listing(self, request: Request) -> Records:
        """List all certificates of the organization: `active` says which of them are active here."""
        return Records((), request.store, CERTIFICATES.name, "")

    def is_active(self, request: Request, record: Record) -> bool:
        return request.store.get(self.name, record.id, self.parent_key(request.ids)) is not None

    def set_active(self, request: Request, record: Record, *, active: bool) -> None:
        here = Record(self.name, record.id, self.parent_key(request.ids))
        if active != self.is_active(request, record):
            (request.store.insert if active else request.organization.remove)(here)


def _shown(record: Record, kind: str, *, has_content: bool = False) -> dict[str, Any]:
    """Give what all responses show of a certificate."""
    names = ("valid_at", "expires_at", "content") if has_content else ("valid_at", "expires_at")
    details = {name: record[name] for name in names}
    shown = {name: record[name] for name in ("name", "created_at")}
    return {"object": kind, "id": record.id, **shown, "certificate_details": details}


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
PROJECT_CERTIFICATES = ProjectCertificates()
