"""The API: finds the operation for a method and a path, checks the request, and returns the response."""

from __future__ import annotations

import re
import sys
import traceback
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json, to_json

from pulumi_openai_admin.emulator.defaults import BASE_PATH
from pulumi_openai_admin.emulator.handlers.errors import Refused, Reply, from_validation
from pulumi_openai_admin.emulator.handlers.kind import PARAMETER, Actor, Operation, Request
from pulumi_openai_admin.emulator.store.identifiers import masked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pulumi_openai_admin.emulator.handlers.kind import Kind, Organization


@dataclass(frozen=True)
class Match:
    """The operation that a call asks for, and the ids in its path."""

    operation: Operation
    ids: Mapping[str, str]


class Router:
    """Finds the operation of a call by one regular expression of all paths, in which names come before ids."""

    def __init__(self, operations: Iterable[Operation], base: str) -> None:
        """Build the expression. `base` is where the paths begin, for messages."""
        self._base = base
        by_path: dict[str, dict[str, Operation]] = {}
        for operation in operations:
            methods = by_path.setdefault(PARAMETER.sub("~", operation.path), {})
            if methods.setdefault(operation.method, operation) is not operation:
                raise ValueError(f"two operations answer {operation.method} {operation.path}")
        self._methods: dict[int, Mapping[str, Operation]] = {}
        """By the number of the group that matches."""
        patterns, group = [], 1
        for path in sorted(by_path):
            patterns.append(f"({re.escape(path)})".replace(re.escape("~"), "([^/]+)"))
            self._methods[group] = by_path[path]
            group += 1 + path.count("~")
        self._pattern = re.compile("|".join(patterns))

    def needs_project_key(self, path: str) -> bool:
        """Return whether a path takes the API key of a project; a path that nothing has takes an Admin API key."""
        methods, _ = self._at(path)
        return any(operation.kind.needs_project_key for operation in methods.values())

    def find(self, method: str, path: str) -> Match:
        """Find the operation of a call, or refuse the call as OpenAI does."""
        methods, values = self._at(path)
        where = self._base + path
        if not methods:
            raise Refused(404, f"Invalid URL ({method} {where})", code="unknown_url")
        if method not in methods:
            allowed = {"allow": ", ".join(methods)}  # RFC 9110 requires it
            raise Refused(405, f"Not allowed to {method} on {where}", code="method_not_supported", headers=allowed)
        operation = methods[method]
        return Match(operation, dict(zip(operation.parameters, values, strict=True)))

    def _at(self, path: str) -> tuple[Mapping[str, Operation], Sequence[str]]:
        """Find the operations at a path by their methods, and the ids in the path."""
        found = self._pattern.fullmatch(path)
        if found is None or found.lastindex is None:
            return {}, ()
        values = [value for value in found.groups()[found.lastindex :] if value is not None]
        return self._methods[found.lastindex], values


class Api:
    """An API: finds the operation of a call, and carries it out."""

    def __init__(self, organization: Organization, kinds: Iterable[Kind], base: str = BASE_PATH) -> None:
        self.organization = organization
        self.operations = [operation for kind in kinds for operation in kind.operations()]
        self.router = Router(self.operations, base)

    def answer(self, match: Match, query: str, body: bytes, actor: Actor) -> Reply:
        """Carry out one call, all of it or nothing."""
        operation = match.operation
        try:
            read, sent = read_query(operation, query), read_body(operation, body)
            ids = match.ids
            if operation.kind.needs_project_key:
                ids = {**ids, "project_id": actor.project_id}
            request = Request(self.organization, operation, ids, read, sent, actor)
            with nullcontext() if operation.in_thread else self.organization.store.transaction():
                if ids.keys() >= {*operation.kind.path_names}:
                    operation.kind.require_parent(request)
                content = operation.answer(request)
        except Refused as refused:
            return refused.reply()
        except Exception:  # noqa: BLE001 - a bug in the emulator is answered as OpenAI answers its own
            print(masked(traceback.format_exc()), file=sys.stderr, end="")  # noqa: T201 - for a bug report
            return Refused(500, "The emulator failed; see its standard error.", kind="server_error").reply()
        if isinstance(content, Reply):
            return content
        # several times as fast as `json`: a page of rate limits spent more time there than anywhere else
        return Reply(self.organization.behavior.created_status if operation.creates else 200, to_json(content))


def read_query(operation: Operation, text: str) -> BaseModel:
    """Check a query string."""
    try:
        return operation.query.model_validate(operation.query.read(text))
    except ValidationError as error:
        raise from_validation(error.errors()) from error


def read_body(operation: Operation, body: bytes) -> BaseModel:
    """Check a request body. `GET` and `DELETE` have none; what is sent with them is ignored.

    Some clients send `null` where a call needs no body: that is an empty one.
    """
    if operation.method in ("GET", "DELETE") or (operation.takes_no_body and body.strip() in (b"", b"null")):
        return operation.body()
    if not body:
        raise Refused(400, "Missing required request body.")
    try:
        return operation.body.model_validate_json(body)
    except ValidationError as error:
        problems = error.errors()
        sent = None if problems[0]["type"] == "json_invalid" else from_json(body)
        items = {name: get_args(field.annotation)[:1] for name, field in operation.body.model_fields.items()}
        objects = [
            name for name, inner in items.items() for of in inner if isinstance(of, type) and issubclass(of, BaseModel)
        ]
        raise from_validation(problems, sent, objects) from error
