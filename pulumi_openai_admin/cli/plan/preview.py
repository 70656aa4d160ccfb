"""The steps of a preview, as `pulumi preview --json` prints them, by the names of the declaration."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field, replace
from typing import IO, TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import json_stream, recorded
from pulumi_openai_admin.cli.changes import Change, changes_between_inputs, in_native
from pulumi_openai_admin.cli.plan import assignments
from pulumi_openai_admin.cli.recorded import is_urn, name_of
from pulumi_openai_admin.cli.stack_export import has_mappings
from pulumi_openai_admin.engine.outputs import NAMES
from pulumi_openai_admin.handlers.memory import part_of
from pulumi_openai_admin.hosts.native.properties import UNKNOWN_MARKERS, camel
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_openai_admin.cli.plan.assignments import RecordedResource
    from pulumi_openai_admin.schema.fields import Declaration

UNKNOWN = "known after up"
"""In the place of a value that is known only after other resources are created."""
CREATE, UPDATE, REPLACE, DELETE = "create", "update", "replace", "delete"
LEAVE = "leave"
"""In the place of a deletion: the engine only removes the resource from the state, because it has `retainOnDelete`, or
`deletedWith` another resource that is deleted."""
_OPERATIONS = {
    "create": CREATE,
    "import": "import",
    "update": UPDATE,
    "replace": REPLACE,
    "create-replacement": REPLACE,
    "import-replacement": REPLACE,
    "delete": DELETE,
}
"""The engine's names of operations that change something; a replacement may have several steps."""
_WHAT = "The preview"
_ADVICE = "Make it with `pulumi preview --json > preview.json`, and give that file."
_COLOR = re.compile(r"<\{%.*?%\}>")


@dataclass(frozen=True)
class Step:
    """What an update will do to one resource.

    Args:
        operation: `create`, `import`, `update`, `replace`, `delete` or `leave`.
        urn: Its URN.
        kind: Its public name: `Project`.
        id: Its Pulumi id; empty for a new one.
        project: Where it is: the id of the project, or the URN of one that is created in the same update, or empty.
        values: Its inputs after the update, or before a deletion, by the names of the declaration.
        changes: The inputs that change. All of them for a new resource, and for one that is deleted.
        reasons: The inputs that replace it.
        notes: What it does although no input changes, in words.
    """

    operation: str
    urn: str
    kind: str
    id: str
    project: str
    values: Mapping[str, Any]
    changes: Sequence[Change] = ()
    reasons: Sequence[str] = ()
    notes: Sequence[str] = ()
    is_retained: bool = False
    """Whether the engine does not delete the object of the state (`retainOnDelete`), nor if it replaces it."""
    deleted_with: str = ""
    """The URN of the resource with which it is deleted (`deletedWith`)."""

    @property
    def name(self) -> str:
        """Its name in the program."""
        return name_of(self.urn)

    @property
    def title(self) -> str:
        """The resource in messages."""
        return f"{self.kind} {self.name}"


@dataclass
class Preview:
    """A preview.

    Args:
        steps: What is done to resources of this package.
        others: How many resources of other packages change.
        project_names: The names of projects, by id and by URN.
        diagnostics: Warnings and errors: severity and text.
    """

    steps: list[Step] = field(default_factory=list)
    others: int = 0
    project_names: dict[str, str] = field(default_factory=dict)
    diagnostics: list[tuple[str, str]] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    """The ids of projects by URN."""
    records: dict[str, RecordedResource] = field(default_factory=dict)
    """By URN, the resources that say who is where with which role, whether they change or not."""
    shows_all: bool = False
    """Whether resources that do not change are shown (`--show-sames`), or there are none."""


def read(file: IO[bytes]) -> Preview:
    """Read a preview, step by step: memory has only what changes.

    Raises:
        errors.ConfigurationError: It is not a preview.
    """
    if next(json_stream.items(file, "changeSummary", _WHAT, _ADVICE), None) is None:
        raise errors.ConfigurationError("The input is not a preview in JSON", _ADVICE)
    found = Preview()
    for document in json_stream.items(file, "steps.item", _WHAT, _ADVICE):
        if isinstance(document, dict) and is_urn(document.get("urn")):
            if not _is_step(document):
                what = f"The step of {printable(str(document['urn']))} in the preview is not in the form of Pulumi"
                raise errors.ConfigurationError(what, _ADVICE)
            _learn(found, document)
    deleted = {step.urn for step in found.steps if step.operation in (DELETE, LEAVE)}
    found.steps = [
        replace(step, operation=LEAVE) if step.operation == DELETE and step.deleted_with in deleted else step
        for step in found.steps
    ]
    for document in json_stream.items(file, "diagnostics.item", _WHAT, _ADVICE):
        if not isinstance(document, dict):
            continue
        severity, text = str(document.get("severity")), _text(document.get("message"))
        if severity in ("warning", "error") and (severity, text) not in found.diagnostics:
            found.diagnostics.append((severity, text))
    return found


