"""The documentation tells of everything that is declared, and its pages lead somewhere."""

from __future__ import annotations

import dataclasses
import inspect
import re
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin import Project, ProjectRateLimit, ProjectRateLimits, ProjectServiceAccount, errors
from tools import docs_declarations, docs_functions, docs_pages, docs_site, examples
from tools.docs_declarations import DocsError

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_openai_admin.resources.base import AdminResource

pytestmark = pytest.mark.every_resource


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs") / "pages"
    docs_pages.assemble(folder)
    return folder


@pytest.fixture(scope="module")
def files() -> dict[Path, str]:
    return docs_pages.current_files()


@pytest.mark.parametrize("resource", docs_pages.resources().values(), ids=lambda value: value.__name__)
def test_a_page_tells_of_every_property(pages: Path, resource: type[AdminResource]) -> None:
    page = (pages / "resources" / f"{resource.__name__}.md").read_text(encoding="utf-8")
    tables, _, _ = page.partition("\n## Inputs")[2].partition("\nEvery input is also an output")
    rows = [line.split("|")[1].strip() for line in tables.splitlines() if line.startswith("| `")]
    assert rows == [f"`{name}`" for name in (*_inputs(resource), *_outputs(resource))]
    assert "README" not in page


def _inputs(resource: type[AdminResource]) -> list[str]:
    return [field.name for field in resource.declaration.inputs]


def _outputs(resource: type[AdminResource]) -> list[str]:
    return [name for name in resource.declaration.fields if name not in _inputs(resource)]


@pytest.mark.parametrize(
    "page",
    [name for name, kind in docs_pages.resources().items() if "exclusive" in kind.declaration.fields],
)
def test_the_risk_of_exclusive_comes_before_its_mechanism(page: str) -> None:
    text = (docs_pages.SOURCES / "resources" / f"{page}.md").read_text(encoding="utf-8")
    first_program = text[: text.index("<!-- generated: programs -->")]
    assert "exclusive" not in first_program
    assert "## Exclusive\n\n**People lose access if the list in the program is incomplete.**" in text


def test_a_property_is_told_with_type_need_and_range() -> None:
    account = docs_declarations.inputs_and_outputs(ProjectServiceAccount)
    assert "| `role` | `Literal['member', 'owner']` | optional, changed in place, `member` or `owner` | " in account
    assert (
        "| `expires_in_seconds` | `int` | optional, changed in place, 1 to 31536000 | The lifetime of the key"
        in account
    )
    assert "| `api_key` | `str`, **secret** | " in account
    assert "| `api_key_expires_at` | `int` or `None` | " in account
    assert "`expires_in_seconds` can't be set together with `create_service_account_only=True`." in account
    assert (
        "| `residency` | `Residency` | optional, changing it replaces the resource, `GLOBAL` or `US_"
        in docs_declarations.inputs_and_outputs(Project)
    )
    limit = docs_declarations.inputs_and_outputs(ProjectRateLimit)
    assert "Exactly one of `model`, `rate_limit_id` must be set." in limit
    assert "| `max_requests_per_1_day` | `int` | optional, changed in place, 0 or more | " in limit
    limits = docs_declarations.inputs_and_outputs(ProjectRateLimits)
    assert "A `RateLimit` is a mapping with any of `max_requests_per_1_minute`, " in limits


def test_a_field_without_prose_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs_declarations.source(Project).attributes["status"], "docstring", None)
    with pytest.raises(DocsError, match=r"Project\.status has no description"):
        docs_declarations.field_texts(Project)


def test_a_docstring_without_a_source_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        Project, "__doc__", "A project.\n\nThe resource ID is `<project_id>`.\n\nRaises:\n    Lost: It is."
    )
    with pytest.raises(DocsError, match="Project: its docstring needs exactly one paragraph 'Source:'"):
        docs_declarations.errors_and_requests(Project)


