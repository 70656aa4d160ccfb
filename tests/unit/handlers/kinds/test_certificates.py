"""A certificate after a lost reply is recognized by its name and content, which lists do not show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import Certificate, errors
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from pulumi_openai_admin.handlers.memory import Memory
from tests.unit.fakes import NOW, listed

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client
    from tests.unit.fakes import FakeOpenAI

HANDLER = Certificate.handler
PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


def shown(content: str) -> tuple[int, Any]:
    return 200, {"id": "cert_1", "certificate_details": {"content": content}}


@pytest.mark.parametrize(
    ("name", "content", "is_ours"),
    [
        ("ci", PEM.replace("\n", "\r\n"), True),
        ("ci", PEM.replace("MIIB", "MIIC"), False),
        ("other", PEM, False),
        (None, PEM, False),
    ],
    ids=["other line endings", "another content", "another name", "no name"],
)
def test_after_a_lost_reply_name_and_content_recognize_it(
    client: Client, openai: FakeOpenAI, name: str | None, content: str, is_ours: bool
) -> None:
    openai.surprise("GET", "projects$", listed({"id": "proj_1"}))
    openai.surprise("GET", "certificates$", listed())
    openai.surprise("POST", "certificates$", requests.exceptions.ReadTimeout("slow"), times=9)
    openai.surprise("GET", "certificates$", listed({"id": "cert_1", "name": name, "created_at": NOW}), times=99)
    openai.surprise("GET", "certificates/cert_1$", shown(content), times=99)
    remote = Remote({})
    if is_ours:
        HANDLER.create(client, remote, Wanted({}, {"name": "ci", "certificate": PEM}))
        assert (remote.id, remote.attributes["certificate"]) == ("cert_1", PEM)
        (observation,) = [request for request in openai.mock.request_history if request.path.endswith("/cert_1")]
        assert observation.qs == {"include[]": ["content"]}, "OpenAI shows the content only where it is asked to"
    else:
        with pytest.raises(errors.ResponseLostError, match="so nothing was created"):
            HANDLER.create(client, remote, Wanted({}, {"name": "ci", "certificate": PEM}))
        assert not remote.id


def test_a_refresh_keeps_the_content_that_openai_does_not_show(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("GET", "certificates/cert_1$", (200, {"id": "cert_1", "name": "renamed"}))
    remote = Remote({}, "cert_1", {"certificate": PEM, "name": "ci"}, Memory({"anchor": "proj_1"}))
    HANDLER.read(client, remote)
    assert (remote.attributes["certificate"], remote.attributes["name"]) == (PEM, "renamed")


@pytest.mark.parametrize("details", [{}, {"content": PEM}], ids=["not shown", "shown"])
def test_an_import_declares_the_content_if_openai_shows_it(
    client: Client, openai: FakeOpenAI, details: dict[str, str]
) -> None:
    openai.surprise("GET", "certificates$", listed({"id": "cert_1", "name": "ci", "created_at": NOW}), times=9)
    openai.surprise("GET", "certificates/cert_1$", (200, {"id": "cert_1", "certificate_details": details}))
    declared = HANDLER.declared(client, Remote({}, "cert_1"))
    assert (declared["name"], declared["certificate"]) == ("ci", details.get("content", ""))
