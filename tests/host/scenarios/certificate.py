"""The scenario of a `Certificate`."""

from __future__ import annotations

from pulumi_openai_admin import Certificate
from pulumi_openai_admin.schema import formats as spelling
from tests.host.certificates import pem
from tests.host.rules import CreatedOnce
from tests.host.scenario import AnotherTeam, Drift, Matrix, Scenario, Step, Verb

PEM = spelling.canonical(pem("first"))


def certificate(name: str) -> dict[str, str]:
    return {"name": name, "certificate": PEM}


SCENARIO = Scenario(
    Certificate,
    path="/organization/certificates/{id}",
    inputs=certificate("2026"),
    outputs=certificate("2026"),
    drift=Drift({"name": "renamed by hand"}, "name", shows="renamed by hand"),
    steps=[
        Step(
            certificate("2027"),
            {"name": "2027"},
            writes=["POST certificates"],
            keeps=("certificate_id", "created_at", "certificate", "expires_at"),
        ),
    ],
    replaced_by={"name": "2027", "certificate": pem("second")},
    replaces="certificate",
    bad={
        "certificate is missing": {"certificate": None},
        "certificate must be one certificate in PEM format": {"certificate": "-----BEGIN PRIVATE KEY-----"},
        "certificate must be one certificate": {"certificate": pem("first") + pem("second")},
        "name is empty": {"name": ""},
    },
    missing="cert_none",
    malformed="",
    is_in_project=False,
    matrix=Matrix(
        path="/organization/certificates",
        rule=CreatedOnce("certificate"),
        verbs=(
            Verb("create", None, certificate("c-made"), "POST"),
            Verb("create-list", None, certificate("c-listed"), "GET"),
            Verb("read", certificate("c-read"), certificate("c-read"), "GET", "{id}"),
            Verb("rename", certificate("c-old"), certificate("c-renamed"), "POST", "{id}"),
            Verb("delete", certificate("c-deleted"), None, "DELETE", "{id}"),
        ),
    ),
    another_team={
        "create": AnotherTeam(None, certificate("shop"), "/organization/certificates", {"certificate": pem("theirs")})
    },
)