def _is_step(document: Mapping[str, Any]) -> bool:
    """Whether a step has the types that the engine writes."""
    states = [document.get(name) or {} for name in ("oldState", "newState")]
    names = [document.get(name) or [] for name in ("diffReasons", "replaceReasons")]
    return (
        all(isinstance(record, dict) and has_mappings(record) for record in states)
        and all(isinstance(record.get("id") or "", str) for record in states)
        and all(isinstance(listed, list) and all(isinstance(name, str) for name in listed) for listed in names)
    )


def _text(message: object) -> str:
    """A message of the engine on one line, without its colors and the name of its severity."""
    text = " ".join(_COLOR.sub("", str(message or "")).split())
    return text.removeprefix("warning: ").removeprefix("error: ")


def _learn(found: Preview, document: Mapping[str, Any]) -> None:
    urn, operation = str(document["urn"]), _OPERATIONS.get(str(document.get("op")), "")
    shown: Mapping[str, Any] = document.get("newState") or document.get("oldState") or {}
    kind = recorded.kind_of(str(shown.get("type")))
    is_same = document.get("op") == "same"
    found.shows_all |= is_same or (operation == CREATE and str(shown.get("type")) == "pulumi:pulumi:Stack")
    if kind and (is_same or operation) and assignments.is_relevant(kind):
        found.records.setdefault(urn, assignments.record_of(kind, operation, document))
    if kind == "Project":
        _learn_project(found, urn, document)
    if not kind:
        found.others += bool(operation) and not str(shown.get("type")).startswith("pulumi:")
    elif operation:
        step = step_of(document, kind, operation)
        _name_project(found, step, shown)
        known = next((index for index, step in enumerate(found.steps) if step.urn == urn), None)
        if known is None:
            found.steps.append(step)
        elif not found.steps[known].changes:  # another step of the same replacement
            found.steps[known] = step


def _learn_project(found: Preview, urn: str, document: Mapping[str, Any]) -> None:
    for state_ in (document.get("oldState"), document.get("newState")):
        name = (state_ or {}).get("inputs", {}).get("name")
        if isinstance(name, str) and name not in UNKNOWN_MARKERS:
            found.project_names[urn] = name
            if state_ and state_.get("id"):
                found.ids[urn] = state_["id"]
                found.project_names[state_["id"]] = name


def _name_project(found: Preview, step: Step, record: Mapping[str, Any]) -> None:
    """Name the project of a resource after the resource that it gets the id from, if no step shows that one."""
    urn = _project_urn(record, str(record.get("type")))
    if urn and step.project != urn:
        found.project_names.setdefault(step.project, found.project_names.get(urn, name_of(urn)))


def step_of(document: Mapping[str, Any], kind: str, operation: str) -> Step:
    """A step by the names of the declaration."""
    declaration = recorded.resource_of(kind).declaration
    old, new = document.get("oldState") or {}, document.get("newState") or {}
    type_ = str((new or old).get("type"))
    hidden = _secret_names(declaration, old, new)
    old_inputs, new_inputs = (_inputs(declaration, type_, inputs, hidden) for inputs in (old, new))
    olds = recorded.declared_outputs(declaration, type_, old.get("outputs") or {})
    olds = {name: _shown(value, is_secret=name in hidden) for name, value in olds.items()}
    if olds.get(state.MANAGED) == recorded.SECRET:
        del olds[state.MANAGED]
    is_retained = bool(old.get("retainOnDelete"))
    if operation == DELETE:
        new_inputs = {}
    id_ = str(old.get("id") or new.get("id") or "")
    timed = _timed(kind, id_, olds, old_inputs, new_inputs) if operation == UPDATE else None
    before, after = timed.inputs if timed else (old_inputs, new_inputs)
    changes = changes_between_inputs(declaration, olds if operation != DELETE else {}, before, after)
    names = _declared(declaration, type_, document.get("diffReasons") or ())
    changed = {change.path[0] for change in changes}
    changes += [
        Change((name,), recorded.SECRET, recorded.SECRET)
        for name in names
        if name not in changed and recorded.has_secret([old_inputs.get(name), new_inputs.get(name)])
    ]
    if recorded.is_native(type_):
        changes = in_native(declaration, changes)
    return Step(
        LEAVE if operation == DELETE and is_retained else operation,
        str(document["urn"]),
        kind,
        id_,
        _project(declaration, kind, str(document["urn"]), type_, id_, new or old, new_inputs or old_inputs),
        new_inputs or old_inputs,
        changes,
        _declared(declaration, type_, document.get("replaceReasons") or ()),
        [*_notes(operation, olds), *(timed.notes if timed else ())],
        is_retained,
        str(old.get("deletedWith") or ""),
    )


