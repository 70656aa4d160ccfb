"""The pages of docs/ that the Pulumi Registry shows, and their generated parts.

The Registry takes `docs/_index.md` and `docs/installation-configuration.md` of a release. It resolves no link to a file
of this repository, so that all links are absolute.
"""

from __future__ import annotations

from pulumi_openai_admin.config import NAMESPACE, VARIABLES
from pulumi_openai_admin.hosts.native.schema import LANGUAGES, PACKAGE_INFORMATION, REPOSITORY, schema
from tools.docs_declarations import DocsError, table
from tools.pinned import ROOT

PAGES = ("_index.md", "installation-configuration.md")
"""The site of the documentation leaves them out: it has its own first page and its own page of the configuration."""

FILES = f"{REPOSITORY}/blob/main"
"""The address of the repository's files."""

_CSHARP = ".".join((LANGUAGES["csharp"]["rootNamespace"], *LANGUAGES["csharp"]["namespaces"].values()))
_SDKS = (
    ("TypeScript", LANGUAGES["nodejs"]["packageName"], 'import * as openai from "{}";'),
    ("Python", LANGUAGES["python"]["packageName"], "import {} as openai"),
    ("Go", LANGUAGES["go"]["importBasePath"], 'import openai "{}"'),
    ("C#", _CSHARP, "using {};"),
)


def sdks() -> str:
    """The name of each SDK, and how a program imports it."""
    rows = [(language, f"`{name}`", f"`{line.format(name)}`") for language, name, line in _SDKS]
    rows.append(("YAML", "none is needed", f"`type: {NAMESPACE}:Project`"))
    return table(("language", "package", "in a program"), rows)


def settings() -> str:
    """The settings of the provider, with the environment variables that set them."""
    rows = [
        (f"`{NAMESPACE}:{name}`", f"`{VARIABLES[name]}`" if name in VARIABLES else "", setting["description"])
        for name, setting in schema({})["config"]["variables"].items()
    ]
    return table(("setting", "environment variable", "what"), rows)


def installation() -> str:
    """The command that installs the plugin of a release."""
    server = PACKAGE_INFORMATION["pluginDownloadURL"]
    return f"```bash\npulumi plugin install resource {NAMESPACE} --server {server}\n```"


def links(pages: str) -> str:
    """Definitions of links to pages of docs/: the text of a page has `[rotation][rotation.md]`.

    Raises:
        DocsError: There is no such page.
    """
    names = pages.split()
    if missing := [name for name in names if not (ROOT / "docs" / name).is_file()]:
        raise DocsError(f"There is no page {', '.join(missing)} in docs/")
    return "\n".join(f"[{name}]: {FILES}/docs/{name}" for name in names)
