"""The generated SDKs, installed as a user does it."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from tools import languages, pinned, registries
from tools.commands import run

if TYPE_CHECKING:
    from pathlib import Path

SETUPTOOLS = "80.9.0"
"""What builds the SDK for Python. It is kept, so that pip downloads nothing in a test."""
PIP = (sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-deps", "--target")


@pytest.fixture(scope="session")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `make sdks` writes."""
    folder = tmp_path_factory.mktemp("clone") / "sdk"
    languages.write_sdks(folder)
    return folder


@pytest.fixture(scope="session")
def npm_project(sdk: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Pulumi's SDK, the compiler, and the SDK, which npm has installed. Programs are in folders in it."""
    project = tmp_path_factory.mktemp("npm")
    shutil.copytree(languages.node_packages(), project, dirs_exist_ok=True)
    copy = project / "sdks" / "openai-admin"
    shutil.copytree(sdk / "nodejs", copy)
    install = ("install", "--offline", "--no-audit", "--no-fund", "./sdks/openai-admin")
    registries.npm(project, project / "npm.log", *install)
    assert not (copy / "node_modules").exists()
    return project


@pytest.fixture(scope="session")
def python_sdk(sdk: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variables with which Python and mypy find the SDK that pip has installed."""

    def get(into: Path, log: Path) -> None:
        run([*PIP, str(into), f"setuptools=={SETUPTOOLS}"], log=log, env=os.environ)

    builder = registries.keep("setuptools", pinned.folder("setuptools", SETUPTOOLS, "pypi"), get)
    folder = tmp_path_factory.mktemp("python")
    env = os.environ | {"PYTHONPATH": str(builder)}
    site = str(folder / "site")
    run([*PIP, site, "--no-build-isolation", str(sdk / "python")], log=folder / "pip.log", env=env)
    return {"PYTHONPATH": site, "MYPYPATH": site}
