"""Imports of existing objects by their ids, and what is wrong with an id that names none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_openai_admin import errors
from pulumi_openai_admin.data_sources import kinds
from pulumi_openai_admin.handlers.row import nearest
from pulumi_openai_admin.lifecycle import adopt, state
from pulumi_openai_admin.lifecycle.connection import operation
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.data_sources.kind import Kind
    from pulumi_openai_admin.hosts.native.native_host import NativeHost
    from pulumi_openai_admin.http.client import Client
    from pulumi_openai_admin.resources.base import AdminResource

_PROJECT = "project_id"


def imported(resource: type[AdminResource], host: NativeHost, id_: str) -> adopt.Adopted:
    """The state of an object that no program declares yet, and the inputs with which the first preview is clean.

    Raises:
        NoMatchError: There is no such object; the text names the kind, the form of its id, and the nearest ids.
        ConfigurationError: The id does not have the form of this kind.
        AdminError: See `adopt.found`.
    """
    name, form = resource.__name__, f"Its id has the form {state.id_form(resource.declaration)}."
    try:
        parents, own_id = state.split_id(resource.declaration, id_)
    except ValueError:
        raise errors.ConfigurationError(f"{id_!r} is not an id of {name}", form) from None
    with operation(host) as client:
        try:
            return adopt.found(resource, client, id_)
        except errors.ProjectNotFoundError as missing:
            advice = Advice(form, _nearest("Project", client, {}, parents.get(_PROJECT, own_id)), " ", missing.advice)
            raise errors.ProjectNotFoundError(missing.what, advice) from missing
        except errors.ParentNotFoundError as missing:
            advice = Advice(form, _nearest(name, client, parents, own_id), " ", missing.advice)
            raise errors.ParentNotFoundError(missing.what, advice) from missing
        except errors.ResourceGoneError as missing:
            advice = Advice(form, _nearest(name, client, parents, own_id))
            raise errors.NoMatchError(f"There is no {name} with the id {id_!r}", advice) from missing


def _nearest(name: str, client: Client, parents: Mapping[str, str], own_id: str) -> str:
    """A sentence with the ids in the list that are most like an id; empty if there is no list, or it can't be read."""
    kind = kinds.kind(name)
    if kind is None or kind.is_setting or kind.identity is None or set(kind.parents) != set(parents):
        return ""
    try:
        ids = _ids(kind, client, parents)
    except errors.AdminError:  # the missing object is the error that counts
        return ""
    named = [found for found, texts in ids.items() if own_id.lower() in texts]
    place = "/".join([*parents.values(), ""])
    return f" {nearest(place + (named or [own_id])[0], [place + found for found in named or ids], kind.place)}"


def _ids(kind: Kind, client: Client, parents: Mapping[str, str]) -> dict[str, set[str]]:
    """The ids of a list, each with the texts by which a person may know the object, in lower case."""
    options = {name: option.default for name, option in kind.options.items()}
    return {
        str(getattr(item, str(kind.identity))): {str(getattr(item, key)).lower() for key in kind.keys}
        for item in kind.all(client, **parents, **options)
    }
