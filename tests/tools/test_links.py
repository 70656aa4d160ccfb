"""Each link of each page leads somewhere, and one file has the address of the repository. lychee reads the links."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
from build.util import project_wheel_metadata

from pulumi_openai_admin.hosts.native.schema import LANGUAGES
from pulumi_openai_admin.remedies import page_address, project_urls
from tools import commands, docs_pages, pinned

PYPROJECT = tomllib.loads((pinned.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
URLS: dict[str, str] = PYPROJECT["project"]["urls"]
SOURCE = URLS["Source"]
REPEATED = {
    "pyproject.toml": "it is the place",
    "pulumi_openai_admin/hosts/native/schema.json": "`make generate` writes it",
    "docs/installation-configuration.md": "users copy its commands: tests/tools/test_docs_registry.py compares them",
    "docs/native-provider.md": "the same",
    "templates/*/Pulumi.yaml": "`pulumi new` copies it: tests/engine/test_templates.py compares the address",
    "templates/*/sdks/*.yaml": "the same",
    "examples/ci/typescript/Pulumi.yaml": "users copy it: tests/tools/test_workflows.py compares it with the template",
}
"""The files that have the address of the repository, and why."""
pytestmark = pytest.mark.skipif(not (pinned.ROOT / ".git").exists(), reason="git names the files of the repository")
LISTED = commands.git("ls-files", "--cached", "--others", "--exclude-standard").splitlines()
FILES = [path for path in LISTED if (pinned.ROOT / path).is_file()]


def lychee(*pages: Path | str) -> str:
    """Check the links of pages and their anchors. Of other sites, no link is fetched; ours are files of this clone."""
    own = re.escape(SOURCE).replace("github", r"(?:github|raw\.githubusercontent)") + r"/(?:(?:blob|tree)/)?[^/]+/(.+)"
    options = ("--offline", "--include-fragments", "--no-progress", "--require-https")
    program = Path(sys.executable).with_name("lychee")
    command = [program, *options, "--remap", f"{own} {pinned.ROOT.as_uri()}/$1", *pages]
    done = subprocess.run(command, cwd=pinned.ROOT, capture_output=True, encoding="utf-8", check=False)
    return done.stdout if done.returncode else ""


def text_of(path: str) -> str:
    return (pinned.ROOT / path).read_bytes().decode("utf-8", errors="replace")


def test_each_link_leads_somewhere() -> None:
    assert not lychee(*(path for path in FILES if path.endswith(".md")))


@pytest.mark.parametrize("target", ["#c", f"{SOURCE}/blob/main/c.md"])
def test_a_link_that_leads_nowhere_is_found(target: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# B\n\n[there](#b) [README]({SOURCE}/blob/main/README.md)\n", encoding="utf-8")
    assert not lychee(page)
    page.write_text(f"# B\n\n[there]({target})\n", encoding="utf-8")
    assert target.rpartition("/")[2] in lychee(page)


def test_the_readme_of_a_template_does_not_lead_out_of_it(tmp_path: Path) -> None:
    shutil.copytree(docs_pages.TEMPLATES, tmp_path / "templates")
    for readme in (tmp_path / "templates").glob("*/README.md"):
        alone = readme.parent.rename(tmp_path / readme.parent.name)
        assert not lychee(alone / "README.md"), "`pulumi new` copies nothing else"


def test_no_other_file_has_the_address_of_the_repository() -> None:
    go_package = LANGUAGES["go"]["importBasePath"]  # a Go program imports the SDK from there
    assert go_package.startswith(SOURCE.removeprefix("https://"))
    found = [
        path
        for path in FILES
        if SOURCE.removeprefix("https://github.com/")
        in docs_pages.GENERATED.sub("", text_of(path)).replace(go_package, "")
    ]
    others = [path for path in found if not any(fnmatch(path, pattern) for pattern in REPEATED)]
    assert not others, "Write a relative link, or take the address from [project.urls] in pyproject.toml."
    assert [pattern for pattern in REPEATED if not any(fnmatch(path, pattern) for path in found)] == []


def test_the_metadata_has_the_addresses() -> None:
    assert {"Source", "Documentation", "Changelog", "Issues"} == URLS.keys()
    assert project_urls() == URLS


def test_the_pages_that_messages_name_are_there(tmp_path: Path) -> None:
    named = tmp_path / "named.md"
    for path in FILES:
        if path.startswith("pulumi_openai_admin/") and path.endswith(".py"):
            addresses, local = named_pages(text_of(path))
            assert not local, f"{path}: write page_address(…): a user has no docs/"
            with named.open("a", encoding="utf-8") as file:
                file.writelines(f"<{address}>\n" for address in addresses)
    assert ".md#" in named.read_text(encoding="utf-8")
    assert not lychee(named)


def named_pages(text: str) -> tuple[list[str], list[str]]:
    """The addresses of the pages that the strings of a module name, and paths of the repository."""
    tree = ast.parse(text)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    texts = [str(node.value) for node in constants if id(node) not in docstrings]
    addresses = [page_address(text) for text in texts if re.fullmatch(r"[\w-]+\.md#[\w-]+", text)]
    return addresses, [path for text in texts for path in re.findall(r"\bdocs/[\w-]+\.md", text)]


def test_the_readme_of_the_package_leads_to_the_files_of_its_version(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "LICENSE", "README.md"):
        shutil.copy(pinned.ROOT / name, tmp_path)
    metadata = project_wheel_metadata(tmp_path, isolated=False)
    assert metadata.get_all("Project-URL") == [f"{label}, {url}" for label, url in URLS.items()]
    built = str(metadata.get_payload())
    targets = re.findall(r"\]\(([^)]+)\)|(?:href|src|srcset)=\"([^\"]+)|^\[[^\]]+\]: (\S+)", built, re.MULTILINE)
    assert [target for parts in targets if not (target := "".join(parts)).startswith("https://")] == []
    assert f"{SOURCE}/blob/v{pinned.package_version()}/" in built
    (tmp_path / "built.md").write_text(built, encoding="utf-8")
    assert not lychee(tmp_path / "built.md")
