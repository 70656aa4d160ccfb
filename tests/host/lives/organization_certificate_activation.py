"""The life of an `OrganizationCertificateActivation`."""

from __future__ import annotations

from pulumi_openai_admin import OrganizationCertificateActivation
from tests.host.certificates import life_of_activation

LIFE = life_of_activation(
    OrganizationCertificateActivation,
    path="/organization/certificates",
    parents={},
)
