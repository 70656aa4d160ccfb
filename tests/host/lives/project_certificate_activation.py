"""The life of a `ProjectCertificateActivation`."""

from __future__ import annotations

from pulumi_openai_admin import ProjectCertificateActivation
from tests.host.certificates import life_of_activation
from tests.host.scripted_life import PROJECT

LIFE = life_of_activation(
    ProjectCertificateActivation,
    path="/organization/projects/{project_id}/certificates",
    parents=PROJECT,
)
