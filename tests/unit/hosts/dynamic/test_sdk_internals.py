from __future__ import annotations

import ast
import importlib.util
import sys
import types
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pulumi.runtime.proto import provider_pb2

from pulumi_openai_admin.hosts.dynamic.host import HOST, INTERNALS, changed, is_host, warn

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> Iterator[None]:
    warn.cache_clear()
    yield
    warn.cache_clear()


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The real host of the installed SDK, as if the engine ran it, but for its last line: it serves."""
    spec = importlib.util.find_spec(HOST)
    assert spec
    assert spec.origin
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    assert ast.unparse(tree.body[-1]) == "main()"
    main = types.ModuleType("__main__")
    main.__spec__ = spec
    exec(compile(ast.Module(tree.body[:-1], []), spec.origin, "exec"), main.__dict__)  # noqa: S102 - what the engine runs
    monkeypatch.setitem(sys.modules, "__main__", main)
    return main


def test_the_installed_sdk_is_as_expected(host: Any, caplog: pytest.LogCaptureFixture) -> None:
    warn()
    assert is_host(host)
    assert caplog.records == []


def test_what_is_different_is_named_once_with_its_effect_and_what_to_do(
    host: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    host._abort_with_traceback = lambda verb: verb
    del host.traceback
    monkeypatch.setattr(provider_pb2, "CreateRequest", provider_pb2.DeleteRequest)
    warn()
    warn()
    (record,) = caplog.records
    said = record.getMessage()
    assert ": the parameters request and context of its _abort_with_traceback, its module traceback. Without" in said
    assert said.endswith("Install a newer pulumi-openai-admin, or an older pulumi.")
    assert said.count("does not record its completed changes") == 1


def test_a_host_that_lost_everything_ends_nothing(host: Any) -> None:
    vars(host).clear()
    assert [internal.name for internal in changed(host)][:2] == [internal.name for internal in INTERNALS[:2]]


def test_a_process_that_is_no_host_is_ignored(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "__main__", types.ModuleType("__main__"))
    warn()
    assert caplog.records == []
