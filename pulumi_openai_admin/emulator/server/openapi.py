"""The OpenAPI document of the emulator's operations, from the declarations: `GET /openapi.json`, listed on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

from pulumi_openai_admin.emulator.defaults import BASE_PATH
from pulumi_openai_admin.emulator.handlers.body import NoBody

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_openai_admin.emulator.handlers.body import Query
    from pulumi_openai_admin.emulator.handlers.operation import Operation

_REFERENCE = "#/components/schemas/{model}"


def add_operations(document: dict[str, Any], operations: Sequence[Operation]) -> dict[str, Any]:
    """Add the operations of the API to the document of the control API."""
    bodies = {operation.body for operation in operations if operation.body is not NoBody}
    models = [(body, "validation") for body in sorted(bodies, key=lambda body: body.__name__)]
    schemas, definitions = models_json_schema(models, ref_template=_REFERENCE)  # type: ignore[arg-type]
    document.setdefault("components", {}).setdefault("schemas", {}).update(definitions.get("$defs", {}))
    for operation in operations:
        body = schemas.get((operation.body, "validation"))
        path = document.setdefault("paths", {}).setdefault(BASE_PATH + operation.path, {})
        path[operation.method.lower()] = _operation(operation, body)
    return document


def _operation(operation: Operation, body: dict[str, Any] | None) -> dict[str, Any]:
    described: dict[str, Any] = {
        "tags": [operation.kind.title],
        "summary": f"{operation.verb.replace('_', ' ').capitalize()}: {operation.kind.title}",
        "description": operation.answer.__doc__ or "",
        "operationId": f"{operation.kind.name}.{operation.verb}",
        "parameters": [*map(_in_path, operation.parameters), *_in_query(operation.query)],
        "responses": {"200": {"description": "Done."}},
    }
    if body is not None:
        content = {"application/json": {"schema": body}}
        described["requestBody"] = {"required": not operation.takes_no_body, "content": content}
    return described


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _in_query(query: type[Query]) -> list[dict[str, Any]]:
    schema = query.model_json_schema(ref_template=_REFERENCE)
    needed = schema.get("required", [])
    found = []
    for name, described in schema.get("properties", {}).items():
        inlined = schema["$defs"][described["$ref"].rpartition("/")[2]] if "$ref" in described else described
        found.append({"name": name, "in": "query", "required": name in needed, "schema": inlined})
    return found
