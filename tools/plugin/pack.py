"""Packs the native provider with the Python that runs this file, into an archive for this system and processor.

    python -m pip install --require-hashes -r tools/plugin/requirements.txt
    python tools/plugin/pack.py dist
    python tools/plugin/pack.py dist --try-out   # starts it, too, and asks it for its version and its schema

The archive is `pulumi-resource-openai-admin-vVERSION-OS-ARCH.tar.gz`, which `pulumi plugin install` accepts. It
contains a Python: the machine where it is installed needs none. It also has the licences of all that it contains, and a
bill of materials (`contents.py`). The same sources, Python and requirements give the same bytes, except on macOS, where
the programs are signed.

On Linux, `--try-out` fails if a program needs a newer glibc than the documentation promises. An archive that is made
with the Python of a distribution needs the glibc of that distribution.

It imports only what `requirements.txt` installs, so that each system of a release can run it alone.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
from importlib import metadata
from pathlib import Path

import contents
import grpc  # type: ignore[import-untyped]
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = "pulumi-resource-openai-admin"
PACKAGE, DISTRIBUTION = "pulumi_openai_admin", "pulumi-openai-admin"
LEFT_OUT = (f"{PACKAGE}.cli", f"{PACKAGE}.emulator")
"""Parts of the package that the provider does not use."""
NOT_USED = (
    *("_pytest", "dbm", "debugpy", "lib2to3", "pip", "pydoc", "pytest", "readline", "setuptools", "sqlite3", "test"),
    *("tkinter", "unittest.mock"),
)
"""What libraries import only in their tests, or if it is there."""
PROCESSORS = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
"""The processors that Pulumi has plugins for, by Python's names."""
FIRST_DAY = "315532800"
"""1980-01-01, the earliest date in a ZIP file: the date of all files, unless SOURCE_DATE_EPOCH is set."""
ENGINE = "127.0.0.1:1"
"""The address of no engine: the program looks for it only after some seconds."""
PROMISED = (2, 28)
"""The glibc that docs/native-provider.md promises: that of RHEL 8, in which releases are made."""
GLIBC = re.compile(rb"\0GLIBC_(\d+(?:\.\d+)+)\0")