def test_a_rule_without_words_is_an_error() -> None:
    with pytest.raises(DocsError, match="no words for the rule object"):
        docs_declarations.rule_text(object(), Project.declaration)  # type: ignore[arg-type] # on action


def test_a_resource_without_a_page_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    without_project = {name: kind for name, kind in docs_pages.resources().items() if kind is not Project}
    monkeypatch.setattr(docs_pages, "resources", lambda: {**without_project, "Thing": Project})
    with pytest.raises(DocsError, match=r"differ in Project, Thing$"):
        docs_pages.assemble(tmp_path / "pages")


def test_a_name_that_states_have_cannot_be_changed_or_removed() -> None:
    page = docs_pages.INDEX.read_text(encoding="utf-8")
    docs_declarations.check_recorded_names(page.replace("`archived_at`", ""), page)  # an addition
    for lost, what in (("`archived_at`", "dynamic/openai-admin:Project archived_at"), ("n:Group`", "n:Group")):
        with pytest.raises(DocsError, match=rf"does not have: .*{what}\. .* restore them"):
            docs_declarations.check_recorded_names(page, page.replace(lost, lost.replace("r", "l")))


def test_a_resource_has_a_tab_for_each_language(pages: Path) -> None:
    page = (pages / "resources" / "Project.md").read_text(encoding="utf-8")
    titles = ["Python", "TypeScript", "Python (native provider)", "Go", "C#", "YAML"]
    assert re.findall(r'^=== "(.*)"$', page, re.MULTILINE) == titles


def test_an_example_that_was_not_converted_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "by_name", dict)
    with pytest.raises(DocsError, match="has no example of Project: run `make generate`"):
        docs_pages.native_programs(Project)


@pytest.mark.parametrize("lost", ["<!-- generated: inputs and outputs -->", "\n## What destroy does\n"])
def test_a_page_without_a_place_for_something_is_an_error(lost: str) -> None:
    written = (docs_pages.SOURCES / "resources" / "Project.md").read_text(encoding="utf-8")
    with pytest.raises(DocsError, match=r"docs/resources/Project\.md"):
        docs_pages.resource_page(written.replace(lost, "…"), Project)


def test_all_errors_functions_and_commands_are_told(pages: Path) -> None:
    told = {name: (pages / f"{name}.md").read_text(encoding="utf-8") for name in ("errors", "command-reference")}
    for name in {*errors.__all__, "LookUpError"} - {"ResponseFacts"}:
        assert f'| <a id="{name.lower()}"></a>`{name}` | ' in told["errors"]
    conflict = "| [`BadRequestError`](#badrequesterror) | 409: another change was in progress"
    assert f"`ConflictError` {conflict}" in told["errors"]
    for name in ("check", "limits", "adopt", "emulate"):
        assert f"\n## `pulumi-openai-admin {name}`\n" in told["command-reference"]


def test_each_function_and_result_is_on_the_page_of_its_topic(pages: Path) -> None:
    told = {page.name: page.read_text(encoding="utf-8") for page in (pages / "functions").glob("*.md")}
    listed = re.findall(r"\]\(([\w-]+\.md)#(\w+)\)", told["index.md"])
    assert sorted(name for _, name in listed) == sorted(docs_functions.plain(_functions_and_results()))
    assert [name for page, name in listed if f"\n### {name}\n" not in told[page]] == []
    headings = [name for text in told.values() for name in re.findall(r"^### (\w+)$", text, re.MULTILINE)]
    assert [name for name in _functions_and_results() if headings.count(name) != 1 and "_output" not in name] == []
    assert "\n### get_project_data_retention\n" in told["projects-and-limits.md"]
    assert "\n### UsageImagesResult\n" in told["usage-and-costs.md"]


def _functions_and_results() -> dict[str, object]:
    return docs_pages.public(lambda value: inspect.isroutine(value) or dataclasses.is_dataclass(value))


