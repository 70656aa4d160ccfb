"""The command `plan`: a preview as a page, and as a comment, for the person who reviews a change.

`preview` reads the steps of `pulumi preview --json`, and what becomes of what is no longer declared. `people` says what
they change in the permissions of people. This module says what the steps mean, project by project.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from pulumi_openai_admin.cli import limits, recorded, report, terminal
from pulumi_openai_admin.cli.access import EVERY
from pulumi_openai_admin.cli.connection import ORGANIZATION_NAME
from pulumi_openai_admin.cli.options import STDIN, declare, file_or_stdin
from pulumi_openai_admin.cli.plan import preview as steps
from pulumi_openai_admin.cli.plan.people import effective_changes
from pulumi_openai_admin.cli.plan.preview import ADVICE, CREATE, DELETE, IMPORT, LEAVE, REPLACE, UPDATE
from pulumi_openai_admin.cli.words import ABSENT, in_words, is_money
from pulumi_openai_admin.handlers.handler import Subject, noun_of
from pulumi_openai_admin.handlers.removals import DELETED, ENDED, RESTORED, REVOKED
from pulumi_openai_admin.printable import counted, printable
from pulumi_openai_admin.schema.fields import FieldRole, WhenRemoved

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pulumi_openai_admin.cli.changes import Change
    from pulumi_openai_admin.cli.plan.preview import Step
    from pulumi_openai_admin.handlers.removals import Removal

_NAMELESS = "Project"
"""In the place of the name of a project that the preview does not show."""
_NO_IDS = {recorded.UNKNOWN: "A project that is known after up", recorded.SECRET: "Projects whose ids are secret"}
"""What stands for the id of a project that the preview does not show, and the title of the section."""
_PLAIN = (DELETED, ENDED, RESTORED, REVOKED)
"""What the word for a deletion says."""
_OTHERS = "every other model"
_NAMES = ("email", "name", "model", "user_id", "group_id", "role_id", "certificate_id")
"""The inputs by which people know an object, the best one first."""


@declare(page="plan.md")
def plan(preview: Path | None = None, *, html: Path | None = None, markdown: bool = False) -> int:
    """Write a preview as a page for a reviewer, by project: people, keys, limits and money.

    It sends no requests and needs no key. It never shows secrets, so run the preview without `--show-secrets`. If the
    preview failed, the page shows its errors, and the exit code is 1.

    Examples:
    ```console
    pulumi preview --json --show-sames > preview.json
    pulumi-openai-admin plan preview.json --html plan.html
    pulumi-openai-admin plan preview.json --markdown > comment.md
    ```

    Options:
        preview ([PREVIEW]): The output of `pulumi preview --json`, as a file. If omitted or `-`, it is read from stdin.
        html (FILE): Write the page to FILE (`-`: stdout).  [default: `plan.html`, unless `--markdown` is set]
        markdown: Print Markdown for a comment in a pull request to stdout.
    """
    source = file_or_stdin(preview, "PREVIEW", "Name the file with the output of `pulumi preview --json`.")
    page = html or (None if markdown else Path("plan.html"))
    report.refuse_unusable(page, as_markdown=markdown)
    with terminal.waiting("Reading the preview"):
        document = recorded.document(source or STDIN, str(source or "The preview"), ADVICE)
        read_from = report.Source(time.time(), source.name if source else "standard input")
        found = Review(document, read_from)
    if markdown:
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(in_markdown(found).encode(encoding, "xmlcharrefreplace").decode(encoding))
    if page is not None:
        found.show(page, as_json=False)
    for text in found.gaps_in_words:
        terminal.say(text)
    for text in found.preview.errors:
        terminal.say(f"error: The preview failed: {text}", "red")
    return terminal.FAILED if found.preview.errors else terminal.DONE


class Part(StrEnum):
    """What a line is about, in the order in which a reviewer reads."""

    PEOPLE = "People and roles"
    ACCESS = "Effective permissions"
    KEYS = "Keys and accounts"
    LIMITS = "Rate limits"
    MONEY = "Spending"
    OTHER = "Other settings"


class Mark(StrEnum):
    """What happens, as a CSS class, in the order of the lines of a part: what is lost comes first."""

    REMOVED = "removed"
    REPLACED = "replaced"
    LEFT = "left"
    ADDED = "added"
    CHANGED = "changed"


_ORDER = {word: place for place, word in enumerate((*Part, *Mark))}
_MARKS = {
    CREATE: Mark.ADDED,
    IMPORT: Mark.ADDED,
    UPDATE: Mark.CHANGED,
    REPLACE: Mark.REPLACED,
    DELETE: Mark.REMOVED,
    LEAVE: Mark.LEFT,
}
_OPERATIONS = {name: name for name in (CREATE, IMPORT, UPDATE, REPLACE, DELETE)} | {LEAVE: "leave unchanged"}
"""What happens to a number of resources, in words, in the order in which it is shown."""
MAX_CHARACTERS = 60_000
"""GitHub takes comments of up to 65,536 characters."""
_MAX_LOST = 20
_NOT_COMPUTED = (
    "Effective permissions were not computed, because the preview does not show the resources that stay as they are: "
    "make it with `--show-sames`."
)
_TABLE = "| | what | change | resource |\n|---|---|---|---|"


@dataclass(frozen=True)
class Line:
    """One change."""

    part: Part
    mark: Mark
    what: str
    """The person, the key, the model, the field."""
    before: str
    """The value before it, for people; a dash if there is none."""
    after: str
    """The value after it."""
    resource: str
    """The kind and the name of the resource; of effective permissions, why they change."""
    limits: tuple[str, Any, Any] | None = None
    """Of a rate limit, its field and both values."""

    @property
    def word(self) -> str:
        """What happens, in a word."""
        if self.part is Part.ACCESS:
            return "loses" if self.mark is Mark.REMOVED else "gains"
        return "rotates" if self.part is Part.KEYS and self.mark is Mark.REPLACED else self.mark

    @property
    def is_lost(self) -> bool:
        """Whether something is removed or replaced."""
        return self.mark in (Mark.REMOVED, Mark.REPLACED)


class Section:
    """A project, or the organization."""

    def __init__(self, key: str, name: str) -> None:
        self.key = key
        """The id, or the URN of a project that is new; empty for the organization."""
        self.name = name
        self.lines: list[Line] = []
        self.is_new = key.startswith("urn:")
        """Whether the update creates the project."""
        self.id = "" if self.is_new or key in _NO_IDS else key
        """The id of the project; empty for a new one."""
        self.title = name if name != _NAMELESS else f"{_NAMELESS} {self.id}"
        """The project in a sentence: its name, or its id if the preview does not name it."""

    @property
    def parts(self) -> list[tuple[Part, list[Line]]]:
        """The lines, part by part."""
        return [(part, list(lines)) for part, lines in groupby(self.lines, key=lambda line: line.part)]


class Review(report.ShownReport[Line]):
    """What a preview (see `Preview`) means for a reviewer, by project. The rows are the lines of all sections."""

    template = "plan_page.html.jinja"

    def __init__(self, document: Any, source: report.Source) -> None:
        self.preview = preview = steps.Preview(document)
        self.operations = Counter(step.operation for step in preview.steps)
        """How many resources are created, updated, replaced, deleted and left."""
        self.lost: list[str] = []
        """What is deleted, replaced and left, in words."""
        sections: dict[str, Section] = {}
        names = {"": ORGANIZATION_NAME, **preview.project_names, **_NO_IDS}

        def section_of(project: str) -> Section:
            key = preview.ids.get(project, project)
            return sections.setdefault(key, Section(key, names.get(key, _NAMELESS)))

        for step in preview.steps:
            section, removal = section_of(step.project), step.removal
            is_lost = step.operation in (DELETE, LEAVE, REPLACE) or step.rotation
            if is_lost and not (removal and _is_moved(removal)):
                where = f" in {section.title}" if section.key else ""
                self.lost.append(f"{_verb(step)} {step.resource.title}{where}{_rest(step, preview.project_names)}")
            for it in filter(None, (step, step.former)):
                section_of(it.project).lines += lines(it, preview.project_names)
                for project, line in _in_projects(it):
                    section_of(project).lines.append(line)
        for place, who, is_loss, permissions, reason in effective_changes(preview) if preview.shows_all else ():
            listed = ", ".join(f"{name} (not documented by OpenAI)" if name == EVERY else name for name in permissions)
            before, after = (listed, ABSENT) if is_loss else (ABSENT, listed)
            mark = Mark.REMOVED if is_loss else Mark.ADDED
            section_of(place).lines.append(Line(Part.ACCESS, mark, who, before, after, reason))
        self.sections = sorted(sections.values(), key=lambda it: (bool(it.key), it.name.casefold(), it.key))
        for section in self.sections:
            section.lines.sort(key=lambda it: (_ORDER[it.part], _ORDER[it.mark], it.what.casefold(), it.resource))
        super().__init__((), [line for section in self.sections for line in section.lines], source)
        self.people = Counter(line.mark for line in self.rows if line.part is Part.PEOPLE)
        """How many people are added and removed, by the mark of the line."""
        self.keys = sum(line.part is Part.KEYS and line.mark not in (Mark.CHANGED, Mark.LEFT) for line in self.rows)
        """How many keys are new, replaced or revoked."""
        self.greatest: dict[str, int] = {}
        """The greatest value of each limit: a whole bar."""
        for name, *values in (line.limits for line in self.rows if line.limits):
            known = [it for it in values if isinstance(it, int) and it != limits.UNLIMITED]
            self.greatest[name] = max([self.greatest.get(name, 0), *known])

    @property
    def gaps_in_words(self) -> list[str]:
        """What an update changes that is not shown, and what was not computed."""
        others = counted(self.preview.others, "resource")
        verbs = ("changes", "is") if self.preview.others == 1 else ("change", "are")
        of_others = f"{others} of other packages {verbs[0]}, and {verbs[1]} not shown."
        return [
            *[of_others] * bool(self.preview.others),
            *[_NOT_COMPUTED] * bool(self.preview.steps and not self.preview.shows_all),
        ]

    @property
    def verdict(self) -> str:
        """What can be said if no step is shown."""
        if self.preview.errors:
            return "The preview failed before its first change."
        return "Nothing changes at OpenAI." if self.preview.others else "Nothing changes."

    @override
    def size(self) -> str:
        return f"projects: {len(self.sections):,}, changes: {len(self.rows):,}"

    @override
    def page(self) -> Mapping[str, Any]:
        def bars(line: Line) -> list[str]:
            """The CSS classes of the bars of both values; empty without bars."""
            if line.limits is None:
                return ["", ""]
            name, *values = line.limits
            return [limits.css_of(value, self.greatest[name]) or report.PLAIN for value in values]

        return {
            "figures": [(self.operations[name], word) for name, word in _OPERATIONS.items() if name != DELETE],
            "diagnostics": [f"{severity}: {text}" for severity, text in self.preview.diagnostics],
            "decades": limits.BAR_DECADES,
            "bars": bars,
        }


def _verb(step: Step) -> str:
    if step.operation == DELETE:
        if step.removal and not step.removal.is_lost:
            return "no longer manages"
        return "archives" if step.resource.kind == "Project" else "deletes"
    if step.operation == LEAVE:
        return "leaves"
    return "rotates" if steps.has_key(step) else "replaces"


def _is_moved(removal: Removal) -> bool:
    """Return whether other resources of the program declare all of it, and nothing is lost."""
    is_declared = all(part.manager for part in removal.parts.values() if part.is_lost)
    return bool(removal.manager) and not (removal.is_lost or removal.warning) and is_declared


def _rest(step: Step, names: Mapping[str, str]) -> str:
    """What becomes of an object that is not deleted."""
    resource, removal = step.resource, step.removal
    if removal and removal.manager and removal.warning:
        text = f": {removal.in_words(names)}. {removal.warning}"
        if removal.manager.partition(" ")[0] == resource.kind:
            aliases = f"add {resource.urn} to the resource option aliases of {removal.manager}"
            text += f" If you only renamed it, {aliases}: that keeps them."
        return text
    if step.operation == LEAVE:
        return ", and forgets it"
    if removal and step.operation == DELETE and resource.kind != "Project" and removal not in _PLAIN:
        return f": {removal.in_words(names)}"
    if step.is_retained:
        return ", and leaves the former one"
    if resource.kind == "Project":
        return f"{', and archives the former one' if step.operation == REPLACE else ''}: archiving cannot be undone"
    return ""


def _in_projects(step: Step) -> Iterator[tuple[str, Line]]:
    """The projects in which a person of the organization gets another role, or none, each with a line."""
    for change in step.changes if step.handler.traits.subject is Subject.PEOPLE else ():
        if not _is_in_project(change):
            continue
        project, mark, (before, after) = change.path[-1], _mark(change, step), _values(step, change)
        part = _part(step.removal, project) if step.removal else None
        if change.after is None and part:
            mark, after = _ended(part, {})
        elif step.is_deletion:
            continue  # of an invite, or of access that has ended
        if project.startswith(recorded.UNKNOWN):  # the same update creates the project
            created = [urn for urn in step.resource.sources("projects") if recorded.kind_in(urn) == "Project"]
            project = created[0] if len(created) == 1 else recorded.UNKNOWN
        yield project, _line(step, mark, _who(step)[1], before, after)


def _is_in_project(change: Change) -> bool:
    return change.path[0] == "projects" and len(change.path) > 1


def _part(removal: Removal, name: str) -> Removal | None:
    """What becomes of one of several members; None if the removal does not end it."""
    return removal if removal is steps.UNKNOWN_END else removal.parts.get(name)


def _ended(removal: Removal, names: Mapping[str, str]) -> tuple[Mark, str]:
    """The mark of what is no longer declared, and what becomes of it; a dash if the mark says it."""
    mark = Mark.REMOVED if removal.is_lost else Mark.LEFT
    return mark, ABSENT if removal == ENDED else removal.in_words(names)


def lines(step: Step, names: Mapping[str, str]) -> Iterator[Line]:
    """What a step means, and what becomes of what it no longer declares, if it ends something."""
    handler, removal = step.handler, step.removal
    if step.operation == LEAVE and removal and not removal.manager:
        yield _line(step, Mark.LEFT, _who(step)[1], _summary(step), steps.LEFT.end)
    elif handler.traits.subject is Subject.PEOPLE and not handler.path_of_each:
        yield from _person(step, names)
    elif handler.traits.subject in (Subject.PEOPLE, Subject.RATE_LIMITS):
        yield from _inputs(step)
    elif steps.has_key(step) and step.operation in (CREATE, REPLACE, DELETE):
        yield _key(step)
    else:
        yield from _object(step)
        if step.rotation:
            yield _line(step, Mark.REPLACED, _who(step)[1], ABSENT, step.rotation.in_words())
    for why, note in step.notes:
        yield Line(Part.OTHER, Mark.CHANGED, why, ABSENT, note, step.resource.title)


def _line(step: Step, mark: Mark, what: str, before: str, after: str) -> Line:
    """A line in the part that the resource belongs to."""
    subject = step.handler.traits.subject
    if subject is Subject.RATE_LIMITS:
        part = Part.LIMITS
    elif subject is Subject.PEOPLE:
        part = Part.PEOPLE
    elif steps.has_key(step):
        part = Part.KEYS
    else:
        part = Part.MONEY if any("amount" in change.path[0] for change in step.changes) else Part.OTHER
    return Line(part, mark, what, before, after, step.resource.title)


def _person(step: Step, names: Mapping[str, str]) -> Iterator[Line]:
    """A person or a group in one place: who, with which role, and what else changes, each by its name."""
    name, who = _who(step)
    is_update, fields = step.operation == UPDATE, step.resource.declaration.fields
    changed = [change for change in step.changes if is_update or change.path[0] != name]
    roles = [change for change in changed if change.path[0] in ("role", "role_id", "role_ids")]
    if roles or not is_update:
        before = ", ".join(_values(step, change)[0] for change in roles if change.before is not None)
        after = ", ".join(_values(step, change)[1] for change in roles if change.after is not None)
        mark = _MARKS[step.operation]
        if step.removal and step.is_deletion:
            mark, after = _ended(step.removal, names)
        yield _line(step, mark, who, before or ABSENT, after or ABSENT)
    for change in changed if not step.is_deletion else ():
        is_place = fields[change.path[0]].role in (FieldRole.PATH, FieldRole.SELECTOR) and not is_update
        if not (is_place or change in roles or _is_in_project(change)):
            yield _option(step, change, who)


def _option(step: Step, change: Change, who: str) -> Line:
    """What changes of the access of a person who neither gets nor loses it by that, such as when it ends."""
    return _line(step, Mark.CHANGED, f"{who}: {(change.spelling or change.path)[0]}", *_values(step, change))


def _who(step: Step) -> tuple[str, str]:
    """The input that names an object, and its value."""
    for name in _NAMES:
        value = step.values.get(name)
        if isinstance(value, str):
            return name, value
    return "", step.resource.name


def _inputs(step: Step) -> Iterator[Line]:
    """The inputs that change; of a set, its members or its models."""
    subject = step.handler.traits.subject
    for change in step.changes:
        field = step.resource.declaration.fields[change.path[0]]
        is_place = field.role is FieldRole.PATH and step.operation not in (UPDATE, REPLACE)
        if change.path[0] == "model" or is_place:
            continue  # each limit names its model, and the section the place
        if subject is Subject.RATE_LIMITS:
            yield _limit(step, change)
        elif subject is Subject.PEOPLE and len(change.path) > 1 and field.role is FieldRole.OPTION:
            if not step.is_deletion:
                yield _option(step, change, change.path[1])
        elif subject is Subject.PEOPLE and (change.is_item or len(change.path) > 1):
            yield _member(step, change)
        else:
            yield _line(step, _mark(change, step), _called(step, change.path) or change.field, *_values(step, change))


def _member(step: Step, change: Change) -> Line:
    name = str(change.item) if change.is_item else change.path[1]
    mark, (before, after) = _mark(change, step), (ABSENT, ABSENT) if change.is_item else _values(step, change)
    if step.removal and change.after is None:
        mark, after = _ended(_part(step.removal, name) or ENDED, {})
    return _line(step, mark, name, before, after)


def _limit(step: Step, change: Change) -> Line:
    """A rate limit that changes, or another input of its resource."""
    mark, column, removal = _mark(change, step), limits.LIMIT_COLUMNS.get(change.path[-1]), step.removal
    model = change.path[1] if change.path[0] == "limits" and len(change.path) > 1 else _OTHERS
    is_restored = removal is None or (step.operation == UPDATE and removal is not steps.UNKNOWN_END)
    ended = RESTORED if removal is None or is_restored else removal.parts.get(model, removal)
    if change.after is None and not ended.is_lost:
        mark = Mark.LEFT
    if column is None:
        is_row = isinstance(change.before, dict) or isinstance(change.after, dict)
        return _line(step, mark, model if is_row else change.field, *_values(step, change))
    if not step.handler.path_of_each:
        model = str(step.values.get("model") or step.values.get("rate_limit_id"))
    values = (change.before, change.after)
    before, after = (limits.in_full(it) if isinstance(it, int | None) else str(it) for it in values)
    line = _line(step, mark, f"{model}: {column.title}", before, ended.end if change.after is None else after)
    return replace(line, limits=(column.name, *values))


def _key(step: Step) -> Line:
    name = _who(step)[1]
    if step.operation == REPLACE:
        why = step.rotation.what if step.rotation else f"{', '.join(step.reasons) or 'its inputs'} changed"
        before = "still valid, and no longer managed" if step.is_retained else "revoked at the end of the update"
        return _line(step, Mark.REPLACED, name, before, f"a new key ({why})")
    if step.removal and step.operation == DELETE:
        return _line(step, Mark.REMOVED, name, "in use until now", step.removal.end)
    keyless = step.values.get("create_service_account_only") is True
    return _line(step, Mark.ADDED, name, ABSENT, "a new account without a key" if keyless else "a new key")


def _object(step: Step) -> Iterator[Line]:
    """Any other object: one line for each input; one that no longer exists has one line."""
    removal = step.removal
    if removal and step.is_deletion:
        mark = Mark.REMOVED if removal.is_lost else Mark.LEFT
        yield _line(step, mark, _who(step)[1], _summary(step), removal.end)
        return
    found = list(_inputs(step))
    yield from found
    if not found and step.operation != UPDATE:
        yield _line(step, _MARKS[step.operation], _who(step)[1], ABSENT, step.operation)


def _called(step: Step, path: Sequence[str]) -> str:
    """What people call a field, where the name of the property says how OpenAI counts: an amount is in cents there."""
    return noun_of(step.handler) if is_money(path) else ""


def _summary(step: Step) -> str:
    fields = step.resource.declaration.fields
    shown = {name: value for name, value in step.values.items() if fields[name].role is not FieldRole.PATH}
    texts = (f"{_called(step, (name,)) or name}: {in_words((name,), value)}" for name, value in shown.items())
    return "; ".join(texts) or ABSENT


def _mark(change: Change, step: Step) -> Mark:
    if step.operation in (IMPORT, REPLACE):
        return _MARKS[step.operation]
    if change.before is None:
        return Mark.ADDED
    return Mark.REMOVED if change.after is None else Mark.CHANGED


def _values(step: Step, change: Change) -> tuple[str, str]:
    if change.before == change.after == recorded.SECRET:
        return "secret", "another secret"
    if change.after is None and step.removal is steps.UNKNOWN_END:
        return in_words(change.path, change.before), steps.UNKNOWN_END.end
    is_restored = step.resource.declaration.fields[change.path[0]].when_removed is WhenRemoved.RESTORED
    is_setting = is_restored and step.handler.traits.subject is Subject.OTHER
    after = RESTORED.end if change.after is None and is_setting else in_words(change.path, change.after)
    return in_words(change.path, change.before), after


def in_markdown(review: Review) -> str:
    """The preview as a comment. What does not fit is counted."""
    blocks = [*_head(review)]
    size, omitted = sum(map(len, blocks)), 0
    for section in review.sections:
        new = " (new)" if section.is_new else ""
        rows = "\n".join(map(_row, section.lines))
        block = f"#### {in_code(section.title)}{new}\n\n{_TABLE}\n{rows}\n"
        if size + len(block) > MAX_CHARACTERS:
            omitted += 1
            continue
        blocks.append(block)
        size += len(block)
    if omitted:
        what = "project is" if omitted == 1 else "projects are"
        blocks.append(f"{omitted:,} more {what} not shown: the comment would be too long.\n")
    return "\n".join(blocks)


def _head(review: Review) -> Iterator[str]:
    counts = [f"{review.operations[name]:,} to {word}" for name, word in _OPERATIONS.items() if review.operations[name]]
    messages = [f"- {severity}: {in_code(text)}" for severity, text in review.preview.diagnostics[:_MAX_LOST]]
    changes = [", ".join(counts)] if counts else []
    unchanged = review.verdict.removesuffix(".")
    if review.preview.errors:
        changes.insert(0, "**The preview failed**, so the update may change more than this comment shows")
    yield f"### OpenAI plan\n\n{'. '.join(changes or [unchanged])}.\n"
    lost = [f"- {in_code(text)}" for text in review.lost[:_MAX_LOST]]
    if len(review.lost) > len(lost):
        lost.append(f"- {len(review.lost) - len(lost):,} more")
    blocks = {"Deleted, replaced or no longer managed": lost, "Messages of the preview": messages}
    for title, items in reversed(blocks.items()) if review.preview.errors else blocks.items():
        if items:
            yield "\n".join([f"{title}:\n", *items, ""])
    yield from (f"{text}\n" for text in review.gaps_in_words)


def _row(line: Line) -> str:
    if line.before == ABSENT:
        change = "" if line.after == ABSENT else line.after
    elif line.after == ABSENT:
        change = line.before if line.part is Part.ACCESS else f"was {line.before}"
    else:
        change = f"{line.before} → {line.after}"
    word = f"**{line.word}**" if line.is_lost else line.word
    cells = [in_code(text, is_cell=True) for text in (line.what, change, line.resource)]
    return f"| {word} | {' | '.join(cells)} |"


def in_code(text: str, *, is_cell: bool = False) -> str:
    """A text as code, so that nothing in it is markup, a link, or a mention of a person."""
    # in a table, a bar has to be escaped in code, too
    shown = printable(text).replace("|", r"\|") if is_cell else printable(text)
    if not shown.strip():
        return ""
    fence = "`" * (max(map(len, re.findall("`+", shown)), default=0) + 1)
    gap = " " if shown[0] == "`" or shown[-1] == "`" else ""
    return f"{fence}{gap}{shown}{gap}{fence}"
