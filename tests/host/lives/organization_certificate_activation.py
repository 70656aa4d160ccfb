"""The life of an `OrganizationCertificateActivation`."""

from __future__ import annotations

from pulumi_openai_admin import OrganizationCertificateActivation
from tests.host.certificates import ActiveOrNot, certificate_of, pem
from tests.host.scripted_life import Life, Matrix, Verb

LIFE = Life(
    OrganizationCertificateActivation,
    path="",
    seed={"certificates": [{"id": "cert_life", "certificate": pem("life")}]},
    inputs={"certificate_id": "cert_life"},
    outputs={"certificate_id": "cert_life", "active": True},
    drift=None,
    steps=[],
    replaced_by={"certificate_id": "cert_other"},
    replaces="certificate_id",
    bad={
        "certificate_id is missing": {"certificate_id": None},
        "certificate_id is not an id": {"certificate_id": "../admin_api_keys"},
    },
    missing="cert_none",
    malformed="a/b",
    is_in_project=False,
    matrix=Matrix(
        path="/organization/certificates",
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
