"""What a preview means for a reviewer: project by project, people first, then keys, limits and money. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.cli import limits_table, recorded
from pulumi_openai_admin.cli.access.permissions import EVERY
from pulumi_openai_admin.cli.limits_columns import LIMIT_COLUMNS, UNLIMITED
from pulumi_openai_admin.cli.plan.effective import effective_changes
from pulumi_openai_admin.cli.plan.preview import CREATE, DELETE, LEAVE, REPLACE, UNKNOWN, UPDATE
from pulumi_openai_admin.cli.value_words import ABSENT, in_words, is_money
from pulumi_openai_admin.handlers.handler import Subject, noun_of
from pulumi_openai_admin.schema.fields import FieldRole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pulumi_openai_admin.cli.changes import Change
    from pulumi_openai_admin.cli.plan.effective import EffectiveChange
    from pulumi_openai_admin.cli.plan.preview import Preview, Step

ORGANIZATION = "The organization"
_NAMELESS = "Project"
"""In the place of the name of a project that the preview does not show."""
_RESTORED = "as it was before"
_ASSUMED = f"{EVERY} (not documented by OpenAI)"
_LEFT = "left unchanged, and no longer managed"
_OTHERS = "every other model"
_NAMES = ("email", "name", "model", "user_id", "group_id", "role_id", "certificate_id")
"""The inputs by which people know an object, the best one first."""


class Part(StrEnum):
    """What a line is about, in the order in which a reviewer reads."""

    PEOPLE = "People and roles"
    ACCESS = "Effective permissions"
    KEYS = "Keys and accounts"
    LIMITS = "Rate limits"
    MONEY = "Spending"
    OTHER = "Other settings"


class Mark(StrEnum):
    """What happens, as a sign."""

    ADDED = "+"
    REMOVED = "-"
    CHANGED = "~"
    REPLACED = "+-"
    LEFT = "="

    @property
    def css(self) -> str:
        """Its CSS class."""
        return self.name.lower()


_ORDER = (Mark.REMOVED, Mark.REPLACED, Mark.LEFT, Mark.ADDED, Mark.CHANGED)
"""In a part, what is lost comes first."""
_MARKS = {
    CREATE: Mark.ADDED,
    "import": Mark.ADDED,
    UPDATE: Mark.CHANGED,
    REPLACE: Mark.REPLACED,
    DELETE: Mark.REMOVED,
    LEAVE: Mark.LEFT,
}


@dataclass(frozen=True)
class Line:
    """One change.

    Args:
        mark: What happens.
        what: The person, the key, the model, the field.
        before: The value before it, for people; a dash if there is none.
        after: The value after it.
        resource: The kind and the name of the resource; of effective permissions, why they change.
        limits: Of a rate limit, its field and both values.
    """

    mark: Mark
    what: str
    before: str
    after: str
    resource: str
    limits: tuple[str, Any, Any] | None = None

    def word(self, part: Part) -> str:
        """What happens, in a word."""
        if part is Part.ACCESS:
            return "loses" if self.mark is Mark.REMOVED else "gains"
        return "rotates" if part is Part.KEYS and self.mark is Mark.REPLACED else self.mark.css


@dataclass
class Section:
    """A project, or the organization."""

    key: str
    """The id, or the URN of a project that is new; empty for the organization."""
    name: str
    id: str
    """Empty for a new project."""
    parts: dict[Part, list[Line]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The project in a sentence: its name, or its id if the preview does not name it."""
        return self.name if self.name != _NAMELESS else f"{_NAMELESS} {self.id}"

    @property
    def lines(self) -> Iterator[tuple[Part, Line]]:
        """All lines, part by part."""
        for part in Part:
            for line in self.parts.get(part, ()):
                yield part, line


@dataclass
class Review:
    """A preview for a reviewer."""

    sections: list[Section]
    operations: Counter[str]
    """How many resources are created, updated, replaced, deleted and left."""
    lost: list[str]
    """What is deleted, replaced and left, in words."""
    people: Counter[str]
    """How many people are added and removed."""
    keys: int
    """How many keys are new, replaced or revoked."""
    others: int
    diagnostics: Sequence[tuple[str, str]]

    @property
    def greatest(self) -> dict[str, int]:
        """The greatest value of each limit: a whole bar."""
        found: dict[str, int] = {}
        for section in self.sections:
            for line in section.parts.get(Part.LIMITS, ()):
                for value in line.limits[1:] if line.limits else ():
                    if isinstance(value, int) and value != UNLIMITED and line.limits:
                        found[line.limits[0]] = max(found.get(line.limits[0], 0), value)
        return found


