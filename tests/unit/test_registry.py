"""One failing test names everything that is missing for a resource of the registry, and where it goes."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import pulumi_openai_admin
from pulumi_openai_admin import Group
from pulumi_openai_admin.emulator.api import KINDS
from pulumi_openai_admin.handlers.audit_events import AuditEvents
from pulumi_openai_admin.handlers.capabilities import Audited, audit_events
from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.resources import ALL
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.ids import form_of_field
from tests.host.lives import group
from tests.host.scripted_life import Verb
from tools import docs_topics
from tools.docs_declarations import DocsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.handlers.handler import Handler
    from tests.host.scripted_life import Matrix

pytestmark = pytest.mark.every_resource

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "pulumi_openai_admin"
HANDLER_TESTS = ROOT / "tests" / "unit" / "handlers"
SPECIAL = ("pulumi_openai_admin.handlers.kinds.", "pulumi_openai_admin.handlers.keys.")
"""Where the handlers of single kinds are: each has unit tests of its own."""
SECTIONS = ("<!-- generated: inputs and outputs -->", "<!-- generated: errors and requests -->")
SECTIONS += ("## What destroy does", "## Existing objects")


def test_every_module_of_a_resource_is_registered() -> None:
    modules = {path.stem for path in (PACKAGE / "resources").glob("[a-z]*.py")} - {"base"}
    assert modules == set(ALL.values())


def test_the_registry_is_sorted() -> None:
    assert list(ALL) == sorted(ALL)


def test_every_life_and_every_page_is_of_a_resource() -> None:
    lives = {path.stem for path in (ROOT / "tests" / "host" / "lives").glob("[a-z]*.py")}
    assert lives <= set(ALL.values())
    assert {path.stem for path in (ROOT / "docs" / "resources").glob("[A-Z]*.md")} <= set(ALL)


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_missing_for_a_resource(name: str) -> None:
    missing = [f"- {place}: {what}" for place, what in missing_for(name, ALL[name])]
    assert not missing, f"{name} lacks:\n" + "\n".join(missing)


def test_all_that_is_missing_for_a_new_resource_is_named_at_once() -> None:
    places = [place for place, _ in missing_for("Thing", "thing")]
    assert places == [
        "pulumi_openai_admin/resources/thing.py",
        "make generate",
        "docs/resources/Thing.md",
        "tests/host/lives/thing.py",
        "CHANGELOG.md",
        "make generate",
    ]


def test_what_a_declaration_needs_elsewhere_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Group.declaration.fields["group_id"], "name", "thing_id")
    matrix = replace(group.LIFE.matrix, verbs=(Verb("create", None, {}, "POST", "{id}/none"),))
    monkeypatch.setattr(group, "LIFE", replace(group.LIFE, matrix=matrix))
    missing = [f"{place}: {what}" for place, what in missing_for("Group", "group")]
    for begin in (
        'pulumi_openai_admin/schema/ids.py: `"thing_id": IdForm(',
        "pulumi_openai_admin/emulator/api/: an operation POST /organization/groups/{id}/none, for the verb 'create' of",
        "tests/host/lives/group.py: a verb that is a delete, in `matrix`",
    ):
        assert [text for text in missing if text.startswith(begin)], missing


Missing = tuple[str, str]
"""A file to edit or a command to run, and what to write there."""


def missing_for(name: str, module: str) -> Iterator[Missing]:
    """What is missing for a resource that is in the registry."""
    resource = _resource(name, module)
    if resource is None:
        yield f"pulumi_openai_admin/resources/{module}.py", f"`class {name}(AdminResource)`, as in CONTRIBUTING.md"
    else:
        yield from _declaration(resource)
        yield from _audited(resource)
    if name not in pulumi_openai_admin.__all__ or f"resources.{module} import " not in _text(
        "pulumi_openai_admin/__init__.pyi"
    ):
        yield "make generate", "writes its public name into pulumi_openai_admin/__init__.pyi"
    yield from _page(name)
    yield from _life(name, module, resource)
    if f"`{name}`" not in _text("CHANGELOG.md"):
        yield "CHANGELOG.md", f"a line about `{name}` at the end of [Unreleased], Added"
    index = _text("docs/resources/index.md")
    if f"\n| [{name}]({name}.md) | " not in index or f"| `dynamic/openai-admin:{name}` | " not in index:
        yield "make generate", "writes its lines into docs/resources/index.md"


def _handler(name: str, module: str) -> type[Handler] | None:
    resource = _resource(name, module)
    return type(resource.handler) if resource else None


def _resource(name: str, module: str) -> type[AdminResource] | None:
    if not (PACKAGE / "resources" / f"{module}.py").exists():
        return None
    resource: Any = getattr(import_module(f"pulumi_openai_admin.resources.{module}"), name, None)
    assert issubclass(resource, AdminResource), name
    return resource


def _text(path: str) -> str:
    file = ROOT / path
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _declaration(resource: type[AdminResource]) -> Iterator[Missing]:
    for field in resource.declaration.fields.values():
        if field.identity and form_of_field(field.name) is None:
            what = (
                f'`"{field.name}": IdForm("what it is", "prefix_…", ("prefix",))`, or without a prefix if none is known'
            )
            yield "pulumi_openai_admin/schema/ids.py", what
    handler = type(resource.handler)
    if handler.__module__.startswith(SPECIAL):
        served = [other for other, where in ALL.items() if _handler(other, where) is handler]
        own = re.compile(rf"\b({'|'.join([*served, handler.__name__])})\b")
        if not any(own.search(path.read_text(encoding="utf-8")) for path in HANDLER_TESTS.rglob("test_*.py")):
            *folders, module = handler.__module__.split(".")[2:]
            place = "/".join(["tests/unit/handlers", *folders, f"test_{module}.py"])
            yield place, f"unit tests of {handler.__name__}, as of the handlers beside it"


def _page(name: str) -> Iterator[Missing]:
    where = f"docs/resources/{name}.md"
    text = _text(where)
    if not text:
        yield where, "its page, as in CONTRIBUTING.md"
        return
    if f"{name}(" not in text.partition("```python\n")[2].partition("```")[0]:
        yield where, f"a program that declares a {name}, in the first block of Python"
    try:
        docs_topics.topic_of(name, text)
    except DocsError as error:
        yield where, str(error)
    for section in SECTIONS:
        if f"\n{section}\n" not in text:
            yield where, f"a line {section!r}"


def _life(name: str, module: str, resource: type[AdminResource] | None) -> Iterator[Missing]:
    where = f"tests/host/lives/{module}.py"
    if "\nLIFE = " not in _text(where):
        yield where, f"its life, `LIFE = Life({name}, …)`, as in CONTRIBUTING.md"
        return
    life = import_module(f"tests.host.lives.{module}").LIFE
    if life.resource is not resource:
        yield where, f"`{name}` as the resource of `LIFE`"
    if not life.bad:
        yield where, "inputs that check refuses, in `bad`"
    for action in sorted(life.needed_actions - {verb.action for verb in life.matrix.verbs}):
        yield where, f"a verb that is a {action}, in `matrix`"
    if not life.another_team and not life.resource.handler.traits.manages_existing:
        yield where, "`another_team`: a POST creates it"
    yield from _emulated(where, life.matrix)


def _emulated(where: str, matrix: Matrix) -> Iterator[Missing]:
    """Each request that a fault hits is one that the emulator answers, so that the fault hits something."""
    place, guide = "pulumi_openai_admin/emulator/api/", "pulumi_openai_admin/emulator/CONTRIBUTING.md, Add a kind"
    kind = getattr(matrix.rule, "kind", None)
    if kind not in {None, *(kind.name for kind in KINDS)}:
        yield place, f"a kind with the name {kind!r}, which `matrix` of {where} names: {guide}"
    operations = {
        (operation.method, _without_names(operation.path)) for kind in KINDS for operation in kind.operations()
    }
    for verb in matrix.verbs:
        path = f"{matrix.path}/{verb.path}".rstrip("/")
        if (verb.method, _without_names(path)) not in operations:
            yield place, f"an operation {verb.method} {path}, for the verb {verb.name!r} of {where}: {guide}"


def _audited(resource: type[AdminResource]) -> Iterator[Missing]:
    handler = type(resource.handler)
    events = audit_events(resource.handler) if isinstance(resource.handler, Audited) else AuditEvents()
    if bool(events.types) == bool(events.reason):
        what = "the types of OpenAI's audit-log events about the object, or `NOT_LOGGED` if there are none"
        if handler is Collection:
            yield resource.__module__.replace(".", "/") + ".py", f"`events=AuditEvents(…)` in `Collection(…)`: {what}"
        else:
            yield f"{handler.__module__}.{handler.__name__}", f"`audit_events`: {what}"


def _without_names(path: str) -> str:
    return re.sub(r"\{\w+\}|\*", "{}", path)
