"""What a plugin archive contains beside the package: the distributions of others, their licences, and a list of them.

The list is `sbom.cdx.json`, a bill of materials in CycloneDX, which scanners for vulnerabilities read.

It imports only what `requirements.txt` installs, as `pack.py` does.
"""

from __future__ import annotations

import hashlib
import platform
import re
import sysconfig
import uuid
from datetime import datetime, timezone
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from cyclonedx.contrib.hash.factories import HashTypeFactory
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

BILL = "sbom.cdx.json"
LICENCES = "THIRD_PARTY"
PACKER = "pyinstaller"
"""Its bootloader is the program of the archive."""
_LICENCE = re.compile(r"(?i)(licen[cs]e|copying|notice|authors)")


_LIBRARY = re.compile(r"(lib(?!python).*\.(so[.\d]*|dylib)|(?!python).*\.dll)")


class ContentsError(Exception):
    """Why the contents of an archive can't be declared."""


def distributions(
    package: str, folder: Path, left_out: Collection[str], packer: Collection[str] = (PACKER,)
) -> list[metadata.Distribution]:
    """What the package needs, by name: its dependencies, and theirs. The package itself is not among them.

    Args:
        package: The name of the distribution.
        folder: Where it is installed.
        left_out: Names of distributions that are not packed.
        packer: Names of distributions that are packed although the package does not need them.
    """
    (own,) = metadata.distributions(name=package, path=[str(folder)])
    found: dict[str, metadata.Distribution] = {name: metadata.distribution(name) for name in packer}
    waiting = list(_needed(own))
    while waiting:
        name = waiting.pop()
        if name not in found and name not in left_out:
            found[name] = metadata.distribution(name)
            waiting += _needed(found[name])
    return [found[name] for name in sorted(found)]


def _needed(distribution: metadata.Distribution) -> Iterator[str]:
    for text in distribution.requires or ():
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield canonicalize_name(requirement.name)


def write(into: Path, package: Component, others: Iterable[metadata.Distribution], date: int) -> None:
    """Write the licences and the bill of materials into the folder of the program.

    Args:
        into: The folder.
        package: The program itself.
        others: The distributions that it contains, beside Python.
        date: The time that the bill has, in seconds since 1970: the same sources give the same bytes.

    Raises:
        ContentsError: A distribution has no licence.
    """
    bill = Bom(serial_number=uuid.uuid5(uuid.NAMESPACE_URL, f"{package.purl}"))
    bill.metadata.timestamp = datetime.fromtimestamp(date, timezone.utc)
    bill.metadata.component = package
    bill.components.update(_libraries(into))
    bill.components.add(_python(into / LICENCES))
    for distribution in others:
        _copy_licences(distribution, into / LICENCES)
        bill.components.add(component(distribution))
    bill.register_dependency(package, bill.components)
    (into / BILL).write_text(JsonV1Dot6(bill).output_as_string(indent=1) + "\n", encoding="utf-8")


def component(distribution: metadata.Distribution, kind: ComponentType = ComponentType.LIBRARY) -> Component:
    """A distribution in the bill."""
    name, version = canonicalize_name(distribution.metadata["Name"]), distribution.version
    about = distribution.metadata.json.get("license_expression") or distribution.metadata.json.get("license")
    purl = PackageURL("pypi", name=name, version=version)
    licenses = [LicenseFactory().make_from_string(f"{about}")] if about else []
    return Component(name=name, version=version, type=kind, purl=purl, bom_ref=str(purl), licenses=licenses)


def _copy_licences(distribution: metadata.Distribution, into: Path) -> None:
    files = [
        Path(str(file.locate()))
        for file in distribution.files or ()
        if file.parts[0].endswith(".dist-info") and _LICENCE.match(file.name)
    ]
    name = f"{distribution.metadata['Name']}-{distribution.version}"
    if not files:
        raise ContentsError(f"{name} has no file with its licence: leave it out, or ask its authors for one")
    for file in files:
        _copy(file, into / name / file.name)


def _python(into: Path) -> Component:
    """Python in the bill; its licence covers the libraries that it contains."""
    version = platform.python_version()
    _copy(Path(sysconfig.get_path("stdlib"), "LICENSE.txt"), into / f"Python-{version}" / "LICENSE.txt")
    purl = PackageURL("generic", name="python", version=version)
    licence = LicenseFactory().make_from_string("PSF-2.0")
    kind = ComponentType.PLATFORM
    return Component(name="python", version=version, type=kind, purl=purl, bom_ref=str(purl), licenses=[licence])


def _libraries(folder: Path) -> Iterator[Component]:
    """The libraries of the system that the packer found for Python and for distributions, such as `libstdc++.so.6`."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and _LIBRARY.fullmatch(path.name):
            name = path.relative_to(folder).as_posix()
            digest = HashTypeFactory().from_hashlib_alg("sha256", hashlib.sha256(path.read_bytes()).hexdigest())
            yield Component(name=path.name, type=ComponentType.FILE, bom_ref=name, hashes=[digest])


def _copy(file: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(file.read_bytes())
