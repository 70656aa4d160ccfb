"""A clock that sleeping moves, and an OpenAI behind requests-mock: no socket, no waiting."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections import defaultdict
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import cache
from itertools import count
from threading import RLock
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote

import pulumi
import pytest
import requests_mock
from pulumi.output import UNKNOWN, Output
from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import SETTINGS
from pulumi.runtime.sync_await import _sync_await
from typing_extensions import override

from pulumi_openai_admin.emulator.api import KINDS
from pulumi_openai_admin.emulator.control import seed as seeds
from pulumi_openai_admin.emulator.control.emulator import Emulator, open_store
from pulumi_openai_admin.emulator.handlers.api import Router
from pulumi_openai_admin.emulator.handlers.errors import Refused
from pulumi_openai_admin.emulator.handlers.kind import Actor
from pulumi_openai_admin.emulator.server.in_process import SimulatedTime
from pulumi_openai_admin.emulator.store.catalogue import Row
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.http import clock as clock_module
from pulumi_openai_admin.lifecycle.run import Host
from pulumi_openai_admin.resources.project_rate_limit import ProjectRateLimit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pulumi_openai_admin.handlers.handler import Remote
    from pulumi_openai_admin.http.client import Client
    from pulumi_openai_admin.lifecycle.state import Outputs

Log = pytest.LogCaptureFixture
KEY = "sk-admin-SECRETKEY0123456789abcdef"
URL = "https://openai.test/v1"
PROJECT = "/organization/projects/proj_1"
NOW = 1_800_000_000
ROW = ProjectRateLimit.handler
"""What OpenAI's clock says, in seconds since 1970."""


class Clock(clock_module.Clock):
    """Moves when an operation waits."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


class Sleeps(clock_module.Clock):
    """Waits with a function of the test, by the time of another clock."""

    def __init__(self, clock: Clock, sleep: Callable[[float], None]) -> None:
        super().__init__()
        self.monotonic = clock.monotonic  # type: ignore[method-assign]
        self.sleep = sleep  # type: ignore[method-assign]


@dataclass
class MemoryHost(Host):
    """A host of one resource that is no process: `kept` holds what it was given to record, if `keeps`."""

    name: str = "it"
    kind: str = "ProjectRateLimit"
    keeps: bool = True
    settings: dict[str, str] = field(default_factory=lambda: {"openai-admin:adminApiKey": KEY})
    kept: list[tuple[str, Outputs, Exception]] = field(default_factory=list)
    at_server: Callable[..., float | None] = lambda **_: None

    def __post_init__(self) -> None:
        self.urn = f"urn:pulumi:dev::shop::pulumi-python:dynamic/openai-admin:{self.kind}::{self.name}"
        self.setting = lambda key: self.settings.get(key)  # noqa: PLW0108 - tests replace the settings

    def time_at_server(self, *, is_near: bool = False) -> float | None:
        return self.at_server(is_near=is_near)

    def keep_partial(self, id_: str, outputs: Outputs, error: Exception) -> bool:
        if self.keeps:
            self.kept.append((id_, outputs, error))
        return self.keeps


def through_pulumi(bag: Mapping[str, Any]) -> dict[str, Any]:
    """A state as a provider gets it back: every number a float, no null at any depth, and secrets in plain text."""
    loop = asyncio.new_event_loop()
    try:
        sent = loop.run_until_complete(rpc.serialize_properties(dict(bag), {}))
    finally:
        loop.close()
    return {name: rpc.unwrap_rpc_secret(value) for name, value in rpc.deserialize_properties(sent).items()}


def warnings(caplog: Log) -> list[str]:
    """The messages that a user is warned with."""
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def error_body(message: str = "", code: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}


QUERIES = {
    "after": "",
    "group_by[]": "project_id",
    "bucket_width": "1d",
    "include[]": "content",
    "include_archived": "true",
    "limit": "1 31 100 1000",
    "owner_project_access": "any",
    "page": "",
    "start_time": "",
}
"""The parameters that this package sends, each with its values; empty if it has any.

