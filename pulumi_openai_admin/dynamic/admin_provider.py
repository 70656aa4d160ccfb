"""Pulumi's verbs, served for any resource: what is special about one stands in its declaration and endpoint."""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

from pulumi_openai_admin import errors
from pulumi_openai_admin.dynamic import engine_command, host, secrets
from pulumi_openai_admin.lifecycle import claims, state
from pulumi_openai_admin.printable import printable
from pulumi_openai_admin.schema import validation
from pulumi_openai_admin.schema.fields import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from pulumi_openai_admin.dynamic.resource import AdminResource
    from pulumi_openai_admin.handlers.handler import Remote
    from pulumi_openai_admin.http.client import Client
    from pulumi_openai_admin.schema.fields import Field

logger = logging.getLogger("pulumi_openai_admin")

_UNKNOWN_YET: Mapping[str, Any] = MappingProxyType({})


class AdminProvider(ResourceProvider):
    """Serves check, diff, create, read, update and delete for one resource class.

    Every stack's state holds a pickled provider for each resource: a reference to this class and to the
    resource's, and nothing else. Their module and class names are therefore for ever.
    """

    def __init__(self, resource: type[AdminResource]) -> None:
        super().__init__()
        self._resource = resource
        self._stack_config: Callable[[str], object] = dict[str, object]().get

    def __reduce__(self) -> tuple[type[AdminProvider], tuple[type[AdminResource]]]:
        return AdminProvider, (self._resource,)

    def configure(self, req: ConfigureRequest) -> None:
        """Keep the stack's configuration; a key is asked for at the first request, since previews need none."""
        self._stack_config = req.config.get
        host.install()

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Tell bad input before anything is sent."""
        given = state.to_inputs(self._resource.declaration, news)
        secret = news.get(secrets.NAMES) or ()
        faults = validation.faults(self._resource.declaration, given, secret)
        faults += [fault for rule in self._resource.rules if (fault := rule.fault(self._resource.declaration, given))]
        if not faults:
            expanded = self._resource.handler.expand(validation.normalized(_olds), given)
            faults += self._claim(expanded)
            given = secrets.hide_added(expanded, given, secret)
        if secret:
            given[secrets.NAMES] = secret
        if news.get(state.ENDS_WITH_PARENT):
            given[state.ENDS_WITH_PARENT] = True
        # No property is named to the engine: it would print the property's value beside the reason.
        return CheckResult(given, [CheckFailure("", printable(fault)) for fault in faults])

    def _claim(self, given: dict[str, Any], document: Mapping[str, Any] = _UNKNOWN_YET) -> list[str]:
        """Register what the resource manages; what is wrong if another one of the program does, too."""
        declaration = self._resource.declaration
        parents = {field.wire: given.get(field.name) for field in declaration.with_role(Role.PATH)}
        if validation.is_unknown(parents) or None in parents.values():
            return []
        claim = self._resource.handler.claim(parents, state.to_wanted(declaration, given), document)
        with host.serving():
            fault = claims.register(host.urn(), claim) if claim else None
        return [fault] if fault else []

    def _refuse_if_claimed(self, given: dict[str, Any], document: Mapping[str, Any]) -> None:
        """Stop before anything is written where the object turns out to be another resource's."""
        for fault in self._claim(given, document):
            raise errors.ConfigurationError(fault.removesuffix("."))

    def _warn_if_claimed(self, given: dict[str, Any], document: Mapping[str, Any]) -> None:
        """Say in the preview what would stop the update. No error: a refresh asks for differences, too."""
        for fault in self._claim(given, document):
            with host.serving():
                logger.warning("%s", fault)

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Say whether anything differs, and whether it takes another object.

        Where inputs differ the answer is "look yourself" (`None`): then the engine compares the inputs and
        shows the user those that differ, and nothing else.
        """
        left_to_do = state.unfinished(_olds)
        if left_to_do:
            with host.serving():
                logger.warning("Something is left to do here, which `pulumi up` does: %s", " ".join(left_to_do))
        replaces = [
            field.name for field in self._resource.declaration.inputs if self._takes_another(field, _olds, _news)
        ]
        if replaces:
            self._tell_replacement(_id, _olds)
        self._warn_if_claimed(_news, state.to_document(self._resource.declaration, _olds))
        if left_to_do or self._is_disclosed(_olds, _news):
            return DiffResult(changes=True, replaces=replaces)
        return DiffResult(changes=None if replaces or self._differs(_olds, _news) else False, replaces=replaces)

    def _takes_another(self, field: Field[Any, Any], olds: dict[str, Any], news: dict[str, Any]) -> bool:
        """Whether the new inputs mean an object that the old one can't become."""
        if news.get(field.name) is not None:
            return field.replaces.on_change and self._is_other(field.name, olds, news)
        return field.replaces.on_removal and field.name in (state.managed_inputs(olds) or ())

    def _tell_replacement(self, id_: str, olds: dict[str, Any]) -> None:
        note = self._resource.handler.replacement_note(self._remote(id_, olds).attributes)
        if note:
            with host.serving():
                logger.warning("%s", note)

    @staticmethod
    def _is_other(name: str, olds: dict[str, Any], news: dict[str, Any]) -> bool:
        new = news.get(name)
        return new is not None and (validation.is_unknown(new) or validation.normalized(new) != state.known(olds, name))

    def _differs(self, olds: dict[str, Any], news: dict[str, Any]) -> bool:
        given = set(state.given(self._resource.declaration, news))
        return state.managed_inputs(olds) != given or any(self._is_other(name, olds, news) for name in given)

    def _is_disclosed(self, olds: dict[str, Any], news: dict[str, Any]) -> bool:
        """Whether the state holds settings in plain text, in what the endpoint remembers, that are secret now."""
        secret = {*(news.get(secrets.NAMES) or ())} - {*state.secret_inputs(olds)}
        settings = {field.name for field in self._resource.declaration.with_role(Role.ARGUMENT)}
        return self._resource.handler.remembers_settings and not secret.isdisjoint(settings)

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Make the object, or begin to look after an existing one."""
        remote = state.new_remote(self._resource.declaration, props)
        outputs = self._carry_out(self._resource.handler.create, remote, props, ())
        return CreateResult(state.make_id(self._resource.declaration, remote), self._marked(outputs))

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Change the object in place."""
        remote = self._remote(_id, _olds)
        managed = state.managed_inputs(_olds) or ()
        return UpdateResult(self._marked(self._carry_out(self._resource.handler.update, remote, _news, managed)))

    def _marked(self, outputs: dict[str, Any]) -> dict[str, Any]:
        """The outputs with their secrets marked: a program's transformation may drop `additional_secret_outputs`."""
        secret = state.secret_inputs(outputs)
        hidden = self._resource.declaration.hidden(secret) | ({state.MANAGED} if secret else set())
        return {name: secrets.wrap(value) if name in hidden else value for name, value in outputs.items()}

    def _carry_out(
        self, step: Callable[..., None], remote: Remote, inputs: dict[str, Any], managed: Collection[str]
    ) -> dict[str, Any]:
        """Run a step that changes something; what it did before it failed goes into the state all the same.

        Args:
            step: The handler's `create` or `update`.
            remote: The object.
            inputs: What the program sets.
            managed: What it set before: after a failure the next run unsets what is not set any more.
        """
        declaration = self._resource.declaration
        given = state.given(declaration, inputs)
        secret = inputs.get(secrets.NAMES) or ()
        wanted = state.to_wanted(declaration, inputs, managed)
        state.take_options(declaration, remote, wanted)
        with self._client() as client:
            document = remote.attributes or self._resource.handler.existing(client, remote, wanted)
            self._refuse_if_claimed(inputs, document)
            try:
                step(client, remote, wanted)
                remote.pending = []
            except Exception as error:
                if not (remote.id and remote.has_changed):
                    client.release(remote.acquired)
                    raise
                remote.pending = [str(error)]
                given = sorted({*given, *(field.name for field in declaration.inputs if field.wire in wanted.cleared)})
                self._keep_half_done(client, remote, state.to_outputs(declaration, remote, given, secret), error)
        return state.to_outputs(declaration, remote, given, secret)

    def _keep_half_done(self, client: Client, remote: Remote, outputs: dict[str, Any], error: Exception) -> None:
        """Put what was done into the state: with the error where the host lets us, else instead of it."""
        id_ = state.make_id(self._resource.declaration, remote)
        if host.keep_half_done(id_, self._marked(outputs), str(error)):
            raise error
        try:
            is_undone = self._resource.handler.undo(client, remote)
        except errors.AdminError:
            is_undone = False
        if is_undone:
            client.release(remote.acquired)
            raise error
        logger.warning("Not all was done, and what was done is kept; `pulumi up` goes on from here. %s", error)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Bring the state up to date; what is gone is dropped from it, but an error is never taken for that.

        Nor is another organization's key: the state alone has the API keys, and what the limits were before.
        A resource that the program only looks up (`ResourceOptions(id=…)`) has to be there.
        """
        is_looked_up = state.managed_inputs(props) is None
        remote = self._remote(id_, {} if is_looked_up else props)
        with self._client() as client:
            try:
                self._resource.handler.read(client, remote)
            except errors.ResourceGoneError as gone:
                if is_looked_up or isinstance(gone, errors.ParentNotFoundError):
                    raise
                return ReadResult(None, {})
        secret = state.secret_inputs(props)
        outputs = state.to_outputs(self._resource.declaration, remote, state.managed_inputs(props) or (), secret)
        if is_looked_up:
            del outputs[state.MANAGED]
            return ReadResult(id_, self._marked(outputs))
        outputs = secrets.hide_added(outputs, props, secret)
        named = {secrets.NAMES: secret} if secret else {}
        return ReadResult(id_, self._marked(outputs), {**state.live_inputs(outputs), **named})

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Delete the object, or restore what was found before it was managed.

        Inside a project that the same run archives nothing is done: `pulumi destroy` of the whole stack archives the
        project after this, and with that OpenAI ends all that is inside.

        Where OpenAI does not show the project, nothing is known of the object, and the state keeps it: with another
        organization's key, destroy would empty the state of things that live on.
        """
        remote = self._remote(_id, _props)
        with self._client() as client:
            try:
                if _props.get(state.ENDS_WITH_PARENT) and engine_command.destroys_whole_stack():
                    client.require_parent(remote.parents)
                else:
                    self._resource.handler.delete(client, remote)
            except errors.ParentNotFoundError as unknown:
                raise type(unknown)(unknown.what, self._way_out(unknown.advice)) from unknown

    @staticmethod
    def _way_out(advice: str) -> str:
        urn = host.urn() or "<urn>"
        return (
            f"Nothing was deleted, and the resource stays in the state. {advice} If it is really gone, remove it with "
            f"`pulumi state delete '{urn}'`."
        )

    def _remote(self, id_: str, outputs: dict[str, Any]) -> Remote:
        declaration = self._resource.declaration
        try:
            return state.to_remote(declaration, id_, outputs)
        except ValueError:
            names = [*(field.name for field in declaration.with_role(Role.PATH)), declaration.identity]
            shape = "/".join(f"<{name}>" for name in names if name)
            raise errors.ConfigurationError(f"{id_!r} is no id of this resource", f"It has to be {shape}.") from None

    @contextmanager
    def _client(self) -> Iterator[Client]:
        from pulumi_openai_admin import config  # noqa: PLC0415 - a preview connects to nothing
        from pulumi_openai_admin.http.client import connect  # noqa: PLC0415

        with host.serving():
            settings = config.resolve(os.environ, self._stack_config)
            host.serve_at_a_time(settings.parallel)
            client = connect(settings, host.end_if_orphaned)
            with client.operation(host.timeout()):
                yield client


AdminProvider.__module__ = "pulumi_openai_admin"  # states refer to it by this path, whatever module holds it