def _inputs(declaration: Declaration, type_: str, record: Mapping[str, Any], hidden: set[str]) -> dict[str, Any]:
    inputs = recorded.declared_inputs(declaration, type_, record.get("inputs") or {})
    return {name: _shown(value, is_secret=name in hidden) for name, value in inputs.items()}


def _secret_names(declaration: Declaration, *records: Mapping[str, Any]) -> set[str]:
    """Fields that are never shown, even if the preview was made with `--show-secrets`."""
    found = {field.name for field in declaration.fields.values() if field.is_secret}
    for record in records:
        inputs, outputs = record.get("inputs") or {}, record.get("outputs") or {}
        managed = outputs.get(state.MANAGED)
        named = part_of(managed, state.StepRecord).secret if isinstance(managed, dict) else []
        found |= {name for name in [*(inputs.get(NAMES) or ()), *named] if isinstance(name, str)}
    return found


def _shown(value: Any, *, is_secret: bool = False) -> Any:
    """A value with words in the place of what is secret or not known yet."""
    if is_secret and value is not None:
        return recorded.SECRET
    if isinstance(value, str):
        return UNKNOWN if value in UNKNOWN_MARKERS else value
    if isinstance(value, dict):
        return {key: _shown(item) for key, item in value.items()}
    return [_shown(item) for item in value] if isinstance(value, list) else value


def _declared(declaration: Declaration, type_: str, names: Sequence[str]) -> list[str]:
    """Names of inputs by the declaration; those that Pulumi hides are omitted."""
    spelled = {camel(field.name) if recorded.is_native(type_) else field.name: field for field in declaration.inputs}
    tops = dict.fromkeys(re.split(r"[.\[]", name, maxsplit=1)[0] for name in names)
    return [spelled[name].name for name in tops if name in spelled]


def _project(  # noqa: PLR0913, PLR0917 - the parts of a step
    declaration: Declaration,
    kind: str,
    urn: str,
    type_: str,
    id_: str,
    record: Mapping[str, Any],
    inputs: Mapping[str, Any],
) -> str:
    """Where a resource is: an id, or the URN of a project that has none yet."""
    if kind == "Project":
        return id_ or urn
    project_id = recorded.project_of(declaration, kind, id_, inputs)
    if project_id != UNKNOWN:
        return project_id
    return _project_urn(record, type_) or UNKNOWN


def _project_urn(record: Mapping[str, Any], type_: str) -> str:
    """The URN of the project that a resource gets its `project_id` from; empty if it is another value."""
    spelled = camel(recorded.PROJECT_ID) if recorded.is_native(type_) else recorded.PROJECT_ID
    found = (record.get("propertyDependencies") or {}).get(spelled) or ()
    return next((urn for urn in found if recorded.kind_of(urn.split("::")[2].rpartition("$")[2]) == "Project"), "")


@dataclass(frozen=True)
class _Timed:
    """Access for a limited time (`until`)."""

    inputs: tuple[dict[str, Any], dict[str, Any]]
    """The inputs before and after the update, without access that has ended: an update does not give it again."""
    notes: list[str]
    """The access that the update removes."""


def _timed(
    kind: str, id_: str, olds: Mapping[str, Any], before: dict[str, Any], inputs: dict[str, Any]
) -> _Timed | None:
    """What time does to a resource; None if it has no end."""
    class_ = recorded.resource_of(kind)
    handler = class_.handler
    if not handler.does("without_ended") or not handler.is_scheduled(inputs):
        return None
    try:
        remote = state.to_remote(class_.declaration, id_, olds)
    except ValueError:
        return None
    actions = handler.pending_actions(remote, state.to_wanted(class_.declaration, inputs), time.time())
    left = [state.without_ended(class_.declaration, handler, remote, given) for given in (before, inputs)]
    old, new = (dict(given if part is None else part) for given, part in zip((before, inputs), left, strict=True))
    return _Timed((old, new), [f"{action.what}: {action.purpose}" for action in actions])


def _notes(operation: str, olds: Mapping[str, Any]) -> list[str]:
    """What an update does beside the inputs that change: what the last one did not finish, and what is due."""
    if operation != UPDATE:
        return []
    due = [f"{action.what}: {action.purpose}" for action in state.due(olds)]
    return [*map(printable, state.unfinished(olds)), *due]
