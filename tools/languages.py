"""Pulumi's YAML language host and the generators of SDKs and of programs, from Go modules.

    python -m tools.languages      # prints their folder; progress goes to stderr

They are built only when a test, `make sdks` or `make generate` needs them, and are kept in the user's cache.
`languages/go.mod` pins them: they use the same version of Pulumi, so they are built together.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from tools import cache, pinned, registries
from tools.progress import StepError

if TYPE_CHECKING:
    from pathlib import Path

    from tools.engine import Engine

YAML_HOST = "pulumi-language-yaml"
GENERATOR = "sdkgen"
PROGRAM_GENERATOR = "programgen"
PROGRAM_HOST = "programhost"
PACKAGES = (
    f"github.com/pulumi/pulumi-yaml/cmd/{YAML_HOST}",
    f"languages/{GENERATOR}",
    f"languages/{PROGRAM_GENERATOR}",
    f"languages/{PROGRAM_HOST}",
)
ADVICE = "Make sure that Go modules can be downloaded (GOPROXY), and run the same command again."


def find_or_get() -> Path:
    """The folder of the programs.

    Raises:
        NotAvailableError: They can't be built here.
    """
    source = cache.Source("languages", "Go modules", pinned.languages_folder(), build, kept)
    return cache.find_or_get("YAML language host and code generators", [source], [], ADVICE)


def build(into: Path, log: Path) -> None:
    """Build the programs into `into`/bin.

    Raises:
        StepError: There is no Go, the modules cannot be reached, or the disk is full.
    """
    work = pinned.cache() / "work-languages"
    programs = registries.Programs(
        "the YAML language host and the code generators", pinned.LANGUAGES, PACKAGES, (), work
    )
    registries.build_programs(programs, into, log)


def kept(folder: Path) -> Path:
    """The folder of the programs, if they run.

    Raises:
        StepError: One does not.
    """
    for program in (YAML_HOST, GENERATOR, PROGRAM_GENERATOR, PROGRAM_HOST):
        command = [str(folder / "bin" / program), "-help"]
        try:
            done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=30, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise StepError(f"{program} does not run ({error})") from None
        if "sage" not in done.stdout + done.stderr:
            raise StepError(f"{program} does not say how it is used: {(done.stderr or done.stdout).strip()[-200:]}")
    return folder / "bin"


def with_yaml(engine: Engine) -> Engine:
    """The engine with a language host for YAML: its own, or the one from Go modules.

    Raises:
        NotAvailableError: It can't be built here.
    """
    if any((folder / YAML_HOST).exists() for folder in engine.folders):
        return engine
    host = find_or_get() / YAML_HOST
    if engine.source != "go":
        return replace(engine, folders=(*engine.folders, host.parent))
    place = engine.folders[0] / YAML_HOST  # beside `pulumi`: found elsewhere, the engine warns at every command
    new = place.with_name(f".{YAML_HOST}.new")
    shutil.copyfile(host, new)
    new.chmod(0o755)
    new.replace(place)
    return engine


if __name__ == "__main__":
    sys.exit(cache.print_found(lambda: str(find_or_get())))
