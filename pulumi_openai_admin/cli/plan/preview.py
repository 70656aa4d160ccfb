"""The steps of a preview, as `pulumi preview --json` prints them, and what they end. Pure."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors, resources
from pulumi_openai_admin.cli import recorded
from pulumi_openai_admin.cli.changes import changes_between_inputs
from pulumi_openai_admin.cli.recorded import UNKNOWN, RecordedResource, is_urn, name_of
from pulumi_openai_admin.engine.outputs import NAMES
from pulumi_openai_admin.handlers.handler import Subject
from pulumi_openai_admin.handlers.memory import part_of
from pulumi_openai_admin.handlers.removals import DELETED, ENDED, RESTORED, Removal, combined, moved
from pulumi_openai_admin.handlers.shapes.membership import MemberClaim
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.lifecycle.claims import Claims, claims_of
from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from pulumi_openai_admin.cli.changes import Change
    from pulumi_openai_admin.handlers.handler import Claim, PendingAction
    from pulumi_openai_admin.schema.fields import Declaration

CREATE, IMPORT, UPDATE, REPLACE, DELETE = "create", "import", "update", "replace", "delete"
LEAVE = "leave"
"""In the place of a deletion: the engine only removes the resource from the state, because it has `retainOnDelete`, or
`deletedWith` another resource that is deleted."""
_OPERATIONS = {operation: operation for operation in (CREATE, IMPORT, UPDATE, REPLACE, DELETE)}
_OPERATIONS |= dict.fromkeys(("create-replacement", "import-replacement"), REPLACE)
"""The engine's names of operations that change something; a replacement may have several steps."""
ADVICE = "Make it with `pulumi preview --json > preview.json`, and give that file."
_OF_PLUGIN = re.compile(r"using pulumi-\w+-\S+ from \$PATH at ")
"""The engine's warning about where a plugin is on the machine of the preview: no change for a reviewer."""
_COLOR = re.compile(r"<\{%.*?%\}>|\x1b\[[\d;]*m")
"""In the form of the engine, and in that of a terminal."""


class Step:
    """What an update will do to one resource: `old` before it, `new` after it. Without operation, it stays as it is."""

    def __init__(self, operation: str, old: RecordedResource | None, new: RecordedResource | None) -> None:
        self.is_retained = bool(old and old.record.get("retainOnDelete"))
        """Whether the engine does not delete the object of the state (`retainOnDelete`), nor if it replaces it."""
        self.operation = LEAVE if operation == DELETE and self.is_retained else operation
        """What the engine does; see `LEAVE`."""
        self.is_deletion = operation == DELETE
        """Whether the resource leaves the state."""
        self.old, self.new = old, new
        self.resource = next(filter(None, (new, old)))
        """The resource after the update; the one before it if it is deleted."""
        self.id = (old.id if old else "") or self.resource.id
        self.handler = self.resource.resource_class.handler
        after = new.inputs if new and not self.is_deletion else {}
        self.values: Mapping[str, Any] = after or (old.inputs if old else {})
        """Its inputs after the update, or before a deletion."""
        outputs = old.outputs if old else {}
        self.olds = {name: value for name, value in outputs.items() if not recorded.has_secret(value)}
        """Its state before the update, without what is secret; empty for a new resource."""
        always = {field.stored for field in self.resource.declaration.fields.values() if field.is_secret}
        self.is_secret = bool(outputs.keys() - self.olds.keys() - always)
        """Whether the state has something as a secret that is not one of every resource of the kind."""
        self.project = ""
        """Where it is: the id of the project, or the URN of one that is created in the same update, or empty. It is
        `UNKNOWN` or `SECRET` if the preview does not say it."""
        self.changes: Sequence[Change] = ()
        """The inputs that change. All of them for a new resource, and for one that is deleted."""
        self.reasons: Sequence[str] = ()
        """The inputs that replace it."""
        self.notes: Sequence[tuple[str, str]] = ()
        """What it does although no input changes: why, and what, in words."""
        self.rotation: PendingAction | None = None
        """Why it rotates a key or a secret although no input changes."""
        self.removal: Removal | None = None
        """What becomes of what it no longer declares; of an update, of the members that it removes."""
        self.former: Step | None = None
        """Of the replacement of access, the deletion of the old one, if the new one is for something else."""


