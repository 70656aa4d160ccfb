"""Certificates for the scenarios of what has to do with them."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import requests
import trustme

from pulumi_openai_admin import Certificate
from tests.host.scenario import Matrix, Scenario, Verb

if TYPE_CHECKING:
    from tests.host.dynamic_host import DynamicHost
    from tests.host.scenario import Case, Inputs


@functools.cache
def pem(name: str) -> str:
    """A certificate for each name, the same in all of a process."""
    return trustme.CA(organization_name=name).cert_pem.bytes().decode()


def certificate_of(host: DynamicHost, project: str) -> dict[str, Any]:
    """A certificate of the case."""
    return {"certificate_id": host.create(Certificate, {"name": project, "certificate": pem("matrix")})[0]}


class ActiveOrNot:
    """The certificate of the case is active if it is in the state; if it is active all the same, an error says so."""

    def orphans(self, _case: Case) -> set[str]:
        return set()  # the certificate is not the activation's

    def check(self, case: Case) -> None:
        path = case.scenario.matrix.path.format(project_id=case.project)
        headers = {"Authorization": f"Bearer {case.server.admin_key}"}
        case.server.control.clear_faults()
        found = requests.get(f"{case.server.base_url}{path}?limit=100", headers=headers, timeout=10).json()["data"]
        (active,) = [
            certificate["active"] for certificate in found if certificate["id"] == case.further["certificate_id"]
        ]
        if not case.outcome.error:
            assert active == (case.outcome.state is not None), case.outcome
        elif active:
            assert case.outcome.state, case.outcome


def scenario_of_activation(resource: type[Any], *, path: str, parents: Inputs) -> Scenario:
    """The scenario of the activation of a certificate.

    Args:
        resource: The class.
        path: Of the certificates, with the name of the id of the project.
        parents: The id of the project, or none.
    """
    return Scenario(
        resource,
        path="",
        seed={"certificates": [{"id": "cert_life", "certificate": pem("life")}]},
        inputs={**parents, "certificate_id": "cert_life"},
        outputs={**parents, "certificate_id": "cert_life", "active": True},
        drift=None,
        steps=[],
        replaced_by={**parents, "certificate_id": "cert_other"},
        replaces="certificate_id",
        bad={
            "certificate_id is missing": {"certificate_id": None},
            "certificate_id is not an id": {"certificate_id": "../admin_api_keys"},
            **({"project_id is not an id": {"project_id": "../admin_api_keys"}} if parents else {}),
        },
        missing="/".join([*parents.values(), "cert_none"]),
        malformed="proj_demo" if parents else "a/b",
        is_in_project=bool(parents),
        matrix=Matrix(
            path=path,
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
