"""Find a Pulumi engine on this machine, or get one.

    python -m tools.engine      # prints the folders to put on PATH; says on stderr what it is doing

Three sources, in this order: a `pulumi` on PATH, the vendor's release, Go modules. What is got is
kept in the user's cache, so that a second clone pays nothing. PULUMI_OPENAI_ADMIN_ENGINE=path|vendor|go
allows one source only.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools import go_build, pinned, vendor_installer
from tools.cache_lock import lock
from tools.progress import StepError, progress, say

OLDEST = (3, 272)
"""As the SDK in pyproject.toml: an older engine does not know all that it says."""
SOURCES = ("path", "vendor", "go")
LANGUAGE_HOST = "pulumi-language-python"
LAUNCHER = "pulumi-resource-pulumi-python"


class NoEngineError(Exception):
    """What was tried, and what to install."""


@dataclass(frozen=True)
class Engine:
    """An engine that runs, with its Python language host and the launcher of dynamic providers."""

    folders: tuple[Path, ...]
    """What to put on PATH, in front."""
    source: str
    """`path`, `vendor` or `go`."""
    version: str

    @property
    def pulumi(self) -> Path:
        """The command itself."""
        return self.folders[0] / "pulumi"

    def settings(self, home: Path) -> dict[str, str]:
        """The environment for work on this machine alone, with all state below `home`, which is made."""
        state, stacks = home.resolve() / "pulumi", home.resolve() / "stacks"
        for folder in (state, stacks):
            folder.mkdir(parents=True, exist_ok=True)
        return {
            "PATH": os.pathsep.join([*map(str, self.folders), str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PULUMI_BACKEND_URL": f"file://{stacks}",
            "PULUMI_CONFIG_PASSPHRASE": "on this machine alone",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_HOME": str(state),
            "PULUMI_PYTHON_CMD": sys.executable,  # the stand-in runs on it
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }

    def environment(self, home: Path) -> dict[str, str]:
        """A whole environment for it: the user's, without the user's own Pulumi and OpenAI settings."""
        own = {name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "OPENAI_"))}
        return own | self.settings(home)


def find_or_get() -> Engine:
    """Give an engine, from the first source that has one.

    Raises:
        NoEngineError: No source has one.
    """
    wanted = os.environ.get("PULUMI_OPENAI_ADMIN_ENGINE", "")
    if wanted and wanted not in SOURCES:
        raise NoEngineError(f"PULUMI_OPENAI_ADMIN_ENGINE is {wanted!r}; it may be {', '.join(SOURCES)}, or not set.")
    sources = (wanted,) if wanted else SOURCES
    tried: list[str] = []
    if "path" in sources:
        try:
            return from_path()
        except StepError as error:
            tried.append(f"`pulumi` on PATH: {error}")
            if shutil.which("pulumi", path=search_path()):
                say(f"The `pulumi` on PATH is passed over: {error}.")
    kept = [source for source in sources if source != "path"]
    return from_cache(kept) or get(kept, tried)


def from_path() -> Engine:
    """The user's own engine, if it will do."""
    found = shutil.which("pulumi", path=search_path())
    if not found:
        raise StepError("there is none")
    version = version_of(found)
    if pinned.numbers(version)[:1] != (3,) or pinned.numbers(version) < OLDEST:
        raise StepError(f"{found} is {version}, and it takes 3.{OLDEST[1]} or a newer 3.x")
    folders = [Path(found).parent]
    for part in (LANGUAGE_HOST, LAUNCHER):
        beside = os.pathsep.join([str(folders[0]), str(Path(found).resolve().parent), search_path()])
        place = shutil.which(part, path=beside)
        if not place:
            raise StepError(f"{found} comes without `{part}`, which runs Python programs")
        folders.append(Path(place).parent)
    return Engine(tuple(dict.fromkeys(folders)), "path", version)


def search_path() -> str:
    """PATH without what this module put there itself (`source .demo/env`)."""
    own = (pinned.cache(), Path(sys.prefix))
    folders = [entry for entry in os.get_exec_path() if not any(Path(entry).is_relative_to(place) for place in own)]
    return os.pathsep.join(folders)


