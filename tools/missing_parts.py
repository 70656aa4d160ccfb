"""What is missing for a resource of the registry, and where it goes: `tests/unit/test_registry.py` names it.

`make check RESOURCE=Group` begins with this test. The next step of the check compares what `make generate` writes.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING

from pulumi_openai_admin.emulator.api import KINDS
from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.resources import ALL, class_of
from pulumi_openai_admin.schema.ids import form_of_field
from tools.docs_declarations import DocsError, topic_of
from tools.pinned import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.handlers.handler import Handler
    from pulumi_openai_admin.resources.base import AdminResource

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
    if f"\nclass {name}(" in _text(source):
        yield from _declaration(class_of(name))
    else:
        yield source, f"`class {name}(AdminResource)`, as in {GUIDE}"
    yield from _page(name)
    yield from _life(name, module)
    if f"`{name}`" not in _text("CHANGELOG.md"):
        yield "CHANGELOG.md", f"a line about `{name}` at the end of [Unreleased], Added"


def _text(path: str) -> str:
    file = ROOT / path
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _declaration(resource: type[AdminResource]) -> Iterator[Missing]:
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
    emulated = {path for _, path in _operations()}
    for path in paths_of(resource.handler):
        if _without_names(path) not in emulated:
            yield EMULATOR, f"a kind with the operations of {path}, and its entry in `__init__.py`: {EMULATOR_GUIDE}"


def _page(name: str) -> Iterator[Missing]:
    if f"\n| [{name}](resources/{name}.md) |" not in _text("docs/destroy.md"):
        yield "docs/destroy.md", f"a row for {name} in the table of all resources"
    where = f"docs/resources/{name}.md"
    text = _text(where)
    if not text:
        yield where, f"its page, as in {GUIDE}"
        return
    if f"{name}(" not in text.partition("```python\n")[2].partition("```")[0]:
        yield where, f"a program that declares a {name}, in the first block of Python"
    try:
        topic_of(name, text)
    except DocsError as error:
        yield where, str(error)
    yield from ((where, f"a line {section!r}") for section in SECTIONS if f"\n{section}\n" not in text)


def _life(name: str, module: str) -> Iterator[Missing]:
    scenario = import_module("tests.host.scenarios").OF_KINDS.get(name)
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
        path = scenario.path_of(verb)
        if (verb.method, _without_names(path)) not in _operations():
            what = f"an operation {verb.method} {path}, for the verb {verb.name!r} of {name} in {where}"
            yield EMULATOR, f"{what}: {EMULATOR_GUIDE}"


def paths_of(handler: Handler) -> list[str]:
    """The paths that a handler declares."""
    return [value for value in vars(handler).values() if isinstance(value, str) and value.startswith("/")]


def _operations() -> set[tuple[str, str]]:
    """The method and the path of each operation of the emulator, without the names of ids."""
    return {(operation.method, _without_names(operation.path)) for kind in KINDS for operation in kind.operations()}


def _without_names(path: str) -> str:
    return re.sub(r"\{\w+\}|\*", "{}", path)
