"""The control API under `/_emulator/`: no key, because only your machine can reach it."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Body, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import ValidationError

from pulumi_openai_admin.emulator.api import KINDS
from pulumi_openai_admin.emulator.control import seed as seeds
from pulumi_openai_admin.emulator.control import state
from pulumi_openai_admin.emulator.control.faults import Fault, shown_kinds
from pulumi_openai_admin.emulator.control.overview import overview
from pulumi_openai_admin.emulator.handlers.api import Match
from pulumi_openai_admin.emulator.handlers.errors import Refused
from pulumi_openai_admin.emulator.handlers.operation import Actor
from pulumi_openai_admin.emulator.handlers.reply import Reply

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pulumi_openai_admin.emulator.control.emulator import Emulator
    from pulumi_openai_admin.emulator.handlers.operation import Operation

_Object = Annotated[dict[str, Any], Body()]

_FARTHEST = 10**10
"""No clock is moved by more seconds (about 300 years), and no store has more records."""


class ControlRoutes:
    """What a test sets and reads."""

    def __init__(self, emulator: Emulator) -> None:
        """Control one emulator."""
        self._emulator = emulator

    async def reset(self) -> Response:
        """`POST /_emulator/reset`: back to the start."""
        self._emulator.reset()
        return _json({"reset": True})

    async def seed(self, body: _Object) -> Response:
        """`POST /_emulator/seed`: add to what there is."""
        try:
            return _json(self._emulator.grow(seeds.read(body)))
        except ValidationError as error:
            raise _unusable(error) from error

    async def world(self) -> Response:
        """`GET /_emulator/world`: all switches."""
        return _json(self._emulator.world.model_dump())

    async def set_world(self, body: _Object) -> Response:
        """`PUT /_emulator/world`: set some switches, keep the others."""
        try:
            return _json(self._emulator.set_world(body))
        except ValidationError as error:
            raise _unusable(error) from error

    async def clock(self) -> Response:
        """`GET /_emulator/clock`: the time, and how far it is ahead."""
        return _json(asdict(self._emulator.clock()))

    async def move_clock(
        self, advance_seconds: Annotated[int, Body(embed=True, strict=True, ge=-_FARTHEST, le=_FARTHEST)]
    ) -> Response:
        """`POST /_emulator/clock`: move it; keys and invites expire, costs accrue."""
        return _json(asdict(self._emulator.move_clock(seconds=advance_seconds)))

    async def faults(self) -> Response:
        """`GET /_emulator/faults`: what is set, what is left of it, how often it hit."""
        return _json({"faults": self._emulator.faults.shown()})

    async def fault_kinds(self) -> Response:
        """`GET /_emulator/faults/kinds`: what each kind does, settings to begin with, and the settings of all kinds."""
        return _json({"kinds": shown_kinds(), "common": [*Fault.model_fields]})

    async def add_faults(self, body: Annotated[dict[str, Any] | list[dict[str, Any]], Body()]) -> Response:
        """`POST /_emulator/faults`: one fault or a list."""
        try:
            return _json({"faults": self._emulator.faults.add(body if isinstance(body, list) else [body])})
        except ValidationError as error:
            raise _unusable(error) from error

    async def remove_faults(self) -> Response:
        """`DELETE /_emulator/faults`: all of them."""
        self._emulator.faults.remove()
        return _json({"removed": True})

    async def remove_fault(self, fault_id: str) -> Response:
        """`DELETE /_emulator/faults/{fault_id}`: one."""
        self._emulator.faults.remove(fault_id)
        return _json({"removed": True})

    async def requests(self) -> Response:
        """`GET /_emulator/requests`: the log, oldest first."""
        return _json({"requests": self._emulator.log.shown()})

    async def clear_requests(self) -> Response:
        """`DELETE /_emulator/requests`: an empty log."""
        self._emulator.log.clear()
        return _json({"cleared": True})

    async def follow_requests(self) -> Response:
        """`GET /_emulator/requests/events`: the log as it grows, as server-sent events."""
        headers = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
        return StreamingResponse(self._emulator.feed.events(), media_type="text/event-stream", headers=headers)

    async def overview(self) -> Response:
        """`GET /_emulator/overview`: how many there are of each kind, and what this month has cost."""
        return _json(await asyncio.to_thread(overview, self._emulator.organization))

    async def state(
        self,
        live: bool = False,  # noqa: FBT001, FBT002 - a query parameter
        kind: Annotated[list[str] | None, Query()] = None,
        after: Annotated[int, Query(ge=0, le=_FARTHEST)] = 0,
        limit: Annotated[int | None, Query(ge=1, le=10_000)] = None,
        parent: str | None = None,
    ) -> Response:
        """`GET /_emulator/state`: what there ever was, or with `live=true` what exists now."""
        organization = self._emulator.organization
        unknown = [name for name in kind or [] if name not in organization.kinds]
        if unknown:
            raise Refused(400, f"kind: there is no kind {unknown[0]}", code="unusable")

        def read() -> Response:
            if live:
                return _json(state.live(organization, kind or [], after, limit or 1000, parent))
            return _json(state.ever(organization, after, limit))

        return await asyncio.to_thread(read)

    async def find_key(self, value: Annotated[str, Body(embed=True)]) -> Response:
        """`POST /_emulator/key`: which key has this value, and whether it can be used."""
        return _json({"key": self._emulator.find_key(value)})

    def operation(self, operation: Operation) -> Callable[[Request], Awaitable[Response]]:
        """The handler of an operation that a kind offers to people outside the API."""

        async def answer(request: Request) -> Response:
            match, actor = Match(operation, request.path_params), Actor()
            reply = self._emulator.api.answer(match, request.url.query, await request.body(), actor)
            return Response(reply.body, reply.status, media_type=reply.content_type)

        answer.__doc__ = operation.answer.__doc__
        return answer


def control_routes(emulator: Emulator) -> APIRouter:
    """Give the routes of the control API."""
    control = ControlRoutes(emulator)
    router = APIRouter(prefix="/_emulator")
    for method, path, answer in (
        ("POST", "/reset", control.reset),
        ("POST", "/seed", control.seed),
        ("GET", "/world", control.world),
        ("PUT", "/world", control.set_world),
        ("GET", "/clock", control.clock),
        ("POST", "/clock", control.move_clock),
        ("GET", "/faults", control.faults),
        ("GET", "/faults/kinds", control.fault_kinds),
        ("POST", "/faults", control.add_faults),
        ("DELETE", "/faults", control.remove_faults),
        ("DELETE", "/faults/{fault_id}", control.remove_fault),
        ("GET", "/requests", control.requests),
        ("DELETE", "/requests", control.clear_requests),
        ("GET", "/requests/events", control.follow_requests),
        ("GET", "/overview", control.overview),
        ("GET", "/state", control.state),
        ("POST", "/key", control.find_key),
    ):
        router.add_api_route(path, answer, methods=[method], response_model=None)
    for kind in KINDS:
        for operation in kind.control_operations():
            router.add_api_route(
                operation.path, control.operation(operation), methods=[operation.method], response_model=None
            )
    return router


def _json(content: object) -> Response:
    reply = Reply.of_json(200, content)
    return Response(reply.body, reply.status, media_type=reply.content_type)


def _unusable(error: ValidationError) -> Refused:
    return Refused(400, seeds.describe(error), code="unusable")
