"""The verb `check`: reports invalid inputs before any request."""

from __future__ import annotations

import logging
import re
from enum import Enum
from hashlib import shake_256
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.printable import printable
from pulumi_openai_admin.remedies import NOTE
from pulumi_openai_admin.schema import validation
from pulumi_openai_admin.schema.constraints import Length
from pulumi_openai_admin.schema.shapes import is_unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from pulumi_openai_admin.lifecycle.run import Host
    from pulumi_openai_admin.lifecycle.state import Inputs, Resource
    from pulumi_openai_admin.schema.fields import Declaration, Field

logger = logging.getLogger(__name__)

AUTONAMING = "__autonaming"
"""An input that the constructor adds if the stack sets `pulumi:autonaming`; `check` removes it. The engine tells
native providers only."""
MAX_NAME_LENGTH = 255
"""The limit of a name, in characters, if its field declares no `Length`. It is that of groups."""

_NAME = "${name}"
_RANDOM = re.compile(r"\$\{(?:(?P<set>hex|alphanum|string|num)\((?P<length>\d+)\)|uuid)\}")
_LETTERS, _DIGITS = "abcdefghijklmnopqrstuvwxyz", "0123456789"
_CHARACTERS = {"hex": _DIGITS + "abcdef", "alphanum": _LETTERS + _DIGITS, "string": _LETTERS, "num": _DIGITS}


class Mode(Enum):
    """How far the provider may choose a name. The values are those of Pulumi's protocol."""

    PROPOSE = "PROPOSE"
    """The provider may change the name that the pattern gives: it shortens one that is too long."""
    ENFORCE = "ENFORCE"
    DISABLE = "DISABLE"
    """The program has to name the object."""


