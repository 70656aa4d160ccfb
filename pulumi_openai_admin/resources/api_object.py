"""Objects of any collection of the Administration API."""

from __future__ import annotations

from typing import Any, Literal, final

from pulumi_openai_admin.handlers.kinds.api_objects import ApiObjects
from pulumi_openai_admin.resources import managing
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.constraints import API_PATH, PROPERTY
from pulumi_openai_admin.schema.fields import Field, argument, option, output
from pulumi_openai_admin.schema.fields import path as part_of_path
from pulumi_openai_admin.schema.rules import NamesInside, NotInside, UndeclaredPath


@final
class ApiObject(AdminResource):
    """An object of a collection that this version of the package has no resource for.

    `POST` to the path creates the object, `GET` of the path lists all of them, and `GET`, `POST` and `DELETE` of
    `<path>/<object_id>` read, change and delete one. The path is not known to this version: the properties are sent
    as they are, and OpenAI may change what they mean. A path that a resource of this version manages is refused.

    Its id is `<path>/<object_id>`.

    Raises:
        BadRequestError: OpenAI does not accept a property.
        UnrelatedNotFoundError: OpenAI does not have the path, or not for the organization.
        InvalidReplyError: The path has no list, or its objects have no property with the name in `identity`.
        ResponseLostError: It is not known what a lost reply created; the message names all that may exist.
        ProjectArchivedError: The path is inside a project that is archived.
        ParentNotFoundError: The admin key may be another organization's: it does not show the project in the path, or
            the project of the organization that the state records. The object stays in the state.

    Source: POST and GET of `path`, GET, POST and DELETE of `<path>/<object_id>`.
    """

    handler = ApiObjects()
    rules = (
        UndeclaredPath("path", managing),
        NamesInside("recognized_by", "properties"),
        NotInside(
            "secrets",
            "properties",
            "remove it, and mark the value in properties as a secret, with Output.secret or in the language's way",
        ),
    )

    path: Field[str] = part_of_path(constraint=API_PATH, has_slashes=True)
    """The path of the collection, below the base URL, such as `/organization/projects/proj_…/things`. Another path
    replaces the object."""
    properties: Field[dict[str, Any]] = argument(keys=PROPERTY)
    """What the program sets, by OpenAI's names. Only these properties are compared with OpenAI's values, in nested
    mappings, too. A property in `settable` is changed in place, and another value of any other property replaces the
    object. A property that is removed from the program stays at OpenAI as it is."""
    identity: Field[str | None] = option(default=None)
    """The name of the object's id in replies, `id` if it is left out."""
    recognized_by: Field[list[str] | None] = option(default=None)
    """The properties that identify an object whose creation got no reply, such as `name`. If it is left out, all
    properties do."""
    settable: Field[list[str] | None] = option(default=None)
    """The properties that OpenAI changes in place. If it is left out, OpenAI can change none."""
    paging: Field[str | None, Literal["last_id", "next"] | None] = option(default=None)
    """Where a page of the list has the cursor of the next page, `"last_id"` if it is left out."""
    secrets: Field[list[str] | None] = option(default=None)
    """The names of secret values in replies, dotted if they are nested (`"api_key.value"`). They are in
    `secret_values`, and not in `object`. Texts that look like secrets by their names or values are there, too."""
    object_id: Field[str] = output(wire="id", identity=True)
    """The object's id."""
    object: Field[dict[str, Any]] = output(reveals=("properties",))
    """The object as OpenAI shows it, without secret values and nulls. It is secret if `properties` has a secret."""
    secret_values: Field[dict[str, Any]] = output(shown_once=True)
    """The secret values by dotted name, each as OpenAI showed it first. Secret."""
