"""Certificates for the lives of what has to do with them."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import requests
import trustme

from pulumi_openai_admin import Certificate

if TYPE_CHECKING:
    from tests.host.dynamic_host import DynamicHost
    from tests.host.scripted_life import Case


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
        path = case.life.matrix.path.format(project_id=case.project)
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
