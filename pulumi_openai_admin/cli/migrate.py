"""The command `migrate`: from an exported stack of the dynamic provider to one of the native provider.

Types, URNs and properties are renamed by the declarations. A URN contains the types of all parents of its resource:
`urn:pulumi:dev::shop::shop:index:Team$pulumi-python:dynamic/openai-admin:Project::team`. Secrets stay as they are in
the export: encrypted values are moved without being read. Names inside a value that is encrypted as a whole can't be
renamed: for those the command asks for an export in plain text (`pulumi stack export --show-secrets`). Its values stay
marked as secrets, so `pulumi stack import` encrypts them again.
"""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pulumi_openai_admin import resources
from pulumi_openai_admin.cli import recorded, terminal
from pulumi_openai_admin.cli.options import STDIN, declare, file_or_stdin
from pulumi_openai_admin.cli.recorded import DYNAMIC_PROVIDER, NATIVE_PROVIDER, dynamic_kind_of, name_of, reference_of
from pulumi_openai_admin.config import NAMESPACE, SETTINGS
from pulumi_openai_admin.engine.outputs import SIGNATURE, is_wrapped
from pulumi_openai_admin.errors import ConfigurationError
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.hosts.native.properties import DEFAULT_PROVIDER, camel, is_default_provider, token
from pulumi_openai_admin.hosts.native.schema import LANGUAGES
from pulumi_openai_admin.lifecycle.state import MANAGED
from pulumi_openai_admin.printable import bounded, printable
from pulumi_openai_admin.schema.fields import ABSENT
from pulumi_openai_admin.schema.shapes import parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pulumi_openai_admin.schema.fields import Declaration, Field
    from pulumi_openai_admin.schema.shapes import Shape

    Record = dict[str, Any]
    """A resource, provider or component as an exported stack has it."""

_DIGIT, _JOINED = re.compile(r"_(\d)"), r"\1"
_COMPONENT = token("TeamProject")
"""The type of the component, which is the same in both providers: only its outputs have other names."""
_VALUES = ("inputs", "outputs")
_BY_NAME = "propertyDependencies"
_NAMES = ("additionalSecretOutputs",)
_PATHS = ("ignoreChanges", "replaceOnChanges", "hideDiff")
_REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e"
"""The marker of a reference to a resource, such as a resource that a component returns."""
_MAPPINGS = "__internal.envVarMappings"
"""Where the engine records the resource option `envVarMappings` of a provider. What else is there is of its package."""
_AGAIN = (
    "Export the stack again with `pulumi stack export --show-secrets --file FILE`. That file has all secrets of the "
    "stack in plain text: delete it afterwards."
)


@declare(page="migrate.md")
def migrate(source: Path | None = None, target: Path | None = None, *, force: bool = False) -> None:
    """Migrate an exported stack from the dynamic provider to the native provider.

    It sends no requests and changes no stack. Resources keep their ids, keys and baselines, and secrets stay encrypted.
    It prints what to change in the program, and the next commands. Only the owner of OUT can read it.

    Examples:
    ```console
    pulumi stack export --file dynamic.json
    pulumi-openai-admin migrate dynamic.json native.json
    pulumi stack import --file native.json
    ```

    Options:
        source ([IN]): A file that `pulumi stack export` wrote. If omitted or `-`, it is read from stdin.
        target ([OUT]): The file for `pulumi stack import`. If omitted or `-`, it is written to stdout.
        force: Overwrite OUT if it exists.
    """
    exported = file_or_stdin(source, "IN", "Name the file of `pulumi stack export`.")
    written = None if target == STDIN else target
    if exported is not None and written is not None and written.exists() and exported.samefile(written):
        what = f"{written} is the exported stack. Keep it, to be able to return to the old provider"
        raise ConfigurationError(what, "Write to another file.")
    if written is not None and written.is_file() and not force:
        what = f"{written} already exists and was not overwritten"
        raise ConfigurationError(what, "Write to another file, or add --force.")
    advice = "Export the stack with `pulumi stack export --file FILE`."
    result = migrated(recorded.document(exported or STDIN, str(exported or "The input"), advice), lambda: str(uuid4()))
    # an exported stack may have secrets in plain text
    with nullcontext(sys.stdout) if written is None else terminal.whole_file(written, is_secret=True) as file:
        json.dump(result.document, file, indent=4)
        file.write("\n")
    _print_result(result, written)


def _print_result(result: Migrated, target: Path | None) -> None:
    """Say what was done and what to do, on stderr: the stack may go to stdout."""
    count = sum(result.counts.values())
    name = shlex.quote(str(target)) if target else "FILE"
    lines = (
        f"Migrated {count} resource{'s' * (count != 1)} of {len(result.counts)} kinds. Secrets and ids are kept.",
        "",
        "Change the program. For Python:",
        "",
        *(f"  - {line}" for line in _changes(result)),
        "",
        "Then import the stack and compare it with the program. This changes nothing at OpenAI:",
        "",
        f"  pulumi stack import --file {name}",
        "  pulumi preview  # shows no change",
    )
    for line in lines:
        terminal.say(line)


