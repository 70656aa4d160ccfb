"""Any setting of the Administration API."""

from __future__ import annotations

from typing import Any, final

from pulumi_openai_admin.handlers.kinds.api_settings import ApiSettings
from pulumi_openai_admin.resources import managing
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.constraints import API_PATH, PROPERTY
from pulumi_openai_admin.schema.fields import Field, argument, option, output
from pulumi_openai_admin.schema.fields import path as part_of_path
from pulumi_openai_admin.schema.rules import NotInside, UndeclaredPath


@final
class ApiSetting(AdminResource):
    """A setting that this version of the package has no resource for: `GET` shows it, and `POST` changes it.

    The setting exists before the resource. Only the properties that the program sets are managed. Destroying the
    resource, or removing a property from the program, restores the values from before the first change. The path is
    not known to this version: the properties are sent as they are, and OpenAI may change what they mean. A path that a
    resource of this version manages is refused. Only one resource can manage the setting.

    Its id is `<path>`.

    Raises:
        BadRequestError: OpenAI does not accept a property.
        ConfigurationError: The path has a list of objects.
        UnrelatedNotFoundError: OpenAI does not have the path, or not for the organization.
        UpdateNotAppliedError: OpenAI accepted a value, and answered with another one.
        ProjectArchivedError: The path is inside a project that is archived.
        ParentNotFoundError: The admin key may be another organization's: it does not show the project in the path, or
            the project of the organization that the state records. The resource stays in the state.

    Source: GET and POST of `path`.
    """

    handler = ApiSettings()
    rules = (
        UndeclaredPath("path", managing),
        NotInside(
            "secrets",
            "properties",
            "remove it, and mark the value in properties as a secret, with Output.secret or in the language's way",
        ),
    )

    path: Field[str] = part_of_path(constraint=API_PATH, has_slashes=True)
    """The path of the setting, below the base URL, such as `/organization/projects/proj_…/thing_settings`. Another path
    replaces the resource."""
    properties: Field[dict[str, Any]] = argument(keys=PROPERTY)
    """What the program sets, by OpenAI's names. Only these properties are compared with OpenAI's values, in nested
    mappings, too. Changed in place."""
    secrets: Field[list[str] | None] = option(default=None)
    """The names of secret values in replies, dotted if they are nested. They are in `secret_values`, and not in
    `object`. Texts that look like secrets by their names or values are there, too."""
    object: Field[dict[str, Any]] = output(reveals=("properties",))
    """The setting as OpenAI shows it, without secret values and nulls. It is secret if `properties` has a secret."""
    secret_values: Field[dict[str, Any]] = output(shown_once=True)
    """The secret values by dotted name, each as OpenAI showed it first. Secret."""
    baseline: Field[dict[str, Any]] = output(reveals=("properties",))
    """For each managed property, the value that was found before the first change: what destroy restores."""
