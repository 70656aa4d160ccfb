"""The SDKs of the native provider for TypeScript, Python, Go and .NET: `make sdks` writes them into sdk/.

Pulumi's own code generators make them from `pulumi_openai_admin/hosts/native/schema.json`. They are not committed. Java
is missing: its code generator is a Go module that the module proxy does not serve.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from pulumi_openai_admin.hosts.native.schema import LANGUAGES
from tools import languages, pinned
from tools.cache import NotAvailableError
from tools.native_schema import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

SDK = pinned.ROOT / "sdk"
LOGO = pinned.ROOT / "docs" / "assets" / "logo.png"


def generate(into: Path) -> str:
    """Write the SDKs into a folder, which is emptied first; what was written.

    Raises:
        NotAvailableError: The generator can't be built here.
    """
    generator = languages.find_or_get() / languages.GENERATOR
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    command = [str(generator), str(SCHEMA), pinned.package_version(), str(into)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise NotAvailableError(f"The SDKs can't be generated: {done.stderr.strip()}")
    go_module(into / "go" / "openaiadmin")
    shutil.copyfile(LOGO, into / "dotnet" / "logo.png")  # the generator would download it
    return done.stdout


def go_module(folder: Path) -> None:
    """Make the Go SDK a module, with the pinned version of Pulumi's SDK and its checksums."""
    path = LANGUAGES["go"]["importBasePath"]
    requires = pinned.LANGUAGES.joinpath("go.mod").read_text(encoding="utf-8").partition("require (")[2]
    text = f"module {path}\n\ngo {pinned.go_version(pinned.LANGUAGES / 'go.mod')}\n\nrequire ({requires}"
    (folder / "go.mod").write_text(text, encoding="utf-8", newline="\n")
    shutil.copyfile(pinned.LANGUAGES / "go.sum", folder / "go.sum")


if __name__ == "__main__":
    try:
        print(generate(SDK), end="")
    except NotAvailableError as problem:
        print(problem, file=sys.stderr)
        sys.exit(1)
