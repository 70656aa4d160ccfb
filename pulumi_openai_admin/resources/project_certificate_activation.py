"""Certificates that are active for a project."""

from __future__ import annotations

from typing import final

from pulumi_openai_admin.handlers.shapes.toggle import Toggle
from pulumi_openai_admin.http.paging import Paging
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.fields import Field, output, path


@final
class ProjectCertificateActivation(AdminResource):
    """A certificate that is active for a project: OpenAI accepts clients that present one it has signed.

    Destroying the resource deactivates the certificate in the project, unless it was active before. Another certificate
    replaces the resource: the new one is activated before the old one is deactivated. Resources that run in parallel
    share requests, with up to ten certificates of a project each.

    Its id is `<project_id>/<certificate_id>`.

    Raises:
        NotFoundError: The certificate does not exist.
        ProjectArchivedError: Nothing can be changed in an archived project.

    Source: GET /organization/projects/{project_id}/certificates, POST …/activate and POST …/deactivate (operations
    `listProjectCertificates`, `activateProjectCertificates`, `deactivateProjectCertificates`).
    """

    handler = Toggle(
        "/organization/projects/{project_id}/certificates",
        noun="certificate activation",
        member="certificate_id",
        paging=Paging.LAST_ID,
    )

    project_id: Field[str] = path()
    """The project (`proj_…`). Another one replaces the resource."""
    certificate_id: Field[str] = path()
    """The certificate (`cert_…`). Another one replaces the resource."""
    active: Field[bool] = output()
    """Whether the certificate is active for the project."""
