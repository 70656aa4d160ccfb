"""The API: finds the operation for a method and a path, checks the request, and returns the response."""

from __future__ import annotations

import sys
import traceback
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json, to_json

from pulumi_openai_admin.emulator.defaults import BASE_PATH
from pulumi_openai_admin.emulator.handlers.errors import Refused, Reply, from_validation, refused_route
from pulumi_openai_admin.emulator.handlers.kind import Actor, Operation, Request
from pulumi_openai_admin.emulator.store.identifiers import masked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_openai_admin.emulator.handlers.kind import Kind, Organization


@dataclass
class _Node:
    """The operations of one path, and what may follow it."""

    operations: dict[str, Operation] = field(default_factory=dict)
    named: dict[str, _Node] = field(default_factory=dict)
    any: _Node | None = None


@dataclass(frozen=True)
class Match:
    """The operation that a call asks for, and the ids in its path."""

    operation: Operation
    ids: Mapping[str, str]

    @property
    def needs_project_key(self) -> bool:
        """Return whether the call takes the API key of a project."""
        return self.operation.kind.needs_project_key


class Router:
    """A tree of paths: a call goes down it once, however many operations there are."""

    def __init__(self, operations: Iterable[Operation], base: str) -> None:
        """Build the tree. `base` is where the paths begin, for messages."""
        self._root = _Node()
        self._base = base
        for operation in operations:
            node = self._root
            for part in _parts(operation.path):
                if part.startswith("{"):
                    node.any = node.any or _Node()
                    node = node.any
                else:
                    node = node.named.setdefault(part, _Node())
            if operation.method in node.operations:
                raise ValueError(f"two operations answer {operation.method} {operation.path}")
            node.operations[operation.method] = operation

    def needs_project_key(self, path: str) -> bool:
        """Return whether a path takes the API key of a project; a path that nothing has takes an Admin API key."""
        node, _ = self._node(path)
        return node is not None and any(operation.kind.needs_project_key for operation in node.operations.values())

    def find(self, method: str, path: str) -> Match:
        """Find the operation of a call, or refuse the call as OpenAI does."""
        node, values = self._node(path)
        if node is None or not node.operations:
            raise refused_route(404, method, self._base + path)
        operation = node.operations.get(method)
        if operation is None:
            raise refused_route(405, method, self._base + path, ", ".join(node.operations))
        return Match(operation, dict(zip(operation.parameters, values, strict=True)))

    def _node(self, path: str) -> tuple[_Node | None, list[str]]:
        """Find the node of a path, and the ids in the path."""
        node: _Node | None = self._root
        values = []
        for part in _parts(path):
            if node is None:
                break
            child = node.named.get(part)
            if child is None and part:
                values.append(part)
                child = node.any
            node = child
        return node, values


def _parts(path: str) -> list[str]:
    return path.removeprefix("/").split("/")


class Api:
    """An API: finds the operation of a call, and carries it out."""

    def __init__(self, organization: Organization, kinds: Iterable[Kind], base: str = BASE_PATH) -> None:
        """Serve the operations of these kinds from one organization."""
        self.organization = organization
        self.operations = [operation for kind in kinds for operation in kind.operations()]
        self.router = Router(self.operations, base)

    def answer(self, match: Match, query: str, body: bytes, actor: Actor) -> Reply:
        """Carry out one call, all of it or nothing."""
        operation = match.operation
        try:
            read, sent = read_query(operation, query), read_body(operation, body)
            ids = {**match.ids, "project_id": actor.project_id} if match.needs_project_key else match.ids
            request = Request(self.organization, operation, ids, read, sent, actor)
            with nullcontext() if operation.in_thread else self.organization.store.transaction():
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
        is_json = problems[0]["type"] != "json_invalid"
        raise from_validation(
            problems, from_json(body) if is_json else None, _lists_of_objects(operation.body)
        ) from error


def _lists_of_objects(body: type[BaseModel]) -> frozenset[str]:
    """The fields of a body that take a list of objects."""
    items = {name: get_args(field.annotation) for name, field in body.model_fields.items()}
    return frozenset(
        name for name, of in items.items() if of and isinstance(of[0], type) and issubclass(of[0], BaseModel)
    )
