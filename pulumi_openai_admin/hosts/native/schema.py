"""The Pulumi schema of the native provider, from the declarations of resources and look-ups. Pure.

`schema.json` is what `make generate` writes; the provider serves that file, and a test compares it.
"""

from __future__ import annotations

import dataclasses
import inspect
import sys
from typing import TYPE_CHECKING, Any, get_args

import pulumi_openai_admin
from pulumi_openai_admin import config, resources
from pulumi_openai_admin.data_sources import kinds
from pulumi_openai_admin.data_sources.prose import Docstring, entries, field_prose, flat
from pulumi_openai_admin.data_sources.result import ITEM, PROSE
from pulumi_openai_admin.hosts.native import names
from pulumi_openai_admin.hosts.native.properties import names_in
from pulumi_openai_admin.hosts.native.texts import native
from pulumi_openai_admin.hosts.native.types import Types, pascal
from pulumi_openai_admin.program.explicit_provider import Provider
from pulumi_openai_admin.schema import shapes
from pulumi_openai_admin.schema.fields import FieldRole
from pulumi_openai_admin.schema.rules import ExactlyOneSelector

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.data_sources.functions import LookUp
    from pulumi_openai_admin.resources.base import AdminResource
    from pulumi_openai_admin.schema.fields import Field

REPOSITORY = "https://github.com/pulumi-openai-admin/pulumi-openai-admin"
PACKAGE_INFORMATION = {
    "name": config.NAMESPACE,
    "displayName": "OpenAI Administration",
    "description": "Manage an OpenAI organization as code: projects, rate limits, service accounts, people and roles.",
    "publisher": "pulumi-openai-admin",
    "license": "Apache-2.0",
    "homepage": REPOSITORY,
    "repository": REPOSITORY,
    "pluginDownloadURL": REPOSITORY.replace("https://github.com", "github://api.github.com"),
    "keywords": ["pulumi", "openai", "rate-limits", "service-accounts", "category/infrastructure", "kind/native"],
}
LANGUAGES: dict[str, Any] = {
    "nodejs": {
        "packageName": "pulumi-openai-admin",
        "dependencies": {"@pulumi/pulumi": "^3.142.0"},
        "devDependencies": {"@types/node": "^20", "typescript": "^5"},
        "respectSchemaVersion": True,
    },
    "python": {
        "packageName": "pulumi_openai_admin_native",  # the dynamic provider is `pulumi_openai_admin`
        "requires": {"pulumi": ">=3.142.0,<4"},
        "pyproject": {"enabled": True},
        "inputTypes": "classes-and-dicts",
        "respectSchemaVersion": True,
    },
    "go": {
        "importBasePath": f"{REPOSITORY.removeprefix('https://')}/sdk/go/openaiadmin",
        "rootPackageName": "openaiadmin",
        "generateResourceContainerTypes": True,
        "respectSchemaVersion": True,
    },
    "csharp": {
        "rootNamespace": "PulumiOpenAIAdmin",
        "namespaces": {config.NAMESPACE: "Native"},
        "packageReferences": {"Pulumi": "3.*"},
        "respectSchemaVersion": True,
    },
    "java": {
        "basePackage": "io.github.pulumiopenaiadmin",
        "packages": {config.NAMESPACE: "native_"},
        "buildFiles": "gradle",
        "gradleNexusPublishPluginVersion": "2.0.0",
    },
}


def schema(examples: Mapping[str, str]) -> dict[str, Any]:
    """The whole schema, without a version.

    Args:
        examples: A YAML program for each resource, by its name.
    """
    return _Schema(examples).whole()


