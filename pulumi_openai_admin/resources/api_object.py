"""Objects of any collection of the Administration API."""

from __future__ import annotations

from typing import Any, Literal, final

from pulumi_openai_admin.handlers.kinds.api_objects import ApiObjects
from pulumi_openai_admin.program.fields import Field, argument, option, output
from pulumi_openai_admin.program.fields import path as part_of_path
from pulumi_openai_admin.resources import managing
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.constraints import API_PATH, PROPERTY, Enumeration
from pulumi_openai_admin.schema.rules import NamesInside, NotInside, UndeclaredPath


@final
class ApiObject(AdminResource):
    """An object of a collection that this version of the package has no resource for.

    `POST` to the path creates an object, and `GET` of the path lists all objects. `GET`, `POST` and `DELETE` of
    `<path>/<object_id>` read, change and delete one object. This version of the package does not know the path. The
    provider sends the properties unchanged, and OpenAI may change their meaning. The provider rejects a path that
    another resource of this version manages.

    The resource ID is `<path>/<object_id>`.

    Raises:
        BadRequestError: OpenAI does not accept a property.
        UnrelatedNotFoundError: OpenAI does not have the path, or the organization has no access to it.
        InvalidResponseError: The response is not a list, or its objects do not have the property that `identity` names.
        ResponseLostError: A response was lost, and the provider cannot tell what was created. The message lists
            everything that may exist.
        ProjectArchivedError: The path is inside a project that is archived.
        ParentNotFoundError: The admin key does not show the project in the path, or the project that the state records,
            so the key may belong to another organization. The object stays in the state.

    Also sends: POST and GET of `path`, GET, POST and DELETE of `<path>/<object_id>`.
    """

    handler = ApiObjects()
    rules = (
        UndeclaredPath("path", managing),
        NamesInside("recognized_by", "properties"),
        NotInside("secrets", "properties"),
    )

    path: Field[str] = part_of_path(constraint=API_PATH, has_slashes=True)
    """The path of the collection, below the base URL, such as `/organization/projects/proj_…/things`."""
    properties: Field[dict[str, Any]] = argument(keys=PROPERTY)
    """The values that the program sets, under OpenAI's names. Only these properties are compared with OpenAI's values,
    including properties of nested mappings. If OpenAI shows a value in another form than the program sent, such as
    another spelling, it is a difference only if OpenAI's value changes later. A property in `settable` is changed in
    place. Changing any other property replaces the object. A property that is removed from the program stays at OpenAI
    as it is."""
    identity: Field[str | None] = option(default=None)
    """The name of the object's id in responses. If omitted, it is `id`."""
    recognized_by: Field[list[str] | None] = option(default=None)
    """The properties that identify an object whose creation got no response, such as `name`. If omitted, all properties
    identify it."""
    settable: Field[list[str] | None] = option(default=None)
    """The properties that OpenAI changes in place. If omitted, every change replaces the object."""
    paging: Field[str | None, Literal["last_id", "next"] | None] = option(
        default=None,
        choices=Enumeration(
            "ApiObjectPaging",
            "The property of a list page that contains the cursor of the next page.",
            {"last_id": 'In the property `"last_id"`.', "next": "In the property `next`."},
        ),
    )
    """The property of a list page that contains the cursor of the next page. If omitted, it is `"last_id"`."""
    secrets: Field[list[str] | None] = option(default=None)
    """The names of secret values in responses, dotted if they are nested (`"api_key.value"`). The output
    `secret_values` contains these values, and `object` does not. `secret_values` also contains strings whose name or
    value looks like a secret."""
    object_id: Field[str] = output(wire="id", identity=True)
    """The object's id."""
    object: Field[dict[str, Any]] = output(reveals=("properties",))
    """The object as OpenAI shows it, without secret values and nulls. Secret if `properties` contains a secret."""
    secret_values: Field[dict[str, Any]] = output(shown_once=True)
    """The secret values by dotted name, each as OpenAI showed it first."""
