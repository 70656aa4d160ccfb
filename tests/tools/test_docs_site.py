"""The documentation tells of everything that is declared, and its pages lead somewhere."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin import Project, config
from pulumi_openai_admin.hosts.native.properties import camel
from tools import docs_declarations, docs_pages, docs_site
from tools.commands import StepError

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = pytest.mark.every_resource


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The pages as plain Markdown, by path."""
    return docs_pages.assemble(tmp_path_factory.mktemp("docs") / "pages")


@pytest.mark.parametrize(
    "page", [name for name, kind in docs_pages.resources().items() if "exclusive" in kind.declaration.fields]
)
def test_the_risk_of_exclusive_comes_before_its_mechanism(page: str) -> None:
    text = (docs_pages.SOURCES / "resources" / f"{page}.md").read_text(encoding="utf-8")
    assert "exclusive" not in text[: text.index("\n## Inputs\n")]
    assert "## Exclusive\n\n**People lose access if the list in the program is incomplete.**" in text


def test_a_declaration_without_a_description_or_errors_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs_declarations, "field_prose", lambda *_: {"project_id": "The id."})
    with pytest.raises(StepError, match=r"Project\.\w+ has no description"):
        docs_declarations.field_texts(Project)
    monkeypatch.setattr(Project, "__doc__", "A project.\n\nThe resource ID is `<project_id>`.")
    with pytest.raises(ValueError, match="Project: its docstring needs exactly one paragraph 'Raises:'"):
        docs_declarations.errors_and_requests(Project)


@pytest.mark.parametrize("page", ["# Thing\n", "---\ntopic: A\n---\n"])
def test_every_resource_has_one_topic(page: str) -> None:
    with pytest.raises(StepError, match=r"docs/resources/Thing\.md has no known topic"):
        docs_declarations.topic_of("Thing", page)


def test_a_name_that_states_have_is_never_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs_declarations, "resources", dict)
    table = docs_declarations.names_in_states()
    assert "`archived_at`" in table
    assert table in docs_pages.INDEX.read_text(encoding="utf-8")


def test_a_page_that_the_navigation_does_not_lead_to_is_an_error(texts: dict[str, str]) -> None:
    others = {path: text for path, text in texts.items() if path != "index.md"}
    with pytest.raises(StepError, match=r"the pages differ in index\.md, new\.md"):
        docs_site.llms(others | {"new.md": "# New"})


def test_plain_pages_have_neither_tabs_nor_comments(texts: dict[str, str]) -> None:
    assert "\n### TypeScript\n\n```typescript\n" in texts["resources/Role.md"]
    assert not re.findall(r"^(?:<!-- .*|=== \".*)", "\n".join(texts.values()), re.MULTILINE)


def test_llms_txt_lists_each_page_once_with_its_first_sentence(texts: dict[str, str]) -> None:
    shown = docs_site.llms(texts)
    assert shown.startswith("# pulumi_openai_admin\n\n> Manage an OpenAI organization")
    lines = re.findall(r"^- \[(.+)\]\((.+)\): (.*)$", shown, re.MULTILINE)
    assert sorted(path for _, path, _ in lines) == sorted(texts)
    assert [path for _, path, sentence in lines if not re.fullmatch(r"[^|<#\[].*[.:]", sentence)] == []
    role = "- [Role](resources/Role.md): A custom role of the organization: a set of permissions that users and groups"
    assert shown.partition("\n## Resources\n")[2].partition("\n## ")[0].count(role) == 1


def test_the_page_of_the_configuration_has_each_setting_and_its_default() -> None:
    page = (docs_pages.SOURCES / "configuration.md").read_text(encoding="utf-8")
    for name in (*config.SETTINGS, *config.VARIABLES.values()):
        assert re.search(rf"^\|.*`(--secret )?({config.NAMESPACE}:)?{name}`", page, re.MULTILINE), name
    for field in fields(config.Settings):
        default = json.dumps(field.default) if isinstance(field.default, int | float) else field.default
        if camel(field.name) in config.SETTINGS and isinstance(default, str) and default:
            assert f"`{config.NAMESPACE}:{camel(field.name)}` | `{default}` |" in page


@pytest.mark.inputs("docs", "examples", "pulumi_openai_admin", "templates", "tools", "zensical.toml")
def test_it_builds(tmp_path: Path) -> None:
    site = docs_site.make(tmp_path)
    start = (site / "quickstart.html").read_text(encoding="utf-8")
    assert [start.count(f">{tab}</label>") for tab in ("Python", "YAML", "TypeScript")] == [1, 1, 1]
    assert (site / "quickstart.md").read_text(encoding="utf-8").startswith("# ")
    assert "](quickstart.md): " in (site / "llms.txt").read_text(encoding="utf-8")
    home = (site / "index.html").read_text(encoding="utf-8")
    assert "assets/up.svg" in home
    in_order = [name for names in docs_declarations.topics().values() for name in names]
    places = [home.find(f'href="./resources/{name}.html"') for name in in_order]
    assert min(places) > 0
    assert places == sorted(places)
    assert "rate_limit_not_updatable" in (site / "search.json").read_text(encoding="utf-8")
    fetched = re.findall(r"<(?:script|img|source)[^>]* src(?:set)?=\"(?:https?:)?//[^>]*>", home)
    assert not fetched, "a page loads nothing from another host"


def test_a_link_that_leads_nowhere_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "zensical.toml").write_text('[project]\nsite_name = "docs"\ndocs_dir = "pages"\n', encoding="utf-8")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "index.md").write_text("# Docs\n\n[there](#missing)\n", encoding="utf-8")
    with pytest.raises(StepError, match="anchor does not exist"):
        docs_site.generate(tmp_path / "zensical.toml")
