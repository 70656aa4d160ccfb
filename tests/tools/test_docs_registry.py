"""The two pages of the Pulumi Registry, and the schema, have what the Registry requires of a package.

Its guide "Publishing to the Pulumi Registry", its README and the checks of its repository say what that is.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml  # type: ignore[import-untyped]

from pulumi_openai_admin.hosts.native.schema import LANGUAGES
from tools import docs_pages, languages, pinned

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA: dict[str, Any] = json.loads(languages.SCHEMA.read_text(encoding="utf-8"))
OVERVIEW, INSTALLATION = (docs_pages.SOURCES.joinpath(page).read_text("utf-8") for page in docs_pages.OF_REGISTRY)
VERIFICATION = docs_pages.SOURCES.joinpath("native-provider.md").read_text(encoding="utf-8")
NAMES_THERE = {"nodejs": "typescript"}
"""The Registry's names of languages, where the schema has others."""
SHOWN = {*(NAMES_THERE.get(language, language) for language in LANGUAGES), "yaml"}
CATEGORIES = {"cloud", "database", "infrastructure", "monitoring", "network", "utility", "vcs"}
of_both = pytest.mark.parametrize("page", [OVERVIEW, INSTALLATION], ids=docs_pages.OF_REGISTRY)


CHOOSER = re.compile(r'\{\{< chooser (\w+) "([\w,]+)" >\}\}(.*?)\{\{< /chooser >\}\}', re.DOTALL)
OPTION = re.compile(r"\{\{% choosable (\w+) (\w+) %\}\}((?:(?!\{\{).)*)\{\{% /choosable %\}\}", re.DOTALL)


def test_a_page_has_front_matter() -> None:
    for page, more in ((OVERVIEW, ""), (INSTALLATION, " Installation & Configuration")):
        assert page.startswith("---\n")
        about = yaml.safe_load(page.split("---\n")[1])
        title = f"{SCHEMA['displayName']}{more}"
        assert about | {"meta_desc": ""} == {"title": title, "layout": "package", "meta_desc": ""}
        assert 50 <= len(about["meta_desc"]) <= 160  # what search engines show


@of_both
def test_each_chooser_has_each_of_its_options_once_and_each_language_a_program(page: str) -> None:
    found = CHOOSER.findall(page)
    assert found
    assert "{{" not in CHOOSER.sub("", page), "no other tag is on the page"
    for kind, options, body in found:
        assert "{{" not in OPTION.sub("", body)
        assert [(kind, option) for option in options.split(",")] == [of[:2] for of in OPTION.findall(body)]
        assert kind != "language" or {*options.split(",")} == SHOWN
        assert all(f"\n```{option}\n" in text for _, option, text in OPTION.findall(body) if page == OVERVIEW)


@of_both
def test_all_links_are_absolute(page: str) -> None:
    text = re.sub(r"```.*?```", "", page, flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)]*)\)|(?:src|href)=[\"']([^\"']*)|^\[[^\]]+\]: (\S+)", text, re.MULTILINE)
    assert all("".join(target).startswith("https://") for target in targets)
    used = set(re.findall(r"\]\[([^\]]+)\]", text))
    assert used == set(re.findall(r"^\[([^\]]+)\]: ", text, re.MULTILINE))


def test_the_schema_describes_the_package() -> None:
    assert SCHEMA["publisher"]
    assert SCHEMA["description"]
    assert SCHEMA["repository"].endswith(f"/pulumi-{SCHEMA['name']}")
    kinds = dict(keyword.split("/") for keyword in SCHEMA["keywords"] if "/" in keyword)
    assert kinds == {"category": kinds["category"], "kind": "native"}
    assert kinds["category"] in CATEGORIES
    logo = pinned.ROOT / SCHEMA["logoUrl"].partition("/main/")[2]
    assert logo.suffix == ".png"
    assert logo.is_file()


@pytest.mark.parametrize(("content", "code"), [("archive", 0), ("other", 1)])
def test_the_commands_for_checksums_find_a_file_that_was_changed(content: str, code: int, tmp_path: Path) -> None:
    commands = [re.findall(rf"{tool}[^`\n]+SHA256SUMS", VERIFICATION)[0] for tool in ("sha256sum", "shasum")]
    (archive,) = {*re.findall(r"pulumi-resource[\w.-]+\.tar\.gz", VERIFICATION)}
    checksum = hashlib.sha256(b"archive").hexdigest()
    (tmp_path / "SHA256SUMS").write_text(f"{checksum}  {archive}\n{checksum}  other.tar.gz\n", encoding="utf-8")
    (tmp_path / archive).write_text(content, encoding="utf-8")
    for command in commands:
        if shutil.which(command.split()[0]):
            done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False)
            assert done.returncode == code, command
    assert f"(Get-FileHash {archive}).Hash" in VERIFICATION


def test_commands_and_packages_are_those_of_the_schema() -> None:
    repository = SCHEMA["repository"].removeprefix("https://github.com/")
    assert {*re.findall(r"--repo (\S+)", VERIFICATION)} == {repository}
    assert f"pulumi plugin install resource {SCHEMA['name']} --server {SCHEMA['pluginDownloadURL']}\n" in INSTALLATION
    csharp = LANGUAGES["csharp"]
    names = [LANGUAGES["nodejs"]["packageName"], LANGUAGES["python"]["packageName"], LANGUAGES["go"]["importBasePath"]]
    for name in (*names, f"{csharp['rootNamespace']}.{csharp['namespaces'][SCHEMA['name']]}"):
        assert f" | `{name}` | " in INSTALLATION
        assert f" | `{name}` | " in VERIFICATION
