"""Ids that no state knows, because a person wrote them: what is wrong with one that names no object. Only reads."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.handler import Shows
from pulumi_openai_admin.http.parents import PARENTS
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.remedies import Advice
from pulumi_openai_admin.schema import ids
from pulumi_openai_admin.similar import similar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pulumi_openai_admin.http.client import Client, Listing
    from pulumi_openai_admin.lifecycle.resource import Resource

_NAMES = ("name", "email", "group_name", "model")
"""The properties by which people know an object, by OpenAI's names."""
_MAX_NEAREST = 3
_MOST_COMPARED = 1000
"""Ten pages: a suggestion is not worth the minutes that the list of a large organization takes."""


@contextmanager
def selecting(resource: Resource, client: Client, id_: str) -> Iterator[None]:
    """Select an object by a Pulumi id. If there is none, the error names the kind, the form of the id and the nearest.

    Args:
        resource: Its declaration.
        client: Sends the requests.
        id_: The Pulumi id.

    Raises:
        ConfigurationError: The id does not have the form of this kind.
        ResourceGoneError: There is no object with the id, or no parent.
    """
    declaration = resource.declaration
    try:
        form = f"{state.form_in_words(declaration)}{state.wrong_kinds(declaration, id_)}"
    except ValueError:
        raise state.wrong_id(declaration, id_) from None
    if ids.has_key(id_):
        raise state.wrong_id(declaration, id_)
    try:
        yield
    except errors.ResourceGoneError as gone:
        if not gone.is_absent:
            raise
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
        client: Sends the requests.
        hints: Sentences about the ids that a request has, for an error of OpenAI that may be about one of them.
    """
    try:
        yield
    except errors.ResourceGoneError as gone:
        if gone.parent is None:
            raise
        id_name, id_ = gone.parent
        hint = f"{ids.unusual_form(ids.form_of_field(id_name), id_)}{nearest_parent(client, id_name, id_)}"
        if not hint:
            raise
        missing = type(gone)(gone.what, Advice(hint.strip(), " ", gone.guidance))
        missing.facts = gone.facts
        raise missing from gone
    except (errors.NotFoundError, errors.BadRequestError) as refusal:
        if hints:
            refusal.guidance = Advice(hints, " ", refusal.guidance)
        raise


def nearest_parent(client: Client, id_name: str, id_: str) -> str:
    """A sentence with the nearest ids of parents, after a space; empty if none is near.

    Args:
        client: Sends the requests.
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
    """See `nearest_parent`, for the objects of a list.

    Args:
        listing: The list. If it can't be read, nothing is near.
        id_: The id, or the name of an object.
        prefix: What is before the id in the Pulumi id.
    """
    try:
        return require_nearest_in(listing, id_, prefix)
    except errors.AdminError:  # the missing object is the error that counts
        return ""


def require_nearest_in(listing: Listing, id_: str, prefix: str = "") -> str:
    """See `nearest_in`.

    Raises:
        AdminError: The list can't be read.
    """
    nearest = _nearest(id_, listing.some(_MOST_COMPARED))
    return f" Did you mean {' or '.join(prefix + own_id for own_id in nearest)}?" if nearest else ""


def _nearest(wanted: str, rows: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The ids of the objects whose ids or names resemble a text."""
    by_text: dict[str, list[str]] = {}
    form = ids.form_of_id(wanted)
    for id_, row in rows.items():
        own = [id_] if form in {None, ids.form_of_id(id_)} else []  # an id of another kind is no misspelling
        for text in (*own, *(str(row[name]) for name in _NAMES if row.get(name))):
            by_text.setdefault(text, []).append(id_)
    near = similar(wanted, by_text, _MAX_NEAREST)
    return list(dict.fromkeys(id_ for text in near for id_ in by_text[text]))[:_MAX_NEAREST]