class Preview:
    """The steps of a preview, and what it says. A document that is not a preview is refused."""

    def __init__(self, document: Any) -> None:
        self.diagnostics = _diagnostics(document) if isinstance(document, dict) else []
        """Errors and warnings: severity and text."""
        self.errors = [text for severity, text in self.diagnostics if severity == "error"]
        """Why the preview failed; empty if it did not."""
        # A preview that failed early has nothing but its errors.
        if not self.errors and (not isinstance(document, dict) or document.get("changeSummary") is None):
            raise errors.ConfigurationError("The input is not a preview in JSON", ADVICE)
        self.all: dict[str, Step] = {}
        """What is done to the resources of this package, by URN, also to those that stay as they are."""
        self.others = 0
        """How many resources of other packages change."""
        self.project_names: dict[str, str] = {}
        """The names of projects, by id and by URN."""
        self.ids: dict[str, str] = {}
        """The ids of projects by URN."""
        self.shows_all = False
        """Whether resources that do not change are shown (`--show-sames`), or there are none."""
        for shown in recorded.mappings(document.get("steps")):
            if is_urn(shown.get("urn")):
                if not _is_step(shown):
                    what = f"The step of {printable(shown['urn'])} in the preview is not in the form of Pulumi"
                    raise errors.ConfigurationError(what, ADVICE)
                self._learn(shown)
        self.steps = [step for step in self.all.values() if step.operation]
        """What changes."""
        self._learn_ends()

    def _learn(self, document: Mapping[str, Any]) -> None:
        operation, is_same = _OPERATIONS.get(str(document.get("op")), ""), document.get("op") == "same"
        type_ = str((document.get("newState") or document.get("oldState") or {}).get("type"))
        kind = recorded.kind_of(type_)
        self.shows_all |= is_same or (operation == CREATE and type_ == "pulumi:pulumi:Stack")
        if not kind:
            self.others += bool(operation) and not type_.startswith("pulumi:")
            return
        step = _step(document, kind, operation)
        for side in filter(None, (step.old, step.new)) if kind == "Project" else ():
            name = side.inputs.get("name")
            if isinstance(name, str) and name != UNKNOWN:
                self.project_names[side.urn] = name
                if side.id:
                    self.ids[side.urn] = side.id
                    self.project_names[side.id] = name
        urn, source = step.resource.urn, step.resource.project_urn
        if operation and source and step.project != source:  # no step may show the project itself
            self.project_names.setdefault(step.project, self.project_names.get(source, name_of(source)))
        known = self.all.get(urn)
        if (operation or is_same) and not (known and known.changes):  # else another step of the same replacement
            self.all[urn] = step

    def _learn_ends(self) -> None:
        """Learn what becomes of what is no longer declared, once all steps are known."""
        deleted = {step.resource.urn for step in self.steps if step.is_deletion}
        for step in self.steps:
            if step.operation == DELETE and str(step.resource.record.get("deletedWith")) in deleted:
                step.operation = LEAVE
        removals = _Removals(self, time.time())
        for step in self.steps:
            if step.operation in (UPDATE, DELETE, LEAVE):
                step.removal = removals.of(step)
            elif step.operation == REPLACE and step.handler.traits.subject is Subject.PEOPLE:
                step.former = removals.of_replaced(step)


