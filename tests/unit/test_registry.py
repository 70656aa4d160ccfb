"""One failing test names everything that is missing for a resource of the registry, and where it goes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pulumi_openai_admin import Group
from pulumi_openai_admin.resources import ALL
from tests.host.scenario import Verb
from tests.host.scenarios import OF_KINDS
from tools.missing_parts import missing_for
from tools.pinned import PACKAGE, ROOT

pytestmark = pytest.mark.every_resource


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
