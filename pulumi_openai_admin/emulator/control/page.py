"""What a browser gets: the page of `GET /`, and the OpenAPI document of all operations that it lists.

The page is one document with its style and its script in it, which calls the emulator only. What the organization holds
is not in it: the script reads that from the control API, and inserts it as text only.
"""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

from pulumi_openai_admin.emulator.defaults import BASE_PATH
from pulumi_openai_admin.emulator.handlers.bodies import NoBody
from pulumi_openai_admin.emulator.handlers.errors import Reply
from pulumi_openai_admin.emulator.handlers.kind import CONTROL_PATH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_openai_admin.emulator.handlers.bodies import Query
    from pulumi_openai_admin.emulator.handlers.kind import Operation


_FOLDER = resources.files("pulumi_openai_admin.emulator") / "page"


def page() -> Reply:
    """Put the page together, with the headers that keep everything else out of it."""
    style, script = _text("page.css"), _text("page.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    headers = {
        "content-security-policy": policy,
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
    }
    html = _text("page.html").replace("/* style */", style).replace("/* script */", script)
    return Reply(200, html.encode(), headers, "text/html; charset=utf-8")


def _text(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Name a text as a Content-Security-Policy does."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


_REFERENCE = "#/components/schemas/{model}"


def described(operations: Sequence[Operation]) -> dict[str, Any]:
    """Describe operations in OpenAPI, from their declarations."""
    bodies = {operation.body for operation in operations if operation.body is not NoBody}
    models = [(body, "validation") for body in sorted(bodies, key=lambda body: body.__name__)]
    schemas, definitions = models_json_schema(models, ref_template=_REFERENCE)  # type: ignore[arg-type]
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        body = schemas.get((operation.body, "validation"))
        base = "" if operation.path.startswith(CONTROL_PATH) else BASE_PATH
        paths.setdefault(base + operation.path, {})[operation.method.lower()] = _operation(operation, body)
    return {
        "openapi": "3.1.0",
        "info": {"title": "OpenAI Administration API, emulated", "version": "0.1.0"},
        "paths": paths,
        "components": {"schemas": definitions.get("$defs", {})},
    }


def _operation(operation: Operation, body: dict[str, Any] | None) -> dict[str, Any]:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in operation.parameters
    ]
    described: dict[str, Any] = {
        "tags": [operation.kind.title],
        "summary": f"{operation.verb.replace('_', ' ').capitalize()}: {operation.kind.title}",
        "description": operation.answer.__doc__ or "",
        "operationId": f"{operation.kind.name}.{operation.verb}",
        "parameters": [*in_path, *_in_query(operation.query)],
        "responses": {"200": {"description": "Done."}},
    }
    if body is not None:
        content = {"application/json": {"schema": body}}
        described["requestBody"] = {"required": not operation.takes_no_body, "content": content}
    return described


def _in_query(query: type[Query]) -> list[dict[str, Any]]:
    schema = query.model_json_schema(ref_template=_REFERENCE)
    needed = schema.get("required", [])
    found = []
    for name, described in schema.get("properties", {}).items():
        inlined = schema["$defs"][described["$ref"].rpartition("/")[2]] if "$ref" in described else described
        found.append({"name": name, "in": "query", "required": name in needed, "schema": inlined})
    return found
