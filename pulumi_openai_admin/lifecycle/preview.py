"""Previews that ask OpenAI (the setting `previewReads`): what is there now, and what a step would find. Only reads.

What a step would fail with because of what it finds fails the preview. If OpenAI can't be asked, one error of the run
says so. Objects in a place that is not known before the update, such as a project that the same update creates, are not
read. The people and groups that they name are.

`observe` gives each value that the program sets, beside the one in the state and the one at OpenAI. `forecast` warns of
what else is ahead, such as costs that reach a limit. Both read the lists that all resources of the run share. The
engine calls `Create` and `Update` of the native provider in a preview. Of the dynamic one it calls only `Check` and
`Diff`, so the constructor adds the input `__preview`, which `check` removes again.
"""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_openai_admin import config, errors
from pulumi_openai_admin.handlers.baseline import HIDDEN
from pulumi_openai_admin.handlers.handler import Handler, Observation, Remote, Subject, ValueComparison, Wanted
from pulumi_openai_admin.lifecycle import read, run, state
from pulumi_openai_admin.lifecycle.run import ApiAvailability, Host, operation
from pulumi_openai_admin.printable import bounded, capitalized, printable
from pulumi_openai_admin.remedies import DECLARE_OLD_NAME, NOTE, Advice, Message
from pulumi_openai_admin.schema.fields import FieldRole
from pulumi_openai_admin.schema.paths import PARENTS
from pulumi_openai_admin.schema.shapes import is_unknown, known_part

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from pulumi_openai_admin.http.client import Client
    from pulumi_openai_admin.lifecycle.check import Failure
    from pulumi_openai_admin.lifecycle.state import Inputs, Resource

logger = logging.getLogger(__name__)

_NOT_FOUND = "not found"
_EMPTY = "none"
_MOST_CHARACTERS = 60
"""A longer text is cut."""
_SAME_VALUES = (
    "%s already has these values. If this stack manages it under another name, %s to keep the original values."
)
_NOT_ASKED = (
    errors.AuthenticationError,
    errors.InternalServerError,
    errors.OperationTimeoutError,
    errors.RateLimitError,
    errors.TransportError,
)
"""The errors that concern all questions of the run, and not one object."""


def suggest(host: Host) -> None:
    """In the first preview of a stack, say once how to have previews ask OpenAI, if there is a key to ask with.

    Also say which organization an explicit provider manages, if its key is from the environment.
    """
    if not config.reads_in_preview(host.setting):
        _name_organization(host)
    if not host.run.begin_note("previewReads", of_new_stack=True):
        return
    advice = config.with_preview_reads(os.environ, host.setting)
    if advice is not None:
        logger.log(NOTE, "This preview did not read from OpenAI. %s", advice)


def _name_organization(host: Host, client: Client | None = None) -> None:
    """Say once which organization an explicit provider manages with the key of the environment.

    Nothing in the state identifies the organization yet, so a key of another organization is not refused.

    Args:
        client: Asks OpenAI; None if previews do not ask.
    """
    try:
        settings = config.resolve(os.environ, host.setting)
    except errors.ConfigurationError:  # a preview needs no key; what sends a request reports the error
        return
    is_of_environment = settings.provider and settings.is_key_of_environment
    if not is_of_environment or not host.run.begin_note("organization", of_new_stack=True):
        return
    setting = settings.name("organization")
    check = Advice("To refuse a key of another organization, set ", setting, " (org-…).")
    project = ""
    with suppress(errors.AdminError):  # what the update would fail with is reported where it matters
        project = client.anchor() if client and not settings.organization else ""
    if settings.organization:
        whose, advice = f"organization {settings.organization}", Advice("OpenAI refuses a key of another organization.")
    elif project:
        whose, advice = f"the organization of project {project}", check
    else:
        whose, advice = "the organization of this key, which the preview did not read", check
    what = f"Provider {settings.provider!r} uses the admin key from {settings.key_source} and manages {whose}."
    logger.log(NOTE, "%s %s", printable(what), advice)


def before_create(resource: Resource, host: Host, inputs: Inputs) -> None:
    """Tell what there is of an object that a resource is about to create, or to manage.

    Raises:
        AdminError: What the step would fail with, or that OpenAI could not be asked.
    """
    if not config.reads_in_preview(host.setting):
        return
    known = _known(resource, inputs.values)
    asking = _LivePreview(resource, host, inputs.secret, _project_key(resource, inputs.values))
    if known is not None:
        remote = state.new_remote(resource.declaration, known)
        remote.step.is_in_state = host.run.ids_in_state.__contains__
        asking.report(remote, state.to_wanted(resource.declaration, known))
    else:
        asking.require_candidates(known_part(state.to_inputs(resource.declaration, inputs.values)))


