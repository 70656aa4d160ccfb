"""The pages of docs/ that the Pulumi Registry shows, and the generated parts with addresses of the repository.

The Registry takes `docs/_index.md` and `docs/installation-configuration.md` of a release. It resolves no link to a file
of this repository, so that all links are absolute.
"""

from __future__ import annotations

from pulumi_openai_admin.config import NAMESPACE, VARIABLES
from pulumi_openai_admin.hosts.native.schema import LANGUAGES, PACKAGE_INFORMATION, REPOSITORY, schema
from pulumi_openai_admin.project_urls import project_urls
from tools.docs_declarations import DocsError, table
from tools.pinned import ROOT, package_version

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


def verification() -> str:
    """The commands that verify an archive of a release."""
    archive = f"pulumi-resource-{NAMESPACE}-v{package_version()}-linux-amd64.tar.gz"
    repository = REPOSITORY.removeprefix("https://github.com/")
    commands = (
        "sha256sum --check --ignore-missing SHA256SUMS",
        f"gh attestation verify {archive} --repo {repository}",
    )
    return "\n".join(["<!-- not run here: it needs a release -->", "", "```bash", *commands, "```"])


def links(targets: str) -> str:
    """Definitions of absolute links: the text of a page has `[rotation][rotation.md]`, or `[an issue][Issues]`.

    Args:
        targets: Pages of docs/, and labels of `[project.urls]` in pyproject.toml.

    Raises:
        DocsError: There is no such page.
    """
    addresses = {name: project_urls().get(name, f"{FILES}/docs/{name}") for name in targets.split()}
    pages = addresses.keys() - project_urls().keys()
    if missing := sorted(name for name in pages if not (ROOT / "docs" / name).is_file()):
        raise DocsError(f"There is no page {', '.join(missing)} in docs/")
    return "\n".join(f"[{name}]: {address}" for name, address in addresses.items())