class _Schema:
    def __init__(self, examples: Mapping[str, str]) -> None:
        self._examples = examples
        self._resources: dict[str, type[AdminResource]] = {
            name: getattr(pulumi_openai_admin, name) for name in resources.ALL
        }
        self._look_ups = [look_up for name in kinds.names() for look_up in kinds.declared(name)]
        self._words = self._python_names()
        self._types = Types(self._about_structure)

    def whole(self) -> dict[str, Any]:
        settings = self._settings()
        provider = {
            "description": self._native(flat((inspect.getdoc(Provider) or "").partition("\n\n")[0])),
            "properties": settings,
            "inputProperties": settings,
        }
        specs = {names.token(name): self._resource(kind) for name, kind in self._resources.items()}
        functions = {names.function(look_up.name): self._function(look_up) for look_up in self._look_ups}
        return {
            **PACKAGE_INFORMATION,
            "meta": {"moduleFormat": "(.*)"},
            "config": {"variables": settings},
            "types": dict(sorted(self._types.found.items())),
            "provider": provider,
            "resources": specs,
            "functions": dict(sorted(functions.items())),
            "language": LANGUAGES,
        }

    def _python_names(self) -> set[str]:
        """The names in Python that are written differently here."""
        found = {name for kind in self._resources.values() for name in names_in(kind.declaration)}
        for look_up in self._look_ups:
            found |= {look_up.name, *look_up.parameters, *(it.name for it in dataclasses.fields(look_up.result))}
        return {name for name in found if "_" in name}

    def _native(self, text: str) -> str:
        return native(text, self._words)

    def _about_structure(self, name: str) -> str:
        return self._native(flat(inspect.getdoc(getattr(pulumi_openai_admin, name)) or ""))

    def _settings(self) -> dict[str, Any]:
        """The settings of a provider, and of a stack."""
        _, _, section = (inspect.getdoc(Provider) or "").partition("\n\nArgs:\n")
        prose = field_prose(config, "Settings") | dict(entries(section.partition("\n\n")[0]))
        hints = {field.name: str(field.type) for field in dataclasses.fields(config.Settings)}
        types = {
            "str": {"type": "string"},
            "float": {"type": "number"},
            "int": {"type": "integer"},
            "bool": {"type": "boolean"},
        }
        return {
            setting: {
                "description": self._native(prose[name]),
                **types[hints[name]],
                **({"secret": True} if name == "admin_api_key" else {}),
            }
            for name in hints
            if (setting := names.camel(name)) in config.SETTINGS
        }

    def _resource(self, kind: type[AdminResource]) -> dict[str, Any]:
        texts = field_prose(sys.modules[_module(kind)], kind.__name__)
        declaration = kind.declaration
        return {
            "description": self._about(kind),
            "properties": {
                names.camel(field.name): self._output(kind, field, texts[field.name])
                for field in declaration.fields.values()
            },
            "required": sorted(names.camel(name) for name in declaration.fields if _is_always_there(kind, name)),
            "inputProperties": {
                names.camel(field.name): self._input(kind, field, texts[field.name]) for field in declaration.inputs
            },
            "requiredInputs": sorted(names.camel(field.name) for field in declaration.inputs if field.required),
        }

    def _about(self, kind: type[AdminResource]) -> str:
        docstring = Docstring.of(kind)
        paragraphs = [flat(text) for text in (docstring.summary, *docstring.paragraphs)]
        if any(isinstance(rule, ExactlyOneSelector) for rule in kind.rules):
            selectors = " and ".join(f"`{field.name}`" for field in kind.declaration.with_role(FieldRole.SELECTOR))
            paragraphs.append(f"Set exactly one of {selectors}.")
        about = [self._native(text) for text in paragraphs]
        if program := self._examples.get(kind.__name__):
            about.append(
                "{{% examples %}}\n## Example Usage\n{{% example %}}\n\n"
                f"```yaml\n{program.strip()}\n```\n{{{{% /example %}}}}\n{{{{% /examples %}}}}"
            )
        about.append(f"## Import\n\n{self._import(kind, docstring.id_form)}")
        return "\n\n".join(about)

    def _import(self, kind: type[AdminResource], id_form: str) -> str:
        """How an existing object is imported, or why it cannot be."""
        if reason := kind.handler.not_adoptable:
            return f"It cannot be imported: {reason}."
        id_ = self._native(f"`{id_form}`").strip("`")
        return f"```sh\n$ pulumi import {names.token(kind.__name__)} example '{id_}'\n```"

    def _input(self, kind: type[AdminResource], field: Field[Any, Any], text: str) -> dict[str, Any]:
        return {
            "description": " ".join([self._native(text), *_conditions(field)]),
            **self._types.of(field.shape, f"{kind.__name__}{pascal(field.name)}"),
            **({"willReplaceOnChanges": True} if field.replaces else {}),
            **({"secret": True} if field.is_secret else {}),
            **_other_name(kind, field),
        }

    def _output(self, kind: type[AdminResource], field: Field[Any, Any], text: str) -> dict[str, Any]:
        return {
            "description": self._native(text),
            **self._types.of(field.shape, f"{kind.__name__}{pascal(field.name)}", is_output=True),
            **({"secret": True} if field.is_secret else {}),
            **_other_name(kind, field),
        }

    def _function(self, look_up: LookUp) -> dict[str, Any]:
        documentation = look_up.documentation
        required = [name for name, (_, default) in look_up.parameters.items() if default is inspect.Parameter.empty]
        return {
            "description": "\n\n".join(map(self._native, documentation.paragraphs)),
            "inputs": {
                "type": "object",
                "properties": {
                    names.camel(name): self._parameter(name, hint, documentation.arguments[name])
                    for name, (hint, _) in look_up.parameters.items()
                },
                "required": sorted(map(names.camel, required)),
            },
            "outputs": self._outputs(look_up),
        }

    def _parameter(self, name: str, hint: str, text: str) -> dict[str, Any]:
        type_ = _HINTS[hint.removesuffix(" | None")]
        return {
            "description": self._native(text),
            **self._types.of(shapes.of(type_, shapes.Bounds()), pascal(name)),
            **({"secret": True} if name == config.PROJECT_KEY else {}),
        }

    def _outputs(self, look_up: LookUp) -> dict[str, Any]:
        result = self._result(look_up.result)
        if not look_up.many:
            return result
        item = self._types.add(_item_name(look_up.result), result)
        name = names.items(look_up.name)
        text = "All that were found, in the order of OpenAI's list."
        return {
            "type": "object",
            "properties": {name: {"description": text, "type": "array", "items": item}},
            "required": [name],
        }

    def _result(self, result: type[Any]) -> dict[str, Any]:
        """What a look-up gives, as an object."""
        fields = dataclasses.fields(result)
        properties = {names.camel(field.name): self._shown(result, field) for field in fields}
        required = {names.camel(field.name) for field in fields if type(None) not in get_args(field.type)}
        for name, value in inspect.getmembers(result, lambda member: isinstance(member, property)):
            text = self._native(flat(inspect.getdoc(value) or ""))
            properties[names.camel(name)] = {"description": text, "type": "boolean"}
            required.add(names.camel(name))
        about = flat((inspect.getdoc(result) or "").partition("\n\nAttributes:")[0])
        return {
            "description": self._native(about),
            "type": "object",
            "properties": properties,
            "required": sorted(required),
        }

    def _shown(self, result: type[Any], field: dataclasses.Field[Any]) -> dict[str, Any]:
        text = {"description": self._native(field.metadata[PROSE])}
        if item := field.metadata[ITEM]:
            return {**text, "type": "array", "items": self._types.add(_item_name(item), self._result(item))}
        shape = shapes.of(field.type, shapes.Bounds())
        return {**text, **self._types.of(shape, f"{result.__name__}{pascal(field.name)}", is_output=True)}


