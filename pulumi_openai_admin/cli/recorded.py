"""Resources as the engine records them, by the names of the declaration, for both providers. Pure."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors, public_names, resources
from pulumi_openai_admin.cli.stack_export import has_mappings
from pulumi_openai_admin.config import NAMESPACE
from pulumi_openai_admin.engine.outputs import is_wrapped
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.hosts.native.properties import MODULE, camel
from pulumi_openai_admin.lifecycle.state import MANAGED, split_id
from pulumi_openai_admin.program.provider import PACKAGE
from pulumi_openai_admin.schema.fields import FieldRole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_openai_admin.resources.base import AdminResource
    from pulumi_openai_admin.schema.fields import Declaration

DYNAMIC = f"{PACKAGE}:dynamic/{NAMESPACE}:"
"""The first characters of the types of the dynamic provider."""
DYNAMIC_PROVIDER = f"pulumi:providers:{PACKAGE}"
NATIVE_PROVIDER = f"pulumi:providers:{NAMESPACE}"
SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key of Pulumi's special values."""
_VERSIONS = (3, 4)
"""The versions of the format of exported stacks; 4 is 3 with the names of features that not every engine has."""
_URN, _SEPARATORS = "urn:pulumi:", 3
SECRET = "[secret]"  # noqa: S105 - what `pulumi preview --json` has in the place of a secret
"""In the place of a secret. No value is compared with it or shown beside it."""
PROJECT_ID = "project_id"


def records_of(document: Any) -> list[dict[str, Any]]:
    """The resources of an exported stack, of all packages.

    Raises:
        errors.ConfigurationError: It is no exported stack.
    """
    deployment = document.get("deployment") if isinstance(document, dict) else None
    found = (deployment.get("resources") or []) if isinstance(deployment, dict) else None
    if not isinstance(found, list) or not all(map(_is_record, found)) or document.get("version") not in _VERSIONS:
        what = "The input is not an exported stack, or has a format that this version does not know"
        raise errors.ConfigurationError(what, "Export the stack with `pulumi stack export --file FILE`.")
    return found


def _is_record(value: Any) -> bool:
    is_resource = isinstance(value, dict) and is_urn(value.get("urn")) and isinstance(value.get("type"), str)
    return is_resource and has_mappings(value)


def is_urn(value: object) -> bool:
    """Return whether a value is a URN, or begins with one."""
    return isinstance(value, str) and value.startswith(_URN) and value.count("::") >= _SEPARATORS


def name_of(urn: str) -> str:
    """The name of a resource in its program."""
    return urn.split("::", _SEPARATORS)[-1]


def dynamic_kind_of(type_: str) -> str:
    """The public name of a type of the dynamic provider, such as `Project`; empty for other types."""
    return type_.removeprefix(DYNAMIC) if type_.startswith(DYNAMIC) else ""


def kind_of(type_: str) -> str:
    """The public name of a type of either provider, such as `Project`; empty for other types."""
    kind = type_.removeprefix(f"{MODULE}:") if is_native(type_) else dynamic_kind_of(type_)
    return kind if kind in resources.ALL else ""


def is_native(type_: str) -> bool:
    """Whether a type is of the native provider."""
    return type_.startswith(f"{MODULE}:")


def resource_of(kind: str) -> type[AdminResource]:
    """The class of a resource, by its public name."""
    found: Any = public_names.load(kind)
    return found  # type: ignore[no-any-return] # a class, by its public name


def declared_outputs(declaration: Declaration, type_: str, outputs: Mapping[str, Any]) -> dict[str, Any]:
    """A state by the names of the declaration, with `SECRET` in the place of secrets."""
    values = {name: without_secrets(value) for name, value in outputs.items()}
    if not is_native(type_):
        return values
    managed = {MANAGED: values.pop(MANAGED)} if values.get(MANAGED) == SECRET else {}
    state = properties.to_state(declaration, values) | managed
    # What OpenAI omits is null in a state. A property that a state does not have came with a later version.
    later = {field.stored for field in declaration.fields.values() if camel(field.name) not in values}
    return {name: value for name, value in state.items() if name not in later}


def declared_inputs(declaration: Declaration, type_: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Inputs by the names of the declaration, with `SECRET` in the place of secrets."""
    values = {name: without_secrets(value) for name, value in inputs.items()}
    if is_native(type_):
        return properties.to_inputs(declaration, values)
    names = {field.name for field in declaration.inputs}
    return {name: value for name, value in values.items() if name in names}


def input_names(declaration: Declaration, type_: str, names: Iterable[str]) -> list[str]:
    """Names of inputs, by the declaration."""
    spelled = {camel(field.name) if is_native(type_) else field.name: field.name for field in declaration.inputs}
    return [spelled[name] for name in names if name in spelled]


def without_secrets(value: Any) -> Any:
    """A value of a state with `SECRET` in the place of secrets, whether they are encrypted or not."""
    if is_wrapped(value):
        return SECRET
    if isinstance(value, dict):
        return {key: without_secrets(item) for key, item in value.items()}
    return [without_secrets(item) for item in value] if isinstance(value, list) else value


def has_secret(value: Any) -> bool:
    """Whether a value is a secret or contains one."""
    if isinstance(value, dict):
        return any(map(has_secret, value.values()))
    return any(map(has_secret, value)) if isinstance(value, list) else value == SECRET


def project_of(declaration: Declaration, kind: str, id_: str, values: Mapping[str, Any]) -> str:
    """The id of the project that a resource is in, or is; empty for a resource of the organization."""
    if kind == "Project":
        return id_
    if PROJECT_ID in declaration.fields:
        value = values.get(PROJECT_ID)
        if isinstance(value, str):
            return value
    if any(field.wire == PROJECT_ID for field in declaration.with_role(FieldRole.PATH)) and id_:
        with suppress(ValueError):  # whoever reads the object reports an id of another form
            return split_id(declaration, id_)[0].get(PROJECT_ID, "")
    return ""