def _changes(result: Migrated) -> list[str]:
    package = LANGUAGES["python"]["packageName"]
    names = {name for kind in result.counts for name in properties.names_in(resources.class_of(kind).declaration)}
    respelled = sorted(filter(_DIGIT.search, names), key=len)[:1]
    rule = "Properties have no underscore before a number:"
    declared = printable(", ".join(map(repr, result.providers)))
    return [
        f"Import {package} instead of pulumi_openai_admin. The classes have the same names.",
        "Keep the names and parents of all resources.",
        # as Pulumi's generator of SDKs spells them
        *(f"{rule} {name} is {_DIGIT.sub(_JOINED, name)}." for name in respelled),
        *([f"Provider {declared}: use the class of {package}, with the same arguments."] if declared else []),
        "A function that lists objects returns an object: the list of list_projects(…) is its property projects.",
    ]


@dataclass(frozen=True)
class Migrated:
    """A stack of the native provider, as `pulumi stack import` takes it."""

    document: Mapping[str, Any]
    counts: Counter[str]
    """How many resources were migrated, by kind."""
    providers: tuple[str, ...]
    """The names of the providers that the program declares."""


def migrated(exported: Any, new_id: Callable[[], str]) -> Migrated:
    """A stack of the native provider, from one of the dynamic provider; `new_id` gives the id of a new provider.

    A stack is refused if it has nothing to migrate, or something that can't be migrated.
    """
    records = recorded.records_of(exported)
    _refuse(exported["deployment"], records)
    moved = _Moved(records, new_id)
    deployment = {**exported["deployment"], "resources": moved.records(records)}
    _refuse_same_names(deployment["resources"])
    missing = sorted(_dangling(deployment["resources"]) - _dangling(records))
    if missing:  # the engine would refuse the stack, because a resource would refer to another one by its old name
        what = f"The new stack would refer to a resource that it does not contain: {printable(name_of(missing[0]))}"
        advice = "Give that resource no parent of pulumi-openai-admin, run `pulumi up`, and export the stack again."
        raise ConfigurationError(what, advice)
    if "pending_operations" in deployment:  # of other packages
        deployment["pending_operations"] = moved.urns.renamed(deployment["pending_operations"])
    counts = Counter(kind for record in records if (kind := dynamic_kind_of(record["type"])))
    return Migrated({**exported, "deployment": deployment}, counts, tuple(map(name_of, sorted(moved.urns.providers))))


def _refuse(deployment: Mapping[str, Any], records: Iterable[Record]) -> None:
    types = [record["type"] for record in records]
    if not any(map(dynamic_kind_of, types)):
        if any(map(recorded.is_native, types)):
            raise ConfigurationError("The stack already uses the native provider", "There is nothing to migrate.")
        what = "The stack has no resources of pulumi-openai-admin"
        raise ConfigurationError(what, "Check that it is the right stack: `pulumi stack ls`.")
    unknown = sorted({kind for type_ in types if (kind := dynamic_kind_of(type_)) and kind not in resources.ALL})
    if unknown:
        what = f"This version of pulumi-openai-admin does not have {bounded(', ', unknown)}"
        raise ConfigurationError(what, "Use the newest version.")
    declared = (name_of(record["urn"]) for record in records if recorded.is_explicit_provider(record))
    taken = sorted(filter(is_default_provider, declared))
    if taken:
        what = f"Provider {printable(taken[0])!r} has a name that the engine reserves for its default providers"
        advice = (
            "Give it another name in the program, with an alias for the old one, run `pulumi up`, and export again."
        )
        raise ConfigurationError(what, advice)
    pending = [operation.get("resource") or {} for operation in deployment.get("pending_operations") or ()]
    ours = [
        _described(kind, name_of(operation["urn"]))
        for operation in pending
        if (kind := dynamic_kind_of(operation.get("type", "")))
    ]
    if ours:
        what = f"An operation was interrupted, and its result is not in the stack: {bounded(', ', ours)}"
        advice = "Run `pulumi refresh` and `pulumi up` with the present program, then export the stack again."
        raise ConfigurationError(what, advice)


def _refuse_same_names(records: Iterable[Record]) -> None:
    found = Counter(record["urn"] for record in records if not record.get("delete"))
    twice = [urn for urn, count in found.items() if count > 1]
    if twice:
        listed = (_described(urn.split("::")[2].rpartition(":")[2], name_of(urn)) for urn in twice)
        what = f"The stack has resources of both providers with the same name: {bounded(', ', listed)}"
        advice = "Rename those of the native provider in the program, run `pulumi up`, and export the stack again."
        raise ConfigurationError(what, advice)


