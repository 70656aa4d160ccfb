"""The application behind the gateway: the control API on FastAPI, with its errors in OpenAI's shapes."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from pulumi_openai_admin.emulator.control.page import page
from pulumi_openai_admin.emulator.control.routes import control_routes
from pulumi_openai_admin.emulator.defaults import BASE_PATH
from pulumi_openai_admin.emulator.handlers.errors import Refused, from_validation, refused_route
from pulumi_openai_admin.emulator.server.openapi import add_operations

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.control.emulator import Emulator


def application(emulator: Emulator) -> FastAPI:
    """Give the control API of an emulator, and the page."""
    # no `docs_url`: FastAPI's page loads scripts from elsewhere, and ours lists the operations
    app = FastAPI(title="OpenAI Administration API, emulated", redirect_slashes=False, docs_url=None, redoc_url=None)
    describe_control = app.openapi

    def describe() -> dict[str, Any]:
        return add_operations(describe_control(), emulator.api.operations)

    app.openapi = describe  # type: ignore[method-assign]
    app.include_router(control_routes(emulator))
    app.add_api_route("/", _page, include_in_schema=False, response_model=None)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _no_route)
    return app


async def _page() -> Response:
    shown = page()
    return HTMLResponse(shown.html, headers=shown.headers)


def _response(refused: Refused) -> Response:
    reply = refused.reply()
    return Response(reply.body, reply.status, reply.headers, media_type=reply.content_type)


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101 - for the type checker: it is registered for this class
    return _response(error)


async def _invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    return _response(from_validation(error.errors()))


async def _no_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    allowed = (error.headers or {}).get("Allow", "")
    refused = refused_route(error.status_code, request.method, request.url.path, allowed)
    if error.status_code == HTTPStatus.NOT_FOUND:
        refused.message += f". The API begins at {BASE_PATH}, the control API at /_emulator; /openapi.json lists both."
    return _response(refused)