def version_of(pulumi: str) -> str:
    """Like `3.274.1`."""
    env = os.environ | {"PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        done = subprocess.run([pulumi, "version"], env=env, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StepError(f"{pulumi} does not run ({error})") from None
    if done.returncode or not pinned.numbers(done.stdout):
        raise StepError(f"`{pulumi} version` said: {(done.stderr or done.stdout).strip()[-200:] or done.returncode}")
    return done.stdout.strip().removeprefix("v")


def from_cache(sources: list[str]) -> Engine | None:
    """What an earlier run got. It was put there whole, so that it is there means that it is complete."""
    for source in sources:
        folder = pinned.engine_folder(source) / "bin"
        if (folder / "pulumi").exists():
            if source == "go":
                install_stand_in(folder)
            return Engine((folder,), source, pinned.pulumi_version())
    return None


def get(sources: list[str], tried: list[str]) -> Engine:
    """Get one and keep it, one run at a time."""
    try:
        with lock("engine"):
            found = from_cache(sources)
            if not found and sources:
                say(f"No Pulumi engine on this machine yet: getting {pinned.pulumi_version()}.")
                found = next((engine for source in sources if (engine := attempt(source, tried))), None)
    except OSError as error:
        tried.append(f"{error} (XDG_CACHE_HOME names another place for it)")
        found = None
    if found:
        return found
    reasons = "\n".join(f"  - {reason}" for reason in tried)
    raise NoEngineError(
        f"There is no Pulumi engine here, and none could be got. Tried:\n{reasons}\n"
        "Install Pulumi 3 with its Python language host (https://www.pulumi.com/docs/install/) so that "
        "`pulumi version` runs, and do the same again."
    )


def attempt(source: str, tried: list[str]) -> Engine | None:
    """Get it from one source, or note why not."""
    try:
        return fetch(source)
    except StepError as error:
        name = "the vendor" if source == "vendor" else "Go modules"
        tried.append(f"{name}: {error}")
        say(f"Not from {name}: {error}")
    return None


def fetch(source: str) -> Engine:
    """Get the engine from one source: made in a folder of its own, and moved into place whole."""
    place, work, log = pinned.engine_folder(source), pinned.cache() / "work", pinned.cache() / f"{source}.log"
    half_done = place.with_name(place.name + ".part")
    shutil.rmtree(half_done, ignore_errors=True)
    log.unlink(missing_ok=True)
    try:
        if source == "vendor":
            vendor_installer.install(half_done, log)
        else:
            go_build.build(half_done, work, log)
        version_of(str(half_done / "bin" / "pulumi"))
    except StepError:
        shutil.rmtree(half_done, ignore_errors=True)
        raise
    shutil.rmtree(place, ignore_errors=True)
    half_done.replace(place)
    if work.exists():
        with progress("Removing what the build needed"):
            shutil.rmtree(work, ignore_errors=True)
    engine = from_cache([source])
    assert engine, place  # noqa: S101 -- it was moved there just now
    return engine


def install_stand_in(folder: Path) -> None:
    """Put the stand-in for the language host beside `pulumi`, as this clone has it."""
    program = "language_host.py"
    texts = {
        program: (pinned.TOOLS / program).read_text(encoding="utf-8"),
        LANGUAGE_HOST: f'#!/bin/sh\nexec "${{PULUMI_PYTHON_CMD:-python3}}" -u "$(dirname "$0")/{program}" "$@"\n',
    }
    for name, text in texts.items():
        place = folder / name
        if not place.exists() or place.read_text(encoding="utf-8") != text:
            new = folder / f".{name}.{os.getpid()}"
            new.write_text(text, encoding="utf-8")
            new.chmod(0o755)
            new.replace(place)


def main() -> int:
    """Print the folders; the exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        engine = find_or_get()
    except NoEngineError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Stopped. What is downloaded and built so far is kept for the next run.")
        return 130
    print(os.pathsep.join(map(str, engine.folders)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
