from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.native.commands import ok
from tools import languages
from tools.languages import COMPILER, NODE

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all generated SDKs."""
    folder = tmp_path_factory.mktemp("sdk")
    languages.write_sdks(folder)
    return folder


@pytest.fixture(scope="session")
def modules(sdk: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder `node_modules` with the SDK as npm would install it, compiled by `tsc`."""
    packages = languages.node_packages() / "node_modules"
    source = sdk / "nodejs"
    (source / "node_modules").symlink_to(packages)
    ok([*NODE, str(packages.joinpath(*COMPILER)), "--project", "."], source)
    shutil.copyfile(source / "package.json", source / "bin" / "package.json")
    modules = tmp_path_factory.mktemp("npm") / "node_modules"
    modules.mkdir()
    for package in packages.iterdir():
        (modules / package.name).symlink_to(package)
    (modules / "pulumi-openai-admin").symlink_to(source / "bin")
    return modules
