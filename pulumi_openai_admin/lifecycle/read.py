"""The verb `read`: gives the current state of an object."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.handlers.creation import is_open
from pulumi_openai_admin.handlers.handler import Handler, PendingAction, Remote, Shows, noun_of
from pulumi_openai_admin.lifecycle import run, state
from pulumi_openai_admin.lifecycle.check import check
from pulumi_openai_admin.lifecycle.diff import diff
from pulumi_openai_admin.lifecycle.run import Host, operation, project_key, record_organization
from pulumi_openai_admin.lifecycle.state import Inputs, Outputs, Resource, outputs
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.remedies import Advice
from pulumi_openai_admin.schema import ids, validation
from pulumi_openai_admin.schema.fields import ABSENT, Declaration, FieldRole
from pulumi_openai_admin.schema.paths import PARENTS, describe
from pulumi_openai_admin.similar import similar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pulumi_openai_admin.http.client import Client, Listing

_NAMES = ("name", "email", "group_name", "model")
"""The properties by which people know an object, by OpenAI's names."""
_MAX_NEAREST = 3
_MOST_COMPARED = 1000
"""Ten pages: a suggestion is not worth the minutes that the list of a large organization takes."""


@contextmanager
def selecting(resource: Resource, client: Client, id_: str) -> Iterator[None]:
    """Select an object by a Pulumi id. If there is none, the error names the kind, the form of the id and the nearest.

    Raises:
        ConfigurationError: The id does not have the form of this kind.
        ResourceGoneError: There is no object with the id, or no parent.
    """
    declaration = resource.declaration
    parents, own_id = state.split_id(declaration, id_)
    parts = zip(state.id_fields(declaration), [*parents.values(), own_id], strict=False)
    wrong_kinds = "".join(ids.other_kind(field.bounds.ids_of, value) for field, value in parts)
    form = f"{state.form_in_words(declaration)}{wrong_kinds}"
    if ids.has_key(id_):
        raise state.WrongIdError(declaration, id_)
    try:
        yield
    except errors.ResourceGoneError as gone:
        if not gone.is_absent:
            raise
        if gone.parent is None and resource.handler.traits.shows is Shows.ONE_OR_NONE:  # the id is that of its place
            what = f"{capitalized(describe(parents))} has no {noun_of(resource.handler)}"
            raise type(gone)(what, "Use the resource without an import: it creates the setting.") from gone
        what = f"There is no {declaration.kind} with the id {id_!r}"
        if gone.parent is not None:
            what = f"{what}: {gone.what[0].lower()}{gone.what[1:]}"
        nearest = nearest_parent(client, *gone.parent) if gone.parent else _nearest_object(resource, client, id_)
        # The advice about a project says that it may be another organization's.
        more = Advice(" ", gone.guidance) if isinstance(gone, errors.ParentNotFoundError) else ""
        raise type(gone)(what, Advice(form, nearest, more)) from gone


@contextmanager
def naming_parents(client: Client, hints: str = "") -> Iterator[None]:
    """Name objects by their ids. If OpenAI does not show a parent, the error names the usual form and the nearest ids.

    Args:
        hints: Sentences about the ids that a request has, for an error of OpenAI that may be about one of them.
    """
    try:
        yield
    except errors.ResourceGoneError as gone:
        if gone.parent is not None and gone.is_absent:
            id_name, id_ = gone.parent
            hint = f"{ids.unusual_form(ids.form_of_field(id_name), id_)}{nearest_parent(client, id_name, id_)}"
            if hint:
                gone.guidance = Advice(hint.strip(), " ", gone.guidance)
        raise
    except (errors.NotFoundError, errors.BadRequestError) as refusal:
        if hints:
            refusal.guidance = Advice(hints, " ", refusal.guidance)
        raise


def nearest_parent(client: Client, id_name: str, id_: str) -> str:
    """A sentence with the nearest ids of parents, after a space; empty if none is near.

    Args:
        id_name: The name of the parent's id in paths: "project_id".
        id_: The id, or the name of the parent.
    """
    return nearest_in(parents(client, id_name), id_)


def parents(client: Client, id_name: str) -> Listing:
    """The list of all parents of one kind; see `nearest_parent`."""
    parent = PARENTS[id_name]
    path = parent.path.rpartition("/")[0]
    return client.listing(path, f"list the {parent.noun}s", {"limit": 100}, parent.paging)


def _nearest_object(resource: Resource, client: Client, id_: str) -> str:
    """See `nearest_parent`, for the object itself."""
    handler: Any = resource.handler
    if handler.traits.shows not in (Shows.LIST, Shows.LIST_AND_EACH):
        return ""
    _, own_id = state.split_id(resource.declaration, id_)
    listing = handler.listing(client, state.to_remote(resource.declaration, id_, {}))
    return nearest_in(listing, own_id, id_[: len(id_) - len(own_id)])


