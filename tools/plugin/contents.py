"""What a plugin archive contains beside the package: the distributions and libraries of others, and their licences.

`sbom.cdx.json` lists them: a bill of materials in CycloneDX, which scanners for vulnerabilities read. It also lists
what the archive was built with: the packages of Python and, in the image of a release, those of the system.

Libraries in C are files of their own, or linked into Python. A Python of a distribution uses shared libraries, which
the packer finds. A portable Python has them linked into its modules, or these into itself: no file shows them.

It imports only what `requirements.txt` installs, as `pack.py` does.
"""

from __future__ import annotations

import hashlib
import importlib
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cyclonedx.contrib.hash.factories import HashTypeFactory
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

BILL = "sbom.cdx.json"
LICENCES = "THIRD_PARTY"
PACKER = "pyinstaller"
"""Its bootloader is the program of the archive."""
_LICENCE = re.compile(r"(?i)(licen[cs]e|copying|notice|authors)")
TEXTS = Path(__file__).resolve().parent / "licences"
"""The text of the licence of each library in C."""
ENDS = r"(?:\.so[.\d]*|[.\d]*\.dylib|\.dll)"
SHARED = re.compile(r"(lib(?!python).*\.(so[.\d]*|dylib)|(?!python).*\.dll)", re.IGNORECASE)
"""The names of shared libraries. The licence of Python holds for its own."""


@dataclass(frozen=True)
class Library:
    """A library, and how to see that an archive contains it."""

    name: str
    licence: str
    """By SPDX."""
    files: str
    """The names of its files, as a regular expression without the ends `.so.1`, `.dylib` and `.dll`."""
    modules: tuple[str, ...] = ()
    """The modules of Python that need it."""
    said_by: str = ""
    """The constant of a module with its version. Python does not know the versions of the others."""
    product: str = ""
    """The vendor and the product in the CPE, by which scanners find vulnerabilities."""

    @property
    def version(self) -> str | None:
        """The version that the Python of the archive has; None if it can't say."""
        if not self.said_by:
            return None
        module, constant = self.said_by.split(".")
        found = re.search(r"\d+(?:\.\d+)+[a-z]?", str(getattr(importlib.import_module(module), constant)))
        return found[0] if found else None


LIBRARIES = (
    Library("bzip2", "bzip2-1.0.6", "libbz2", ("_bz2",)),
    Library("expat", "MIT", "libexpat", ("pyexpat",), "pyexpat.EXPAT_VERSION", "libexpat_project:libexpat"),
    Library("gcc-runtime", "GPL-3.0-or-later WITH GCC-exception-3.1", r"lib(?:gcc_s|stdc\+\+)"),
    Library("gettext-runtime", "LGPL-2.1-or-later", "libintl"),
    Library("libedit", "BSD-3-Clause", "libedit", ("readline",)),
    Library("libffi", "MIT", r"libffi(?:-\d+)?", ("_ctypes",)),
    Library("libuuid", "BSD-3-Clause", "libuuid", ("_uuid",)),
    Library(
        "microsoft-visual-c-runtime", "LicenseRef-Microsoft", r"vcruntime\d+\w*|msvcp\d+\w*|ucrtbase|api-ms-win-.*"
    ),
    Library("mpdecimal", "BSD-2-Clause", "libmpdec", ("_decimal",), "_decimal.__libmpdec_version__"),
    Library("ncurses", "X11-distribute-modifications-variant", "lib(?:ncurses|panel|tinfo)w?", ("_curses",)),
    Library(
        "openssl",
        "Apache-2.0",
        r"lib(?:crypto|ssl)(?:-[\w-]+)?",
        ("_ssl", "_hashlib"),
        "ssl.OPENSSL_VERSION",
        "openssl:openssl",
    ),
    Library("sqlite", "blessing", "(?:lib)?sqlite3", ("_sqlite3",), "sqlite3.sqlite_version", "sqlite:sqlite"),
    Library("xz", "0BSD", "liblzma", ("_lzma",)),
    Library("zlib", "Zlib", r"libz|zlib\d*", ("zlib",), "zlib.ZLIB_RUNTIME_VERSION", "zlib:zlib"),
)


class ContentsError(Exception):
    """Why the contents of an archive can't be declared."""


def distributions(
    own: metadata.Distribution, left_out: Collection[str], packer: Collection[str] = (PACKER,)
) -> dict[str, metadata.Distribution]:
    """What a distribution needs, by name: its dependencies, and theirs, and the packer."""
    found = {name: metadata.distribution(name) for name in packer}
    waiting = list(_needed(own))
    while waiting:
        name = waiting.pop()
        if name not in found and name not in left_out:
            found[name] = metadata.distribution(name)
            waiting += _needed(found[name])
    return dict(sorted(found.items()))


def _needed(distribution: metadata.Distribution) -> Iterator[str]:
    for text in distribution.requires or ():
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield canonicalize_name(requirement.name)


