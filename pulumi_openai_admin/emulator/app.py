"""The application: the routes on FastAPI, its errors in OpenAI's shapes, and the gate around it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from pulumi_openai_admin.emulator.agreement import BASE_PATH
from pulumi_openai_admin.emulator.control import control_routes
from pulumi_openai_admin.emulator.errors import Refused, from_validation
from pulumi_openai_admin.emulator.gate import Gate
from pulumi_openai_admin.emulator.replies import Replies
from pulumi_openai_admin.emulator.routes import routes

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.emulation import Emulation


def application(emulation: Emulation) -> Gate:
    """Put an emulation behind its routes."""
    app = FastAPI(title="OpenAI Administration API, emulated", openapi_url=None, redirect_slashes=False)
    for route in routes(Replies(emulation.desk.organization)):
        app.add_api_route(BASE_PATH + route.path, route.answer, methods=[route.method], response_model=None)
    app.include_router(control_routes(emulation))
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _no_route)
    return Gate(app, emulation.desk)


def _response(refused: Refused) -> Response:
    reply = refused.reply()
    return Response(reply.body, reply.status, media_type=reply.content_type)


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101 - for the type checker: it is registered for this class
    return _response(error)


async def _invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    return _response(from_validation(error.errors()))


async def _no_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        message = f"Not allowed to {request.method} on {request.url.path}"
        return _response(Refused(405, message, code="method_not_supported"))
    if error.status_code == HTTPStatus.NOT_FOUND:
        return _response(Refused(404, f"Invalid URL ({request.method} {request.url.path})", code="unknown_url"))
    return _response(Refused(error.status_code, str(error.detail)))
