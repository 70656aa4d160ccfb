"""Certificates of the organization for mutual TLS."""

from __future__ import annotations

from typing import final

from pulumi_openai_admin.handlers.kinds.certificates import Certificates
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema import pem
from pulumi_openai_admin.schema.constraints import PEM_CERTIFICATE
from pulumi_openai_admin.schema.fields import Field, argument, output


@final
class Certificate(AdminResource):
    """A certificate with which OpenAI checks clients (mutual TLS). Uploading it activates it nowhere.

    `OrganizationCertificateActivation` and `ProjectCertificateActivation` activate it. Another certificate replaces the
    resource: the new certificate is uploaded before the old one is deleted. OpenAI does not delete an active one.

    Its id is `<certificate_id>`.

    Raises:
        BadRequestError: It is no certificate that OpenAI accepts, or it is still active somewhere.
        ResponseLostError: It is not known what a lost reply created; the message names all that may exist.
        ParentNotFoundError: The key may be another organization's: it does not show the project of the organization
            that the state records. The certificate stays in the state.

    Source: POST /organization/certificates and GET, POST, DELETE …/{certificate_id} (operations `uploadCertificate`,
    `getCertificate`, `modifyCertificate`, `deleteCertificate`).
    """

    handler = Certificates(
        "/organization/certificates",
        noun="certificate",
        recognized_by=("name",),
    )

    certificate: Field[str] = argument(
        constraint=PEM_CERTIFICATE, normalize=pem.canonical, write_only=True, replaces=True
    )
    """The certificate in PEM format. White space and line endings make no difference. Another one replaces the
    resource."""
    name: Field[str | None] = argument(default=None)
    """The name in the dashboard. Changed in place. If it is left out, it is not managed."""
    certificate_id: Field[str] = output(wire="id", identity=True)
    """The certificate's id (`cert_…`)."""
    created_at: Field[int] = output()
    """When it was uploaded, in seconds since 1970 (UTC)."""
    valid_at: Field[int | None] = output(wire="certificate_details.valid_at")
    """When it becomes valid, in seconds since 1970 (UTC); `None` if OpenAI leaves it out."""
    expires_at: Field[int | None] = output(wire="certificate_details.expires_at")
    """When it expires, in seconds since 1970 (UTC); `None` if OpenAI leaves it out."""