def _is_always_there(kind: type[AdminResource], name: str) -> bool:
    """Whether a property of an existing object is never null.

    An input that may be left out may have no value at OpenAI. A key may not have been created, and then OpenAI shows
    nothing of the object around it.
    """
    fields = kind.declaration.fields
    field = fields[name]
    around = {other.wire.rpartition(".")[0] for other in fields.values() if other.shown_once}
    is_of_key = field.shown_once or field.wire.rpartition(".")[0] in around - {""}
    is_left_out = field.role is not FieldRole.OUTPUT and not field.required
    return not (name in kind.nullable or is_of_key or is_left_out)


_HINTS: dict[str, Any] = {"str": str, "int": int, "bool": bool, "list[str]": list[str]}
"""The types of the arguments of look-ups."""


def _item_name(result: type[Any]) -> str:
    """The type of one of many: `GetProjectResult` is the name of what `getProject` gives, so it is `ProjectItem`."""
    name = result.__name__
    return f"{name.removeprefix('Get').removesuffix('Result')}Item" if name.startswith("Get") else name


def _module(kind: type[AdminResource]) -> str:
    """The module that declares a resource: its `__module__` is the public one."""
    return f"{resources.__name__}.{resources.ALL[kind.__name__]}"


def _conditions(field: Field[Any, Any]) -> list[str]:
    """What a value must be, where its type does not say it, and what its removal does."""
    shape = field.shape
    is_bounded = isinstance(shape, shapes.Number) and shape.minimum is not None
    is_constrained = isinstance(shape, shapes.Text) and shape.constraint is not None
    must = [f"It must be {shape.words}."] if is_bounded or is_constrained else []
    return [*must, *([field.when_removed.value] if field.when_removed and field.when_removed.value else [])]


def _other_name(kind: type[AdminResource], field: Field[Any, Any]) -> dict[str, Any]:
    """Another name in C#, which does not allow a property with the name of its class: `Certificate.certificate`."""
    name = pascal(field.name)
    return {"language": {"csharp": {"name": f"{name}Text"}}} if name == kind.__name__ else {}