def nearest_in(listing: Listing, id_: str, prefix: str = "") -> str:
    """See `nearest_parent`, for the objects of a list. If it can't be read, nothing is near.

    Args:
        id_: The id, or the name of an object.
        prefix: What is before the id in the Pulumi id.
    """
    with suppress(errors.AdminError):  # the missing object is the error that counts
        return require_nearest_in(listing, id_, prefix)
    return ""


def require_nearest_in(listing: Listing, id_: str, prefix: str = "") -> str:
    """See `nearest_in`.

    Raises:
        AdminError: The list can't be read.
    """
    by_text: dict[str, list[str]] = {}
    form = ids.form_of_id(id_)
    rows = listing.first_rows(_MOST_COMPARED)
    if id_ in rows:  # it has ended since it was listed
        return ""
    for other_id, row in rows.items():
        own = [other_id] if form in {None, ids.form_of_id(other_id)} else []  # another kind's id is no misspelling
        for text in (*own, *(str(row[name]) for name in _NAMES if row.get(name))):
            by_text.setdefault(text, []).append(other_id)
    near = similar(id_, by_text, _MAX_NEAREST)
    nearest = list(dict.fromkeys(found for text in near for found in by_text[text]))[:_MAX_NEAREST]
    return f" Did you mean {' or '.join(prefix + own_id for own_id in nearest)}?" if nearest else ""


class Read(NamedTuple):
    """An object as OpenAI shows it now."""

    outputs: Outputs
    inputs: dict[str, Any] | None
    """The inputs that the program set, with their current values; None if the program only reads the object."""


def read(resource: Resource, host: Host, id_: str, olds: Mapping[str, Any]) -> Read | None:
    """Read the object. Neither an error nor a key of another organization counts as "the object no longer exists".

    Otherwise the state would lose what only it contains: the API keys, and the rate limits to restore.

    Args:
        olds: The state. Without `__managed`, the program only reads the object, which then has to exist.

    Returns:
        None if the object no longer exists.

    Raises:
        ResourceGoneError: An object that the program only reads does not exist.
    """
    host.learn_secrets(state.record(olds).secret, olds)
    try:
        with operation(host, project_key(resource, olds)) as client:
            return current(resource, client, id_, olds, host.run.secrets)
    except errors.ResourceGoneError as gone:
        if state.managed_inputs(olds) is None or isinstance(gone, errors.ParentNotFoundError):
            raise
        return None


def current(resource: Resource, client: Client, id_: str, olds: Mapping[str, Any], known: Collection[str] = ()) -> Read:
    """Read the object with a client that the caller has.

    Args:
        known: The strings in the secret inputs of the run; none if nothing is stored.

    Raises:
        ResourceGoneError: The object no longer exists; the text gives the reason.
    """
    is_looked_up = state.managed_inputs(olds) is None
    if is_looked_up:
        with selecting(resource, client, id_):
            remote = state.to_remote(resource.declaration, id_, {})
            if key := resource.handler.traits.project_key:
                remote.options = {key: olds.get(key)}  # the next refresh needs it, too
            resource.handler.read(client, remote)
    else:
        remote = state.to_remote(resource.declaration, id_, olds)
        run.verify_organization(resource, client, remote)
        _read_known(resource, client, remote)
    secret = state.record(olds).secret
    given = state.managed_inputs(olds) or ()
    found = outputs(resource.declaration, remote, given, secret, known, olds)
    if not is_looked_up:
        shown = {name: found.values[name] for name in sorted(given) if found.values.get(name, ABSENT) != ABSENT}
        return Read(found, shown)
    values = {name: value for name, value in found.values.items() if name != state.MANAGED}
    return Read(replace(found, values=values), None)


def _read_known(resource: Resource, client: Client, remote: Remote) -> None:
    """Read an object in the state, and look for what requests without a response may have created.

    As long as one may, the state keeps an object that no longer exists: only the state knows of the request. Only the
    state knows of a key in a secret store, too: the key stays there until an update or a destroy removes it.

    Raises:
        ResourceGoneError: The object no longer exists, no request can still create one, and no store has its key.
    """
    gone = None
    try:
        if state.has_no_response(remote.id):
            gone = errors.ResourceGoneError("A creation without a response has created nothing")
        else:
            resource.handler.read(client, remote)
    except (errors.ParentEndedError, errors.ParentNotFoundError):
        raise
    except errors.ResourceGoneError as error:
        gone = error
    resolve_lost(resource, client, remote, removes=False)
    if gone is None:
        return
    if not (is_open(remote) or resource.handler.is_in_store(remote)):
        raise gone
    if not state.has_no_response(remote.id):
        remote.pending_actions.append(PendingAction(gone.what, "create it again", resource.declaration.inputs[0].name))