def with_nearest(resource: Resource, host: Host, inputs: Inputs, failures: Sequence[Failure]) -> list[Failure]:
    """The failures of `check`, with the nearest ids where one is about the id of a parent: a name, for example."""

    def nearest(name: str) -> str:
        field, value = resource.declaration.fields.get(name), inputs.values.get(name)
        if field is None or field.key not in PARENTS or name in inputs.secret or not isinstance(value, str):
            return ""
        with suppress(errors.AdminError):  # the input is the error that counts
            if config.reads_in_preview(host.setting):
                return _LivePreview(resource, host, inputs.secret).nearest_parent(field.key, value)
        return ""

    return [failure._replace(reason=f"{failure.reason}{nearest(failure.property)}") for failure in failures]


def before_update(  # noqa: PLR0913 - the arguments of an update, and whether there is one
    resource: Resource, host: Host, id_: str, olds: Mapping[str, Any], inputs: Inputs, *, changes: bool = True
) -> None:
    """Tell where the state of an object is behind OpenAI, before it is updated.

    Args:
        changes: Whether a step changes the object. Otherwise, only warn of what is ahead, such as costs that reach a
            limit.
    """
    if not config.reads_in_preview(host.setting) or state.managed_inputs(olds) is None:
        return
    key = _project_key(resource, inputs.values, olds)
    asking = _LivePreview(resource, host, {*inputs.secret, *state.record(olds).secret}, key)
    wanted = state.to_wanted(resource.declaration, _known(resource, inputs.values) or {})
    ask = asking.report if changes else asking.forecast
    ask(state.to_remote(resource.declaration, id_, olds), wanted)


def _project_key(resource: Resource, *values: Mapping[str, Any]) -> str:
    """The first API key of a project that is known; empty if none is, or the resource needs none."""
    found = (known.get(resource.handler.traits.project_key) for known in values)
    return next((key for key in found if isinstance(key, str) and key and not is_unknown(key)), "")


def _known(resource: Resource, inputs: Mapping[str, Any]) -> dict[str, Any] | None:
    """The inputs without what is unknown; None if that is which object it is."""
    for role in (FieldRole.PATH, FieldRole.SELECTOR):
        if any(is_unknown(inputs.get(field.name)) for field in resource.declaration.with_role(role)):
            return None
    return dict(known_part(state.to_inputs(resource.declaration, inputs)))


