"""The scenario of a `ProjectCertificateActivation`."""

from __future__ import annotations

from pulumi_openai_admin import ProjectCertificateActivation
from tests.host.certificates import scenario_of_activation
from tests.host.scenario import PROJECT

SCENARIO = scenario_of_activation(
    ProjectCertificateActivation,
    path="/organization/projects/{project_id}/certificates",
    parents=PROJECT,
)
