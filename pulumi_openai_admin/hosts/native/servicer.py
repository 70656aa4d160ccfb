"""The native provider's gRPC service: translates between the engine's messages and the verbs of `lifecycle`.

It does not use `pulumi.provider.experimental`, which can't record a step that failed half-way, fails on unknown values,
and serves one call at a time.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import traceback
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import grpc  # type: ignore[import-untyped]
from google.protobuf import empty_pb2
from pulumi.runtime import rpc
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc
from typing_extensions import override

from pulumi_openai_admin import config, errors, resources
from pulumi_openai_admin.engine.key_users import warn_of_same_key
from pulumi_openai_admin.engine.outputs import encode, wrap
from pulumi_openai_admin.engine.process import Engine, current
from pulumi_openai_admin.hosts.native import look_ups, native_host, properties
from pulumi_openai_admin.hosts.native.native_host import NativeHost, state_of
from pulumi_openai_admin.hosts.native.properties import MODULE, NOTHING, Decoded, camel, token
from pulumi_openai_admin.http.clock import Clock, nothing_sent
from pulumi_openai_admin.lifecycle import preview, state
from pulumi_openai_admin.lifecycle.apply import create, delete, preview_create, preview_update, update
from pulumi_openai_admin.lifecycle.check import DEFAULT_NAMING, Autonaming, Mode, check
from pulumi_openai_admin.lifecycle.diff import StateDifference, diff
from pulumi_openai_admin.lifecycle.read import adopt_by_id, read
from pulumi_openai_admin.lifecycle.run import Run, operation
from pulumi_openai_admin.lifecycle.state import Inputs
from pulumi_openai_admin.remedies import project_urls
from pulumi_openai_admin.schema.validation import normalized
from pulumi_openai_admin.similar import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from pulumi_openai_admin.resources.base import AdminResource

logger = logging.getLogger(__name__)

_ADD, _DELETE, _UPDATE = "ADD", "DELETE", "UPDATE"


def response(
    resource: type[AdminResource],
    difference: StateDifference,
    olds: Mapping[str, Any],
    old_inputs: Mapping[str, Any],
    news: Mapping[str, Any],
) -> Any:
    """The engine's message for a difference.

    Args:
        olds: The state.
        old_inputs: The inputs of the last update, or those that a refresh found.
        news: The inputs that the program sets now.
    """
    differing = sorted({*difference.inputs, *difference.replaces})
    detailed: dict[str, Any] = {}
    for name in differing:
        before, after = _value(resource, name, state.known(olds, name)), _value(resource, name, news.get(name))
        is_input = normalized(old_inputs.get(name)) != normalized(news.get(name))
        # Nothing differs inside if a refresh found what replaces the object.
        for path, kind in [*_paths(camel(name), before, after)] or [(camel(name), _UPDATE)]:
            named = f"{kind}_REPLACE" if name in difference.replaces else kind
            detailed[path] = provider_pb2.PropertyDiff(
                kind=provider_pb2.PropertyDiff.Kind.Value(named), inputDiff=is_input
            )
    answer = provider_pb2.DiffResponse
    return answer(
        changes=answer.DIFF_SOME if differing or difference.is_due else answer.DIFF_NONE,
        replaces=[camel(name) for name in difference.replaces],
        diffs=[camel(name) for name in differing],
        detailedDiff=detailed,
        hasDetailedDiff=bool(detailed),
        # Also for `replaceOnChanges` of the program.
        deleteBeforeReplace=difference.deletes_first or resource.handler.traits.deletes_before_replace,
    )


def _value(resource: type[AdminResource], name: str, value: Any) -> Any:
    """A value as the engine has it, with the properties of structures in its spelling."""
    return None if value is None else properties.from_inputs(resource.declaration, {name: value}).get(camel(name))


def _paths(path: str, before: Any, after: Any) -> Iterator[tuple[str, str]]:
    """The places where two values differ, and how; a list counts as one place."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}):
            if normalized(before.get(key)) != normalized(after.get(key)):
                yield from _paths(f"{path}{properties.key_in_path(key)}", before.get(key), after.get(key))
        return
    yield path, _ADD if before is None else _DELETE if after is None else _UPDATE


