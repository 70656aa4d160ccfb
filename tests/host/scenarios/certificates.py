"""The scenarios of a certificate, and of its activation in the organization and in a project."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import trustme

from pulumi_openai_admin import Certificate, OrganizationCertificateActivation, ProjectCertificateActivation
from pulumi_openai_admin.schema import formats as spelling
from tests.by_hand import request
from tests.host.rules import CreatedOnce
from tests.host.scenario import PROJECT, AnotherTeam, Drift, Inputs, Rule, Scenario, Step, Verb, verbs_of_object

if TYPE_CHECKING:
    from tests.host.provider_process import DynamicProcess
    from tests.host.scenario import Case


@functools.cache
def pem(name: str) -> str:
    """A certificate for each name, the same in all of a process."""
    return trustme.CA(organization_name=name).cert_pem.bytes().decode()


def _certificate(name: str) -> dict[str, str]:
    return {"name": name, "certificate": spelling.canonical(pem("first"))}


def _of_case(host: DynamicProcess, project: str) -> dict[str, Any]:
    return {"certificate_id": host.create(Certificate, {"name": project, "certificate": pem("matrix")})[0]}


class ActiveOrNot(Rule):
    """The certificate of the case is active if it is in the state; if it is active all the same, an error says so."""

    def check(self, case: Case) -> None:
        path = case.scenario.collection.format(project_id=case.project)
        case.server.control.clear_faults()
        found = request(case.server, "GET", f"{path}?limit=100")["data"]
        (active,) = [each["active"] for each in found if each["id"] == case.further["certificate_id"]]
        if not case.outcome.error:
            assert active == (case.outcome.state is not None), case.outcome
        elif active:
            assert case.outcome.state, case.outcome


def _activation(resource: type[Any], parents: Inputs) -> Scenario:
    return Scenario(
        resource,
        seed={"certificates": [{"id": "cert_life", "certificate": pem("life")}]},
        inputs={**parents, "certificate_id": "cert_life"},
        outputs={"active": True},
        another={"certificate_id": "cert_other"},
        rule=ActiveOrNot(),
        verbs=(
            Verb("create", None, {}, "POST", "activate"),
            Verb("create-list", None, {}, "GET"),
            Verb("read", {}, {}, "GET"),
            Verb("delete", {}, None, "POST", "deactivate"),
        ),
        prepare=_of_case,
    )


CERTIFICATE = Scenario(
    Certificate,
    inputs=_certificate("2026"),
    drift=Drift({"name": "renamed by hand"}),
    steps=(Step({"name": "2027"}),),
    another={"certificate": pem("second")},
    bad={
        "certificate must be one certificate in PEM format": {"certificate": "-----BEGIN PRIVATE KEY-----"},
        "certificate must be one certificate": {"certificate": pem("first") + pem("second")},
        "name is empty": {"name": ""},
    },
    rule=CreatedOnce("certificate"),
    verbs=verbs_of_object(lambda number: _certificate(f"certificate {number}"), {"name": "renamed"}),
    another_team={"create": AnotherTeam({"certificate": pem("theirs")})},
)
ACTIVATION = _activation(OrganizationCertificateActivation, {})
PROJECT_ACTIVATION = _activation(ProjectCertificateActivation, PROJECT)
