"""MCP tunnels: name and description are always sent, and an empty description is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import pulumi_openai_admin
from pulumi_openai_admin import McpTunnel, errors
from pulumi_openai_admin.data_sources.result import LookUpError
from pulumi_openai_admin.handlers.handler import Remote, UncertainSettings, Wanted
from tests.unit.fakes import KEY, URL, error_body

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client
    from tests.unit.fakes import FakeOpenAI

HANDLER = McpTunnel.handler
SHOWN = {"id": "tunnel_1", "name": "office", "description": "MCP servers", "creator": "user-1"}
SHOWN |= {"tenant_ids": [], "workspace_ids": [], "organization_ids": ["org-1"]}
PATH = "/tunnels/tunnel_1"


def known(**values: Any) -> Remote:
    return Remote({}, "tunnel_1", {**SHOWN, **values})


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"name": "office", "description": "MCP servers"}, {"name": "office", "description": "MCP servers"}),
        ({"name": "office"}, {"name": "office", "description": ""}),
    ],
    ids=["with a description", "without one"],
)
def test_a_creation_sends_both(client: Client, openai: FakeOpenAI, given: dict[str, str], sent: dict[str, str]) -> None:
    openai.surprise("POST", "tunnels$", (200, {**SHOWN, **sent}))
    remote = Remote({})
    HANDLER.create(client, remote, Wanted({}, given))
    assert openai.calls == [("POST", "/tunnels", sent)]
    assert remote.get("description") == given.get("description")


def test_a_description_that_the_program_no_longer_sets_is_cleared(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", PATH, (200, {**SHOWN, "description": ""}))
    remote = known()
    HANDLER.update(client, remote, Wanted({}, {"name": "office", "description": None}))
    assert openai.calls == [("POST", PATH, {"name": "office", "description": ""})]
    assert remote.get("description") is None
    HANDLER.update(client, remote, Wanted({}, {"name": "office", "description": None}))
    assert len(openai.calls) == 1


def test_a_description_that_the_program_never_set_stays_as_it_is_now(client: Client, openai: FakeOpenAI) -> None:
    theirs = {**SHOWN, "description": "changed by hand"}
    openai.surprise("GET", PATH, (200, theirs))
    openai.surprise("POST", PATH, (200, {**theirs, "name": "home"}))
    remote = known()
    HANDLER.update(client, remote, Wanted({}, {"name": "home"}))
    assert openai.calls == [("GET", PATH, None), ("POST", PATH, {"name": "home", "description": "changed by hand"})]
    assert (remote.get("name"), remote.get("description")) == ("home", "changed by hand")


def test_after_a_lost_reply_both_are_sent_again(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", PATH, (500, error_body("Sorry")), times=99)
    remote = known()
    with pytest.raises(errors.InternalServerError, match="set name, description of tunnel 'office'"):
        HANDLER.update(client, remote, Wanted({}, {"name": "home", "description": "new"}))
    assert remote.memory[UncertainSettings].in_doubt == ["description", "name"]
    openai.surprises.clear()
    openai.surprise("POST", PATH, (200, SHOWN))
    HANDLER.update(client, remote, Wanted({}, {"name": "office", "description": "MCP servers"}))
    assert openai.calls[-1] == ("POST", PATH, {"name": "office", "description": "MCP servers"})
    assert remote.memory[UncertainSettings].in_doubt == []


def test_tunnel_not_found_means_gone(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("GET", PATH, (404, error_body("Tunnel not found")))
    with pytest.raises(errors.ResourceGoneError, match=r"tunnel 'office' .tunnel_1. no longer exists at OpenAI"):
        HANDLER.read(client, known())


@pytest.mark.parametrize(
    "refusal",
    [(404, error_body("Unsupported endpoint")), (403, error_body("Your organization has no access to tunnels."))],
    ids=["not served", "refused"],
)
def test_an_organization_without_access_is_told_so(client: Client, openai: FakeOpenAI, refusal: Any) -> None:
    openai.surprise("POST", "tunnels$", refusal)
    with pytest.raises(errors.NoAccessError) as told:
        HANDLER.create(client, Remote({}), Wanted({}, {"name": "office"}))
    assert told.value.reason == "the organization has no access to MCP tunnels"


def test_it_is_looked_up_by_its_id_alone(openai: FakeOpenAI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ADMIN_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", URL)
    openai.surprise("GET", PATH, (200, {**SHOWN, "description": ""}))
    found = pulumi_openai_admin.get_mcp_tunnel(tunnel_id="tunnel_1")
    assert (found.name, found.description, found.organization_ids) == ("office", None, ["org-1"])
    assert not hasattr(pulumi_openai_admin, "list_mcp_tunnels")
    openai.surprise("GET", "tunnels/tunnel_2$", (404, error_body("Tunnel not found")))
    with pytest.raises(LookUpError, match="Could not look up tunnel tunnel_2: Tunnel not found"):
        pulumi_openai_admin.get_mcp_tunnel(tunnel_id="tunnel_2")
    assert len(openai.calls) == 2, "there is no list in which to look for a similar one"