def review(preview: Preview) -> Review:
    """Group what changes."""
    sections: dict[str, Section] = {}
    lost: list[str] = []
    people: Counter[str] = Counter()
    keys = 0
    for step in preview.steps:
        section = _section(sections, preview, step.project)
        if step.operation in (DELETE, LEAVE, REPLACE):
            lost.append(f"{_verb(step)} {step.kind} {step.name}{_where(section)}{_rest(step)}")
        for part, line in lines(step):
            section.parts.setdefault(part, []).append(line)
            people[line.mark.css] += part is Part.PEOPLE
            keys += part is Part.KEYS and line.mark not in (Mark.CHANGED, Mark.LEFT)
    for change in effective_changes(preview.records.values()) if preview.shows_all else ():
        _section(sections, preview, change.place).parts.setdefault(Part.ACCESS, []).append(_effective(change))
    for section in sections.values():
        for found in section.parts.values():
            found.sort(key=lambda line: (_ORDER.index(line.mark), line.what.casefold(), line.resource))
    ordered = sorted(sections.values(), key=lambda section: (bool(section.key), section.name.casefold(), section.key))
    operations = Counter(step.operation for step in preview.steps)
    return Review(ordered, operations, lost, people, keys, preview.others, preview.diagnostics)


def _effective(change: EffectiveChange) -> Line:
    permissions = ", ".join(_ASSUMED if name == EVERY else name for name in change.permissions)
    before, after = (permissions, ABSENT) if change.is_loss else (ABSENT, permissions)
    return Line(Mark.REMOVED if change.is_loss else Mark.ADDED, change.who, before, after, change.reason)


def _verb(step: Step) -> str:
    if step.operation == DELETE:
        return "archives" if step.kind == "Project" else "deletes"
    if step.operation == LEAVE:
        return "leaves"
    return "rotates" if has_key(step) else "replaces"


def _rest(step: Step) -> str:
    """What becomes of an object that is not deleted."""
    if step.operation == LEAVE:
        return ", and forgets it"
    if step.is_retained:
        return ", and leaves the former one"
    if step.kind == "Project":
        return f"{', and archives the former one' if step.operation == REPLACE else ''}: archiving cannot be undone"
    return ""


def _where(section: Section) -> str:
    return f" in {section.title}" if section.key else ""


def _section(sections: dict[str, Section], preview: Preview, project: str) -> Section:
    key = preview.ids.get(project, project)
    if key not in sections:
        name = preview.project_names.get(key, _NAMELESS if key else ORGANIZATION)
        if key == UNKNOWN:
            name = "A project that is known after up"
        sections[key] = Section(key, name, "" if key.startswith("urn:") or key == UNKNOWN else key)
    return sections[key]


def lines(step: Step) -> Iterator[tuple[Part, Line]]:
    """What a step means."""
    handler = recorded.resource_of(step.kind).handler
    if step.operation == LEAVE:
        yield _part(step), Line(Mark.LEFT, _who(step)[1], _summary(step), _LEFT, step.title)
    elif handler.traits.subject is Subject.RATE_LIMITS:
        yield from ((Part.LIMITS, line) for line in _limits(step, is_set=bool(handler.path_of_each)))
    elif handler.traits.subject is Subject.PEOPLE and handler.path_of_each:
        yield from ((Part.PEOPLE, line) for line in _members(step))
    elif handler.traits.subject is Subject.PEOPLE:
        yield Part.PEOPLE, _person(step)
    elif has_key(step):
        yield from ((Part.KEYS, line) for line in _key(step))
    else:
        yield from ((_part(step), line) for line in _object(step))
    for note in step.notes:
        yield Part.OTHER, Line(Mark.CHANGED, "finishes the last update", ABSENT, note, step.title)


def _part(step: Step) -> Part:
    """The part that a resource belongs to."""
    handler = recorded.resource_of(step.kind).handler
    if handler.traits.subject is Subject.RATE_LIMITS:
        return Part.LIMITS
    if handler.traits.subject is Subject.PEOPLE:
        return Part.PEOPLE
    if has_key(step):
        return Part.KEYS
    return Part.MONEY if any("amount" in change.path[0] for change in step.changes) else Part.OTHER


def has_key(step: Step) -> bool:
    """Whether OpenAI shows a key of the resource once."""
    return any(field_.shown_once for field_ in recorded.resource_of(step.kind).declaration.fields.values())


def _person(step: Step) -> Line:
    """A person or a group in one place: who, and with which role."""
    who = _who(step)
    changed = [change for change in step.changes if step.operation == UPDATE or change.path[0] != who[0]]
    roles = [change for change in changed if change.path[0] in ("role", "role_id", "role_ids")]
    parts = roles if step.operation != UPDATE or roles else changed
    before = ", ".join(in_words(change.path, change.before) for change in parts if change.before is not None)
    after = ", ".join(in_words(change.path, change.after) for change in parts if change.after is not None)
    return Line(_MARKS[step.operation], who[1], before or ABSENT, after or ABSENT, step.title)


def _who(step: Step) -> tuple[str, str]:
    """The input that names an object, and its value."""
    for name in _NAMES:
        value = step.values.get(name)
        if isinstance(value, str):
            return name, value
    return "", step.name


