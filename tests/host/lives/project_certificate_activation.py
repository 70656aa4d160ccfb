"""The life of a `ProjectCertificateActivation`."""

from __future__ import annotations

from pulumi_openai_admin import ProjectCertificateActivation
from tests.host.certificates import ActiveOrNot, certificate_of, pem
from tests.host.scripted_life import PROJECT, Life, Matrix, Verb

CERTIFICATES = "/organization/projects/{project_id}/certificates"
INPUTS = {**PROJECT, "certificate_id": "cert_life"}

LIFE = Life(
    ProjectCertificateActivation,
    path="",
    seed={"certificates": [{"id": "cert_life", "certificate": pem("life")}]},
    inputs=INPUTS,
    outputs={**INPUTS, "active": True},
    drift=None,
    steps=[],
    replaced_by={**PROJECT, "certificate_id": "cert_other"},
    replaces="certificate_id",
    bad={
        "certificate_id is missing": {"certificate_id": None},
        "certificate_id is not an id": {"certificate_id": "a/b"},
        "project_id is not an id": {"project_id": "../admin_api_keys"},
    },
    missing="proj_demo/cert_none",
    malformed="proj_demo",
    matrix=Matrix(
        path=CERTIFICATES,
        rule=ActiveOrNot(),
        verbs=(
            Verb("create", None, {}, "POST", "activate"),
            Verb("create-list", None, {}, "GET"),
            Verb("read", {}, {}, "GET"),
            Verb("delete", {}, None, "POST", "deactivate"),
        ),
        prepare=certificate_of,
    ),
)