_BUG = "This is an error in pulumi-openai-admin. Please report it: %s"
_NEWER_SDK = (
    "The program uses version %s of the SDK, and the provider is version %s (%s): install version %s of the provider, "
    "or version %s of the SDK."
)


@cache
def schema() -> str:
    """The schema, as JSON, with the version of the installed package: `pulumi package add` needs one."""
    _, begin, rest = (files(__package__) / "schema.json").read_text(encoding="utf-8").partition("{")
    return f'{begin}"version": {json.dumps(version("pulumi-openai-admin"))},{rest}'  # reading all of it takes 20 ms


class EarlyCancellation(grpc.ServerInterceptor):  # type: ignore[misc] # gRPC has no types
    """Ends all waits when `Cancel` arrives. The call itself begins only when a thread is free, and all may be waiting.

    Args:
        clock: The clock of all operations.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def intercept_service(self, continuation: Callable[[Any], Any], handler_call_details: Any) -> Any:
        """Called by the thread that receives calls, before the call waits for a thread."""
        if handler_call_details.method.endswith("/Cancel"):
            self._clock.cancel()
        return continuation(handler_call_details)


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    """Serves one provider in one operation of the engine.

    Args:
        engine: None until the engine has said where it is.
        settings: The provider's configuration, by full name (`openai-admin:baseUrl`).
        run: What all calls have in common.
    """

    def __init__(
        self, engine: Engine | None = None, settings: Mapping[str, Any] | None = None, run: Run | None = None
    ) -> None:
        self.engine, self.run = engine, run or Run()
        self._settings = settings or {}
        self._reference = ""
        """How resources refer to the provider: its URN and its id. Empty until the engine has said it."""
        self._slots = threading.BoundedSemaphore(config.Settings.parallel)
        """Limits the operations that send requests."""

    def Handshake(self, request: Any, _context: Any) -> Any:
        """Learn where the engine is."""
        self.engine = Engine.at(request.engine_address) or self.engine
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=True, accept_outputs=True, supports_autonaming_configuration=True
        )

    def Attach(self, request: Any, _context: Any) -> Any:
        """Learn where the engine is, if it did not start this process (PULUMI_DEBUG_PROVIDERS)."""
        self.engine = Engine.at(request.address) or self.engine
        return empty_pb2.Empty()

    def GetPluginInfo(self, _request: Any, _context: Any) -> Any:
        """The version of the package."""
        return plugin_pb2.PluginInfo(version=version("pulumi-openai-admin"))

    def GetSchema(self, _request: Any, _context: Any) -> Any:
        """The schema, from which Pulumi generates the SDKs."""
        return provider_pb2.GetSchemaResponse(schema=schema())

    def Parameterize(self, _request: Any, context: Any) -> Any:
        """Refused: the package has one form."""
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "openai-admin takes no parameters. Use it without them.")

    def CheckConfig(self, request: Any, context: Any) -> Any:
        """Check the provider's settings. A key is not needed yet: most previews send no requests."""
        with self._serving(request, context):
            given = Decoded.of(request.news)
            if wrong := native_host.failures(request.urn, given.values):
                found = [_check_failure(name, reason, given) for name, reason in wrong.items()]
                return provider_pb2.CheckResponse(inputs=request.news, failures=found)
            key, is_of_stack = native_host.SECRET, config.OF_PROVIDER not in native_host.named(request.urn, {})
            if is_of_stack and isinstance(given.values.get(key), str) and key not in given.secrets:
                logger.warning("%s", config.PLAIN_KEY)
            inputs = {
                name: wrap(value) if name == key else given.mark(name, value) for name, value in given.values.items()
            }
            return provider_pb2.CheckResponse(inputs=encode(inputs))

    def DiffConfig(self, request: Any, context: Any) -> Any:
        """Return whether settings differ. No setting replaces a resource, so a key can be changed at any time."""
        with self._serving(request, context):
            before, after = (Decoded.of(values).values for values in (request.olds, request.news))
            differing = native_host.differing(before, after)
            changes = provider_pb2.DiffResponse.DIFF_SOME if differing else provider_pb2.DiffResponse.DIFF_NONE
            return provider_pb2.DiffResponse(changes=changes, diffs=differing)

    def Configure(self, request: Any, context: Any) -> Any:
        """Store the settings. The key is read at the first request."""
        with self._serving(request, context):
            self._reference = f"{request.urn}::{request.id}" if request.urn and request.id else ""
            values = Decoded.of(request.args).values
            if newer := native_host.newer_sdk(values, own := version("pulumi-openai-admin")):
                logger.warning(_NEWER_SDK, newer, own, sys.argv[0], newer, own)
            self._settings = native_host.named(request.urn, values)
            warn_of_same_key(self.engine, self._settings.get)
            self._slots = threading.BoundedSemaphore(native_host.parallel(self._settings))
            return provider_pb2.ConfigureResponse(
                acceptSecrets=True, supportsPreview=True, acceptOutputs=True, supports_autonaming_configuration=True
            )

    @override
    def Check(self, request: Any, context: Any) -> Any:
        given, old = Decoded.of(request.news), Decoded.of(request.olds)
        with self._serving(request, context, given) as (host, resource):
            olds = properties.to_inputs(resource.declaration, old.values)
            inputs = _inputs(resource, given)
            autonaming, asked = DEFAULT_NAMING, request.autonaming
            if request.HasField("autonaming"):  # the engine has resolved all expressions of a pattern
                autonaming = Autonaming(Mode(asked.Mode.Name(asked.mode)), asked.proposed_name)
            checked = check(resource, host, olds, inputs, autonaming)
            wrong = properties.wrong_names(resource.declaration, given.values)
            found = [_check_failure("", reason, given) for reason in wrong]
            found += [
                _check_failure(camel(failure.property), host.respell(failure.reason), given)
                for failure in preview.with_nearest(resource, host, inputs, checked.failures)
            ]
            if found:
                return provider_pb2.CheckResponse(inputs=request.news, failures=found)
            marked = _marked_inputs(resource, checked.inputs, given.over(old))  # an old name may be kept
            return provider_pb2.CheckResponse(inputs=encode(marked))

    @override
    def Diff(self, request: Any, context: Any) -> Any:
        given = Decoded.of(request.news)
        with self._serving(request, context, given) as (host, resource):
            news, olds = _inputs(resource, given), _state(resource, request.olds)
            difference = diff(resource, host, request.id, olds, news)
            old_inputs = properties.to_inputs(resource.declaration, Decoded.of(request.old_inputs).values)
            if not (difference.inputs or difference.replaces or difference.is_due):
                self._ask(lambda: preview.before_update(resource, host, request.id, olds, news, changes=False))
            return response(resource, difference, olds, old_inputs, news.values)

    @override
    def Create(self, request: Any, context: Any) -> Any:
        given = Decoded.of(request.properties)
        with self._serving(request, context, given) as (host, resource):
            inputs = _inputs(resource, given)
            if request.preview:
                preview.suggest(host)
                self._ask(lambda: preview.before_create(resource, host, inputs))
                outputs = preview_create(resource, inputs)
                return provider_pb2.CreateResponse(properties=encode(_preview(resource, outputs, given)))
            with self._sending():
                created = create(resource, host, inputs)
            state = encode(state_of(resource, created.outputs, given))
            return provider_pb2.CreateResponse(id=created.id, properties=state)

    @override
    def Update(self, request: Any, context: Any) -> Any:
        given = Decoded.of(request.news)
        with self._serving(request, context, given) as (host, resource):
            inputs, olds = _inputs(resource, given), _state(resource, request.olds)
            if request.preview:
                self._ask(lambda: preview.before_update(resource, host, request.id, olds, inputs))
                outputs = preview_update(resource, host, request.id, olds, inputs)
                return provider_pb2.UpdateResponse(properties=encode(_preview(resource, outputs, given)))
            with self._sending():
                outputs = update(resource, host, request.id, olds, inputs)
            return provider_pb2.UpdateResponse(properties=encode(state_of(resource, outputs, given)))

    def Read(self, request: Any, context: Any) -> Any:
        """See `lifecycle.read`.

        Without a state the engine imports the object, with inputs with which the first preview is clean.
        """
        given = Decoded.of(request.properties)
        with self._serving(request, context, given) as (host, resource), self._sending():
            if not given.values:
                with operation(host) as client:
                    adopted = adopt_by_id(resource, client, request.id)
                self.run.imported.add((host.urn, adopted.id))
                inputs = _marked_inputs(resource, adopted.inputs, NOTHING)
                state = encode(state_of(resource, adopted.outputs))
                return provider_pb2.ReadResponse(id=adopted.id, properties=state, inputs=encode(inputs))
            olds = properties.to_state(resource.declaration, given.values)
            found = read(resource, host, request.id, olds)
            if found is None:
                return provider_pb2.ReadResponse()
            inputs = _marked_inputs(resource, found.inputs or {}, Decoded.of(request.inputs))
            state = encode(state_of(resource, found.outputs, given))
            return provider_pb2.ReadResponse(id=request.id, properties=state, inputs=encode(inputs))

    @override
    def Delete(self, request: Any, context: Any) -> Any:
        with self._serving(request, context) as (host, resource), self._sending():
            delete(resource, host, request.id, _state(resource, request.properties))
            return empty_pb2.Empty()

    def Construct(self, request: Any, context: Any) -> Any:
        """Register the resources of a component."""
        with self._serving(request, context):
            from pulumi_openai_admin.hosts.native import component  # noqa: PLC0415 - most programs declare none

            engine = self.engine
            return component.construct(request, engine.address if engine else "", self._reference)

    def Invoke(self, request: Any, context: Any) -> Any:
        """Run a provider function."""
        look_up = look_ups.by_token().get(request.tok)
        names = [parameter.name for parameter in look_up.asked] if look_up else []
        with self._serving(request, context, names=names) as (host, _), self._sending():
            found = look_ups.invoke(host, request.tok, Decoded.of(request.args).values)
            response = provider_pb2.InvokeResponse()
            getattr(response, "return").CopyFrom(encode(found))
            return response

    def List(self, request: Any, context: Any) -> Iterator[Any]:
        """List the objects of a kind."""
        with self._serving(request, context) as (host, _), self._sending():
            query = Decoded.of(request.query).values
            for id_, name in look_ups.ids(host, request.token, query, request.limit):
                yield provider_pb2.ListResponse(result=provider_pb2.ListResponse.Result(id=id_, name=name))

    def Cancel(self, _request: Any, _context: Any) -> Any:
        """End all waits at once; `EarlyCancellation` has done it. Requests that were sent are not interrupted."""
        self.run.clock.cancel()
        return empty_pb2.Empty()

    def GetMapping(self, _request: Any, _context: Any) -> Any:
        """Empty: the package does not come from a Terraform provider."""
        return provider_pb2.GetMappingResponse()

    def GetMappings(self, _request: Any, _context: Any) -> Any:
        """Empty: see `GetMapping`."""
        return provider_pb2.GetMappingsResponse()

    def _ask(self, ask: Callable[[], None]) -> None:
        """Ask OpenAI in a preview, if the provider is set to."""
        if config.reads_in_preview(self._settings.get):
            with self._sending():
                ask()

    @contextmanager
    def _sending(self) -> Iterator[None]:
        """Wait until an operation may send requests. After a cancellation none begins."""
        slots, clock, host = self._slots, self.run.clock, current.get()
        ends = clock.monotonic() + ((host.timeout if host else 0) or float("inf"))
        if not clock.wait_until(lambda seconds: slots.acquire(timeout=seconds), lambda: ends - clock.monotonic()):
            raise nothing_sent("customTimeouts", clock)
        try:
            if clock.is_cancelled():
                raise nothing_sent("", clock)
            yield
        finally:
            slots.release()

    @contextmanager
    def _serving(
        self, request: Any, context: Any, given: Decoded = NOTHING, names: Collection[str] = ()
    ) -> Iterator[tuple[NativeHost, Any]]:
        """Serve one call: errors of this package become their message, and others a message that asks for a report.

        Gives the host of the verbs, and the class of the resource (None if the call is about no resource).
        """
        urn, timeout = getattr(request, "urn", ""), getattr(request, "timeout", 0)
        host = NativeHost(self.run, urn, timeout, self._settings.get, self.engine, context, None, given, names)
        of_call = current.set(host)
        try:
            host.resource = _resource(urn)
            yield host, host.resource
        except errors.AdminError as error:
            context.abort(grpc.StatusCode.UNKNOWN, host.describe(error))
        except Exception as error:
            if context.code() is not None:  # `abort` raises an exception without a specific type
                raise
            logger.debug("%s", traceback.format_exc())
            place = traceback.extract_tb(error.__traceback__)[-1]
            what = f"{type(error).__name__} in {os.path.basename(place.filename)}:{place.lineno}"  # noqa: PTH119
            context.abort(grpc.StatusCode.UNKNOWN, f"{what}. {_BUG % project_urls()['Issues']}")
        finally:
            current.reset(of_call)