def test_a_function_without_a_topic_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(docs_functions._TOPICS, "report")
    with pytest.raises(DocsError, match=r"functions of Costs have no topic: add report to tools\.docs_functions\."):
        docs_pages.functions()


@pytest.mark.parametrize(
    ("topics", "why"),
    [
        ({"Roles": {}}, r"topics of provider functions differ in budgets\.md, .*, workload-identity\.md$"),
        ({**docs_pages.functions(), "Tools": {}}, r"topics of provider functions differ in tools\.md$"),
    ],
)
def test_a_topic_of_functions_without_a_page_is_an_error(topics: dict[str, object], why: str) -> None:
    with pytest.raises(DocsError, match=why):
        docs_functions.check_pages(topics)


def test_a_page_of_functions_without_a_place_for_them_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(docs_functions, "FOLDER", tmp_path)
    (tmp_path / "roles.md").write_text("# Provider functions: roles\n", encoding="utf-8")
    with pytest.raises(DocsError, match=r"docs/functions/roles\.md has no place for functions Roles"):
        docs_functions.check_pages({"Roles": {}})


@pytest.mark.parametrize(
    "page", [*sorted(docs_pages.SOURCES.rglob("*.md")), docs_pages.EMULATOR], ids=lambda page: page.stem
)
def test_generated_parts_are_current(files: dict[Path, str], page: Path) -> None:
    current = files[page]
    assert page.read_text(encoding="utf-8") == current, "Run `make generate`."
    assert "--8<--" not in current
    assert not re.search("^:::", current, re.MULTILINE)


def test_every_resource_has_one_topic() -> None:
    topics = docs_pages.topics()
    assert list(topics) == list(docs_declarations.ORDER)
    assert sorted(_in_order()) == sorted(docs_pages.resources())
    navigation = docs_declarations.navigation({"Roles": ["Role", "UserRole"]})
    assert navigation == "- [All resources](index.md)\n- Roles\n    - [Role](Role.md)\n    - [UserRole](UserRole.md)\n"


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ("# Thing\n", r"docs/resources/Thing\.md has no topic\. Begin .* one of: Projects and limits, "),
        ("---\ntopic: Things\n---\n\n# Thing\n", r"docs/resources/Thing\.md has the unknown topic 'Things'"),
        ("---\ntopic: Roles\n---\n\n# Thing\n", r"No page of docs/resources has the topic Projects and limits, "),
    ],
)
def test_a_topic_that_is_missing_or_unknown_is_an_error(page: str, why: str) -> None:
    with pytest.raises(DocsError, match=why):
        docs_declarations.by_topic({"Thing": page})


def test_headings_become_tabs_of_the_site() -> None:
    page = "# A\n\n<!-- tabs -->\n\n### One\n\n```yaml\na: 1\n```\n\n### Two\n\ntwo\n\n<!-- end of tabs -->\n\n### B\n"
    tabs = '=== "One"\n\n    ```yaml\n    a: 1\n    ```\n\n=== "Two"\n\n    two'
    assert docs_pages.with_tabs(page) == f"# A\n\n{tabs}\n\n### B\n"


def test_a_part_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(DocsError, match=r"There is no file examples/old\.py"):
        docs_pages.generated("file examples/old.py")
    with pytest.raises(DocsError, match="There is no resource Thing"):
        docs_pages.generated("ownership Role Thing")
    with pytest.raises(DocsError, match=r"no topic 'Things' of provider functions; there are Projects and limits, "):
        docs_pages.generated("functions Things")
    with pytest.raises(DocsError, match="There is no part 'old'"):
        docs_pages.generated("old")


