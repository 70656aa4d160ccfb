"""Find a Pulumi engine on this machine, or get one.

    python -m tools.engine      # prints the folder for PATH; progress goes to stderr

There are three sources, in this order: a `pulumi` on PATH or where the vendor's installer and Pulumi's SDK put it, the
vendor's release, which Pulumi's SDK installs, and Go modules. What is downloaded is kept in the user's cache.
"""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from tools import pinned, registries
from tools.commands import StepError, output, print_result, progress, reduced_environment, run, say

OLDEST = (3, 272)
"""The version of the SDK in pyproject.toml: an older engine does not know all of its requests."""
LANGUAGE_HOST = "pulumi-language-python"
INSTALL = """
import socket, sys, pulumi.automation, semver
socket.setdefaulttimeout(10)  # where nothing answers, the system would wait for minutes
pulumi.automation.PulumiCommand.install(sys.argv[1], semver.VersionInfo.parse(sys.argv[2]))
"""
INSTALL_SECONDS = 300
ADVICE = (
    "Install Pulumi 3 with its Python language host (https://www.pulumi.com/docs/install/) so that "
    "`pulumi version` runs, and run the same command again."
)


@dataclass(frozen=True)
class Engine:
    """An engine that runs."""

    folder: Path
    """The folder for PATH."""
    source: str
    """`path`, `vendor` or `go`."""
    version: str

    @property
    def pulumi(self) -> Path:
        """The command."""
        return self.folder / "pulumi"

    def environment(self, home: Path) -> dict[str, str]:
        """The environment variables for stacks on this machine only, with all state below `home`, which is created.

        The user's other variables stay, without the user's own Pulumi and OpenAI settings.
        """
        own = {name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "OPENAI_"))}
        state, stacks = home.resolve() / "pulumi", home.resolve() / "stacks"
        for folder in (state, stacks):
            folder.mkdir(parents=True, exist_ok=True)
        return own | {
            "PATH": os.pathsep.join([str(self.folder), str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PULUMI_BACKEND_URL": f"file://{stacks.as_posix()}",
            "PULUMI_CONFIG_PASSPHRASE": "on this machine alone",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_HOME": str(state),
            "PULUMI_PYTHON_CMD": sys.executable,  # for `language_host.py`
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }


def find_or_get() -> Engine:
    """Return an engine from the first source that has one."""
    tried = []
    for folder in search_path():
        if found := shutil.which("pulumi", path=folder):
            try:
                return installed(Path(found))
            except StepError as error:
                tried.append(str(error))
                say(f"A `pulumi` that is installed is not used: {error}.")
    kept = [source for source in SOURCES if folder_of(source).exists()]
    for source in kept[:1] or SOURCES:
        title, make = SOURCES[source]
        try:
            got = registries.keep(title, folder_of(source), make) / "bin"
        except StepError as error:
            tried.append(str(error))
            say(str(error))
            continue
        if source == "go":
            install_language_host(got)
        return Engine(got, source, pinned.pulumi_version())
    listed = "".join(f"  - {reason}\n" for reason in tried)
    raise StepError(f"There is no Pulumi engine. Tried:\n{listed}{ADVICE}")


def folder_of(source: str) -> Path:
    """Return the folder of the pinned engine from one source."""
    return pinned.folder("engine", pinned.pulumi_version(), source)


def installed(pulumi: Path) -> Engine:
    """The user's own engine."""
    said = output([pulumi, "version"], dict(os.environ) | {"PULUMI_SKIP_UPDATE_CHECK": "true"})
    version = said.strip().removeprefix("v")
    if pinned.numbers(version)[:1] != (3,) or pinned.numbers(version) < OLDEST:
        raise StepError(f"{pulumi} is {version}; 3.{OLDEST[1]} or a newer 3.x is needed")
    places = os.pathsep.join(map(str, [pulumi.parent, pulumi.resolve().parent, *search_path()]))
    if not shutil.which(LANGUAGE_HOST, path=places):
        raise StepError(f"{pulumi} comes without `{LANGUAGE_HOST}`, which runs Python programs")
    return Engine(pulumi.parent, "path", version)


def search_path() -> list[str]:
    """PATH without the folders that this module adds to it (`source .demo/env`), and the folders of installers."""
    own = (pinned.cache(), Path(sys.prefix))
    folders = [entry for entry in os.get_exec_path() if not any(Path(entry).is_relative_to(place) for place in own)]
    home = Path(os.path.expanduser("~/.pulumi"))  # noqa: PTH111 - without a home, no error
    newest_first = sorted(home.glob("versions/*/bin"), key=lambda each: pinned.numbers(each.parent.name), reverse=True)
    return [*folders, *map(str, [home / "bin", *newest_first])]


def install_release(into: Path, log: Path) -> None:
    """Fill `into`/bin with the vendor's release, for a limited time: its server may be unreachable."""
    version = pinned.pulumi_version()
    command = [sys.executable, "-c", INSTALL, str(into), version]
    with progress(f"Downloading Pulumi {version} from its vendor"):
        run(command, log=log, env=reduced_environment(), timeout=INSTALL_SECONDS)


SOURCES = {
    "vendor": ("engine from its vendor", install_release),
    "go": ("engine from Go modules", registries.build_engine),
}
"""What fills a folder with an engine, in this order."""


def install_language_host(folder: Path) -> None:
    """Put this clone's language host beside `pulumi`, where the engine looks for it."""
    program = "language_host.py"
    start = f'#!/bin/sh\nexec "${{PULUMI_PYTHON_CMD:-python3}}" -u "$(dirname "$0")/{program}" "$@"\n'
    registries.install(folder / program, (pinned.TOOLS / program).read_bytes())
    registries.install(folder / LANGUAGE_HOST, start.encode())


if __name__ == "__main__":
    sys.exit(print_result(lambda: find_or_get().folder))