OpenAI ignores a parameter that it does not know: a list would show less, and no test would tell.
"""


@dataclass
class Surprise:
    method: str
    path: str
    answer: tuple[int, Any] | Exception
    acts: bool | Callable[[], Any]
    headers: dict[str, str]
    times: int


@cache
def _emulator() -> tuple[Emulator, Router]:
    """The emulator of all tests, which starts again much faster than another one is made, and all its operations."""
    projects = [{"id": "proj_1", "name": "Shop"}, {"id": "proj_0", "name": "Default", "default": True}]
    owner = {"id": "user-root", "name": "Root", "email": "root@example.com"}
    seed = seeds.read({"projects": projects, "users": [owner]})
    operations = (it for kind in KINDS for it in (*kind.operations(), *kind.control_operations()))
    return Emulator(open_store(None), seed, KEY, SimulatedTime(NOW)), Router(operations, "")


@dataclass(frozen=True)
class AnyRow(Row):
    """A row that takes every limit."""

    @override
    def takes(self, name: str) -> bool:
        return True


@dataclass
class FakeOpenAI:
    """The emulator in this process, with the project `proj_1` and no rate limits; `calls` has what it is asked.

    Ids end in numbers, for each kind from 1 on. No object gets the id of one that is or was there.
    """

    mock: requests_mock.Mocker
    calls: list[tuple[str, str, Any]] = field(default_factory=list)
    surprises: list[Surprise] = field(default_factory=list)
    catalogue: dict[str, Row] = field(default_factory=dict)
    """The rate limits of each project by id, before they are changed."""
    now: int = NOW
    query: str = ""
    """Of the request that is answered."""

    def __post_init__(self) -> None:
        self.mock.register_uri(requests_mock.ANY, requests_mock.ANY, content=self._content)
        self._lock = RLock()
        self._seeded: set[str] = set()
        self._emulator, self._router = _emulator()
        self._set_clock(self.now - 10**6)
        self._emulator.reset()
        numbers: dict[str, Iterator[int]] = defaultdict(lambda: count(1))
        organization: Any = self._emulator.organization
        organization.new_id = lambda prefix: next(
            id_ for number in numbers[prefix] if (id_ := f"{prefix}{number}") not in self._seeded
        )
        organization.rate_limits = lambda: self.catalogue

    def _set_clock(self, now: float) -> None:
        self._emulator.organization.store.time._now = now  # type: ignore[attr-defined] # may also go back

    def seed(self, **objects: Any) -> None:
        self._set_clock(self.now)
        self._emulator.grow(seeds.read(objects))
        self._seeded.update(row["id"] for rows in objects.values() for row in rows if "id" in row)

    def others(self, method: str, path: str, body: Any = None) -> Any:
        """Make a request of another client."""
        self.query = ""
        status, content = self._answer(method, path, body)
        assert status < 300, content
        return content

    def change(self, kind: str, id_: str, **values: Any) -> None:
        """Change what no request changes."""
        store = self._emulator.organization.store
        (record,) = store.with_id(kind, id_)
        with store.transaction():
            store.change(record, **values)

    def remove(self, kind: str, *ids: str) -> None:
        """Remove objects, or all of a kind, with what is in them."""
        organization = self._emulator.organization
        with organization.store.transaction():
            for record in [*organization.store.all(kind)]:
                if not ids or record.id in ids:
                    organization.remove(record)

    def archive(self) -> None:
        self.others("POST", f"{PROJECT}/archive")

    def shown(self, path: str) -> dict[str, dict[str, Any]]:
        """Return what a list has now, by id."""
        return {row["id"]: row for row in self.others("GET", path)["data"]}

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        shown = self.shown(f"{PROJECT}/rate_limits")
        return {id_: documents.renamed(row, ROW.wire_names) for id_, row in shown.items()}

    @property
    def accounts(self) -> dict[str, dict[str, Any]]:
        return self.shown(f"{PROJECT}/service_accounts")

    @property
    def keys(self) -> dict[str, dict[str, Any]]:
        return self.shown(f"{PROJECT}/api_keys")

    @property
    def admin_keys(self) -> dict[str, dict[str, Any]]:
        """All but that of the run."""
        keys = self.shown("/organization/admin_api_keys")
        return {id_: key for id_, key in keys.items() if key["name"] != "emulator"}

    def add_row(self, model: str, **limits: int) -> str:
        row = AnyRow(model, documents.nested(limits, ROW.sent_as), ceilings={"none": 0})
        self.catalogue[row.id] = row
        return row.id

    def set_row(self, id_: str, **limits: int) -> None:
        self.others("POST", f"{PROJECT}/rate_limits/{id_}", documents.nested(limits, ROW.sent_as))

    def refuse_row(self, model: str, code: str, message: str = "No") -> None:
        self.surprise("POST", f"rl-{quote(model, safe='')}$", (400, error_body(message, code)), times=99)

    def add_account(self, name: str, **values: Any) -> str:
        """Another account without a key, as somebody else would make it."""
        body = {"name": name, "create_service_account_only": True}
        id_ = str(self.others("POST", f"{PROJECT}/service_accounts", body)["id"])
        self.change("service_account", id_, role="member", **values)
        return id_

    def add_key(self, account: str, **values: Any) -> str:
        """Another key of an account."""
        id_ = str(self.others("POST", f"{PROJECT}/service_accounts/{account}/api_keys", {})["id"])
        self.change("api_key", id_, **values)
        return id_

    def keys_of(self, account: str) -> list[str]:
        return [id_ for id_, key in self.keys.items() if key["owner"]["service_account"]["id"] == account]

    def surprise(
        self,
        method: str,
        path: str,
        answer: tuple[int, Any] | Exception,
        *,
        acts: bool | Callable[[], Any] = False,
        headers: Mapping[str, str] | None = None,
        times: int = 1,
    ) -> None:
        """Answer the next requests that match otherwise; `acts`: after doing what was asked, or something else."""
        self.surprises.append(Surprise(method, path, answer, acts, dict(headers or {}), times))

    def asked(self, method: str) -> list[tuple[str, Any]]:
        return [(path, body) for verb, path, body in self.calls if verb == method]

    def writes(self) -> list[tuple[str, str, Any]]:
        return [call for call in self.calls if call[0] != "GET"]

    def _content(self, request: Any, context: Any) -> bytes:
        with self._lock:  # of steps in parallel
            return self._reply(request, context)

    def _reply(self, request: Any, context: Any) -> bytes:
        path, _, self.query = request.url.removeprefix(URL).partition("?")
        body = request.json() if request.body else None
        for name, values in parse_qs(self.query).items():
            known = QUERIES[name].split()
            assert not known or {*values} <= {*known}, f"{name}={values}"
        self.calls.append((request.method, path, body))
        context.headers.update({"x-request-id": f"req_{len(self.calls)}", "date": formatdate(self.now, usegmt=True)})
        for surprise in self.surprises:
            if surprise.times and surprise.method == request.method and re.search(surprise.path, path):
                surprise.times -= 1
                if callable(surprise.acts):
                    surprise.acts()
                elif surprise.acts:
                    self._answer(request.method, path, body)
                if isinstance(surprise.answer, Exception):
                    raise surprise.answer
                context.status_code, reply = surprise.answer
                context.headers.update(surprise.headers)
                return reply if isinstance(reply, bytes) else json.dumps(reply).encode()
        context.status_code, reply = self._answer(request.method, path, body)
        return json.dumps(reply).encode()

    def _answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        self._set_clock(self.now)
        content = b"" if body is None else json.dumps(body).encode()
        try:
            reply = self._emulator.api.answer(
                self._router.find(method, path), self.query, content, Actor("key_1", project_id="proj_1")
            )
        except Refused as refused:
            reply = refused.reply()
        return reply.status, json.loads(reply.body)


def first_claim(handler: Any, parents: Any, wanted: Any, document: Any) -> Any:
    """What a resource manages itself; None if nothing is known of it."""
    return next(iter(handler.claims(parents, wanted, document)), None)


def listed(*rows: dict[str, Any]) -> tuple[int, Any]:
    """The reply with a whole list."""
    return 200, {"object": "list", "data": list(rows), "has_more": False}


def next_run(client: Client, remote: Remote) -> Client:
    """Another process: another client, and a `remote` as the state knows it."""
    remote.step.rollback, remote.step.has_changed, remote.step.acquired = {}, False, []
    return type(client)(client.requestor, client.parallel)


def told(caplog: Log) -> str:
    """The warnings."""
    return "\n".join(warnings(caplog))


class CallAborted(Exception):
    """What gRPC raises when a call is aborted."""


class CallContext:
    """The part of gRPC's context of a call that the providers use."""

    def __init__(self) -> None:
        self.message = ""
        self.metadata: Any = ()

    def abort(self, _code: Any, message: str) -> None:
        self.message = message
        raise CallAborted(message)

    def code(self) -> str | None:
        return self.message or None

    def set_trailing_metadata(self, metadata: Any) -> None:
        self.metadata = metadata