def _resource(urn: str) -> type[AdminResource] | None:
    """The class of a resource, from its URN: `urn:pulumi:dev::shop::openai-admin:index:Project::team`."""
    if not urn:
        return None
    type_ = urn.split("::")[2].rpartition("$")[2]
    module, _, name = type_.rpartition(":")
    if module == "pulumi:providers":
        return None
    if module != MODULE or name not in resources.ALL:
        question = did_you_mean(name, resources.ALL, spelled=token)
        what = f"Version {version('pulumi-openai-admin')} of openai-admin has no resource of the type {type_!r}"
        advice = "Correct the type in the program, or install a version of the provider that has it."
        raise errors.ConfigurationError(what, f"{question} {advice}".lstrip())
    return resources.class_of(name)


def _inputs(resource: type[AdminResource], given: Decoded) -> Inputs:
    values = properties.to_inputs(resource.declaration, given.values)
    return Inputs(values, [name for name in values if camel(name) in given.secrets])


def _state(resource: type[AdminResource], struct: Any) -> dict[str, Any]:
    return properties.to_state(resource.declaration, Decoded.of(struct).values)


def _marked_inputs(resource: type[AdminResource], inputs: Mapping[str, Any], given: Decoded) -> dict[str, Any]:
    """Inputs for the engine: secret where the program marks them, and where a field always is."""
    values = properties.from_inputs(resource.declaration, inputs)
    always = {camel(field.name) for field in resource.declaration.inputs if field.is_secret}
    return {name: wrap(value) if name in always else given.mark(name, value) for name, value in values.items()}


def _preview(resource: type[AdminResource], outputs: Any, given: Decoded) -> dict[str, Any]:
    """The properties that are known, and the marker of an unknown value for all others."""
    known = {name: value for name, value in state_of(resource, outputs, given).items() if not name.startswith("__")}
    unknown = {
        camel(field.name): wrap(rpc.UNKNOWN) if field.is_secret else rpc.UNKNOWN
        for field in resource.declaration.fields.values()
    }
    return {**unknown, **known}


def _check_failure(name: str, reason: str, given: Decoded) -> Any:
    """An error in one of the inputs, with the name of the property if it has a value that can't be a secret.

    The engine prints the value beside the name. A key may be in the wrong property, and there may be no value.
    """
    can_be_shown = isinstance(given.values.get(name), bool | int | float) and name not in given.secrets
    return provider_pb2.CheckFailure(property=name if can_be_shown else "", reason=reason)
