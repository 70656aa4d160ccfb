"""Any setting of the Administration API."""

from __future__ import annotations

from typing import Any, final

from pulumi_openai_admin.handlers.kinds.api_objects import ApiSettings
from pulumi_openai_admin.program.fields import Field, argument, option, output
from pulumi_openai_admin.program.fields import path as part_of_path
from pulumi_openai_admin.resources import managing
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.constraints import API_PATH, PROPERTY
from pulumi_openai_admin.schema.rules import NotInside, UndeclaredPath


@final
class ApiSetting(AdminResource):
    """A setting that this version of the package has no resource for: `GET` shows it, and `POST` changes it.

    The setting exists before the resource. Only the properties that the program sets are managed. Destroying the
    resource, or removing a property from the program, restores the values from before the first change. This version of
    the package does not know the path. The provider sends the properties unchanged, and OpenAI may change their
    meaning. The provider rejects a path that another resource of this version manages. Only one resource can manage the
    setting.

    The resource ID is `<path>`.

    Raises:
        BadRequestError: OpenAI does not accept a property.
        ConfigurationError: The path returns a list of objects. Use `ApiObject`.
        UnrelatedNotFoundError: OpenAI does not have the path, or the organization has no access to it.
        UpdateNotAppliedError: OpenAI accepted a value but did not apply it.
        ProjectArchivedError: The path is inside a project that is archived.
        ParentNotFoundError: The admin key does not show the project in the path, or the project that the state records,
            so the key may belong to another organization. The resource stays in the state.

    Also sends: GET and POST of `path`.
    """

    handler = ApiSettings()
    rules = (UndeclaredPath("path", managing), NotInside("secrets", "properties"))

    path: Field[str] = part_of_path(constraint=API_PATH, has_slashes=True)
    """The path of the setting, below the base URL, such as `/organization/projects/proj_…/thing_settings`."""
    properties: Field[dict[str, Any]] = argument(keys=PROPERTY)
    """The values that the program sets, under OpenAI's names. Only these properties are compared with OpenAI's values,
    including properties of nested mappings. If OpenAI shows a value in another form than the program sent, such as
    another spelling, it is a difference only if OpenAI's value changes later."""
    secrets: Field[list[str] | None] = option(default=None)
    """The names of secret values in responses, dotted if they are nested. The output `secret_values` contains these
    values, and `object` does not. `secret_values` also contains strings whose name or value looks like a secret."""
    object: Field[dict[str, Any]] = output(reveals=("properties",))
    """The setting as OpenAI shows it, without secret values and nulls. Secret if `properties` contains a secret."""
    secret_values: Field[dict[str, Any]] = output(shown_once=True)
    """The secret values by dotted name, each as OpenAI showed it first."""
    baseline: Field[dict[str, Any]] = output(reveals=("properties",))
    """For each managed property, the value from before the first change, which destroy restores."""