class Monitor(MockMonitor):
    """Keeps what is registered, options included: mocks see the inputs alone."""

    def __init__(self, mocks: pulumi.runtime.Mocks) -> None:
        super().__init__(mocks)
        self.requests: list[Any] = []

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the engine's own name
        self.requests.append(request)
        return super().RegisterResource(request)


class Mocks(pulumi.runtime.Mocks):
    """An engine whose provider shows the inputs; it notes what is registered or read."""

    def __init__(self) -> None:
        self.registered: list[pulumi.runtime.MockResourceArgs] = []
        self.monitor = Monitor(self)

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        self.registered.append(args)
        return args.resource_id or f"{args.name}_id", args.inputs

    def call(self, args: pulumi.runtime.MockCallArgs) -> Any:
        raise NotImplementedError(args.token)


def outcome(make: Callable[[], Output[Any]]) -> tuple[Any, bool, bool]:
    """The value of an Output, and whether it is known and secret."""

    async def wait() -> tuple[Any, bool, bool]:
        output = make()
        return await output.future(), await output.is_known(), await output.is_secret()

    try:
        return _sync_await(wait())
    finally:
        SETTINGS.outputs.clear()  # what failed here is no business of the next


def unknown() -> Output[str]:
    return Output.from_input(UNKNOWN)