def _dangling(records: list[Record]) -> set[str]:
    """The parents and providers that resources refer to, and that are not among them."""
    there = {"", *(record["urn"] for record in records), *map(reference_of, records)}
    return {str(record.get(key) or "") for record in records for key in ("parent", "provider")} - there


@dataclass(frozen=True)
class Urns:
    """The new URNs of a stack."""

    providers: frozenset[str]
    """The URNs of the providers that the program declares with `Provider`."""

    def native(self, urn: str) -> str:
        """The URN of the same resource in a program with the native provider."""
        head, project, types, name = urn.split("::", 3)
        chain = types.split("$")
        parents = {provider.split("::", 3)[2] for provider in self.providers}
        for index, type_ in enumerate(chain):
            is_last = index == len(chain) - 1
            is_declared = urn in self.providers if is_last else "$".join(types.split("$")[: index + 1]) in parents
            if type_ == DYNAMIC_PROVIDER and is_declared:
                chain[index] = NATIVE_PROVIDER
            elif kind := dynamic_kind_of(type_):
                chain[index] = token(kind)
        return "::".join([head, project, "$".join(chain), name])

    def renamed(self, value: Any, *, only_in_references: bool = False) -> Any:
        """A value of a resource's record with the URNs in it renamed.

        In a value of a program, only those in its references to resources are URNs; other strings stay.
        """
        if isinstance(value, list):
            return [self.renamed(item, only_in_references=only_in_references) for item in value]
        if isinstance(value, dict):
            is_outside = only_in_references and value.get(SIGNATURE) != _REFERENCE
            return {key: self.renamed(item, only_in_references=is_outside) for key, item in value.items()}
        return self.native(value) if recorded.is_urn(value) and not only_in_references else value


class _Moved:
    def __init__(self, records: list[Record], new_id: Callable[[], str]) -> None:
        needed = {record.get("provider", "") for record in records if dynamic_kind_of(record["type"])}
        self._kept = {record.get("provider", "") for record in records if not dynamic_kind_of(record["type"])}
        """References to providers of the dynamic package that other resources still need."""
        providers = [record for record in records if record["type"] == DYNAMIC_PROVIDER]
        declared = [provider for provider in providers if recorded.is_explicit_provider(provider)]
        self.urns = Urns(frozenset(provider["urn"] for provider in declared))
        self._references = {
            reference_of(provider): reference_of({**provider, "urn": self.urns.native(provider["urn"])})
            for provider in declared
        }
        """The new references to providers, by the old ones."""
        others = [provider for provider in providers if provider not in declared and reference_of(provider) in needed]
        self._default: Record | None = None
        """The provider for resources that name none."""
        self._replaced = others[0] if others else None
        """The first one that it replaces: it has to be in the stack before the resources that refer to it."""
        if others:
            present = (record for record in records if record["type"] == NATIVE_PROVIDER and not record.get("delete"))
            native = (record for record in present if is_default_provider(name_of(record["urn"])))
            self._default = next(native, None) or _new_default(others, new_id())
            self._references |= {reference_of(provider): reference_of(self._default) for provider in others}
        missing = sorted(needed - {*self._references, ""})
        if missing:
            what = f"The stack refers to a provider that it does not contain: {printable(name_of(missing[0]))}"
            raise ConfigurationError(what, "Run `pulumi state repair`, then export the stack again.")

    def records(self, records: list[Record]) -> list[Record]:
        found: list[Record] = []
        for record in records:
            if record is self._replaced and self._default is not None and self._default not in found:
                found.append(self._default)
            if record["type"] == DYNAMIC_PROVIDER:
                reference = reference_of(record)
                if record["urn"] in self.urns.providers:
                    new = self._other(record) | {"type": NATIVE_PROVIDER}
                    values = (key for key in (*_VALUES, _BY_NAME) if new.get(key))
                    found.append(new | {key: _settings(new[key]) for key in values})
                if reference not in self._references or reference in self._kept:
                    found.append(record)
            elif record is not self._default or record not in found:
                found.append(self._native(record) if dynamic_kind_of(record["type"]) else self._other(record))
        return found

    def _native(self, record: Record) -> Record:
        kind = dynamic_kind_of(record["type"])
        values = Properties(_described(kind, name_of(record["urn"])), resources.class_of(kind).declaration)
        new = self._other(record) | {"type": token(kind)}
        if "provider" in record:
            new["provider"] = self._references[record["provider"]]
        if "inputs" in record:
            new["inputs"] = values.inputs(record["inputs"] or {})
        if "outputs" in record:
            new["outputs"] = values.state(record["outputs"] or {})
        if _BY_NAME in record:
            new[_BY_NAME] = {name: urns for old, urns in new[_BY_NAME].items() for name in values.names([old])}
        new |= {key: values.names(record[key]) for key in _NAMES if key in record}
        return new | {key: [*map(values.path, record[key])] for key in _PATHS if record.get(key)}

    def _other(self, record: Record) -> Record:
        """A resource of another package, or a component: only its references to resources of this package change."""
        new: Record = {
            key: value if key in ("type", "id") else self.urns.renamed(value, only_in_references=key in _VALUES)
            for key, value in record.items()
        }
        if record["type"] == _COMPONENT and record.get("outputs"):
            new["outputs"] = {camel(name): value for name, value in new["outputs"].items()}
        return new


