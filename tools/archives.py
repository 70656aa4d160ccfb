"""What the wheel and the sdist have to contain: what git tracks, all of it and nothing else, and the right metadata."""

from __future__ import annotations

import configparser
import re
import subprocess
import tarfile
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.metadata import Metadata
from packaging.version import Version

from tools import pinned
from tools.progress import StepError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PACKAGE = "pulumi_openai_admin"
NAME = "pulumi-openai-admin"
COMMAND = "pulumi_openai_admin.cli.__main__:run"
# Should git come to track one of these by mistake, it still belongs to no user.
NEVER = re.compile(r"(^|/)(\.git|\.venv|\.demo|dist|__pycache__|\.\w+_cache|\.env|\.coverage[^/]*)(/|$)|\.py[co]$")


@dataclass(frozen=True)
class Archive:
    """A wheel or an sdist: its files, without the folder that an sdist puts all into."""

    path: Path
    kind: str
    files: dict[str, bytes]

    def text(self, name: str) -> str:
        """A file of it, or nothing if it is not there."""
        return self.files.get(name, b"").decode("utf-8", errors="replace")

    @property
    def version(self) -> str:
        """As the file's name says it."""
        return self.path.name.removesuffix(".tar.gz").split("-")[1]


def read_wheel(path: Path) -> Archive:
    """A wheel, which is a zip."""
    with zipfile.ZipFile(path) as archive:
        return Archive(path, "wheel", {name: archive.read(name) for name in archive.namelist()})


def read_sdist(path: Path) -> Archive:
    """An sdist, which is a tar. What lies outside its one folder keeps its whole name, so that it is told."""
    folder = path.name.removesuffix(".tar.gz") + "/"
    with tarfile.open(path) as archive:
        parts = {member.name: archive.extractfile(member) for member in archive.getmembers() if not member.isdir()}
        return Archive(
            path, "sdist", {name.removeprefix(folder): part.read() if part else b"" for name, part in parts.items()}
        )


def tracked() -> list[str]:
    """What git tracks here.

    Raises:
        StepError: This is no clone.
    """
    command = ["git", "-C", str(pinned.ROOT), "ls-files", "-z"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise StepError("There is no `git`, and what belongs into the archives is what git tracks.") from None
    if done.returncode:
        raise StepError(f"What belongs into the archives is what git tracks, and git says: {done.stderr.strip()}")
    return [name for name in done.stdout.split("\0") if name]


def faults_of_wheel(wheel: Archive, sources: Iterable[str], readme: str) -> list[str]:
    """What is wrong with a wheel, a sentence each; `sources` is what git tracks."""
    about = f"{PACKAGE}-{wheel.version}.dist-info"
    own = {f"{about}/{name}" for name in ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE")}
    expected = own | {name for name in sources if name.startswith(f"{PACKAGE}/")}
    return [
        *_differences(wheel, expected),
        *_faults_of_metadata(wheel, f"{about}/METADATA", readme),
        *_faults_of_command(wheel, f"{about}/entry_points.txt"),
    ]


def faults_of_sdist(sdist: Archive, sources: Iterable[str], readme: str) -> list[str]:
    """What is wrong with an sdist, a sentence each."""
    return [*_differences(sdist, {"PKG-INFO", *sources}), *_faults_of_metadata(sdist, "PKG-INFO", readme)]


def _differences(archive: Archive, expected: set[str]) -> list[str]:
    found = set(archive.files)
    told = {
        "lacks what git tracks": expected - found,
        "has what git does not track": found - expected,
        "has what is for no user": {name for name in found if NEVER.search(name)},
    }
    return [f"The {archive.kind} {what}: {listed(names)}." for what, names in told.items() if names]


def listed(names: set[str], at_most: int = 5) -> str:
    """Like `a, b and 3 more`."""
    shown = sorted(names)[:at_most]
    return ", ".join(shown) + (f" and {len(names) - at_most} more" if len(names) > at_most else "")


def _faults_of_metadata(archive: Archive, name: str, readme: str) -> list[str]:
    """Each field by the specification's own rules, which are those of PyPI; then what this package has to say."""
    try:
        said = Metadata.from_email(archive.files.get(name, b""))
    except Exception as error:  # noqa: BLE001 -- a group, of another type on Python 3.10
        reasons = [str(one) for one in getattr(error, "exceptions", [error])]
        return [f"The {archive.kind}'s metadata are refused: {'; '.join(reasons)}."]
    ours = {
        "name": (said.name, NAME),
        "version": (said.version, Version(archive.version)),
        "requires-python": (str(said.requires_python), ">=3.10"),
        "license": (said.license_expression, "Apache-2.0"),
        "license-file": (said.license_files, ["LICENSE"]),
        "extras emulator and cli": ({"emulator", "cli"} - set(said.provides_extra or ()), set()),
        "description's type": ((said.description_content_type or "").partition(";")[0], "text/markdown"),
        "description, which is the README,": ((said.description or "").strip() == readme.strip(), True),
        "project-urls": (all(url.startswith("https://") for url in (said.project_urls or {"": ""}).values()), True),
    }
    return [
        f"The {archive.kind}'s metadata are wrong in {field}: {is_!r} where {expected!r} belongs."
        for field, (is_, expected) in ours.items()
        if is_ != expected
    ]


def _faults_of_command(wheel: Archive, name: str) -> list[str]:
    entries = configparser.ConfigParser()
    entries.read_string(wheel.text(name))
    found = entries.get("console_scripts", NAME, fallback="nothing")
    return [] if found == COMMAND else [f"The command `{NAME}` runs {found} where {COMMAND} belongs."]
