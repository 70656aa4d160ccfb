"""Converts between a resource's values in a stack's state and a `Remote`. No I/O.

The state has every declared field, with `ABSENT` for one that OpenAI omits. It also has `__managed` (Pulumi never
displays a name with two underscores) with what later operations need: the `StepRecord` of the verbs, and what handlers
remember (`Remote.memory`).
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.documents import put
from pulumi_openai_admin.handlers.handler import Handler, PendingAction, Remote, Wanted
from pulumi_openai_admin.handlers.memory import VERSION, Memory, MemoryPart, part_of
from pulumi_openai_admin.schema import ids
from pulumi_openai_admin.schema.fields import ABSENT, Declaration, Field, FieldRole, WhenRemoved
from pulumi_openai_admin.schema.paths import path_failure
from pulumi_openai_admin.schema.shapes import is_unknown
from pulumi_openai_admin.schema.validation import normalized

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from pulumi_openai_admin.schema.rules import Rule


class Resource(Protocol):
    """One kind of resource, as the verbs use it."""

    declaration: Declaration
    """Its fields."""
    handler: Handler
    """Creates, reads, updates and deletes it at its endpoint."""
    rules: tuple[Rule, ...]
    """The conditions between its inputs."""


class Inputs(NamedTuple):
    """The inputs that a program sets, as plain values without a host's markers for secrets."""

    values: Mapping[str, Any]
    secret: Collection[str] = ()
    """The names of the inputs that are secret or contain a secret."""


@dataclass(eq=False, repr=False)
class Outputs:
    """The state of an object, as plain values. The host marks the named values as secret."""

    values: Mapping[str, Any]
    secret_inputs: frozenset[str] = dataclass_field(default_factory=frozenset)
    """The inputs that the program marks as secret. Some hosts mark their values without this."""
    secret_outputs: frozenset[str] = dataclass_field(default_factory=frozenset)
    """The other secret values: keys, and outputs that contain a secret input."""


MANAGED = "__managed"
ORGANIZATION = "organization"
"""The Pulumi id of a setting of the organization, which has no id."""
NO_RESPONSE = "(no response)"
"""The own id of an object of which it is not known whether it exists."""
_NO_STATE: Mapping[str, Any] = MappingProxyType({})
PREVIEW = "__preview"
"""An input that the constructor adds in a preview, so that the provider knows. `check` does not return it."""


@dataclass(eq=False, repr=False)
class StepRecord(MemoryPart):
    """What the verbs remember of the last step of a resource."""

    inputs: list[str] | None = None
    """The names of the inputs that the program set, because `read` gets outputs only; None if no step wrote the state.
    """
    secret: list[str] = dataclass_field(default_factory=list)
    """The names of the inputs that are secret."""
    secret_outputs: list[str] = dataclass_field(default_factory=list)
    """The names of the outputs that show secret inputs of other resources."""
    version: int = 1
    """The version of what handlers remember."""
    unfinished: str = ""
    """The message of the error with which the last step ended, and because of which the next update runs."""
    due: list[list[Any]] = dataclass_field(default_factory=list)
    """What a refresh found that the next update changes although no input differs: the fields of `PendingAction`."""

    @property
    def actions(self) -> list[PendingAction]:
        """What a refresh found that the next update changes."""
        return [PendingAction(*action) for action in self.due]


def make_id(declaration: Declaration, remote: Remote) -> str:
    """A Pulumi id: the ids of the path, then the object's own id if it has one.

    Only the last may contain slashes, or the first if its field says so.

    A setting of the organization has no ids, and Pulumi refuses an empty id, so its id is `ORGANIZATION`.
    """
    return "/".join([*remote.parents.values(), *([remote.id] if declaration.identity else [])]) or ORGANIZATION


def has_no_response(id_: str) -> bool:
    """Return whether a Pulumi id is that of an object of which it is not known whether it exists."""
    return id_.rpartition("/")[2] == NO_RESPONSE


def split_id(declaration: Declaration, id_: str) -> tuple[dict[str, str], str]:
    """The ids of the path, and the object's own id: the last id of the path if it has none.

    Raises:
        WrongIdError: The id is not valid for this kind of resource.
    """
    fields = declaration.with_role(FieldRole.PATH)
    names = [field.key for field in fields]
    if fields and fields[0].has_slashes:
        parts = [id_] if declaration.identity is None else id_.rsplit("/", 1)
        if path_failure(parts[0]) or not all(parts) or len(parts) < len(names) + bool(declaration.identity):
            raise WrongIdError(declaration, id_)
        return {names[0]: parts[0]}, parts[-1]
    if not names:
        if not declaration.identity and id_ != ORGANIZATION:
            raise WrongIdError(declaration, id_)
        return {}, id_
    parts = id_.split("/", len(names) if declaration.identity else -1)
    parents = parts[:-1] if declaration.identity else parts
    if len(parents) != len(names):
        raise WrongIdError(declaration, id_)
    return dict(zip(names, parents, strict=True)), parts[-1]


