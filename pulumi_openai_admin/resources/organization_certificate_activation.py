"""Certificates that are active for the organization."""

from __future__ import annotations

from typing import final

from pulumi_openai_admin.handlers.shapes.toggle import Toggle
from pulumi_openai_admin.program.fields import Field, output, path
from pulumi_openai_admin.resources.base import AdminResource


@final
class OrganizationCertificateActivation(AdminResource):
    """A certificate that is active for the organization: OpenAI accepts clients that present a certificate signed by
    it.

    Destroying the resource deactivates the certificate, unless it was active before. Changing the certificate replaces
    the resource: the provider activates the new certificate before it deactivates the old one. Resources that run in
    parallel share requests, with up to ten certificates each.

    The resource ID is `<certificate_id>`.

    Raises:
        NotFoundError: The certificate does not exist.
        ParentNotFoundError: The admin key does not show the project that the state records, so the key may belong to
            another organization. The resource stays in the state.

    Also sends: POST /organization/certificates/activate and POST /organization/certificates/deactivate.
    """

    handler = Toggle("/organization/certificates")

    certificate_id: Field[str] = path()
    """The certificate (`cert_…`)."""
    active: Field[bool] = output()
    """Whether the certificate is active for the organization."""