def resolve_lost(
    resource: Resource, client: Client, remote: Remote, seconds: float = 0, *, removes: bool = True
) -> None:
    """Look for what lost creations of a resource have made; see `Creations.resolve`."""
    if is_open(remote):
        for lost in resource.handler.creations(client, remote):
            lost.resolve(seconds, removes=removes)


class Adopted(NamedTuple):
    """An existing object that a resource manages from now on."""

    id: str
    """The Pulumi id."""
    inputs: Mapping[str, Any]
    """What a program declares to manage the object as it is."""
    outputs: Outputs
    """The state. The preview of a program with the inputs shows no change."""


def adopt_by_id(resource: Resource, client: Client, id_: str) -> Adopted:
    """Adopt an existing object by its Pulumi id. Only reads: a handler that sends anything else is refused.

    Args:
        client: Sends the requests. Objects are read from lists, which the client shares.

    Raises:
        errors.NotAdoptableError: A program can't manage the object as it is; the text gives the reason.
        errors.ConfigurationError: The id is not valid for this kind of resource.
    """
    with client.requestor.only_reads():
        with selecting(resource, client, id_):
            inputs = adoptable_inputs(resource, client, id_)
        return adopt(resource, client, inputs, id_)


def adoptable_inputs(resource: Resource, client: Client, id_: str) -> dict[str, Any]:
    """The inputs with which a program manages an existing object as it is. Only reads.

    An optional input is omitted where OpenAI shows no value, or one that no program can set: then it is not managed.
    """
    remote = state.to_remote(resource.declaration, id_, {})
    try:
        document = _handler(resource, id_).declared(client, remote)
    except errors.ResourceGoneError as gone:
        if not gone.name:
            raise
        raise errors.ResourceGoneError.not_found(gone.name) from gone
    inputs = _inputs(resource.declaration, remote, document)
    missing = [field.name for field in resource.declaration.inputs if field.is_always_set and field.name not in inputs]
    selectors = [field.name for field in resource.declaration.with_role(FieldRole.SELECTOR)]
    missing += selectors[:1] if inputs.keys().isdisjoint(selectors) else []
    if missing:
        raise errors.NotAdoptableError(f"{id_!r} can't be imported: OpenAI shows no {missing[0]}")
    return inputs


def adopt(resource: Resource, client: Client, inputs: Mapping[str, Any], id_: str) -> Adopted:
    """The state of a resource with these inputs that manages an existing object with the same values.

    The handler makes it, so that its later steps can use it.

    Args:
        client: Has the lists with the object, or reads them.
        inputs: The inputs in the program, in the normal form: those of `adoptable_inputs`, or some of them.

    Raises:
        errors.NotAdoptableError: The inputs are invalid, or would change the object.
    """
    declaration, handler = resource.declaration, _handler(resource, id_)
    remote = state.new_remote(declaration, inputs)
    remote.id = state.to_remote(declaration, id_, {}).id
    record_organization(resource, client, remote)
    handler.adopt(client, remote, state.to_wanted(declaration, inputs))
    found, own_id = outputs(declaration, remote, inputs), state.make_id(declaration, remote)
    _require_clean(resource, own_id, inputs, found.values)
    return Adopted(own_id, inputs, found)


def _handler(resource: Resource, id_: str) -> Handler:
    """The handler of a kind that can be adopted."""
    handler = resource.handler
    if handler.traits.not_adoptable:
        raise errors.NotAdoptableError(f"{id_!r} can't be imported: {handler.traits.not_adoptable}")
    return handler


def _inputs(declaration: Declaration, remote: Remote, document: Mapping[str, Any]) -> dict[str, Any]:
    inputs: dict[str, Any] = {}
    for field in declaration.inputs:
        value = remote.parents[field.key] if field.role is FieldRole.PATH else documents.get(document, field.key)
        value = field.from_handler(value)
        # A program contains no secrets, and no value that `check` refuses.
        is_blank = value is None or (isinstance(value, str) and value.strip() == ABSENT)
        if is_blank or field.is_secret or field.role is FieldRole.OPTION:
            continue
        if field.is_always_set or not validation.failure(field, value, is_secret=False):
            inputs[field.name] = field.ordered(validation.normalized(value))
    return inputs


def _require_clean(resource: Resource, id_: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> None:
    """Check that the first preview after the import shows no change."""
    checked = check(resource, Host(), {}, Inputs(inputs))
    if checked.failures:
        reasons = " ".join(failure.reason for failure in checked.failures).rstrip(".")
        raise errors.NotAdoptableError(f"{id_!r} can't be imported: {reasons}")
    difference = diff(resource, Host(), id_, outputs, Inputs(checked.inputs))
    if difference.inputs or difference.replaces or difference.is_due:
        what = ", ".join(difference.inputs) or "the last change did not finish"
        raise errors.NotAdoptableError(f"{id_!r} can't be imported: no program can reproduce these values: {what}")
