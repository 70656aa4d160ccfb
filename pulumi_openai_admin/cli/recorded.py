"""What the Pulumi CLI writes: exported stacks, previews, and the resources in both, by the names of the declaration."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pulumi_openai_admin import errors, resources
from pulumi_openai_admin.cli.options import STDIN
from pulumi_openai_admin.config import NAMESPACE, OF_PROVIDER
from pulumi_openai_admin.engine.outputs import is_wrapped
from pulumi_openai_admin.handlers.documents import leaves
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.hosts.native.properties import MODULE, UNKNOWN_MARKERS, camel, is_default_provider
from pulumi_openai_admin.lifecycle.state import MANAGED, WrongIdError, split_id
from pulumi_openai_admin.printable import printable
from pulumi_openai_admin.program.provider import PACKAGE, PROPERTY
from pulumi_openai_admin.schema.fields import FieldRole

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import Self

    from pulumi_openai_admin.resources.base import AdminResource
    from pulumi_openai_admin.schema.fields import Declaration

DYNAMIC = f"{PACKAGE}:dynamic/{NAMESPACE}:"
"""The first characters of the types of the dynamic provider."""
DYNAMIC_PROVIDER = f"pulumi:providers:{PACKAGE}"
NATIVE_PROVIDER = f"pulumi:providers:{NAMESPACE}"
PLAIN = "plaintext"
"""Where an export with `--show-secrets` has the value of a secret, as JSON."""
SETTINGS = ("Pulumi.yaml", "Pulumi.yml")
"""The files that make a folder the one of a Pulumi project."""
SECRET = "[secret]"  # noqa: S105 - what `pulumi preview --json` has in the place of a secret
"""In the place of a secret. No value is compared with it or shown beside it."""
UNKNOWN = "known after up"
"""In the place of a value that is known only after other resources are created."""
PROJECT_ID = "project_id"
ADVICE = "Export it with `pulumi stack export --file FILE`, and give it with --state FILE."
_VERSIONS = (3, 4)
"""The versions of the format of exported stacks; 4 is 3 with the names of features that not every engine has."""
_BLANK = b"\xff\xfe\xef\xbb\xbf\0\r\n\t "
"""White space and marks of an encoding."""
_URN, _SEPARATORS = "urn:pulumi:", 3
_POSITION = re.compile(
    r"project:///(?!\.\./|(?:.*/)?(?:site-packages|node_modules)/)(?P<file>[^#]+)#(?P<line>\d+)(?:,\d+)?"
)
"""A line in the folder of the program, as the engine writes it; not one of a package."""


def document(source: Path, what: str, advice: str) -> Any:
    """A document in JSON, in UTF-8 or, as `>` in PowerShell writes it, in UTF-16; `what` it is, for messages."""
    return parsed(sys.stdin.buffer.read() if source == STDIN else source.read_bytes(), what, advice)


def parsed(text: bytes, what: str, advice: str) -> Any:
    """What a document in JSON says; see `document`."""
    if not text.strip(_BLANK):
        what = f"{what} is empty: the command that wrote it failed"
        raise errors.ConfigurationError(what, "Run that command again, and read its error.")

    def refuse(name: str) -> Any:  # `NaN` and infinite numbers, which Python would accept
        raise ValueError(name)

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError):
        raise errors.ConfigurationError(f"{what} is not JSON", advice) from None


def exported_stack(path: Path | None, stack: str | None = None, folder: Path | None = None) -> Any:
    """A file of `pulumi stack export` (`-`: stdin), or what the command gives now.

    Without the name of a stack, the selected one is exported; without the folder of a project, one of the current one.
    It is an error if there is no Pulumi CLI, if it refuses to export the stack, or if the file is not JSON.
    """
    if path is None:
        return parsed(_export(stack, folder), "The exported stack", ADVICE)
    return document(path, "Standard input" if path == STDIN else str(path), ADVICE)


def records_of(document: Any) -> list[dict[str, Any]]:
    """The resources of an exported stack, of all packages. A document that is no exported stack is refused."""
    deployment = document.get("deployment") if isinstance(document, dict) else None
    found = (deployment.get("resources") or []) if isinstance(deployment, dict) else None

    def is_record(it: Any) -> bool:
        return isinstance(it, dict) and is_urn(it.get("urn")) and isinstance(it.get("type"), str) and has_mappings(it)

    if not isinstance(found, list) or not all(map(is_record, found)) or document.get("version") not in _VERSIONS:
        what = "The input is not an exported stack, or has a format that this version does not know"
        raise errors.ConfigurationError(what, "Export the stack with `pulumi stack export --file FILE`.")
    return found


def mappings(listed: Any) -> list[dict[str, Any]]:
    """Return the mappings in a list; none if it is no list."""
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []


def has_mappings(record: Mapping[str, Any]) -> bool:
    """Return whether the inputs and the outputs of a resource are mappings, or absent."""
    return all(isinstance(record.get(name) or {}, dict) for name in ("inputs", "outputs"))


def _export(stack: str | None, folder: Path | None) -> bytes:
    if folder is not None and not folder.is_dir():
        what = f"There is no folder {folder}, so the state of its stack can't be read"
        raise errors.ConfigurationError(what, "Name the folder of a Pulumi project.")
    pulumi = shutil.which("pulumi")  # on Windows, this finds a .cmd, too
    if pulumi is None:
        what = "The Pulumi CLI was not found, so the state of the stack can't be read"
        raise errors.ConfigurationError(what, f"Install it, or use a file. {ADVICE}")
    command = [pulumi, "stack", "export", "--non-interactive", *(["--stack", stack] if stack else [])]
    try:
        done = subprocess.run(  # noqa: S603 - no shell; the name of the stack is the user's
            command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    except OSError as error:
        what = f"The Pulumi CLI could not be started ({pulumi}): {error.strerror or type(error).__name__}"
        raise errors.ConfigurationError(what, f"Install it again, or use a file. {ADVICE}") from None
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        reason = printable(lines[-1].removeprefix("error: ").rstrip(".")) if lines else "no message"
        what = f"`pulumi stack export` failed{f' in {folder}' if folder else ''}: {reason}"
        advice = "Run it in the folder of the program, and select a stack with `pulumi stack select` or --stack."
        raise errors.ConfigurationError(what, advice)
    return done.stdout


@dataclass(frozen=True)
class RecordedResource:
    """A resource of this package, of either provider, as an exported stack or a step of a preview has it."""

    kind: str
    """Its public name: `Project`."""
    record: Mapping[str, Any]
    """What the engine writes of it."""
    hidden: Collection[str] = ()
    """The names of fields that are secret although the record has them in plain text."""

    @classmethod
    def all_in(cls, records: Iterable[Mapping[str, Any]]) -> Iterator[Self]:
        """Those of some resources that this package manages."""
        for record in records:
            kind = kind_of(record["type"])
            if kind and record.get("id"):
                yield cls(kind, record)

    @property
    def urn(self) -> str:
        """Its URN."""
        return str(self.record["urn"])

    @property
    def name(self) -> str:
        """Its name in the program."""
        return name_of(self.urn)

    @property
    def title(self) -> str:
        """The resource in messages."""
        return f"{self.kind} {self.name}"

    @property
    def id(self) -> str:
        """Its Pulumi id; empty for a new one."""
        return str(self.record.get("id") or "")

    @property
    def line(self) -> str:
        """The line of the program that declares it, such as `__main__.py:12`; empty if the state does not say it."""
        frames = [self.record, *mappings(self.record.get("stackTrace"))]
        found = (_POSITION.fullmatch(str(frame.get("sourcePosition") or "")) for frame in frames)
        return next((f"{unquote(place['file'])}:{place['line']}" for place in found if place), "")

    @property
    def is_native(self) -> bool:
        """Whether it is a resource of the native provider."""
        return is_native(str(self.record.get("type")))

    @property
    def resource_class(self) -> type[AdminResource]:
        """Its class."""
        return resources.class_of(self.kind)

    @property
    def declaration(self) -> Declaration:
        """Its fields."""
        return self.resource_class.declaration

    @cached_property
    def inputs(self) -> dict[str, Any]:
        """Its inputs, with `SECRET` and `UNKNOWN` in the place of values."""
        values = {name: _in_words(value) for name, value in (self.record.get("inputs") or {}).items()}
        if self.is_native:
            return self._hiding(properties.to_inputs(self.declaration, values))
        names = {field.name for field in self.declaration.inputs}
        return self._hiding({name: value for name, value in values.items() if name in names})

    @cached_property
    def outputs(self) -> dict[str, Any]:
        """Its state, with `SECRET` and `UNKNOWN` in the place of values."""
        values = {name: _in_words(value) for name, value in (self.record.get("outputs") or {}).items()}
        values.pop(PROPERTY, None)
        if not self.is_native:
            return self._hiding(values)
        managed = {MANAGED: values.pop(MANAGED)} if values.get(MANAGED) == SECRET else {}
        state = properties.to_state(self.declaration, values) | managed
        # What OpenAI omits is null in a state. A property that a state does not have came with a later version.
        later = {field.stored for field in self.declaration.fields.values() if camel(field.name) not in values}
        return self._hiding({name: value for name, value in state.items() if name not in later})

    def _hiding(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: SECRET if name in self.hidden and value is not None else value for name, value in values.items()}

    def input_names(self, names: Iterable[str]) -> list[str]:
        """The inputs in which some places (`limits["gpt-4o"]`) are; those that Pulumi hides are omitted."""
        spelled = {camel(field.name) if self.is_native else field.name: field.name for field in self.declaration.inputs}
        tops = dict.fromkeys(re.split(r"[.\[]", name, maxsplit=1)[0] for name in names)
        return [spelled[name] for name in tops if name in spelled]

    def sources(self, name: str) -> list[str]:
        """The URNs of the resources that an input comes from."""
        return list((self.record.get("propertyDependencies") or {}).get(camel(name) if self.is_native else name) or ())

    @property
    def project_urn(self) -> str:
        """The URN of the project that its `project_id` comes from; empty if it is another value."""
        return next((urn for urn in self.sources(PROJECT_ID) if kind_in(urn) == "Project"), "")


def managing(documents: Iterable[Any]) -> Iterator[tuple[RecordedResource, str]]:
    """Give the resources of exported stacks that manage something, each as messages call it.

    That is its kind and name, with its line if the state says it, and of several stacks with the stack. A resource that
    the engine has replaced manages its object until the engine deletes it.
    """
    known = list(documents)
    for document in known:
        for resource in RecordedResource.all_in(records_of(document)):
            if not resource.record.get("external"):
                stack, project, *_ = resource.urn.removeprefix(_URN).split("::")
                where = ", ".join([*[resource.line] * bool(resource.line), *[f"{project}/{stack}"] * (len(known) > 1)])
                yield resource, f"{resource.title}{f' ({where})' if where else ''}"


def is_explicit_provider(record: Mapping[str, Any]) -> bool:
    """Return whether a program declares a provider: a resource that names none has the default one."""
    if record["type"] == NATIVE_PROVIDER:
        return not is_default_provider(name_of(record["urn"]))
    return record["type"] == DYNAMIC_PROVIDER and OF_PROVIDER in (record.get("inputs") or {})


def reference_of(provider: Mapping[str, Any]) -> str:
    """The reference to a provider that resources have."""
    return f"{provider['urn']}::{provider.get('id', '')}"


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


def kind_in(urn: str) -> str:
    """The public name of the type in a URN."""
    return kind_of(urn.split("::")[2].rpartition("$")[2])


def is_native(type_: str) -> bool:
    """Return whether a type is of the native provider."""
    return type_.startswith(f"{MODULE}:")


def _in_words(value: Any) -> Any:
    """A value with words in the place of secrets, encrypted or not, and of what is not known yet."""
    if is_wrapped(value):
        return SECRET
    if isinstance(value, str):
        return UNKNOWN if value in UNKNOWN_MARKERS else value
    if isinstance(value, dict):
        return {key: _in_words(item) for key, item in value.items()}
    return [_in_words(item) for item in value] if isinstance(value, list) else value


def revealed(value: Any) -> Any:
    """A value with the secrets that an export with `--show-secrets` has. They are only compared, never shown."""
    if is_wrapped(value):
        with suppress(KeyError, TypeError, ValueError):
            return json.loads(value[PLAIN])
        return value
    if isinstance(value, dict):
        return {key: revealed(item) for key, item in value.items()}
    return [revealed(item) for item in value] if isinstance(value, list) else value


def has_secret(value: Any) -> bool:
    """Return whether a value is a secret or contains one."""
    return SECRET in leaves(value)


def project_of(declaration: Declaration, kind: str, id_: str, values: Mapping[str, Any]) -> str:
    """The id of the project that a resource is in, or is; empty for a resource of the organization.

    A secret one is known from the id of the resource, which Pulumi does not encrypt; `SECRET` if it has none.
    """
    if kind == "Project":
        return id_
    value = values.get(PROJECT_ID) if PROJECT_ID in declaration.fields else None
    if isinstance(value, str) and value != SECRET:
        return value
    if any(field.wire == PROJECT_ID for field in declaration.with_role(FieldRole.PATH)) and id_:
        with suppress(WrongIdError):  # whoever reads the object reports an id of another form
            return split_id(declaration, id_)[0].get(PROJECT_ID, "")
    return value or ""
