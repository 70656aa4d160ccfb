"""Certificates of the organization for mutual TLS."""

from __future__ import annotations

from typing import final

from pulumi_openai_admin.handlers.kinds.organization_objects import Certificates
from pulumi_openai_admin.program.fields import Field, argument, output
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema import formats
from pulumi_openai_admin.schema.constraints import PEM_CERTIFICATE


@final
class Certificate(AdminResource):
    """A certificate with which OpenAI verifies clients (mutual TLS). Uploading a certificate does not activate it.

    `OrganizationCertificateActivation` and `ProjectCertificateActivation` activate it. Changing the certificate
    replaces the resource: the provider uploads the new certificate before it deletes the old one. OpenAI does not
    delete an active certificate.

    The resource ID is `<certificate_id>`.

    Raises:
        BadRequestError: OpenAI does not accept the certificate, or the certificate is still active.
        ResponseLostError: A response was lost, and the provider cannot tell what was created. The message lists
            everything that may exist.
        ParentNotFoundError: The admin key does not show the project that the state records, so the key may belong to
            another organization. The certificate stays in the state.
    """

    handler = Certificates("/organization/certificates", noun="certificate", recognized_by=("name",))

    certificate: Field[str] = argument(
        constraint=PEM_CERTIFICATE, normalize=formats.canonical, write_only=True, replaces=True
    )
    """The certificate in PEM format. White space and line endings have no effect."""
    name: Field[str | None] = argument(default=None)
    """The name in the dashboard. If omitted, it is not managed."""
    certificate_id: Field[str] = output(wire="id", identity=True)
    """The certificate's id (`cert_…`)."""
    created_at: Field[int] = output()
    """When it was uploaded, in seconds since 1970 (UTC)."""
    valid_at: Field[int | None] = output(wire="certificate_details.valid_at")
    """When it becomes valid, in seconds since 1970 (UTC); `None` if OpenAI omits it."""
    expires_at: Field[int | None] = output(wire="certificate_details.expires_at")
    """When it expires, in seconds since 1970 (UTC); `None` if OpenAI omits it."""
