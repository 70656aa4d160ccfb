"""One failing test names everything that is missing for a resource of the registry, and where it goes.

`make check RESOURCE=Group` begins with this test. The next step of the check compares what `make generate` writes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin import Group
from pulumi_openai_admin.emulator.api import KINDS
from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.resources import ALL, class_of, paths_of
from pulumi_openai_admin.schema.ids import form_of_field
from tests.host.scenario import Verb
from tests.host.scenarios import OF_KINDS
from tools.commands import StepError
from tools.docs_declarations import OPERATIONS, topic_of, without_names
from tools.pinned import PACKAGE, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.resources.base import AdminResource

pytestmark = pytest.mark.every_resource
HANDLER_TESTS = ROOT / "tests" / "unit" / "handlers"
SPECIAL = ("pulumi_openai_admin.handlers.kinds.", "pulumi_openai_admin.handlers.keys.")
"""Where the handlers of single kinds are: each has separate unit tests."""
SECTIONS = (
    "<!-- generated: inputs and outputs -->",
    "<!-- generated: import -->",
    "<!-- generated: errors and requests -->",
    "## Import",
    "## What destroy does",
    "## Other languages",
)
EMULATOR = "pulumi_openai_admin/emulator/api/"
GUIDE = "pulumi_openai_admin/resources/CONTRIBUTING.md"
EMULATOR_GUIDE = "pulumi_openai_admin/emulator/CONTRIBUTING.md, Add a kind"


Missing = tuple[str, str]
"""A file to edit, and what to write there."""


def missing_for(name: str, module: str) -> Iterator[Missing]:
    """What is missing for a resource that is in the registry."""
    source = f"pulumi_openai_admin/resources/{module}.py"
    if f"\nclass {name}(" in text_of(source):
        yield from declaration_of(class_of(name))
    else:
        yield source, f"`class {name}(AdminResource)`, as in {GUIDE}"
    yield from page_of(name)
    yield from life_of(name, module)
    if f"`{name}`" not in text_of("CHANGELOG.md"):
        yield "CHANGELOG.md", f"a line about `{name}` at the end of [Unreleased], Added"


def text_of(path: str) -> str:
    file = ROOT / path
    return file.read_text(encoding="utf-8") if file.exists() else ""


def declaration_of(resource: type[AdminResource]) -> Iterator[Missing]:
    for field in resource.declaration.fields.values():
        if field.identity and form_of_field(field.name) is None:
            form = f'`"{field.name}": IdForm("what it is", "prefix_…", ("prefix",))`'
            yield "pulumi_openai_admin/schema/ids.py", f"{form}, or without a prefix if none is known"
    handler, events = type(resource.handler), resource.handler.audit_events
    if handler.__module__.startswith(SPECIAL):
        of_handler = [name for name in ALL if type(class_of(name).handler) is handler]
        own = re.compile(rf"\b({'|'.join([*of_handler, handler.__name__])})\b")
        if not any(own.search(path.read_text(encoding="utf-8")) for path in HANDLER_TESTS.rglob("test_*.py")):
            *folders, module = handler.__module__.split(".")[2:]
            place = "/".join(["tests/unit/handlers", *folders, f"test_{module}.py"])
            yield place, f"unit tests of {handler.__name__}, as of the handlers beside it"
    if bool(events.types) == bool(events.reason):
        what = "the types of OpenAI's audit-log events about the object, or `NOT_LOGGED` if there are none"
        if handler is Collection:
            yield resource.__module__.replace(".", "/") + ".py", f"`events=AuditEvents(…)` in `Collection(…)`: {what}"
        else:
            yield f"{handler.__module__}.{handler.__name__}", f"`audit_events`: {what}"
    emulated = {path for _, path in OPERATIONS}
    for path in paths_of(resource.handler):
        if without_names(path) not in emulated:
            yield EMULATOR, f"a kind with the operations of {path}, and its entry in `__init__.py`: {EMULATOR_GUIDE}"


def page_of(name: str) -> Iterator[Missing]:
    if f"\n| [{name}](resources/{name}.md) |" not in text_of("docs/destroy.md"):
        yield "docs/destroy.md", f"a row for {name} in the table of all resources"
    where = f"docs/resources/{name}.md"
    text = text_of(where)
    if not text:
        yield where, f"its page, as in {GUIDE}"
        return
    if f"{name}(" not in text.partition("```python\n")[2].partition("```")[0]:
        yield where, f"a program that declares a {name}, in the first block of Python"
    try:
        topic_of(name, text)
    except StepError as error:
        yield where, str(error)
    yield from ((where, f"a line {section!r}") for section in SECTIONS if f"\n{section}\n" not in text)


def life_of(name: str, module: str) -> Iterator[Missing]:
    scenario = OF_KINDS.get(name)
    if scenario is None:
        yield f"tests/host/scenarios/{module}.py", f"its scenario, a `Scenario({name}, …)`, as in {GUIDE}"
        return
    where, manages_existing = "tests/host/scenarios", scenario.resource.handler.traits.manages_existing
    for action in sorted(scenario.needed_actions - {verb.action for verb in scenario.verbs}):
        yield where, f"a verb of {name} that is a {action}, in `verbs`"
    if not scenario.another_team and not manages_existing:
        yield where, f"`another_team` of {name}: a POST creates it"
    # Each request that a fault hits is one that the emulator answers, so that the fault hits something.
    kind = getattr(scenario.rule, "kind", None)
    if kind not in {None, *(kind.name for kind in KINDS)}:
        yield EMULATOR, f"a kind with the name {kind!r}, which `rule` of {name} in {where} names: {EMULATOR_GUIDE}"
    for verb in scenario.verbs:
        method, path = scenario.method_of(verb), scenario.path_of(verb)
        if (method, without_names(path)) not in OPERATIONS:
            what = f"an operation {method} {path}, for the verb {verb.name!r} of {name} in {where}"
            yield EMULATOR, f"{what}: {EMULATOR_GUIDE}"


def test_every_module_of_a_resource_is_registered() -> None:
    modules = {path.stem for path in (PACKAGE / "resources").glob("[a-z]*.py")} - {"base"}
    assert modules == set(ALL.values())


def test_the_registry_is_sorted() -> None:
    assert list(ALL) == sorted(ALL)


def test_every_page_is_of_a_resource() -> None:
    assert {path.stem for path in (ROOT / "docs" / "resources").glob("[A-Z]*.md")} <= set(ALL)


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_missing_for_a_resource(name: str) -> None:
    missing = [f"- {place}: {what}" for place, what in missing_for(name, ALL[name])]
    assert not missing, f"{name} lacks:\n" + "\n".join(missing)


def test_all_that_is_missing_for_a_new_resource_is_named_at_once() -> None:
    places = [place for place, _ in missing_for("Thing", "thing")]
    assert places == [
        "pulumi_openai_admin/resources/thing.py",
        "docs/destroy.md",
        "docs/resources/Thing.md",
        "tests/host/scenarios/thing.py",
        "CHANGELOG.md",
    ]


def test_what_a_declaration_needs_elsewhere_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Group.declaration.fields["group_id"], "name", "thing_id")
    monkeypatch.setattr(Group, "handler", replace(Group.handler, path="/organization/things"))
    verbs = (Verb("create", None, {}, "POST", "{id}/none"),)
    monkeypatch.setitem(OF_KINDS, "Group", replace(OF_KINDS["Group"], verbs=verbs))
    missing = [f"{place}: {what}" for place, what in missing_for("Group", "group")]
    for begin in (
        "pulumi_openai_admin/emulator/api/: a kind with the operations of /organization/things, and its entry in",
        'pulumi_openai_admin/schema/ids.py: `"thing_id": IdForm(',
        "pulumi_openai_admin/emulator/api/: an operation POST /organization/things/{id}/none, for the verb 'create' of",
        "tests/host/scenarios: a verb of Group that is a delete, in `verbs`",
    ):
        assert [text for text in missing if text.startswith(begin)], missing