def _members(step: Step) -> Iterator[Line]:
    """The members of a set."""
    for change in step.changes:
        if change.is_item:
            member = change.before if change.after is None else change.after
            mark = Mark.ADDED if change.before is None else Mark.REMOVED
            yield Line(mark, str(member), ABSENT, ABSENT, step.title)
        elif len(change.path) > 1:
            yield Line(_mark(change, step), change.path[1], *_values(change), step.title)
        elif _is_shown(step, change):
            yield Line(_mark(change, step), change.field, *_values(change), step.title)


def _limits(step: Step, *, is_set: bool) -> Iterator[Line]:
    for change in step.changes:
        name = change.path[-1]
        column = LIMIT_COLUMNS.get(name)
        if column is not None:
            model = _model(change) if is_set else str(step.values.get("model") or step.values.get("rate_limit_id"))
            what = f"{model}: {column.title}"
            values = tuple(_limit(value) for value in (change.before, change.after))
            after = _RESTORED if step.operation == DELETE else values[1]
            limits = (name, change.before, change.after)
            yield Line(_mark(change, step), what, values[0], after, step.title, limits)
        elif isinstance(change.before, dict) or isinstance(change.after, dict):
            yield Line(_mark(change, step), _model(change), *_values(change), step.title)
        elif _is_shown(step, change) and name != "model":
            yield Line(_mark(change, step), change.field, *_values(change), step.title)


def _model(change: Change) -> str:
    return change.path[1] if change.path[0] == "limits" and len(change.path) > 1 else _OTHERS


def _limit(value: Any) -> str:
    return limits_table.in_words(value) if isinstance(value, int | None) else str(value)


def _key(step: Step) -> Iterator[Line]:
    name = _who(step)[1]
    if step.operation == CREATE:
        keyless = step.values.get("create_service_account_only") is True
        yield Line(Mark.ADDED, name, ABSENT, "a new account without a key" if keyless else "a new key", step.title)
    elif step.operation == REPLACE:
        causes = ", ".join(step.reasons) or "its inputs"
        before = "still valid, and no longer managed" if step.is_retained else "revoked, once nothing uses it"
        yield Line(Mark.REPLACED, name, before, f"a new key ({causes} changed)", step.title)
    elif step.operation == DELETE:
        yield Line(Mark.REMOVED, name, "in use until now", "revoked", step.title)
    else:
        yield from _object(step)


def _object(step: Step) -> Iterator[Line]:
    """Any other object: one line for each input; one that no longer exists has one line."""
    mark = _MARKS[step.operation]
    if step.operation == DELETE:
        yield Line(mark, _who(step)[1], _summary(step), _result_of_deletion(step), step.title)
        return
    shown = [change for change in step.changes if _is_shown(step, change)]
    if not shown and step.operation != UPDATE:
        yield Line(mark, _who(step)[1], ABSENT, step.operation, step.title)
    for change in shown:
        shown_mark = mark if mark is not Mark.CHANGED else _mark(change, step)
        if change.is_item:
            value = str(change.before if change.after is None else change.after)
            values = (ABSENT, value) if change.before is None else (value, ABSENT)
            yield Line(shown_mark, change.field, *values, step.title)
        else:
            yield Line(shown_mark, _called(step, change.path) or change.field, *_values(change), step.title)


def _called(step: Step, path: Sequence[str]) -> str:
    """What people call a field, where the name of the property says how OpenAI counts: an amount is in cents there."""
    return noun_of(recorded.resource_of(step.kind).handler) if is_money(path) else ""


def _result_of_deletion(step: Step) -> str:
    """What becomes of an object whose resource is deleted: one that existed before stays, with its former values."""
    if step.kind == "Project":
        return "archived, which cannot be undone"
    return _RESTORED if recorded.resource_of(step.kind).handler.traits.manages_existing else "deleted"


def _summary(step: Step) -> str:
    """What a deleted object has."""
    fields = recorded.resource_of(step.kind).declaration.fields
    shown = {name: value for name, value in step.values.items() if fields[name].role is not FieldRole.PATH}
    texts = (f"{_called(step, (name,)) or name}: {in_words((name,), value)}" for name, value in shown.items())
    return "; ".join(texts) or ABSENT


def _is_shown(step: Step, change: Change) -> bool:
    """Whether a reviewer needs the input: where a new or deleted object is follows from the section."""
    field_ = recorded.resource_of(step.kind).declaration.fields[change.path[0]]
    return step.operation in (UPDATE, REPLACE) or field_.role is not FieldRole.PATH


def _mark(change: Change, step: Step) -> Mark:
    if step.operation == REPLACE:
        return Mark.REPLACED
    if change.before is None:
        return Mark.ADDED
    return Mark.REMOVED if change.after is None else Mark.CHANGED


def _values(change: Change) -> tuple[str, str]:
    if change.before == change.after == recorded.SECRET:
        return "secret", "another secret"
    return in_words(change.path, change.before), in_words(change.path, change.after)