def main() -> int:
    """Write the archive into a folder, print its path, and start it if that is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("into", nargs="?", type=Path, default=Path("dist"))
    parser.add_argument("--try-out", action="store_true")
    chosen = parser.parse_args()
    chosen.into.mkdir(parents=True, exist_ok=True)
    for old in chosen.into.glob("pulumi-resource-*"):
        old.unlink()
    with tempfile.TemporaryDirectory(prefix="plugin-") as folder:
        work, package = Path(folder), Path(folder, "package")
        # The package alone: its metadata, which contain the version, come with it.
        options = ("--no-deps", "--no-build-isolation", "--no-compile", "--quiet", "--disable-pip-version-check")
        run([sys.executable, "-m", "pip", "install", *options, "--target", str(package), str(ROOT)])
        program = freeze(package, work)
        (own,) = metadata.distributions(name=DISTRIBUTION, path=[str(package)])
        others = contents.distributions(own, NOT_USED)
        contents.write(program, own, others, date(), os.environ.get("BUILD_IMAGE", ""))
        archive = pack(program, chosen.into / archive_name())
    print(archive, flush=True)
    if chosen.try_out:
        try_out(archive)
    return 0


def archive_name() -> str:
    """The name that Pulumi downloads, such as `pulumi-resource-openai-admin-v1.2.3-linux-amd64.tar.gz`."""
    system, processor = platform.system().lower(), PROCESSORS[platform.machine().lower()]
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    return f"{PROGRAM}-v{version}-{system}-{processor}.tar.gz"


def freeze(package: Path, work: Path) -> Path:
    """Make a folder with the program, a Python and all that it imports.

    Most modules of the provider are imported by name, which PyInstaller cannot see.
    """
    files = (path.relative_to(package).with_suffix("") for path in sorted((package / PACKAGE).rglob("*.py")))
    modules = (".".join(file.parts).removesuffix(".__init__") for file in files)
    options = [
        *("--name", PROGRAM, "--onedir", "--console", "--noconfirm", "--log-level", "WARN"),
        *("--distpath", str(work), "--workpath", str(work / "build"), "--specpath", str(work)),
        *("--paths", str(package), "--copy-metadata", DISTRIBUTION),
        *("--add-data", f"{package / PACKAGE / 'hosts' / 'native' / 'schema.json'}{os.pathsep}{PACKAGE}/hosts/native"),
        *(f"--hidden-import={module}" for module in modules if not module.startswith(LEFT_OUT)),
        *(f"--exclude-module={module}" for module in (*LEFT_OUT, *NOT_USED)),
    ]
    run([sys.executable, "-m", "PyInstaller", *options, str(ROOT / "plugin" / "__main__.py")], package)
    return work / PROGRAM


def pack(program: Path, archive: Path) -> Path:
    """Pack a folder. Order, dates and owners are always the same; Pulumi refuses links, so that files are packed."""
    time = date()

    def same(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.mtime, member.uid, member.gid, member.uname, member.gname = time, 0, 0, "", ""
        member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
        return member

    part = archive.with_name(archive.name + ".part")
    with (
        part.open("wb") as file,
        gzip.GzipFile("", "wb", mtime=time, fileobj=file) as packed,
        tarfile.open(fileobj=packed, mode="w", dereference=True) as tar,
    ):
        for path in sorted(program.rglob("*")):
            tar.add(path, path.relative_to(program).as_posix(), recursive=False, filter=same)
        tar.add(ROOT / "LICENSE", "LICENSE", filter=same)
    shutil.move(part, archive)
    return archive


def date() -> int:
    """The time of all that is in the archive, in seconds since 1970."""
    return int(os.environ.get("SOURCE_DATE_EPOCH", FIRST_DAY))


def run(command: list[str], path: Path | None = None) -> None:
    """Run a command that has to succeed. The seed for hashes is fixed, so that it writes the same bytes each time."""
    own = {"PYTHONHASHSEED": "1", "SOURCE_DATE_EPOCH": FIRST_DAY} | ({"PYTHONPATH": str(path)} if path else {})
    done = subprocess.run(command, env=os.environ | own, check=False)
    if done.returncode:
        sys.exit(f"{command[2]} ended with exit code {done.returncode}")


def try_out(archive: Path) -> None:
    """Start the program of an archive twice, in the way that Pulumi does, and print what it answers."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # Windows keeps a program that has just run
        shutil.unpack_archive(archive, folder)
        needed = newest_glibc(Path(folder))
        if needed > PROMISED:
            sys.exit(f"{archive} needs glibc {needed}; the documentation promises {PROMISED}")
        for start in ("first", "second"):
            began = time.monotonic()
            command = [str(Path(folder, PROGRAM + (".exe" if os.name == "nt" else ""))), ENGINE]
            with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
                assert process.stdout is not None  # noqa: S101 -- it is a pipe
                port = process.stdout.readline().strip()
                seconds = time.monotonic() - began
                print(f"{start} start: {seconds:.2f} s, {answers(port)}")
                process.terminate()


def newest_glibc(folder: Path) -> tuple[int, ...]:
    """The newest glibc whose symbols a file of the folder names; none on other systems."""
    texts = (path.read_bytes() for path in folder.rglob("*") if path.is_file())
    found = {tuple(map(int, name.split(b"."))) for text in texts for name in GLIBC.findall(text)}
    return max(found, default=())


def answers(port: str) -> str:
    """The version of the provider that listens on a port, and the number of its resources."""
    with grpc.insecure_channel(f"127.0.0.1:{port}", [("grpc.enable_http_proxy", 0)]) as channel:
        provider = provider_pb2_grpc.ResourceProviderStub(channel)
        version = provider.GetPluginInfo(empty_pb2.Empty(), timeout=60).version
        schema = json.loads(provider.GetSchema(provider_pb2.GetSchemaRequest(), timeout=60).schema)
    return f"version {version}, {len(schema['resources'])} resources"


if __name__ == "__main__":
    sys.exit(main())