def _diagnostics(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The severity and text of each error and warning, errors first; a text is one line without colors."""
    found, of_yaml = list[tuple[str, str]](), list[str]()
    for message in recorded.mappings(document.get("diagnostics")):
        severity, text = str(message.get("severity")), _COLOR.sub("", str(message.get("message") or ""))
        text = " ".join(text.split()).removeprefix("warning: ").removeprefix("error: ")
        # The YAML language host writes why a program fails to its standard error: a line with Error, then details.
        if severity == "info#err" and (of_yaml or text.startswith("Error: ")):
            of_yaml.append(text.removeprefix("Error: "))
        is_shown = severity == "error" or (severity == "warning" and not _OF_PLUGIN.match(text))
        if is_shown and (severity, text) not in found:
            found.append((severity, text))
    if of_yaml:
        found.append(("error", " ".join(of_yaml)))
    return sorted(found, key=lambda message: message[0] != "error")


def _is_step(document: Mapping[str, Any]) -> bool:
    """Whether a step has the types that the engine writes."""
    states = [document.get(name) or {} for name in ("oldState", "newState")]
    names = [document.get(name) or [] for name in ("diffReasons", "replaceReasons")]
    return (
        all(isinstance(record, dict) and recorded.has_mappings(record) for record in states)
        and all(isinstance(record.get("id") or "", str) for record in states)
        and all(isinstance(listed, list) and all(isinstance(name, str) for name in listed) for listed in names)
    )


def _step(document: Mapping[str, Any], kind: str, operation: str) -> Step:
    states = [document.get("oldState") or {}, document.get("newState") or {}]
    hidden = _secret_names(resources.class_of(kind).declaration, states)
    old, new = (
        RecordedResource(kind, {**record, "urn": document["urn"]}, hidden) if record else None for record in states
    )
    step = Step(operation, old, new)
    if not operation:
        return step
    before, after, due = _without_ended(step)
    known = state.record(step.olds)  # of the last update: what it did not finish, and what was due then
    olds = old.outputs if old and not step.is_deletion else {}
    named = step.resource.input_names(document.get("diffReasons") or ())
    step.project = _project(step)
    step.changes = changes_between_inputs(step.resource, olds, before, after, named)
    step.reasons = step.resource.input_names(document.get("replaceReasons") or ())
    step.rotation = next((action for action in due if action.renews and has_key(step)), None)
    if operation == UPDATE:
        unfinished = [("finishes the last update", printable(known.unfinished))] if known.unfinished else []
        actions = [action for action in (*known.actions, *due) if action is not step.rotation]
        step.notes = [*unfinished, *(("is due", action.in_words()) for action in actions)]
    return step


def has_key(step: Step) -> bool:
    """Return whether OpenAI shows a key of the resource once."""
    return any(field.shown_once for field in step.resource.declaration.fields.values())


def _secret_names(declaration: Declaration, records: Sequence[Mapping[str, Any]]) -> set[str]:
    """Fields that are never shown, even if the preview was made with `--show-secrets`."""
    found = {field.name for field in declaration.fields.values() if field.is_secret}
    for record in records:
        inputs, outputs = record.get("inputs") or {}, record.get("outputs") or {}
        managed = outputs.get(state.MANAGED)
        named = part_of(managed, state.StepRecord).secret if isinstance(managed, dict) else []
        found |= {name for name in [*(inputs.get(NAMES) or ()), *named] if isinstance(name, str)}
    return found


def _project(step: Step) -> str:
    """Where a resource is: an id, or the URN of a project that has none yet; else `UNKNOWN` or `SECRET`."""
    resource = step.resource
    if resource.kind == "Project":
        return step.id or resource.urn
    known_id = step.id if step.operation != REPLACE else ""  # the new object may be in another project
    project_id = recorded.project_of(resource.declaration, resource.kind, known_id, step.values)
    return project_id if project_id != UNKNOWN else resource.project_urn or UNKNOWN


def _without_ended(step: Step) -> tuple[Mapping[str, Any], Mapping[str, Any], Sequence[PendingAction]]:
    """The inputs before and after the update without access that has ended (`until`), and what is due: its removal, or
    the rotation of a key.

    An update does not give access again that has ended.
    """
    before: Mapping[str, Any] = step.old.inputs if step.old else {}
    after: Mapping[str, Any] = step.new.inputs if step.new and not step.is_deletion else {}
    handler, declaration, inputs = step.handler, step.resource.declaration, step.values
    if step.operation not in (UPDATE, REPLACE) or not handler.is_scheduled(inputs):
        return before, after, []
    try:
        remote = state.to_remote(declaration, step.id, step.olds)
    except state.WrongIdError:
        return before, after, []
    actions = handler.pending_actions(remote, state.to_wanted(declaration, _known(inputs)), time.time())
    if step.operation == REPLACE:
        return before, after, actions
    left = [state.without_ended(declaration, handler, remote, given) for given in (before, inputs)]
    old, new = (given if part is None else part for given, part in zip((before, inputs), left, strict=True))
    return old, new, actions


LEFT = Removal("left unchanged, and no longer managed", is_lost=False)
"""The engine deletes the resource from the state only."""
UNKNOWN_END = Removal("what ends is not known, because it is secret in the state")
"""What a removal ends depends on values that the preview does not show."""


class _Removals:
    """What an update ends, at a time in seconds since 1970."""

    def __init__(self, preview: Preview, now: float) -> None:
        self._now = now
        self._claims = Claims()
        self._others: dict[str, set[str]] = defaultdict(set)
        """By the id or the address of a person, the other one, if a state has both."""
        for urn, step in preview.all.items():
            email, user_id = step.olds.get("email"), step.olds.get("user_id")
            if isinstance(email, str) and isinstance(user_id, str):
                self._others[user_id].add(email)
                self._others[email].add(user_id)
            if step.new and not step.is_deletion:
                self._claims.declared.add(urn)
                self._claims.add(urn, _claims(step, step.new.inputs))

    def of(self, step: Step) -> Removal:
        """What becomes of what the resource of a step had before the update, if the step ends it."""
        traits = step.handler.traits
        if step.is_secret and (traits.subject is Subject.PEOPLE or traits.manages_existing):
            return UNKNOWN_END if step.operation != LEAVE else LEFT
        try:
            remote = state.to_remote(step.resource.declaration, step.id, step.olds)
        except state.WrongIdError:  # of another program
            if traits.subject is Subject.PEOPLE:
                return ENDED
            return RESTORED if traits.manages_existing else DELETED
        find = self._claims.declared_elsewhere(step.resource.urn, is_deleted=step.operation != UPDATE)
        remote.step.is_declared_elsewhere = lambda claim: find(with_other_names(claim, self._others))
        removal = step.handler.removal(remote, self._now)
        return removal if step.operation != LEAVE else _retained(removal)

    def of_replaced(self, step: Step) -> Step | None:
        """The deletion of the old object, if a replacement declares another object."""
        deletion = Step(DELETE, step.old or step.resource, None)
        deletion.project = _project(deletion)
        deletion.changes = changes_between_inputs(deletion.resource, {}, deletion.values, {})
        deletion.removal = removal = self.of(deletion)
        is_same = all(part.manager for part in removal.parts.values()) if removal.parts else removal.manager
        return None if is_same else deletion


def with_other_names(claim: Claim, others: Mapping[str, Collection[str]]) -> Claim:
    """A claim of people with all their names: others, by the id or the address of a person."""
    if not isinstance(claim, MemberClaim):
        return claim
    known = (others.get(name, ()) for name in claim.members)
    return replace(claim, members=claim.members.union(*known))


def _retained(removal: Removal) -> Removal:
    """What becomes of an object that the engine does not delete."""
    if removal.parts:
        return combined({name: _retained(part) for name, part in removal.parts.items()})
    return moved(removal.manager, removal.warning) if removal.manager else replace(LEFT, role=removal.role)


def _claims(step: Step, inputs: Mapping[str, Any]) -> Collection[Claim]:
    class_ = step.resource.resource_class
    try:
        return claims_of(class_, _known(inputs), state.to_document(class_.declaration, step.olds))
    except errors.ConfigurationError:  # an id that no request can have
        return ()


def _known(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in inputs.items() if value not in (UNKNOWN, recorded.SECRET)}