class Autonaming(NamedTuple):
    """How an object is named that the program does not name."""

    mode: Mode = Mode.PROPOSE
    pattern: str = "${name}-${hex(7)}"
    """The name, with Pulumi's expressions for the resource's name and random parts."""

    @classmethod
    def of(cls, setting: Mapping[str, Any] | None) -> Autonaming:
        """From the input of the constructor; see `to_input`."""
        return cls(Mode(setting["mode"]), setting["pattern"]) if setting else cls()

    def to_input(self) -> dict[str, str]:
        """The value of the input `AUTONAMING`."""
        return {"mode": self.mode.value, "pattern": self.pattern}

    def name(self, urn: str, replaced: str, longest: int = MAX_NAME_LENGTH) -> str:
        """The name of an object.

        Args:
            replaced: The name of the object that it replaces; empty if it replaces none.
            longest: The limit of the name, in characters.
        """
        resource_name = urn.split("::", 3)[-1]
        around = _RANDOM.sub(lambda part: _random(part, f"{urn}\n{replaced}\n{part.start()}"), self.pattern)
        uses = around.count(_NAME)
        if uses and self.mode is Mode.PROPOSE:
            room = longest - len(around.replace(_NAME, ""))
            resource_name = resource_name[: max(room // uses, 0)]
        return around.replace(_NAME, resource_name)


def field_of(declaration: Declaration) -> Field[Any, Any] | None:
    """The field with the name that may be omitted; None if the kind has none."""
    return next((field for field in declaration.inputs if field.auto_named), None)


def _random(part: re.Match[str], seed: str) -> str:
    if part["set"] is None:
        return str(UUID(bytes=shake_256(seed.encode()).digest(16)))
    characters = _CHARACTERS[part["set"]]
    digest = shake_256(seed.encode()).digest(int(part["length"]))
    return "".join(characters[byte % len(characters)] for byte in digest)


DEFAULT_NAMING = Autonaming()
_NAMING_DISABLED = "{} is missing: set it, because pulumi:autonaming of the stack disables auto-naming."
_NAME_UNKNOWN = "{} is missing: set it, because Pulumi does not tell the provider the resource's name."


class Failure(NamedTuple):
    """An error in the inputs."""

    property: str
    """The name of the property; empty if several properties or another resource are the reason."""
    reason: str
    """A full sentence for the user, which includes the name of the property."""


class Checked(NamedTuple):
    """The checked inputs, which later verbs get, and the errors in them."""

    inputs: dict[str, Any]
    """Plain values. A mapping may have more entries than in the program, if the handler expands it."""
    failures: list[Failure]
    is_new: bool
    """Whether the object is created: the resource is new, or is replaced."""


def check(
    resource: Resource, host: Host, olds: Mapping[str, Any], news: Inputs, autonaming: Autonaming = DEFAULT_NAMING
) -> Checked:
    """Check the inputs. Sends no request, and needs no key.

    Args:
        olds: The inputs of the last update, or those that a refresh found; empty for a new resource.
        news: The inputs that the program sets now.
        autonaming: How the object is named if the program does not name it.

    Raises:
        AdminError: The object can't be created on your machine.
    """
    is_new = all(name.startswith("__") for name in olds)
    host.run.record_check(is_new=is_new)
    host.learn_secrets(news.secret, news.values)
    written = state.as_written(resource.declaration, news.values)
    failures = [*invalid(resource, written, news.secret), *invalid_together(resource, written)]
    given = state.to_inputs(resource.declaration, written)
    given, unnamed = _named(resource, host, olds, given, autonaming)
    failures += unnamed
    if not failures:
        if resource.handler.does("expand"):
            given = resource.handler.expand(validation.normalized(dict(olds)), given)
        host.run.claims.declared.add(host.urn)
        conflict = host.run.claims.conflict(resource, host.urn, given)
        reasons = [
            reason for reason in (conflict, _past_deadline(resource, olds, given, host.run.clock.now())) if reason
        ]
        failures = [Failure("", printable(reason)) for reason in reasons]
    if not failures and host.urn:  # without a resource, an existing object is read, and OpenAI has its values
        _warn_of_doubts(resource, olds, given, news)
        if is_new:
            _report_creation(resource, host, given, news)
    return Checked(given, failures, is_new)


def _named(
    resource: Resource, host: Host, olds: Mapping[str, Any], given: dict[str, Any], autonaming: Autonaming
) -> tuple[dict[str, Any], list[Failure]]:
    """The inputs with the name of the object, and the error if it has none.

    A name is kept until the object is replaced, even if it was the program that set it.
    """
    field = field_of(resource.declaration)
    if field is None:
        return given, []
    names, old = host.run.names, olds.get(field.name)
    if old:
        names[host.urn] = old  # the engine checks a replacement again, as a new object
    if field.name in given:
        return given, []
    if old:
        return {**given, field.name: old}, []
    if autonaming.mode is Mode.DISABLE:
        return given, [Failure(field.name, _NAMING_DISABLED.format(field.name))]
    if not host.urn:
        return given, [Failure(field.name, _NAME_UNKNOWN.format(field.name))]
    longest = field.bounds.constraint.most if isinstance(field.bounds.constraint, Length) else MAX_NAME_LENGTH
    made = autonaming.name(host.urn, names.get(host.urn, ""), longest)
    wrong = validation.failure(field, made, is_secret=False)  # a name of an enforced pattern is not shortened
    return {**given, field.name: made}, [Failure(field.name, wrong)] if wrong else []


def _past_deadline(resource: Resource, olds: Mapping[str, Any], given: Mapping[str, Any], now: float) -> str:
    """Return why a time that is already over can't be declared; empty if there is none."""
    handler = resource.handler
    if not handler.is_scheduled(given):
        return ""
    before = state.to_wanted(resource.declaration, state.to_inputs(resource.declaration, olds))
    wanted = state.to_wanted(resource.declaration, given)
    return handler.past_deadline(before.options, wanted.options, now)


def _report_creation(resource: Resource, host: Host, given: Mapping[str, Any], news: Inputs) -> None:
    """Log what a preview has to say of an object that is created, the same text once in a run.

    The engine checks a replacement as a new object.
    """
    if not resource.handler.does("creation_note"):
        return
    shown = {name: value for name, value in given.items() if name not in news.secret and not is_unknown(value)}
    note = resource.handler.creation_note(state.to_wanted(resource.declaration, shown))
    if note and host.run.begin_note(note):
        logger.log(NOTE, "%s", note)


def _warn_of_doubts(resource: Resource, olds: Mapping[str, Any], given: Mapping[str, Any], news: Inputs) -> None:
    """Log what may be misspelled, unless OpenAI has accepted it before. A message never shows a secret input."""
    for field in (field for field in resource.declaration.inputs if field.doubt and field.name not in news.secret):
        accepted = validation.doubts(field, olds.get(field.name))
        for doubt in (text for text in validation.doubts(field, given.get(field.name)) if text not in accepted):
            logger.warning("%s If the name is right, ignore this warning.", printable(doubt))


def invalid(
    resource: Resource, given: Mapping[str, Any], secret: Collection[str], place: Callable[[str], str] = str
) -> Iterator[Failure]:
    """Errors in single inputs. Pure.

    Args:
        given: The inputs that the program sets, as `state.as_written` gives them.
        place: Gives what the user calls an input, if that is not its name.
    """
    for field in (field for field in resource.declaration.inputs if field.required or field.name in given):
        is_secret = field.name in secret
        reason = validation.failure(field, given.get(field.name), is_secret=is_secret, place=place(field.name))
        if reason:
            yield Failure(field.name, printable(reason))


def invalid_together(resource: Resource, given: Mapping[str, Any]) -> Iterator[Failure]:
    """Errors between inputs, as `state.as_written` gives them. Pure."""
    for rule in resource.rules:
        reason = rule.failure(resource.declaration, given)
        if reason:
            yield Failure("", printable(reason))
