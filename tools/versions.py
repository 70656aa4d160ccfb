"""The places that name the version of the package. `make generate` writes it there from `pyproject.toml`.

`CHANGELOG.md` and the recorded states of tests are not among them: a release is what adds to those.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools import pinned
from tools.progress import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NUMBER = r"\d+(?:\.\d+)+(?:(?:a|b|rc|\.dev|\.post|-[a-z]+\.?)\d+)?"
"""A version as in `pyproject.toml`."""
YAML_VERSION = rf"^ *version: (?P<version>{NUMBER})$"
"""A property `version`."""
NAMED = rf"openai[-_]admin(?:\[[\w,-]+\])?(?:-v|-|\s+|==|>=)(?P<version>{NUMBER})"
"""The name of a package, a plugin or an archive, and its version."""
PLACES = {
    "README.md": rf"^Version (?P<version>{NUMBER})\b",
    "docs/comparison.md": rf"^\| pulumi_openai_admin \| (?P<version>{NUMBER})\b",
    "docs/native-provider.md": NAMED,
    "plugin/requirements.txt": NAMED,
    "policies/PulumiPolicy.yaml": YAML_VERSION,
    "templates/openai-admin-go/Pulumi.yaml": YAML_VERSION,
    "templates/openai-admin-go/README.md": NAMED,
    "templates/openai-admin-python/requirements.txt": NAMED,
    "templates/openai-admin-typescript/Pulumi.yaml": YAML_VERSION,
    "templates/openai-admin-typescript/README.md": NAMED,
    "templates/openai-admin-yaml/README.md": NAMED,
    "templates/openai-admin-yaml/sdks/openai-admin/openai-admin-*.yaml": YAML_VERSION,
}
"""Each file, with the expression that finds the version in it. A star is the version in the name of the file."""


class VersionError(Exception):
    """A place that does not name the version as `PLACES` says."""


@dataclass(frozen=True)
class Place:
    """A file that names the version."""

    path: Path
    pattern: re.Pattern[str]
    name: str
    """What the file is called with the version of `pyproject.toml`."""
    version: str

    @property
    def versions(self) -> list[str]:
        """The versions that it names, in the order of the text."""
        return [found["version"] for found in self.pattern.finditer(self.path.read_text(encoding="utf-8"))]

    @property
    def is_right(self) -> bool:
        """Whether it names the version of `pyproject.toml`, and no other."""
        return self.path.name == self.name and {*self.versions} == {self.version}

    def write(self) -> None:
        """Name the version of `pyproject.toml`."""
        text = self.path.read_text(encoding="utf-8")
        self.path.write_text(self.pattern.sub(self._replaced, text), encoding="utf-8", newline="\n")
        self.path.rename(self.path.with_name(self.name))

    def _replaced(self, found: re.Match[str]) -> str:
        before, after = found.start("version") - found.start(), found.end("version") - found.start()
        return f"{found[0][:before]}{self.version}{found[0][after:]}"


def places(root: Path = pinned.ROOT) -> Iterator[Place]:
    """The files that name the version.

    Raises:
        VersionError: One is missing, or names no version.
    """
    version = pinned.package_version(root)
    for path, pattern in PLACES.items():
        found = [*root.glob(path)]
        if len(found) != 1:
            raise VersionError(
                f"{path} is {len(found)} files in place of one: correct it, or PLACES in tools/versions.py."
            )
        name = path.rpartition("/")[2].replace("*", version)
        place = Place(found[0], re.compile(pattern, re.MULTILINE), name, version)
        if not place.versions:
            raise VersionError(f"{path} names no version: correct it, or PLACES in tools/versions.py.")
        yield place


def main(root: Path = pinned.ROOT) -> int:
    """Write the version of `pyproject.toml` to all places; the exit code."""
    try:
        wrong = [place for place in places(root) if not place.is_right]
    except VersionError as error:
        say(str(error))
        return 1
    for place in wrong:
        place.write()
        print(f"{place.path.relative_to(root).with_name(place.name).as_posix()}  {place.version}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
