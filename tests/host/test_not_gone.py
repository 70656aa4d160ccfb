"""What an error, a wrong address or another organization's key hides is not gone: the state alone has the keys."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.host.scenario import aged
from tests.host.stack import Stack

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.dynamic_host import DynamicHost
    from tests.host.native_process import Host, NativeProcess
    from tests.host.stack import Member

pytestmark = [pytest.mark.every_resource, pytest.mark.timeout(600)]  # on a machine that has other work, too
REFUSED: dict[str, dict[str, Any]] = {
    "401": {"kind": "status", "status": 401},
    "403": {"kind": "status", "status": 403},
    "500": {"kind": "status", "status": 500},
    "no JSON": {"kind": "not_json"},
    "a reset": {"kind": "reset"},
}
ADDRESS = "Check OPENAI_BASE_URL"
ELSEWHERE: dict[str, tuple[dict[str, Any] | None, str]] = {
    "OpenAI's 404": (None, ADDRESS),
    "HTML": ({"kind": "status", "status": 404, "body": "<html><h1>404 Not Found</h1></html>"}, ADDRESS),
    "an empty 404": ({"kind": "status", "status": 404, "body": ""}, ADDRESS),
    "an unsupported endpoint": ({"kind": "unrelated_404"}, "Unsupported endpoint"),
}
"""By name, a 404 that is not about the object, and a part of the error."""


_UNSUPPORTED = re.compile(
    "(the 404 does not say that the object was deleted|the organization has no access to [a-zA-Z ]+): Unsupported "
    "endpoint"
)


@pytest.fixture
def stack(provider: Host, emulator: EmulatorServer, environ: dict[str, str], subtests: pytest.Subtests) -> Stack:
    stack = Stack(emulator, provider, environ, subtests)
    stack.create()
    return stack


def read(host: DynamicHost | NativeProcess, member: Member) -> None:
    assert host.read(member.scenario.resource, member.id, member.state)[0] == member.id


def delete(host: DynamicHost | NativeProcess, member: Member) -> None:
    host.delete(member.scenario.resource, member.id, member.state)


def test_only_not_found_means_gone(stack: Stack) -> None:
    for name, fault in REFUSED.items():
        stack.server.control.fault(method="GET", **fault, times=None)
        with stack.provider(stack.environ, {"openai-admin:maxWaitSeconds": "1"}) as host:
            failures = stack.attempt(read, host)
        stack.server.control.clear_faults()
        for member in stack.members:
            with stack.subtests.test(f"{member.name} meets {name}"):
                if (member.name, name) == ("WebhookEndpoint", "401"):
                    assert member.name not in failures, "its key was revoked: the next update has another one"
                    assert "was not read, because OpenAI refuses the API key in the state" in host.warnings
                    continue
                assert member.name in failures, "it was taken for gone"
                assert "Traceback" not in failures[member.name].message
                assert not failures[member.name].id
    stack.run(read)


def test_a_404_of_another_address_is_an_error(stack: Stack) -> None:
    _were_created_long_ago(stack)
    for name, (fault, message) in ELSEWHERE.items():
        environ = dict(stack.environ)
        if fault is None:
            environ["OPENAI_BASE_URL"] = stack.server.base_url.replace("/v1", "/v2")
        else:
            stack.server.control.fault(**fault, times=None)
        with stack.provider(environ, {"openai-admin:maxWaitSeconds": "2"}) as host:
            for verb in (read, delete):
                failures = stack.attempt(verb, host)
                for member in stack.members:
                    with stack.subtests.test(f"{verb.__name__} {member.name} meets {name}"):
                        assert member.name in failures, "it was taken for gone"
                        assert message in failures[member.name].message
        stack.server.control.clear_faults()


def test_an_object_whose_endpoint_alone_is_unsupported_is_kept(stack: Stack) -> None:
    """Lists are served, so kinds that read a list see the object, and delete it."""
    _were_created_long_ago(stack)
    before = stack.server.control.live()
    for member in stack.members:
        stack.server.control.fault(kind="unrelated_404", path=f"*/{member.id.rpartition('/')[2]}", times=None)
    with stack.provider(stack.environ, {"openai-admin:maxWaitSeconds": "2"}) as host:
        failures = stack.attempt(read, host)
        for name, failure in failures.items():
            with stack.subtests.test(f"read {name}"):
                assert _UNSUPPORTED.search(failure.message)
        failures = stack.attempt(delete, host)
    unchanged = {kind: [*rows] for kind, rows in before.items() if rows == stack.server.control.live().get(kind)}
    for name, failure in failures.items():
        with stack.subtests.test(f"delete {name}"):
            assert _UNSUPPORTED.search(failure.message)
    assert unchanged


def test_a_deletion_that_is_answered_without_a_body_is_done(stack: Stack) -> None:
    stack.server.control.fault(kind="status", status=204, method="DELETE", when="after", times=None)
    stack.server.control.clear_requests()
    stack.run(delete)
    paths = Counter(entry["path"] for entry in stack.server.control.requests() if entry["method"] == "DELETE")
    assert set(paths.values()) <= {1}, "a deletion was sent again"
    assert paths or len(stack.members) == 1, "nothing was deleted"  # one resource alone may be archived or restored


@pytest.mark.parametrize("is_refused", [False, True], ids=["not found", "refused"])
def test_another_organizations_project_is_not_gone(stack: Stack, is_refused: bool) -> None:
    _were_created_long_ago(stack)
    stack.server.control.reset()
    for method in ("POST", "DELETE") if is_refused else ():
        stack.server.control.fault(kind="status", status=403, method=method, times=None)
    with stack.provider(stack.environ) as host:
        for verb in (read, delete):
            failures = stack.attempt(verb, host)
            for member in stack.members:
                with stack.subtests.test(f"{verb.__name__} {member.name}"):
                    if (member.name, verb) == ("WebhookEndpoint", read):
                        assert "was not read, because OpenAI refuses the API key in the state" in host.warnings
                        continue
                    assert member.name in failures, "it was taken for gone"
                    assert "another organization" in failures[member.name].message
                    way_out = f"`pulumi state delete '{stack.provider.urn_of(member.scenario.resource)}'`"
                    assert verb is read or way_out in failures[member.name].message


def _were_created_long_ago(stack: Stack) -> None:
    for member in stack.members:
        member.state = aged(member.state)
        if "anchor" in member.state["__managed"]:
            member.state["__managed"]["anchor"] = member.scenario.seed["projects"][0][
                "id"
            ]  # a reset emulator has the others
