"""What an error, a wrong address or another organization's key hides is not gone: the state alone has the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.host.scripted_life import aged
from tests.host.stack import Stack

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.dynamic_host import DynamicHost
    from tests.host.native_process import Host, NativeProcess
    from tests.host.stack import Member

pytestmark = pytest.mark.timeout(600)  # on a machine that has other work, too
REFUSED: dict[str, dict[str, Any]] = {
    "401": {"kind": "status", "status": 401},
    "403": {"kind": "status", "status": 403},
    "500": {"kind": "status", "status": 500},
    "no JSON": {"kind": "not_json"},
    "a reset": {"kind": "reset"},
}
ELSEWHERE: dict[str, dict[str, Any] | None] = {
    "OpenAI's 404": None,
    "HTML": {"kind": "status", "status": 404, "body": "<html><h1>404 Not Found</h1></html>"},
    "an empty 404": {"kind": "status", "status": 404, "body": ""},
}


@pytest.fixture
def stack(provider: Host, emulator: EmulatorServer, environ: dict[str, str], subtests: pytest.Subtests) -> Stack:
    stack = Stack(emulator, provider, environ, subtests)
    stack.create()
    return stack


def read(host: DynamicHost | NativeProcess, one: Member) -> None:
    assert host.read(one.life.resource, one.id, one.state)[0] == one.id


def delete(host: DynamicHost | NativeProcess, one: Member) -> None:
    host.delete(one.life.resource, one.id, one.state)


def test_only_not_found_means_gone(stack: Stack) -> None:
    for name, fault in REFUSED.items():
        stack.server.control.fault(method="GET", **fault, times=None)
        with stack.provider(stack.environ, {"openai-admin:maxWaitSeconds": "1"}) as host:
            failures = stack.attempt(read, host)
        stack.server.control.clear_faults()
        for one in stack.members:
            with stack.subtests.test(f"{one.name} meets {name}"):
                assert one.name in failures, "it was taken for gone"
                assert "Traceback" not in failures[one.name].message
                assert not failures[one.name].id
    stack.run(read)


def test_a_404_of_another_address_is_an_error(stack: Stack) -> None:
    _were_created_long_ago(stack)
    for name, fault in ELSEWHERE.items():
        environ = dict(stack.environ)
        if fault is None:
            environ["OPENAI_BASE_URL"] = stack.server.base_url.replace("/v1", "/v2")
        else:
            stack.server.control.fault(**fault, times=None)
        with stack.provider(environ, {"openai-admin:maxWaitSeconds": "2"}) as host:
            for verb in (read, delete):
                failures = stack.attempt(verb, host)
                for one in stack.members:
                    with stack.subtests.test(f"{verb.__name__} {one.name} meets {name}"):
                        assert one.name in failures, "it was taken for gone"
                        assert "Check OPENAI_BASE_URL" in failures[one.name].message
        stack.server.control.clear_faults()


@pytest.mark.parametrize("is_refused", [False, True], ids=["not found", "refused"])
def test_another_organizations_project_is_not_gone(stack: Stack, is_refused: bool) -> None:
    _were_created_long_ago(stack)
    stack.server.control.reset()
    for method in ("POST", "DELETE") if is_refused else ():
        stack.server.control.fault(kind="status", status=403, method=method, times=None)
    with stack.provider(stack.environ) as host:
        for verb in (read, delete):
            failures = stack.attempt(verb, host)
            for one in stack.members:
                with stack.subtests.test(f"{verb.__name__} {one.name}"):
                    assert one.name in failures, "it was taken for gone"
                    assert "another organization" in failures[one.name].message
                    way_out = f"`pulumi state delete '{stack.provider.urn_of(one.life.resource)}'`"
                    assert verb is read or way_out in failures[one.name].message


def _were_created_long_ago(stack: Stack) -> None:
    for one in stack.members:
        one.state = aged(one.state)
        if "anchor" in one.state["__managed"]:
            one.state["__managed"]["anchor"] = one.life.seed["projects"][0]["id"]  # a reset emulator has the others
