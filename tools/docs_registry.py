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
    """The commands that verify an archive and the wheel of a release."""
    version, repository = package_version(), REPOSITORY.removeprefix("https://github.com/")
    archive = f"pulumi-resource-{NAMESPACE}-v{version}-linux-amd64.tar.gz"
    download = f"gh release download v{version} --repo {repository} --pattern SHA256SUMS"
    check = "sha256sum --check --ignore-missing SHA256SUMS"
    attest = f"gh attestation verify {{}} --repo {repository}"
    others = (
        "On macOS, the second command is `shasum -a 256 --check --ignore-missing SHA256SUMS`. In PowerShell, this\n"
        "command prints the line of the archive if its checksum is correct, and prints nothing otherwise:"
    )
    return "\n\n".join(
        [
            _not_run("bash", f"{download} --pattern '*-linux-amd64.tar.gz'", check, attest.format(archive)),
            others,
            _not_run("powershell", f"Select-String -Path SHA256SUMS -Pattern (Get-FileHash {archive}).Hash"),
            "To verify the package from PyPI, download its wheel and run the same commands:",
            _not_run(
                "bash",
                f"pip download --no-deps pulumi-openai-admin=={version}",
                download,
                check,
                attest.format("pulumi_openai_admin-*.whl"),
            ),
        ]
    )


def _not_run(language: str, *commands: str) -> str:
    """A block of commands that no test runs."""
    return "\n".join(["<!-- not run here: it needs a release -->", "", f"```{language}", *commands, "```"])


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
