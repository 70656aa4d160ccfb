"""The two ways in which the engine calls the verbs: the verbs themselves, and the service of the native provider."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from google.protobuf import json_format, struct_pb2
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2

from pulumi_openai_admin import errors
from pulumi_openai_admin.engine.wording import PULUMI
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.hosts.native.properties import token
from pulumi_openai_admin.hosts.native.servicer import Servicer
from pulumi_openai_admin.lifecycle import preview, run
from pulumi_openai_admin.lifecycle.apply import create, delete, update
from pulumi_openai_admin.lifecycle.check import check
from pulumi_openai_admin.lifecycle.diff import diff
from pulumi_openai_admin.lifecycle.read import adopt_by_id, read
from pulumi_openai_admin.lifecycle.run import operation
from pulumi_openai_admin.lifecycle.state import Inputs
from pulumi_openai_admin.resources import class_of
from pulumi_openai_admin.schema.shapes import UNKNOWN
from tests.host.provider_process import failure_of
from tests.simulation.cloud import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.lifecycle.run import Run

Bag = dict[str, Any]
REFERENCE = "unknown until the update"
"""Stands for what a preview does not know."""


class StepError(Exception):
    """A step failed; `id` and `outputs` are what the engine records of it."""

    def __init__(self, message: str, id_: str = "", outputs: Bag | None = None, *, is_bug: str = "") -> None:
        super().__init__(message)
        self.message, self.id, self.outputs, self.is_bug = message, id_, outputs, is_bug


@dataclass(frozen=True)
class Difference:
    """The answer of `Diff`."""

    changes: bool
    replaces: bool
    deletes_first: bool
    names: tuple[str, ...]


def _stored(values: Any) -> Bag:
    stored: Bag = json.loads(json.dumps(values))
    return stored


def _with(values: Any, unknown: Any) -> Any:
    """Values with a host's own marker for what is not known."""
    if values == REFERENCE:
        return unknown
    if isinstance(values, dict):
        return {name: _with(value, unknown) for name, value in values.items()}
    return [_with(value, unknown) for value in values] if isinstance(values, list) else values


@dataclass
class VerbsHost(run.Host):
    """Calls the verbs; the host of one operation, as the dynamic provider has it."""

    words = PULUMI
    kept: dict[str, tuple[str, Any]] = field(default_factory=dict)

    def keep_partial(self, id_: str, outputs: Any, error: Exception) -> bool:
        self.kept[self.urn] = id_, outputs.values
        return True

    @contextmanager
    def _of(self, urn: str) -> Iterator[VerbsHost]:
        host = VerbsHost(self.run, urn, setting=self.setting)
        try:
            yield host
        except errors.AdminError as error:
            id_, outputs = host.kept.get(urn, ("", None))
            raise StepError(host.describe(error), id_, outputs and _stored(outputs)) from error
        except Exception as error:
            raise StepError(str(error), is_bug=f"{type(error).__name__}{_place(error)}") from error

    def check(self, kind: str, urn: str, olds: Bag, news: Bag) -> tuple[Bag, list[str]]:
        news = _with(news, UNKNOWN)
        with self._of(urn) as host:
            checked = check(class_of(kind), host, olds, Inputs(news))
            return checked.inputs, [failure.reason for failure in checked.failures]

    def diff(self, kind: str, urn: str, id_: str, olds: Bag, old_inputs: Bag, news: Bag) -> Difference:
        of = class_of(kind)
        with self._of(urn) as host:
            found = diff(of, host, id_, olds, Inputs(news))
            changes = bool(found.inputs or found.replaces or found.is_due)
            first = of.handler.traits.deletes_before_replace
            return Difference(changes, bool(found.replaces), first, (*found.inputs, *found.replaces))

    def create(self, kind: str, urn: str, inputs: Bag, *, is_preview: bool = False) -> tuple[str, Bag]:
        with self._of(urn) as host:
            if is_preview:
                preview.before_create(class_of(kind), host, Inputs(inputs))
                return "", {}
            created = create(class_of(kind), host, Inputs(inputs))
            return created.id, _stored(created.outputs.values)

    def update(self, kind: str, urn: str, id_: str, olds: Bag, news: Bag, *, is_preview: bool = False) -> Bag:
        with self._of(urn) as host:
            if is_preview:
                preview.before_update(class_of(kind), host, id_, olds, Inputs(news))
                return {}
            return _stored(update(class_of(kind), host, id_, olds, Inputs(news)).values)

    def read(self, kind: str, urn: str, id_: str, olds: Bag, inputs: Bag) -> tuple[str, Bag, Bag]:
        with self._of(urn) as host:
            found = read(class_of(kind), host, id_, olds)
            if found is None:
                return "", {}, {}
            return id_, _stored(found.outputs.values), _stored(found.inputs)

    def delete(self, kind: str, urn: str, id_: str, olds: Bag) -> None:
        with self._of(urn) as host:
            delete(class_of(kind), host, id_, olds)

    def found(self, kind: str, urn: str, id_: str) -> tuple[str, Bag, Bag]:
        with self._of(urn) as host, operation(host) as client:
            adopted = adopt_by_id(class_of(kind), client, id_)
            return adopted.id, _stored(adopted.outputs.values), _stored(dict(adopted.inputs))


class _Aborted(Exception):
    """What gRPC raises when a call is aborted."""


