"""The scenario of an `OrganizationCertificateActivation`."""

from __future__ import annotations

from pulumi_openai_admin import OrganizationCertificateActivation
from tests.host.certificates import scenario_of_activation

SCENARIO = scenario_of_activation(
    OrganizationCertificateActivation,
    path="/organization/certificates",
    parents={},
)
