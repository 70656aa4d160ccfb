"""The Pulumi schema of the native provider, from the declarations of resources and provider functions. Pure.

`schema.json` is what `make generate` writes; the provider serves that file, and a test compares it.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
import sys
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

import pulumi_openai_admin
from pulumi_openai_admin import config, public_names, resources
from pulumi_openai_admin.components.team_project import TYPE, TeamProject
from pulumi_openai_admin.data_sources.kind import Docstring, entries, field_prose, flat
from pulumi_openai_admin.data_sources.result import computed, declared
from pulumi_openai_admin.hosts.native import component_types, look_ups
from pulumi_openai_admin.hosts.native import properties as names
from pulumi_openai_admin.hosts.native.properties import camel, names_in, token
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.program.provider import Provider
from pulumi_openai_admin.remedies import project_urls
from pulumi_openai_admin.resources.project_rate_limits import ProjectRateLimits
from pulumi_openai_admin.schema import shapes
from pulumi_openai_admin.schema.fields import Field, FieldRole
from pulumi_openai_admin.schema.rules import ExactlyOneSelector

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from pulumi_openai_admin.data_sources.functions import LookUp
    from pulumi_openai_admin.data_sources.look_up import Parameter
    from pulumi_openai_admin.resources.base import AdminResource
    from pulumi_openai_admin.schema.constraints import Enumeration
    from pulumi_openai_admin.schema.shapes import Shape


REPOSITORY = project_urls()["Source"]
PACKAGE_INFORMATION = {
    "name": config.NAMESPACE,
    "displayName": "OpenAI Administration",
    "description": "Manage an OpenAI organization as code: projects, rate limits, service accounts, people and roles.",
    "publisher": "pulumi-openai-admin",
    "license": "Apache-2.0",
    "homepage": REPOSITORY,
    "repository": REPOSITORY,
    # A PNG: the generator of .NET writes what it downloads from here as `logo.png`.
    "logoUrl": f"{REPOSITORY.replace('https://github.com', 'https://raw.githubusercontent.com')}/main/docs/assets/logo.png",
    "pluginDownloadURL": REPOSITORY.replace("https://github.com", "github://api.github.com"),
    "keywords": ["pulumi", "openai", "rate-limits", "service-accounts", "category/infrastructure", "kind/native"],
}
LANGUAGES: dict[str, Any] = {  # of the SDKs that `make sdks` writes
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
        "namespaces": {config.NAMESPACE: "OpenAIAdmin"},
        "packageReferences": {"Pulumi": "3.*"},
        "respectSchemaVersion": True,
    },
}


_CODE = re.compile(r"`[^`]+`")
_QUOTED_OR_WORD = re.compile(r'"[^"]*"|\w+')
_VALUES = {"None": "null", "True": "true", "False": "false"}


def native(text: str, names: Collection[str]) -> str:
    """A text in which the code has the names and values of the native provider.

    Args:
        text: A text with code between backticks. A value, or the key of a mapping, that has an underscore is in double
            quotes: `"project_id"`. It keeps its spelling, and loses the quotes.
        names: The names of properties and functions in Python.
    """
    return _CODE.sub(lambda code: _QUOTED_OR_WORD.sub(lambda found: _word(found[0], names), code[0]), text)


def _word(word: str, names: Collection[str]) -> str:
    if word.startswith('"'):
        return word.strip('"')
    return camel(word) if word in names else _VALUES.get(word, word)


ANY = {"$ref": "pulumi.json#/Any"}
TEXT = {"type": "string"}


def _object(properties: Mapping[str, Any], required: Iterable[str]) -> dict[str, Any]:
    """An object with properties, which have their names in Python here."""
    spelled = {camel(name): spec for name, spec in properties.items()}
    return {"type": "object", "properties": spelled, "required": sorted(map(camel, required))}


class Schema:
    """The schema, without a version.

    Args:
        examples: For each resource and function, by its name: a program in each language.
    """

    def __init__(self, examples: Mapping[str, Mapping[str, str]]) -> None:
        self._examples = examples
        self._resources: dict[str, type[AdminResource]] = {name: resources.class_of(name) for name in resources.ALL}
        self._functions = {look_up.name for look_up in look_ups.by_token().values()}
        self._types: dict[str, Any] = {}
        """The named types, which are collected while properties are made."""

    def whole(self) -> dict[str, Any]:
        """The schema as `schema.json` has it."""
        settings = self._settings()
        provider = {
            "description": self._native(flat((inspect.getdoc(Provider) or "").partition("\n\n")[0]), ()),
            "properties": settings,
            "inputProperties": settings,
        }
        specs = {token(name): self._resource(kind) for name, kind in self._resources.items()}
        specs[TYPE] = self._component()
        functions = {name: self._function(look_up) for name, look_up in look_ups.by_token().items()}
        return {
            **PACKAGE_INFORMATION,
            "meta": {"moduleFormat": "(.*)"},
            "config": {"variables": settings},
            "types": dict(sorted(self._types.items())),
            "provider": provider,
            "resources": specs,
            "functions": dict(sorted(functions.items())),
            "language": LANGUAGES,
        }

    def _native(self, text: str, own_names: Collection[str]) -> str:
        """A text for every language, with the names in Python of the properties or arguments that it is about."""
        return native(text, {*self._functions, *own_names})

    def _type(self, shape: Shape, *, is_output: bool = False) -> dict[str, Any]:
        """The type of a value.

        Args:
            shape: The values that are accepted.
            is_output: Whether OpenAI sets it. OpenAI may add values to those of an enumeration, and Pulumi's SDK for
                Python fails on a value that the enumeration of an output does not have.
        """
        if isinstance(shape, shapes.Items):
            choices = None if is_output else getattr(shape.item, "enumeration", None)
            item = self._relaxed(choices) if choices else self._type(shape.item, is_output=is_output)
            return {"type": "array", "items": item}
        if isinstance(shape, shapes.Entries):
            return {"type": "object", "additionalProperties": self._type(shape.value, is_output=is_output)}
        if isinstance(shape, shapes.Structure):
            return self._structure(shape, is_output=is_output)
        # Pulumi's SDK for Python fails on a list where the type is a union with a list: such a value has any type.
        if isinstance(shape, shapes.Alternatives) and not any(isinstance(part, shapes.Items) for part in shape.members):
            return {"oneOf": [self._type(member, is_output=is_output) for member in shape.members]}
        if isinstance(shape, shapes.Text) and shape.enumeration is not None and not is_output:
            return self._one_of(shape.enumeration) if shape.choices else self._relaxed(shape.enumeration)
        # A whole number is a `number`, which is exact up to 2⁵³: an `integer` has 32 bits in .NET and Java.
        names = {shapes.Number: "number", shapes.Boolean: "boolean", shapes.Text: "string"}
        return {"type": names[type(shape)]} if type(shape) in names else dict(ANY)

    def _add_type(self, name: str, spec: dict[str, Any]) -> dict[str, Any]:
        """Add a named type, and refer to it."""
        self._types[token(name)] = spec
        return {"$ref": f"#/types/{token(name)}"}

    def _one_of(self, enumeration: Enumeration) -> dict[str, Any]:
        """One of several strings. The provider refuses other strings before it sends a request."""
        values = [
            {"name": enumeration.name_of(text), "description": native(about, ()), "value": text}
            for text, about in enumeration.texts.items()
        ]
        return self._add_type(enumeration.name, {"description": enumeration.about, "type": "string", "enum": values})

    def _relaxed(self, enumeration: Enumeration) -> dict[str, Any]:
        """One of several strings, or another string.

        It is for what OpenAI takes beside the strings that it predefines, and for items of lists: of a list of an
        enumeration, Pulumi's generators write programs in Go that do not compile.
        """
        return {**TEXT, "oneOf": [dict(TEXT), self._one_of(enumeration)]}

    def _structure(self, shape: shapes.Structure, *, is_output: bool) -> dict[str, Any]:
        """A named type. An output has its own if an input accepts only some strings."""
        has_own = is_output and any(isinstance(part, shapes.Text) and part.choices for part in shapes.parts(shape))
        is_own, own_names = component_types.is_own(shape), set(shape.properties)
        if is_own:
            (about, texts), own_names = component_types.texts(shape), component_types.names()
        else:
            about = inspect.getdoc(getattr(pulumi_openai_admin, shape.name)) or ""
            texts = field_prose(public_names.module_of_type(shape.name), shape.name)
        properties = {}
        for name, inner in shape.properties.items():
            type_ = self._type(inner, is_output=has_own)
            type_ = _with_plain(type_, inner, name) if is_own else type_
            properties[name] = {"description": self._native(texts[name], own_names), **type_}
        spec = {"description": self._native(flat(about), own_names), **_object(properties, shape.required)}
        return self._add_type(f"{shape.name}Response" if has_own else shape.name, spec)

    def _component(self) -> dict[str, Any]:
        own_names = component_types.names()
        about, _, sections = (inspect.getdoc(TeamProject) or "").partition("\n\nArgs:\n")
        arguments, _, others = sections.partition("\n\nAttributes:\n")
        prose = dict(entries(arguments)) | component_types.ABOUT
        paragraphs = [self._native(flat(paragraph), own_names) for paragraph in about.split("\n\n")]
        texts = {"type": "object", "additionalProperties": TEXT}
        limits = ProjectRateLimits.declaration.fields["not_limited"].shape
        outputs = {
            "project_id": TEXT,
            "not_limited": self._type(limits, is_output=True),
            "service_account_ids": texts,
            "api_keys": {**texts, "secret": True},
        }
        return {
            "isComponent": True,
            "description": "\n\n".join([*paragraphs, *self._example(TeamProject.__name__)]),
            "properties": {
                camel(name): {"description": self._native(text, own_names), **outputs[name]}
                for name, text in entries(others.partition("\n\nRaises:\n")[0])
            },
            "required": sorted(map(camel, outputs)),
            "inputProperties": {
                camel(name): {
                    "description": self._native(component_types.text_without_null(prose[name]), own_names),
                    **_with_plain(self._type(shape), shape, name),
                }
                for name, shape in component_types.inputs().items()
            },
        }

    def _settings(self) -> dict[str, Any]:
        _, _, section = (inspect.getdoc(Provider) or "").partition("\n\nArgs:\n")
        prose = field_prose(config, "Settings") | dict(entries(section.partition("\n\n")[0]))
        return {
            setting: {
                "description": " ".join([prose[name], *_of_environment(setting)]),
                **self._type(shapes.of(hint, shapes.Bounds())),
                **({"secret": True} if name == "admin_api_key" else {}),
            }
            for name, hint in get_type_hints(config.Settings).items()
            if (setting := camel(name)) in config.SETTINGS
        }

    def _resource(self, kind: type[AdminResource]) -> dict[str, Any]:
        # Its `__module__` is the public one.
        module = sys.modules[f"{resources.__name__}.{resources.ALL[kind.__name__]}"]
        texts = field_prose(module, kind.__name__)
        declaration = kind.declaration
        return {
            "description": self._about(kind),
            "properties": {
                camel(field.name): self._property(kind, field, texts[field.name], is_output=True)
                for field in declaration.fields.values()
            },
            "required": sorted(camel(name) for name in declaration.fields if _is_always_there(kind, name)),
            "inputProperties": {
                camel(field.name): self._property(kind, field, texts[field.name], is_output=False)
                for field in declaration.inputs
            },
            "requiredInputs": sorted(camel(field.name) for field in declaration.inputs if field.required),
            **self._list_inputs(kind, texts),
        }

    def _list_inputs(self, kind: type[AdminResource], texts: Mapping[str, str]) -> dict[str, Any]:
        """What `pulumi do … list` needs: the parents of the objects. Empty if OpenAI shows no list of them."""
        needed = look_ups.list_inputs(kind.__name__)
        if needed is None:
            return {}
        fields = kind.declaration.fields
        properties = {name: self._property(kind, fields[name], texts[name], is_output=True) for name in sorted(needed)}
        return {"listInputs": _object(properties, needed)}

    def _about(self, kind: type[AdminResource]) -> str:
        docstring = Docstring.of(kind)
        paragraphs = [flat(text) for text in (docstring.summary, *docstring.paragraphs)]
        if any(isinstance(rule, ExactlyOneSelector) for rule in kind.rules):
            selectors = " and ".join(f"`{field.name}`" for field in kind.declaration.with_role(FieldRole.SELECTOR))
            paragraphs.append(f"Set exactly one of {selectors}.")
        about = [self._native(text, names_in(kind.declaration)) for text in paragraphs]
        about += self._example(kind.__name__)
        id_ = self._native(f"`{docstring.id_form}`", kind.declaration.fields).strip("`")
        how = f"```sh\n$ pulumi import {token(kind.__name__)} example '{id_}'\n```"
        reason = kind.handler.traits.not_adoptable
        about += ["## Import", f"It cannot be imported: {reason}." if reason else how]
        return "\n\n".join(about)

    def _example(self, name: str) -> list[str]:
        """The example of a resource or a function, in the form of the Pulumi Registry; empty if there is none."""
        if name not in self._examples:
            return []
        blocks = "\n".join(f"```{language}\n{text.strip()}\n```" for language, text in self._examples[name].items())
        head, end = "{{% examples %}}\n## Example Usage\n{{% example %}}", "{{% /example %}}\n{{% /examples %}}"
        return [f"{head}\n\n{blocks}\n{end}"]

    def _property(
        self, kind: type[AdminResource], field: Field[Any, Any], text: str, *, is_output: bool
    ) -> dict[str, Any]:
        shape, conditions = field.shape, []
        if not is_output:
            is_bounded = isinstance(shape, shapes.Number) and shape.minimum is not None
            is_constrained = isinstance(shape, shapes.Text) and shape.constraint is not None
            must = f"It must be {shape.words}." if is_bounded or is_constrained else ""
            conditions = [*filter(None, (must, field.when_omitted))]
        name = capitalized(camel(field.name))
        # In C#, a property can't have the name of its class, as `certificate` of `Certificate` would.
        language = {"language": {"csharp": {"name": f"{name}Text"}}} if name == kind.__name__ else {}
        return {
            "description": " ".join([self._native(text, names_in(kind.declaration)), *conditions]),
            **self._type(shape, is_output=is_output),
            **({"willReplaceOnChanges": True} if field.replaces and not is_output else {}),
            **({"secret": True} if field.is_secret else {}),
            **language,
        }

    def _function(self, look_up: LookUp) -> dict[str, Any]:
        arguments = {parameter.name for parameter in look_up.asked}
        own_names = arguments | _names_in_result(look_up.result)
        about = [*(self._native(text, own_names) for text in look_up.about), *self._example(camel(look_up.name))]
        return {
            "description": "\n\n".join(about),
            **self._arguments(look_up, arguments),
            "outputs": self._outputs(look_up),
        }

    def _arguments(self, look_up: LookUp, names: Collection[str]) -> dict[str, Any]:
        """The arguments of a function. One without any has none here: SDKs would put them before the options."""
        if not look_up.asked:
            return {}
        properties = {
            parameter.name: {"description": self._native(parameter.prose, names), **self._parameter(parameter)}
            for parameter in look_up.asked
        }
        required = [parameter.name for parameter in look_up.asked if parameter.is_required]
        return {"inputs": _object(properties, required)}

    def _parameter(self, parameter: Parameter) -> dict[str, Any]:
        if parameter.choices:
            if parameter.type is not str:
                return {"type": "array", "items": self._relaxed(parameter.choices)}
            return self._one_of(parameter.choices)
        return {
            **self._type(shapes.of(parameter.type, shapes.Bounds())),
            **({"secret": True} if parameter.name == config.PROJECT_KEY else {}),
        }

    def _outputs(self, look_up: LookUp) -> dict[str, Any]:
        result = self._result(look_up.result)
        if not look_up.many:
            return result
        item = self._add_type(_item_name(look_up.result), result)
        name = names.items(look_up.name)
        text = "All that were found, in the order of OpenAI's list."
        return _object({name: {"description": text, "type": "array", "items": item}}, [name])

    def _result(self, result: type[Any]) -> dict[str, Any]:
        fields = dataclasses.fields(result)
        properties = {field.name: self._shown(result, field) for field in fields}
        required = [field.name for field in fields if type(None) not in get_args(field.type)]
        for name, value in computed(result).items():
            text = self._native(flat(inspect.getdoc(value) or ""), ())
            properties[name] = {"description": text, "type": "boolean"}
            required.append(name)
        about = flat((inspect.getdoc(result) or "").partition("\n\nAttributes:")[0])
        return {"description": self._native(about, ()), **_object(properties, required)}

    def _shown(self, result: type[Any], field: dataclasses.Field[Any]) -> dict[str, Any]:
        shown = declared(field)
        text = {"description": self._native(shown.prose, _names_in_result(result))}
        if item := shown.item:
            return {**text, "type": "array", "items": self._add_type(_item_name(item), self._result(item))}
        return {**text, **self._type(shown.shape, is_output=True)}


_PLAIN = {"invite", "protect", "former_names", "others", "groups", "never_expires"}
"""The inputs of `TeamProject` that may not be Outputs, beside all that contain a structure."""


def _with_plain(spec: dict[str, Any], shape: Shape, name: str) -> dict[str, Any]:
    """A type that says what may not be an Output. Entries may: what Pulumi generates for Go fails without that."""
    if name not in _PLAIN and not any(component_types.is_own(part) for part in shapes.parts(shape)):
        return spec
    if name == "former_names":
        spec = {**spec, "additionalProperties": {**spec["additionalProperties"], "plain": True}}
    return {**spec, "plain": True}


def _is_always_there(kind: type[AdminResource], name: str) -> bool:
    """Return whether a property of an existing object is never null.

    An input that may be omitted may have no value at OpenAI, unless it selects the object. A key may not have been
    created, and then OpenAI shows nothing of the object around it.
    """
    fields = kind.declaration.fields
    field = fields[name]
    around = {other.wire.rpartition(".")[0] for other in fields.values() if other.shown_once}
    is_of_key = field.shown_once or field.wire.rpartition(".")[0] in around - {""}
    is_left_out = field.role not in (FieldRole.OUTPUT, FieldRole.SELECTOR) and not field.is_always_set
    return not (name in kind.nullable or is_of_key or is_left_out)


def _names_in_result(result: type[Any]) -> set[str]:
    """The names of the properties of a result, and of those of the structures in them."""
    fields = dataclasses.fields(result)
    return {*(field.name for field in fields), *names.names_inside(declared(field).shape for field in fields)}


def _item_name(result: type[Any]) -> str:
    """The type of one of many: `GetProjectResult` is the name of what `getProject` gives, so it is `ProjectItem`."""
    name = result.__name__
    return f"{name.removeprefix('Get').removesuffix('Result')}Item" if name.startswith("Get") else name


def _of_environment(setting: str) -> list[str]:
    """The sentences about the environment variable of a setting, and about which value is used."""
    if setting not in config.VARIABLES:
        return []
    variable = f"`{config.VARIABLES[setting]}`"
    unset = "this value is not set"
    conditions = {
        "adminApiKey": f"{unset}, and `baseUrl` is not set or is that of OpenAI or of the environment",
        "organization": "neither this value nor `adminApiKey` is set",
    }
    return [
        f"The environment variable {variable} sets it for the default provider, instead of the stack configuration.",
        f"An explicit provider uses the variable only if {conditions.get(setting, unset)}.",
    ]