def _settings(values: Mapping[str, Any]) -> dict[str, Any]:
    """The settings among the values of a provider, as the native provider names them, and its `envVarMappings`."""
    full = {f"{NAMESPACE}:{name}": name for name in SETTINGS}
    found = {full[key]: value for key, value in values.items() if key in full}
    mappings = documents.get(values, _MAPPINGS)
    return found | (documents.nested({_MAPPINGS: mappings}) if mappings else {})


def _new_default(others: list[Record], id_: str) -> Record:
    """The native provider, in every installed version, for resources that name none, with the stack configuration."""
    head, project, *_ = others[0]["urn"].split("::", 3)
    urn = f"{head}::{project}::{NATIVE_PROVIDER}::{DEFAULT_PROVIDER}"
    new = {"urn": urn, "custom": True, "id": id_, "type": NATIVE_PROVIDER}
    for key in _VALUES:
        settings = {name: value for provider in others for name, value in _settings(provider.get(key) or {}).items()}
        new |= {key: settings} if settings else {}
    return new | {key: others[0][key] for key in ("created", "modified") if key in others[0]}


@dataclass(frozen=True)
class Properties:
    """The properties of one resource."""

    name: str
    """The resource in messages."""
    declaration: Declaration

    def inputs(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Its inputs; those of the dynamic provider itself are omitted."""
        return properties.from_inputs(self.declaration, values, self._secret)

    def state(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Its outputs, with what Pulumi remembers of the object. Fields that this state does not have are null."""
        fields = {field.stored: field for field in self.declaration.fields.values()}
        known = {name: ABSENT if self._is_absent(field, values) else values[name] for name, field in fields.items()}
        if MANAGED in values:
            known[MANAGED] = values[MANAGED]
        return properties.from_state(self.declaration, known, self._secret)

    def names(self, names: Iterable[str]) -> list[str]:
        """Names of properties; those of the dynamic provider itself are omitted."""
        fields = self.declaration.fields.values()
        spelled = {name: camel(field.name) for field in fields for name in (field.name, field.stored)}
        return [spelled.get(name, name) for name in names if name in spelled or not name.startswith("__")]

    def path(self, path: str) -> str:
        """The path of a property, such as `limits["gpt-4o"].max_requests_per_1_minute`."""
        return properties.respelled(properties.names_in(self.declaration), path)

    def _secret(self, shape: Shape, value: Any) -> Any:
        """A secret with the names inside of it changed."""
        if recorded.PLAIN in value:
            inside = properties.renamed(shape, self._inside(value), self._secret)
            return {**value, recorded.PLAIN: json.dumps(inside, separators=(",", ":"), ensure_ascii=False)}
        if properties.is_renamed(shape):
            fields = self.declaration.fields.values()
            name = next(field.name for field in fields if any(part is shape for part in parts(field.shape)))
            what = (
                f"{self.name} has the secret {name}, which is encrypted as a whole, so its properties can't be renamed"
            )
            raise ConfigurationError(what, _AGAIN)
        return value

    def _inside(self, secret: Mapping[str, Any]) -> Any:
        try:
            return json.loads(secret[recorded.PLAIN])
        except (TypeError, ValueError):
            raise ConfigurationError(f"{self.name} has a secret that is not JSON", _AGAIN) from None

    def _is_absent(self, field: Field[Any, Any], values: Mapping[str, Any]) -> bool:
        value = values.get(field.stored, ABSENT)
        if value is None or value == ABSENT:
            return True
        if not is_wrapped(value):
            return False
        if recorded.PLAIN in value:
            return self._inside(value) in (ABSENT, None)
        # An encrypted value does not show it, but what is beside it does: an account without a key has no `api_key.…`.
        around, _, _ = field.wire.rpartition(".")
        others = (other for other in self.declaration.fields.values() if other is not field)
        beside = [other.stored for other in others if around and other.wire.startswith(f"{around}.")]
        return bool(beside) and all(values.get(name) == ABSENT for name in beside)


def _described(kind: str, name: str) -> str:
    """A resource in messages: its name comes from a file."""
    return f"{kind} {printable(name)!r}"