def write(
    into: Path, own: metadata.Distribution, others: Mapping[str, metadata.Distribution], date: int, image: str = ""
) -> None:
    """Write the licences and the bill of materials into the folder of the program.

    The bill has the date, in seconds since 1970, as its time: the same sources give the same bytes. The image is the
    one in which the archive is built, by its digest; empty if it is built without one.
    """
    bill = Bom(serial_number=uuid.uuid5(uuid.NAMESPACE_URL, f"{component(own).purl}"))
    bill.metadata.timestamp = datetime.fromtimestamp(date, UTC)
    bill.metadata.tools.components.update(_built_with(image))
    bill.metadata.component = package = component(own, ComponentType.APPLICATION)
    python, libraries = _python(into / LICENCES), _libraries(into)
    packed = {name: component(distribution) for name, distribution in others.items()}
    bill.components.update([python, *libraries.values(), *packed.values()])
    for name, distribution in others.items():
        _copy_licences(distribution, into / LICENCES)
        bill.register_dependency(packed[name], [packed[other] for other in _needed(distribution) if other in packed])
    bill.register_dependency(python, [its for library, its in libraries.items() if library.modules])
    others_needed = [its for library, its in libraries.items() if not library.modules]
    direct = [packed[name] for name in (*_needed(own), PACKER) if name in packed]
    bill.register_dependency(package, [python, *direct, *others_needed])
    (into / BILL).write_text(JsonV1Dot6(bill).output_as_string(indent=1) + "\n", encoding="utf-8")


def component(distribution: metadata.Distribution, kind: ComponentType = ComponentType.LIBRARY) -> Component:
    """A distribution in the bill."""
    about = distribution.metadata.json.get("license_expression") or distribution.metadata.json.get("license")
    name = canonicalize_name(distribution.metadata["Name"])
    return _component("pypi", name, distribution.version, f"{about or ''}", type=kind)


def _component(source: str, name: str, version: str | None, licence: str, product: str = "", **more: Any) -> Component:
    """What the bill says of a distribution, a library or Python. Lists of vulnerabilities know it by its product."""
    cpe = f"cpe:2.3:a:{product}:{version}:*:*:*:*:*:*:*" if product and version else None
    purl = PackageURL(source, name=name, version=version)
    licenses = [LicenseFactory().make_from_string(licence)] if licence else []
    return Component(name=name, version=version, purl=purl, cpe=cpe, bom_ref=str(purl), licenses=licenses, **more)


def _built_with(image: str) -> Iterator[Component]:
    """What makes the archive, with its versions: packages of Python, the image, and the packages of its system."""
    for found in map(component, metadata.distributions()):
        yield Component(name=found.name, version=found.version, purl=found.purl, bom_ref=f"build:{found.purl}")
    if not image:
        return
    name, _, digest = image.partition("@")
    yield Component(name=name, version=digest, type=ComponentType.CONTAINER, bom_ref=f"build:{image}")
    rpm = shutil.which("rpm")
    if rpm is None:
        raise ContentsError(f"{image} has no rpm, which lists the packages of its system")
    query = [rpm, "--query", "--all", "--queryformat", r"%{NAME} %{VERSION}-%{RELEASE} %{ARCH}\n"]
    listed = subprocess.run(query, check=True, capture_output=True, text=True).stdout
    for line in sorted(set(listed.splitlines())):
        name, version, processor = line.split()
        purl = PackageURL("rpm", namespace="almalinux", name=name, version=version, qualifiers={"arch": processor})
        yield Component(name=name, version=version, purl=purl, bom_ref=f"build:{purl}")


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
    version = platform.python_version()
    # The text of its licence is beside its modules or, on Windows, in its folder.
    places = [Path(sysconfig.get_path("stdlib"), "LICENSE.txt"), Path(sys.base_prefix, "LICENSE.txt")]
    texts = [path for path in places if path.is_file()]
    if not texts:
        raise ContentsError(f"{sys.base_prefix} has no LICENSE.txt of Python: pack with a Python that has it")
    _copy(texts[0], into / f"Python-{version}" / "LICENSE.txt")
    return _component("generic", "python", version, "PSF-2.0", "python:python", type=ComponentType.PLATFORM)


def _libraries(folder: Path) -> dict[Library, Component]:
    """The libraries in C, each with its files, if it is not linked into Python. Their licences are copied."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    modules = {path.name.partition(".")[0] for path in paths} | {*sys.builtin_module_names}
    files: dict[Library, list[Component]] = {
        library: [] for library in LIBRARIES if not modules.isdisjoint(library.modules)
    }
    for path in paths:
        if SHARED.fullmatch(path.name):
            its = [each for each in LIBRARIES if re.fullmatch(f"(?:{each.files}){ENDS}", path.name, re.IGNORECASE)]
            if not its:
                raise ContentsError(
                    f"{path.name} is a library whose licence is not known: leave it out, or add it to "
                    "tools/plugin/contents.py, and the text of its licence to tools/plugin/licences"
                )
            digest = HashTypeFactory().from_hashlib_alg("sha256", hashlib.sha256(path.read_bytes()).hexdigest())
            name = path.relative_to(folder).as_posix()
            file = Component(name=path.name, type=ComponentType.FILE, bom_ref=name, hashes=[digest])
            files.setdefault(its[0], []).append(file)
    made = {}
    for library, own in files.items():
        _copy(TEXTS / f"{library.name}.txt", folder / LICENCES / library.name / "LICENSE.txt")
        about = (library.name, library.version, library.licence, library.product)
        made[library] = _component("generic", *about, components=own)
    return made


def _copy(file: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(file.read_bytes())
