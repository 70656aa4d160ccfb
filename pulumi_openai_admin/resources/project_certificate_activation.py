"""Certificates that are active for a project."""

from __future__ import annotations

from typing import final

from pulumi_openai_admin.handlers.shapes.toggle import Toggle
from pulumi_openai_admin.program.fields import Field, output, path
from pulumi_openai_admin.resources.base import AdminResource


@final
class ProjectCertificateActivation(AdminResource):
    """A certificate that is active for a project: OpenAI accepts clients that present a certificate signed by it.

    Destroying the resource deactivates the certificate in the project, unless it was active before. Changing the
    certificate replaces the resource: the provider activates the new certificate before it deactivates the old one.
    Resources that run in parallel share requests, with up to ten certificates of a project each.

    The resource ID is `<project_id>/<certificate_id>`.

    Raises:
        NotFoundError: The certificate does not exist.
        ProjectArchivedError: The project is archived, and an archived project cannot be changed.

    Also sends: POST /organization/projects/{project_id}/certificates/activate, POST
    /organization/projects/{project_id}/certificates/deactivate and GET /organization/certificates/{certificate_id}.
    """

    handler = Toggle("/organization/projects/{project_id}/certificates")

    project_id: Field[str] = path()
    """The project (`proj_…`)."""
    certificate_id: Field[str] = path()
    """The certificate (`cert_…`)."""
    active: Field[bool] = output()
    """Whether the certificate is active for the project."""
