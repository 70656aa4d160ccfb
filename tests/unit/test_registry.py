"""One failing test names everything that is missing for a resource of the registry, and where it goes."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import pulumi_openai_admin
from pulumi_openai_admin.emulator.api import KINDS
from pulumi_openai_admin.handlers.audit_events import AuditEvents
from pulumi_openai_admin.handlers.capabilities import Audited, audit_events
from pulumi_openai_admin.resources import ALL
from pulumi_openai_admin.resources.base import AdminResource

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "pulumi_openai_admin"
SECTIONS = ("<!-- generated: inputs and outputs -->", "<!-- generated: errors and requests -->")
SECTIONS += ("## What destroy does", "## Existing objects")
RUN = "(run `make generate`)"


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
    resource = getattr(import_module(f"pulumi_openai_admin.resources.{ALL[name]}"), name)
    assert issubclass(resource, AdminResource)
    parts = [
        *_public_name(name),
        *_page(name),
        *_life(name, resource),
        *_emulated(name),
        *_audited(resource),
        *_listed(name, resource),
    ]
    missing = [what for what, is_there in parts if not is_there]
    assert not missing, f"{name} lacks:\n" + "\n".join(f"- {what}" for what in missing)


Part = tuple[str, bool]
"""What there has to be, and whether it is there."""


def _text(path: str) -> str:
    file = ROOT / path
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _public_name(name: str) -> Iterator[Part]:
    yield f"the public name pulumi_openai_admin.{name} {RUN}", name in pulumi_openai_admin.__all__
    imports = "".join(
        path.read_text(encoding="utf-8") for path in PACKAGE.glob("__init__.py*") if path.suffix != ".pyc"
    )
    yield (
        f"its import for type checkers in pulumi_openai_admin/__init__.py* {RUN}",
        f"resources.{ALL[name]} import " in imports,
    )


def _page(name: str) -> Iterator[Part]:
    where = f"docs/resources/{name}.md"
    text = _text(where)
    yield f"its page {where}", bool(text)
    yield f"a program in {where}", f"{name}(" in text.partition("```python\n")[2].partition("```")[0]
    for section in SECTIONS:
        yield f"a line {section!r} in {where}", f"\n{section}\n" in text


def _life(name: str, resource: type[AdminResource]) -> Iterator[Part]:
    where = f"tests/host/lives/{ALL[name]}.py"
    yield f"its life {where}, with the name LIFE", "\nLIFE = " in _text(where)
    if not (ROOT / where).exists():
        return
    life = import_module(f"tests.host.lives.{ALL[name]}").LIFE
    yield f"its own class in {where}", life.resource is resource
    yield f"inputs that check refuses (`bad`) in {where}", bool(life.bad)
    for action in sorted(life.needed_actions - {verb.action for verb in life.matrix.verbs}):
        yield f"a verb that is a {action} in `matrix` of {where}", False
    creates = not resource.handler.manages_existing
    yield f"`another_team` in {where}: a POST creates it", bool(life.another_team) or not creates
    kind = getattr(life.matrix.rule, "kind", None)
    yield (
        f"{kind!r} in the emulator's KINDS, which `matrix` of {where} names",
        kind in {None, *(kind.name for kind in KINDS)},
    )


def _emulated(name: str) -> Iterator[Part]:
    """Each request that a fault hits is one that the emulator answers, so that the fault hits something."""
    if not (ROOT / "tests" / "host" / "lives" / f"{ALL[name]}.py").exists():
        return
    operations = {
        (operation.method, _without_names(operation.path)) for kind in KINDS for operation in kind.operations()
    }
    matrix = import_module(f"tests.host.lives.{ALL[name]}").LIFE.matrix
    for verb in matrix.verbs:
        path = f"{matrix.path}/{verb.path}".rstrip("/")
        what = f"{verb.method} {path} in the emulator (pulumi_openai_admin/emulator/CONTRIBUTING.md), for {verb.name!r}"
        yield what, (verb.method, _without_names(path)) in operations


def _audited(resource: type[AdminResource]) -> Iterator[Part]:
    handler = type(resource.handler)
    events = audit_events(resource.handler) if isinstance(resource.handler, Audited) else AuditEvents()
    what = "`audit_events`: the types of OpenAI's audit-log events about the object, or the reason why there are none"
    yield f"{what}, in {handler.__module__}.{handler.__name__}", bool(events.types) != bool(events.reason)


def _without_names(path: str) -> str:
    return re.sub(r"\{\w+\}|\*", "{}", path)


def _listed(name: str, resource: type[AdminResource]) -> Iterator[Part]:
    index = _text("docs/resources/index.md")
    yield f"its line in docs/resources/index.md {RUN}", f"\n| [{name}]({name}.md) | " in index
    yield f"its recorded names in docs/resources/index.md {RUN}", f"| `{resource._resource_type_name}` | " in index
    yield "its line in CHANGELOG.md", f"`{name}`" in _text("CHANGELOG.md")
