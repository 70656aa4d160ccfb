"""The inputs and outputs of `TeamProject` in every language: their types, and their way to its arguments and back.

Where an argument in Python takes several forms, other languages have the one with named properties. Pulumi's SDKs omit
what is null, so `None` has another form there.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeGuard, get_type_hints

import pulumi

from pulumi_openai_admin.components import entries as team_entries
from pulumi_openai_admin.components import team_project
from pulumi_openai_admin.components.team_project import OUTPUTS, TeamProject, defaults
from pulumi_openai_admin.data_sources.kind import field_prose
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.hosts.native.properties import camel
from pulumi_openai_admin.program import arguments
from pulumi_openai_admin.program.arguments import DeclarationError
from pulumi_openai_admin.resources.project import Project, Residency
from pulumi_openai_admin.resources.project_group import ProjectGroup
from pulumi_openai_admin.resources.project_model_permissions import ProjectModelPermissions
from pulumi_openai_admin.resources.project_rate_limits import RateLimit
from pulumi_openai_admin.resources.project_service_account import ProjectServiceAccount
from pulumi_openai_admin.resources.project_service_account_api_key import ProjectServiceAccountApiKey
from pulumi_openai_admin.resources.project_user import ProjectUser
from pulumi_openai_admin.schema import shapes
from pulumi_openai_admin.schema.shapes import Alternatives, Boolean, Bounds, Entries, Items, Shape, Structure, parts
from pulumi_openai_admin.schema.validation import normalized

if TYPE_CHECKING:
    from pulumi_openai_admin.components.entries import Arguments
    from pulumi_openai_admin.schema.fields import Field


_LIFETIME, _NEVER, _RESIDENCY = "expires_in_seconds", "never_expires", "residency"
_KEY = team_entries.TeamApiKey.__name__
_MAY_BE_EMPTY = team_entries.TeamModels.__name__
_CHILDREN = ("spend_limit", "service_accounts", "api_keys")
"""The first words of what `former_names` calls resources, where they are spelled differently."""
ABOUT = {
    "members": "The people in the project. If `role` is omitted, they get the role `member`.",
    "groups": "The groups in the project, by a name of your choice. If `role` is omitted, they get the role `member`.",
    "models": (
        "The models that the project may use. By default, the models of `limits`, if `limits` is an allow-list: all "
        "its keys are names of models that the program knows, `others` accepts no requests, and `project_id` is not "
        "set. `{}` allows all models of the organization."
    ),
    "former_names": (
        "The former logical names of the resources, in a program without the component. Set it if they are not the "
        "name of the component: the former name of each resource (`project`, `limits`, `spend_limit`, `members`, "
        "`members.ADDRESS`, `models`, `alerts.NAME`, `groups.NAME`, `service_accounts.NAME`, "
        "`service_accounts.NAME.groups.NAME`, `api_keys.NAME`). The name of `project` applies to all resources that "
        "are not named."
    ),
}
"""What is said of arguments that have other forms in Python."""
_ABOUT_PROPERTIES = {
    (_KEY, _LIFETIME): "The key's lifetime in seconds. Set either this or `never_expires`.",
    (_KEY, _NEVER): "Whether the key does not expire.",
    (_KEY, "deliver_to"): "The secret store that receives the key. The key is then not in `api_keys`.",
    (_MAY_BE_EMPTY, "mode"): '`"allow_list"` or `"deny_list"`. Required, unless the structure is empty.',
    (_MAY_BE_EMPTY, "model_ids"): "The ids of the models. Required, unless the structure is empty.",
}


_FIELDS: dict[tuple[str, str], Field[Any, Any]] = {
    (team_entries.TeamMember.__name__, "role"): ProjectUser.declaration.fields["role"],
    (team_entries.TeamGroup.__name__, "role"): ProjectGroup.declaration.fields["role"],
    (team_entries.TeamServiceAccount.__name__, "role"): ProjectServiceAccount.declaration.fields["role"],
    (_MAY_BE_EMPTY, "mode"): ProjectModelPermissions.declaration.fields["mode"],
}
"""The fields of resources with the strings that properties of structures accept."""


@cache
def inputs() -> dict[str, Shape]:
    """The shape of each input, by the name of its argument."""
    known = {
        **vars(team_entries),
        **vars(team_project),
        "Output": shapes.Output,
        "RateLimit": RateLimit,
        "Residency": Residency,
        "T": Any,
    }
    hints = get_type_hints(inspect.unwrap(TeamProject.__init__), known, known)
    declared = {_RESIDENCY: Project.declaration.fields[_RESIDENCY].shape}
    return {name: declared.get(name) or _named(shapes.of(hints[name], Bounds())) for name in defaults()}


def _named(shape: Shape) -> Shape:
    """The form of a shape that has named properties, at any depth."""
    if isinstance(shape, Alternatives):
        structured = [member for member in shape.members if any(isinstance(part, Structure) for part in parts(member))]
        mappings = [member for member in shape.members if isinstance(member, Entries)]
        chosen = [*structured, *mappings]
        return _named(chosen[0]) if chosen else shape
    if isinstance(shape, Items):
        return replace(shape, item=_named(shape.item))
    if isinstance(shape, Entries):
        return replace(shape, value=_named(shape.value))
    if isinstance(shape, Structure):
        of_resource = {name: _FIELDS[key].shape for name in shape.properties if (key := (shape.name, name)) in _FIELDS}
        members = {name: of_resource.get(name) or _named(member) for name, member in shape.properties.items()}
        return _without_null(replace(shape, properties=members))
    return shape


def _without_null(structure: Structure) -> Structure:
    """A structure in which another property, or nothing at all, says what `None` says in Python."""
    if structure.name == _KEY:
        lifetime = ProjectServiceAccountApiKey.declaration.fields[_LIFETIME].shape
        members = {**structure.properties, _LIFETIME: lifetime, _NEVER: Boolean()}
        return replace(structure, properties=members, required=structure.required - {_LIFETIME})
    return replace(structure, required=frozenset()) if structure.name == _MAY_BE_EMPTY else structure


def names() -> set[str]:
    """The names of all inputs and outputs, and of the properties inside them."""
    return {*inputs(), *OUTPUTS, *_CHILDREN, *properties.names_inside(inputs().values())}


def to_arguments(given: Mapping[str, Any], checked: Arguments) -> dict[str, Any]:
    """The arguments of `TeamProject`, from the inputs of a program in any language.

    Args:
        given: The inputs.
        checked: Refuses what is wrong.

    Raises:
        DeclarationError: The component has no such input, or a key has a wrong lifetime.
    """
    known = {camel(name): name for name in inputs()}
    for name in given:
        if name not in known:
            advice = arguments.nearest(name, known, "inputs")
            raise DeclarationError(f"{name} is not an input of {TeamProject.__name__}", advice)
    found = {
        known[name]: properties.declared(
            inputs()[known[name]], normalized(arguments.without_none(value)), partial(later, properties.declared)
        )
        for name, value in given.items()
        if value is not None
    }
    former = found.get("former_names")
    if isinstance(former, Mapping):
        found["former_names"] = {_child(name): value for name, value in former.items()}
    accounts = found.get("service_accounts")
    if isinstance(accounts, Mapping):
        found["service_accounts"] = {
            name: _with_lifetime(f"service_accounts[{name!r}]['api_key']", account, checked)
            for name, account in accounts.items()
        }
    return found


def _child(name: str) -> str:
    """What `former_names` calls a resource in Python: `service_accounts.web` for `serviceAccounts.web`."""
    argument, *entry = name.split(".", 1)
    return ".".join([next((known for known in _CHILDREN if camel(known) == argument), argument), *entry])


def _with_lifetime(place: str, account: Any, checked: Arguments) -> Any:
    """A service account whose key has the lifetime None if it never expires."""
    key = account.get("api_key") if isinstance(account, Mapping) else None
    if not isinstance(key, Mapping):
        return account
    others = {name: value for name, value in key.items() if name != _NEVER}
    never = checked.flag(f"{place}[{_NEVER!r}]", key.get(_NEVER, False))
    if not never and _LIFETIME not in key:
        checked.refuse(f"{place} has no lifetime", f"Set {_LIFETIME} or {_NEVER}.")
    if never and _LIFETIME in key:
        checked.refuse(f"{place} has both {_LIFETIME} and {_NEVER}", "Set one of them.")
    return {**account, "api_key": {**others, _LIFETIME: None} if never else others}


def later(rename: Callable[..., Any], shape: Shape, value: Any) -> Any:
    """Rename the properties of a value that may be known later; see `properties.OnSecret`."""
    return value.apply(partial(rename, shape)) if isinstance(value, pulumi.Output) else value


def is_own(shape: Shape) -> TypeGuard[Structure]:
    """Return whether a shape is a structure that is declared for the component."""
    return isinstance(shape, Structure) and shape.name.startswith("Team") and hasattr(team_entries, shape.name)


def text_without_null(text: str) -> str:
    """A description without null as one of two values: SDKs omit it."""
    return text.replace("`None` or ", "")


def texts(structure: Structure) -> tuple[str, dict[str, str]]:
    """The description of one of its structures, and of each property."""
    about = inspect.getdoc(getattr(team_entries, structure.name)) or ""
    prose = field_prose(team_entries, structure.name)
    own = {name: _ABOUT_PROPERTIES.get((structure.name, name)) or prose[name] for name in structure.properties}
    return about, {name: text_without_null(text) for name, text in own.items()}
