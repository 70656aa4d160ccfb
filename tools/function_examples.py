"""A Pulumi YAML program for each function of the native provider, from the declarations of look-ups.

A program gives the required arguments, the first by which an object can be found, and those that make a report
readable. Its output is the list, or the first property that is no argument.
"""

from __future__ import annotations

import dataclasses
import inspect
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import config
from pulumi_openai_admin.data_sources import kinds
from pulumi_openai_admin.hosts.native.properties import camel, function, items
from pulumi_openai_admin.schema.ids import form_of_field
from tools.native_examples import dump

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.data_sources.functions import LookUp

_ALSO_GIVEN = ("group_by", "event_types")
"""Optional arguments that a program gives: without them, the result is of little use."""
_SAMPLES: dict[str, Any] = {
    "project_id": "proj_demo",
    "email": "grace@example.com",
    "event_types": ["project.created", "project.archived"],
    "group_by": ["project_id"],
    "issuer": "https://token.actions.githubusercontent.com",
    "model": "gpt-4o",
    "start_time": 1767225600,
    "url": "https://hooks.example.com/openai",
}
"""Values of arguments. Others are ids of the form that OpenAI documents."""
_NAMES = {
    "AdminApiKey": "terraform",
    "Certificate": "mtls",
    "ExternalKey": "data",
    "Group": "Engineering",
    "Project": "Demo",
    "ProjectRole": "Deployer",
    "ProjectServiceAccount": "ci",
    "Role": "Auditor",
    "WebhookEndpoint": "batches",
    "WorkloadIdentityFederationRule": "deploy",
    "WorkloadIdentityProvider": "github",
}
"""Names of objects, by kind."""
_SETTING = {camel(config.PROJECT_KEY): {"type": "string", "secret": True}}
"""The API key of a project comes from the stack's configuration. A resource would be an Output, from which Pulumi's
generator writes no Go program that compiles."""


def examples() -> dict[str, str]:
    """A YAML program for each function, by the function's name."""
    return {camel(look_up.name): program(kind, look_up) for kind in kinds.names() for look_up in kinds.declared(kind)}


def program(kind: str, look_up: LookUp) -> str:
    """The program of one function."""
    arguments = {camel(name): _sample(kind, name) for name in _given(kind, look_up)}
    variable = camel(look_up.name.partition("_")[2])
    shown = items(look_up.name) if look_up.many else _shown(look_up, arguments)
    invoke = {
        "function": function(look_up.name).replace(":index:", ":"),
        **({"arguments": arguments} if arguments else {}),
    }
    return dump(
        {
            "name": "example",
            "runtime": "yaml",
            **({"config": _SETTING} if camel(config.PROJECT_KEY) in arguments else {}),
            "variables": {variable: {"fn::invoke": invoke}},
            "outputs": {shown: f"${{{variable}.{shown}}}"},
        }
    )


def _given(kind: str, look_up: LookUp) -> Iterator[str]:
    """The names of the arguments that the program gives."""
    found = kinds.kind(kind)
    keys = [] if look_up.many or found is None else found.keys
    for name, (_, default) in look_up.parameters.items():
        if default is inspect.Parameter.empty or name in {*_ALSO_GIVEN, *keys[:1]}:
            yield name


def _sample(kind: str, name: str) -> Any:
    if name == config.PROJECT_KEY:
        return f"${{{camel(name)}}}"
    if name == "name":
        return _NAMES.get(kind, "example")
    if name in _SAMPLES:
        return _SAMPLES[name]
    form = form_of_field(name)
    return form.shown.replace("…", "abc123") if form and form.shown else f"{name.removesuffix('_id')}_abc123"


def _shown(look_up: LookUp, arguments: dict[str, Any]) -> str:
    """The property that is the output."""
    properties = [camel(field.name) for field in dataclasses.fields(look_up.result)]
    return next((name for name in properties if name not in arguments), properties[-1])
