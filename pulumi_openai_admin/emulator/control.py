"""The control API under `/_emulator/`: no key, because only this machine can reach it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from pulumi_openai_admin.emulator.census import census
from pulumi_openai_admin.emulator.errors import Refused
from pulumi_openai_admin.emulator.seeds import Seed

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.emulation import Emulation

_Object = Annotated[dict[str, Any], Body()]


class Control:
    """What a test sets and reads."""

    def __init__(self, emulation: Emulation) -> None:
        """Control one emulation."""
        self._emulation = emulation
        self._desk = emulation.desk

    async def reset(self) -> JSONResponse:
        """`POST /_emulator/reset`: back to the start."""
        self._emulation.reset()
        return JSONResponse({"reset": True})

    async def seed(self, body: _Object) -> JSONResponse:
        """`POST /_emulator/seed`: add to what there is."""
        try:
            return JSONResponse(self._emulation.grow(Seed.model_validate(body)))
        except ValidationError as error:
            raise _unusable(error) from error

    async def world(self) -> JSONResponse:
        """`GET /_emulator/world`: all switches."""
        return JSONResponse(self._desk.organization.world.model_dump())

    async def set_world(self, body: _Object) -> JSONResponse:
        """`PUT /_emulator/world`: set some switches, keep the others."""
        try:
            return JSONResponse(self._emulation.set_world(body))
        except ValidationError as error:
            raise _unusable(error) from error

    async def faults(self) -> JSONResponse:
        """`GET /_emulator/faults`: what is set, what is left of it, how often it hit."""
        return JSONResponse({"faults": self._desk.faults.shown()})

    async def add_faults(self, body: Annotated[dict[str, Any] | list[dict[str, Any]], Body()]) -> JSONResponse:
        """`POST /_emulator/faults`: one fault or a list."""
        try:
            return JSONResponse({"faults": self._desk.faults.add(body if isinstance(body, list) else [body])})
        except ValidationError as error:
            raise _unusable(error) from error

    async def remove_faults(self) -> JSONResponse:
        """`DELETE /_emulator/faults`: all of them."""
        self._desk.faults.remove()
        return JSONResponse({"removed": True})

    async def remove_fault(self, fault_id: str) -> JSONResponse:
        """`DELETE /_emulator/faults/{fault_id}`: one."""
        self._desk.faults.remove(fault_id)
        return JSONResponse({"removed": True})

    async def requests(self) -> JSONResponse:
        """`GET /_emulator/requests`: the log, oldest first."""
        return JSONResponse({"requests": self._desk.log.shown()})

    async def clear_requests(self) -> JSONResponse:
        """`DELETE /_emulator/requests`: an empty log."""
        self._desk.log.clear()
        return JSONResponse({"cleared": True})

    async def state(self) -> JSONResponse:
        """`GET /_emulator/state`: what there is, and what ever was."""
        return JSONResponse(census(self._desk.organization))

    async def find_key(self, value: Annotated[str, Body(embed=True)]) -> JSONResponse:
        """`POST /_emulator/key`: which key has this value, and whether it lives."""
        found = self._emulation.find_key(value)
        return JSONResponse({"key": found})


def control_routes(emulation: Emulation) -> APIRouter:
    """Give the routes of the control API."""
    control = Control(emulation)
    router = APIRouter(prefix="/_emulator")
    for method, path, answer in (
        ("POST", "/reset", control.reset),
        ("POST", "/seed", control.seed),
        ("GET", "/world", control.world),
        ("PUT", "/world", control.set_world),
        ("GET", "/faults", control.faults),
        ("POST", "/faults", control.add_faults),
        ("DELETE", "/faults", control.remove_faults),
        ("DELETE", "/faults/{fault_id}", control.remove_fault),
        ("GET", "/requests", control.requests),
        ("DELETE", "/requests", control.clear_requests),
        ("GET", "/state", control.state),
        ("POST", "/key", control.find_key),
    ):
        router.add_api_route(path, answer, methods=[method], response_model=None)
    return router


def _unusable(error: ValidationError) -> Refused:
    return Refused(400, describe(error), code="unusable")


def describe(error: ValidationError) -> str:
    """Say in one line what is wrong with a seed, a switch or a fault."""
    problem = error.errors()[0]
    place = ".".join(str(part) for part in problem["loc"])
    return f"{place or 'it'}: {problem['msg']}"