def test_the_navigation_leads_to_all_pages(pages: Path) -> None:
    docs_site.check_sources(pages)
    with pytest.raises(DocsError, match=r"`nav` does not lead to new\.md"):
        docs_site.check_navigation({"index.md"}, {"index.md", "new.md"})
    with pytest.raises(DocsError, match=r"`nav` leads to old\.md, which is no page"):
        docs_site.check_navigation({"index.md", "old.md"}, {"index.md"})
    docs_site.check_navigation({"folder/"}, {"folder/index.md", "folder/new.md"})
    with pytest.raises(DocsError, match=r"`nav` does not lead to other/new\.md"):
        docs_site.check_navigation({"folder/"}, {"folder/index.md", "other/new.md"})
    with pytest.raises(DocsError, match=r"`nav` leads to folder/, which is no page"):
        docs_site.check_navigation({"folder/"}, set())


@pytest.mark.parametrize(
    ("led_to", "there", "place", "fault"),
    [
        ({"index.md"}, {"index.md", "new.md"}, "nav = [", "`nav` does not lead to new.md"),
        ({"index.md"}, set(), '"index.md"', "`nav` leads to index.md, which is no page"),
    ],
)
def test_a_fault_of_the_navigation_has_its_line(led_to: set[str], there: set[str], place: str, fault: str) -> None:
    lines = docs_site.CONFIG.read_text(encoding="utf-8").splitlines()
    line = next(number for number, line in enumerate(lines, 1) if place in line)
    with pytest.raises(DocsError) as error:
        docs_site.check_navigation(led_to, there)
    assert str(error.value) == f"zensical.toml:{line}: {fault}"


@pytest.mark.parametrize(("told", "instead"), [("openai-admin:parallel", "openai-admin:threads"), ("`600`", "`60`")])
def test_the_settings_are_those_of_the_code(told: str, instead: str) -> None:
    page = (docs_pages.SOURCES / "configuration.md").read_text(encoding="utf-8")
    docs_site.check_settings(page)
    with pytest.raises(DocsError, match=r"docs/configuration\.md"):
        docs_site.check_settings(page.replace(told, instead))


def test_a_page_that_fetches_from_another_host_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<a href="https://example.com">c</a><script src="b.js"></script>')
    docs_site.check_site(tmp_path)
    (tmp_path / "b.html").write_text('<script src="https://example.com/b.js"></script>')
    (tmp_path / "c.css").write_text("@font-face { src: url(https://example.com/font.woff2) }")
    with pytest.raises(DocsError) as error:
        docs_site.check_site(tmp_path)
    assert "b.html fetches https://example.com/b.js" in str(error.value)
    assert "c.css fetches https://example.com/font.woff2" in str(error.value)


@pytest.mark.inputs("docs", "examples", "pulumi_openai_admin", "templates", "tools", "zensical.toml")
def test_it_builds(tmp_path: Path) -> None:
    site = docs_site.make(tmp_path)
    start = (site / "quickstart.html").read_text(encoding="utf-8")
    assert [start.count(f">{tab}</label>") for tab in ("Python", "YAML", "TypeScript")] == [1, 1, 1]
    home = (site / "index.html").read_text(encoding="utf-8")
    assert "assets/up.svg" in home
    places = [home.find(f'href="./resources/{name}.html"') for name in _in_order()]
    assert min(places) > 0
    assert places == sorted(places)
    assert 'id="projectarchivederror"' in (site / "errors.html").read_text(encoding="utf-8")
    assert "rate_limit_not_updatable" in (site / "search.json").read_text(encoding="utf-8")


def _in_order() -> list[str]:
    """The resources as the navigation has them."""
    return [name for names in docs_pages.topics().values() for name in names]


@pytest.mark.parametrize(
    ("link", "why"), [("missing.md", "page does not exist"), ("#missing", "anchor does not exist")]
)
def test_a_link_that_leads_nowhere_is_an_error(link: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "zensical.toml").write_text('[project]\nsite_name = "docs"\ndocs_dir = "pages"\n', encoding="utf-8")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "index.md").write_text(f"# Docs\n\n[there]({link})\n", encoding="utf-8")
    with pytest.raises(DocsError, match=why):
        docs_site.generate(tmp_path / "zensical.toml")