@dataclass(eq=False, repr=False)
class _LivePreview:
    """The questions of one resource."""

    resource: Resource
    host: Host
    secret: Collection[str]
    """The names of the inputs whose values are not shown."""
    project_key: str = ""
    """The API key of a project with which the resource asks; empty for the admin key, or if it is not known."""

    def report(self, remote: Remote, wanted: Wanted) -> None:
        """Ask for the object, and log what the user has to know."""
        handler, is_new = self.resource.handler, not remote.id
        remote.step.secret = self.secret

        def ask(client: Client) -> None:
            if not is_new:
                run.verify_organization(self.resource, client, remote)
            warnings = handler.forecast(client, remote, wanted)
            with read.naming_parents(client) if is_new else nullcontext():
                observation = handler.observe(client, remote, wanted)
            if is_new:
                _name_organization(self.host, client)
            inputs = self.resource.declaration.inputs
            hidden = frozenset(field.key for field in inputs if field.is_secret or field.name in self.secret)
            messages = PreviewMessages(handler, hidden)
            if note := messages.found(observation, is_new=is_new):
                logger.log(NOTE, "%s", printable(note))
            if is_new and messages.may_be_renamed(observation):
                what = printable(capitalized(observation.what))
                logger.log(NOTE, _SAME_VALUES, what, DECLARE_OLD_NAME)
            drift = "" if is_new else messages.drifted(observation)
            others = f"{observation.others}." if observation.others else ""
            _warn([text for text in (drift, others, *warnings) if text])

        self._ask(ask)

    def require_candidates(self, known: Mapping[str, Any]) -> None:
        """Ask for what the program names, although it is not known yet where the object will be."""
        declaration, handler = self.resource.declaration, self.resource.handler
        if not handler.does("require_candidates"):
            return  # no client is needed
        ids = {
            field.key: str(known[field.name]) for field in declaration.with_role(FieldRole.PATH) if field.name in known
        }
        wanted = state.to_wanted(declaration, known)
        self._ask(lambda client: handler.require_candidates(client, Remote(ids), wanted))

    def forecast(self, remote: Remote, wanted: Wanted) -> None:
        """Log what is ahead of the object."""
        handler = self.resource.handler
        if handler.does("forecast"):  # else no client is needed
            self._ask(lambda client: _warn(handler.forecast(client, remote, wanted)))

    def nearest_parent(self, id_name: str, id_: str) -> str:
        """See `read.nearest_parent`; empty if it is known that OpenAI can't be asked.

        Raises:
            AdminError: OpenAI could not be asked. The run does not record that, so that the next question reports it.
        """
        with self._availability.turn(self.host.run.clock) as availability:
            if availability.is_lost:
                return ""
            with self._reading(availability) as client:
                return read.require_nearest_in(read.parents(client, id_name), id_)

    def _ask(self, ask: Callable[[Client], None]) -> None:
        """Ask, unless it is known that OpenAI can't be asked: then that was reported."""
        if self.resource.handler.traits.project_key and not self.project_key:
            return  # the same update makes the key
        with self._availability.turn(self.host.run.clock) as availability:
            if availability.is_lost:
                return
            try:
                with self._reading(availability) as client:
                    ask(client)
            except (*_NOT_ASKED, errors.ConfigurationError) as error:
                if availability.is_connected and isinstance(error, errors.ConfigurationError):
                    raise  # about this resource, and not about the settings
                if not availability.mark_unreachable():
                    return
                how = config.without_preview_reads(self.host.setting)
                advice = Advice(error.guidance, " ", how)
                what = Message("This preview could not read from OpenAI: ", error.happened)
                raise errors.PreviewReadError(what, advice) from error

    @contextmanager
    def _reading(self, availability: ApiAvailability) -> Iterator[Client]:
        with operation(self.host, self.project_key) as client:
            availability.is_connected = True
            with client.requestor.only_reads():
                yield client

    @property
    def _availability(self) -> ApiAvailability:
        return self.host.run.availability(str(self.host.setting(config.OF_PROVIDER) or ""), self.project_key)


def _warn(warnings: Collection[str]) -> None:
    for warning in warnings:
        logger.warning("%s", printable(warning))


class PreviewMessages(NamedTuple):
    """What a preview says of an object. Pure."""

    handler: Handler
    """Formats the values."""
    hidden: frozenset[str] = frozenset()
    """The properties whose values are secret."""

    def found(self, observation: Observation, *, is_new: bool) -> str:
        """The current values of what the state does not have, and what they become; empty if there are none.

        Args:
            is_new: Whether the resource begins to manage the object.
        """
        values = [value for value in observation.values if is_new or (value.known is None and value.now is not None)]
        both = [(value, f"{value.label} {self._text(value, value.now)}") for value in values]
        changes = [f"{now} => {self._text(value, value.wanted)}".strip() for value, now in both if not value.is_same]
        same = [f"{now} (unchanged)".strip() for value, now in both if value.is_same]
        if changes and len(same) > 1:
            same = [f"{len(same)} more are unchanged"]
        parts = [bounded("; ", texts) for texts in (changes, same) if texts]
        return f"{capitalized(observation.what)}, at OpenAI now: {'; '.join(parts)}." if parts else ""

    def may_be_renamed(self, observation: Observation) -> bool:
        """Return whether a setting that a resource begins to manage already has all its values.

        Then the resource may be one of the state under another name, which alone knows the original values.
        """
        traits, values = self.handler.traits, observation.values
        is_setting = traits.manages_existing and traits.subject is not Subject.PEOPLE
        return is_setting and bool(values) and all(value.is_same for value in values)

    def drifted(self, observation: Observation) -> str:
        """Where the state is behind OpenAI; empty if nowhere."""
        texts = []
        for value in observation.values:
            if value.known is not None and value.known != value.now:
                known, now, wanted = (
                    self._text(value, compared) for compared in (value.known, value.now, value.wanted)
                )
                update = "The program has the same value" if value.is_same else f"This update sets {wanted}"
                texts.append(f"{value.label} {known} in the state, {now} at OpenAI. {update}".strip())
        return f"Changed outside Pulumi: {observation.what}: {bounded('. ', texts)}." if texts else ""

    def _text(self, compared: ValueComparison, value: Any) -> str:
        if value is None:
            return _NOT_FOUND
        if compared.property in self.hidden:
            return HIDDEN
        if isinstance(value, list):
            return bounded(", ", map(str, value)) or _EMPTY
        text = self.handler.format_value(compared.property, value)
        return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"