class _Context:
    """The part of gRPC's context that the service uses."""

    def __init__(self) -> None:
        self.message, self.metadata = "", ()
        self._code: Any = None

    def abort(self, code: Any, message: str) -> None:
        self._code, self.message = code, message
        raise _Aborted(message)

    def code(self) -> Any:
        return self._code

    def set_trailing_metadata(self, metadata: Any) -> None:
        self.metadata = metadata

    def trailing_metadata(self) -> Any:
        return self.metadata

    def details(self) -> str:
        return self.message


class NativeHost:
    """Calls the service of the native provider with its messages."""

    def __init__(self, run: Run, settings: dict[str, object]) -> None:
        self._service = Servicer(settings=settings, run=run)

    def _call(self, verb: str, request: Any) -> Any:
        context = _Context()
        try:
            return getattr(self._service, verb)(request, context)
        except _Aborted:
            failure = failure_of(context, json_format.MessageToDict)  # type: ignore[arg-type] # what it reads
            is_bug = failure.message.partition(".")[0] if "This is an error in" in failure.message else ""
            raise StepError(failure.message, failure.id, failure.properties or None, is_bug=is_bug) from None

    @staticmethod
    def _struct(values: Bag) -> struct_pb2.Struct:
        return json_format.ParseDict(values, struct_pb2.Struct())

    def check(self, kind: str, urn: str, olds: Bag, news: Bag) -> tuple[Bag, list[str]]:
        inputs = _with(properties.from_inputs(class_of(kind).declaration, news), rpc.UNKNOWN)
        request = provider_pb2.CheckRequest(urn=_native(urn), olds=self._struct(olds), news=self._struct(inputs))
        reply = self._call("Check", request)
        return json_format.MessageToDict(reply.inputs), [failure.reason for failure in reply.failures]

    def diff(self, kind: str, urn: str, id_: str, olds: Bag, old_inputs: Bag, news: Bag) -> Difference:
        bags = {"olds": olds, "old_inputs": old_inputs, "news": news}
        structs = {name: self._struct(bag) for name, bag in bags.items()}
        reply = self._call("Diff", provider_pb2.DiffRequest(id=id_, urn=_native(urn), **structs))
        return Difference(reply.changes == 2, bool(reply.replaces), reply.deleteBeforeReplace, tuple(reply.diffs))

    def create(self, kind: str, urn: str, inputs: Bag, *, is_preview: bool = False) -> tuple[str, Bag]:
        request = provider_pb2.CreateRequest(urn=_native(urn), properties=self._struct(inputs), preview=is_preview)
        reply = self._call("Create", request)
        return reply.id, json_format.MessageToDict(reply.properties)

    def update(self, kind: str, urn: str, id_: str, olds: Bag, news: Bag, *, is_preview: bool = False) -> Bag:
        structs = {"olds": self._struct(olds), "news": self._struct(news)}
        request = provider_pb2.UpdateRequest(id=id_, urn=_native(urn), preview=is_preview, **structs)
        return json_format.MessageToDict(self._call("Update", request).properties)

    def read(self, kind: str, urn: str, id_: str, olds: Bag, inputs: Bag) -> tuple[str, Bag, Bag]:
        structs = {"properties": self._struct(olds), "inputs": self._struct(inputs)}
        reply = self._call("Read", provider_pb2.ReadRequest(id=id_, urn=_native(urn), **structs))
        return reply.id, json_format.MessageToDict(reply.properties), json_format.MessageToDict(reply.inputs)

    def delete(self, kind: str, urn: str, id_: str, olds: Bag) -> None:
        self._call("Delete", provider_pb2.DeleteRequest(id=id_, urn=_native(urn), properties=self._struct(olds)))

    def found(self, kind: str, urn: str, id_: str) -> tuple[str, Bag, Bag]:
        return self.read(kind, urn, id_, {}, {})


def _native(urn: str) -> str:
    """The URN of a resource of the native provider."""
    start, kind, name = urn.rsplit("::", 2)
    return f"{start}::{token(kind.rpartition(':')[2])}::{name}"


def _place(error: Exception) -> str:
    """Where in the package an exception was raised."""
    frame, found = error.__traceback__, ""
    while frame is not None:
        if "pulumi_openai_admin" in frame.tb_frame.f_code.co_filename:
            found = frame.tb_frame.f_code.co_qualname if hasattr(frame.tb_frame.f_code, "co_qualname") else ""
        frame = frame.tb_next
    return f" in {found}"


def settings(*, reads: bool) -> dict[str, object]:
    return {"openai-admin:adminApiKey": KEY, "openai-admin:previewReads": "true" if reads else "false"}


def plain(kind: str, values: Bag) -> Bag:
    """Inputs by the names of the declarations, whichever host they are from."""
    names = {field.name for field in class_of(kind).declaration.inputs}
    if all(name in names or name.startswith("__") for name in values) and not _has_camel_case(values):
        return values
    return properties.to_inputs(class_of(kind).declaration, properties.Decoded.of(NativeHost._struct(values)).values)


def _has_camel_case(value: Any) -> bool:
    """Return whether a nested property has a name of the native provider."""
    if isinstance(value, list):
        return any(map(_has_camel_case, value))
    return isinstance(value, dict) and any(key != key.lower() or _has_camel_case(item) for key, item in value.items())


def output(kind: str, values: Bag, name: str) -> Any:
    """An output by its name in the declaration."""
    if name in values:
        return values[name]
    decoded = properties.to_state(class_of(kind).declaration, properties.Decoded.of(NativeHost._struct(values)).values)
    return decoded.get(name)