def managed_inputs(state: Mapping[str, Any]) -> set[str] | None:
    """The inputs that the program set; None if this package did not write the state."""
    return None if state.get(MANAGED) is None else set(record(state).inputs or ())


def record(state: Mapping[str, Any]) -> StepRecord:
    """What the state has of the last step.

    Raises:
        ConfigurationError: A newer version of the package wrote it, and this one would misread it, or somebody has
            changed it.
    """
    managed = state.get(MANAGED) or {}
    if not isinstance(managed, dict) or not isinstance(managed.get("version", 1), int | float):
        raise errors.ConfigurationError.of_edited_state()
    found = part_of(managed, StepRecord)
    if found.version > VERSION:
        what = "The state was written by a newer version of pulumi-openai-admin, which this version can't read"
        raise errors.ConfigurationError(
            what, "Install the version with which the stack was updated last, or a newer one."
        )
    return found


def known(state: Mapping[str, Any], name: str) -> Any:
    """A field's value in the state; None if it is absent."""
    value = normalized(state.get(name))
    return None if value == ABSENT else value


def as_written(declaration: Declaration, news: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs that the program sets, with the order of its lists, so that a message names the place of an item."""
    return {
        field.name: field.normalized(normalized(news[field.name]))
        for field in declaration.inputs
        if news.get(field.name) is not None
    }


def to_inputs(declaration: Declaration, news: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs that the program sets, in the normal form for comparison."""
    return {
        field.name: field.ordered(normalized(news[field.name]))
        for field in declaration.inputs
        if news.get(field.name) is not None
    }


def to_wanted(declaration: Declaration, inputs: Mapping[str, Any], managed: Collection[str] = ()) -> Wanted:
    """The inputs that the program sets, by the names of `Field.key`.

    Args:
        inputs: In the normal form: see `to_inputs`.
        managed: The inputs that the program set before. One that was removed since is unset, if OpenAI can do that.
    """
    selection: dict[str, Any] = {}
    settings: dict[str, Any] = {}
    options: dict[str, Any] = {}
    cleared: dict[str, Any] = {}
    for field in declaration.inputs:
        value = inputs.get(field.name)
        if value is None:
            if field.name in managed and field.when_removed is WhenRemoved.CLEARED:
                cleared[field.key] = None
        elif field.role is FieldRole.ARGUMENT:
            settings[field.key] = field.to_handler(value)
        elif field.role is FieldRole.OPTION:
            options[field.key] = field.to_handler(value)
        elif field.role is FieldRole.SELECTOR:
            selection[field.key] = field.to_handler(value)
    return Wanted(selection, {**settings, **cleared}, options)


def without_ended(
    declaration: Declaration, handler: Handler, remote: Remote, inputs: Mapping[str, Any], now: float | None = None
) -> Mapping[str, Any] | None:
    """The inputs without access that has ended; see `Handler.without_ended`. None if nothing is left.

    What has ended, or is removed because its time is over, keeps nobody else from removing the same person.

    Args:
        now: The time in seconds since 1970, if access whose time is over does not count, either.
    """
    if not handler.does("without_ended"):
        return inputs
    keyed = {field.name: field for field in declaration.inputs if field.keyed is not None and field.name in inputs}
    by_key = {**inputs, **{name: keyed[name].to_handler(inputs[name]) for name in keyed}}
    left = handler.without_ended(remote, by_key, now)
    if left is None:
        return None
    return {**left, **{name: field.kept(inputs[name], left[name]) for name, field in keyed.items()}}


def new_remote(declaration: Declaration, inputs: Mapping[str, Any]) -> Remote:
    """An object that does not exist yet."""
    parents = {field.key: str(inputs[field.name]) for field in declaration.with_role(FieldRole.PATH)}
    return Remote(parents, unordered=_unordered(declaration))


def _unordered(declaration: Declaration) -> frozenset[str]:
    return frozenset(field.key for field in declaration.fields.values() if field.unordered)


def to_document(declaration: Declaration, state: Mapping[str, Any]) -> dict[str, Any]:
    """The object in the state, by the names of `Field.key`."""
    document: dict[str, Any] = {}
    for field in declaration.attributes:
        value = state.get(field.stored)
        if value is not None and value != ABSENT:
            put(document, field.key, field.to_handler(normalized(value)))
    return document


def to_remote(declaration: Declaration, id_: str, state: Mapping[str, Any]) -> Remote:
    """The object in the state.

    Raises:
        WrongIdError: The id is not valid for this kind of resource.
        ConfigurationError: The state can't be read; see `record`.
    """
    parents, own_id = split_id(declaration, id_)
    if declaration.renewable:
        own_id = known(state, declaration.renewable) or own_id
    remote = Remote(parents, own_id, to_document(declaration, state), unordered=_unordered(declaration))
    remote.attributes.setdefault("id", own_id)
    remote.options = {
        field.key: field.to_handler(value)
        for field in declaration.with_role(FieldRole.OPTION)
        if (value := known(state, field.name)) is not None
    }
    step = record(state)
    remote.unfinished, remote.pending_actions = step.unfinished, step.actions
    remote.memory = Memory(normalized(state.get(MANAGED) or {}))
    remote.memory.put(StepRecord())
    remote.step.secret, remote.step.inputs = step.secret, managed_inputs(state) or ()
    return remote


def id_form(declaration: Declaration) -> str:
    """The form of the Pulumi ids of a resource: `<project_id>/<service_account_id>`."""
    names = [*(field.name for field in declaration.with_role(FieldRole.PATH)), declaration.identity]
    return "/".join(f"<{name}>" for name in names if name) or ORGANIZATION


def form_in_words(declaration: Declaration) -> str:
    """A sentence with the form of the Pulumi ids of a resource, and with the forms of OpenAI's ids in it."""
    fields = id_fields(declaration)
    if not fields:
        return f"Its id is {ORGANIZATION!r}."
    shown = [(field.bounds.ids_of and field.bounds.ids_of.shown) or f"<{field.name}>" for field in fields]
    of_openai = f" ({'/'.join(shown)})" if any("…" in part for part in shown) else ""
    return f"Its id has the form {id_form(declaration)}{of_openai}."


class WrongIdError(errors.ConfigurationError):
    """The id is not valid for this kind of resource."""

    def __init__(self, declaration: Declaration, id_: str) -> None:
        what = f"{'An API key' if ids.has_key(id_) else repr(id_)} is not an id of {declaration.kind}"
        super().__init__(what, form_in_words(declaration))


def id_fields(declaration: Declaration) -> list[Field[Any, Any]]:
    """The fields whose values are the parts of a Pulumi id."""
    own = [declaration.fields[declaration.identity]] if declaration.identity else []
    return [*declaration.with_role(FieldRole.PATH), *own]


def outputs(  # noqa: PLR0913, PLR0917 - the object, and all that says which of it is secret
    declaration: Declaration,
    remote: Remote,
    given: Iterable[str],
    secret: Collection[str] = (),
    known: Collection[str] = (),
    olds: Mapping[str, Any] = _NO_STATE,
) -> Outputs:
    """The state of an object, with its secrets named.

    Args:
        given: The inputs that the program sets.
        secret: Those that it marks as secret.
        known: The strings in the secret inputs of the run.
        olds: The state before; empty if there is none.
    """
    values: dict[str, Any] = {}
    for field in declaration.fields.values():
        if field.role is FieldRole.PATH:
            shown: Any = remote.parents[field.key]
        else:
            shown = remote.options.get(field.key) if field.role is FieldRole.OPTION else remote.get(field.key)
        value = field.from_handler(shown)
        if value is None and field.name == declaration.identity:
            value = remote.id or None  # a response may lack the id of the object that the path names
        values[field.stored] = ABSENT if value is None else field.ordered(value)
    due = [
        [action.what, action.purpose, *([action.replaces] if action.replaces else [])]
        for action in remote.pending_actions
    ]
    step = StepRecord(
        inputs=sorted(given), secret=sorted(secret), version=VERSION, unfinished=remote.unfinished, due=due
    )
    values[MANAGED] = {**step.to_state(), **remote.memory.to_state()}
    hidden = declaration.hidden(secret) | ({MANAGED} if secret else set())
    if repeated := {*disclosed(declaration, values, known), *record(olds).secret_outputs}:
        values[MANAGED]["secret_outputs"] = sorted(repeated)
        hidden |= repeated | {MANAGED}
    return Outputs(values, frozenset(secret), frozenset(hidden))


def disclosed(declaration: Declaration, values: Mapping[str, Any], known: Collection[str]) -> set[str]:
    """The properties of a state that show a secret input of another resource, without those that are always secret.

    The id of an object is none: Pulumi stores it in plain text, too.

    Args:
        known: The strings in the secret inputs of the run.
    """
    if not known:
        return set()
    given, hidden = managed_inputs(values) or set(), declaration.hidden(record(values).secret)
    return {
        field.stored
        for field in declaration.fields.values()
        if not (field.name in given or field.identity or field.stored in hidden)
        and any(text in known for text in strings_in(values.get(field.stored)))
    }


def strings_in(value: Any) -> Iterator[str]:
    """The strings in a value; not the keys of its mappings."""
    if isinstance(value, str):
        if value != ABSENT and not is_unknown(value):
            yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings_in(item)
