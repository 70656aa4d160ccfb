"""Which of the organization's certificates are active for a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.emulator.api.certificates import (
    CERTIFICATES,
    CertificateToggle,
    certificate_ids,
    find,
    shown,
)
from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.handlers.collection import Collection
from pulumi_openai_admin.emulator.handlers.paging import LastId, Records
from pulumi_openai_admin.emulator.handlers.toggle import toggle
from pulumi_openai_admin.emulator.store.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.emulator.handlers.operation import Operation, Request


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
        return Records(request.organization.store, CERTIFICATES.name, "", lambda _record: True)

    def switch(self, request: Request, record: Record, on: bool) -> dict[str, Any]:  # noqa: FBT001 - what a toggle sets
        """Make a certificate active for the project, or inactive."""
        here = self._here(request, record)
        if on and here is None:
            request.organization.store.insert(Record(self.name, record.id, self.parent_key(request.ids)))
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
        return request.organization.store.get(self.name, record.id, self.parent_key(request.ids))


PROJECT_CERTIFICATES = ProjectCertificates()
