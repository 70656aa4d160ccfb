"""The programs of pages in the docs run: those that can be one program, as one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.engine.stacks import Stack
from tools.commands import StepError
from tools.stacks import environ_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tools.engine import Engine

DOCS = Path(__file__).parents[2] / "docs"
MAIN = """\
import importlib

import pulumi

export = pulumi.export
for page in {pages!r}:
    pulumi.export = lambda name, value, page=page: export(f"{{page}} {{name}}", value)
    importlib.import_module(page)
"""
PATHS = [*sorted((DOCS / "resources").glob("[A-Z]*.md")), DOCS / "deliver-keys.md", DOCS / "providers.md"]
PROGRAMS = {
    path.stem.replace("-", "_"): path.read_text(encoding="utf-8").partition("```python\n")[2].partition("```")[0]
    for path in PATHS
}
"""The first program of each page, by the name that it has as a module: messages that name the file name the page."""
APART = [
    ["GroupRole", "GroupUser", "OrganizationCertificateActivation", "ProjectMembers", "ProjectServiceAccount"],
    ["GroupRoles", "ProjectCertificateActivation", "ProjectGroup", "ProjectServiceAccountApiKey", "providers"],
    ["ProjectGroupRole", "ProjectRateLimits", "UserRole", "WorkloadIdentityFederationRule"],
    ["ProjectGroupRoles", "ProjectUserRole", "UserRoles"],
]
"""Pages whose programs can be one, but not with those of other pages: these declare something of it, too."""
GROUPS = [[page for page in PROGRAMS if not any(page in group for group in APART)], *APART]


@pytest.mark.every_resource
@pytest.mark.timeout(600)  # where a group fails, each of its programs runs alone
@pytest.mark.parametrize("group", GROUPS, ids=" ".join)
def test_programs_run(pulumi: Engine, emulator: EmulatorServer, tmp_path: Path, group: list[str]) -> None:
    failure = _failure(pulumi, emulator, tmp_path / "together", group)
    if failure:
        alone = [_failure(pulumi, emulator, tmp_path / page, [page]) for page in group]
        failed = [f"The program of {page}: {text}" for page, text in zip(group, alone, strict=True) if text]
        together = f"Each of these programs runs, but not with the others. Put one into `APART`: {group}\n{failure}"
        pytest.fail("\n\n".join(failed) or together)


def _failure(pulumi: Engine, emulator: EmulatorServer, folder: Path, pages: Sequence[str]) -> str:
    """What fails where the programs are one: `up`, the preview after it, or `destroy`; empty if nothing does."""
    emulator.control.reset()
    folder.mkdir()
    stack = Stack(pulumi, folder, environ_of(emulator))
    for page in pages:
        (folder / f"{page}.py").write_text(PROGRAMS[page], encoding="utf-8")
        for key in re.findall(r'require_secret\("(\w+)"\)', PROGRAMS[page]):
            stack.ok("config", "set", "--secret", key, emulator.admin_key)
    (folder / "__main__.py").write_text(MAIN.format(pages=pages), encoding="utf-8")
    try:
        stack.up()
        stack.assert_clean()
        delivered = [path.read_text(encoding="utf-8") for path in folder.rglob("ci.key")]
        assert len(delivered) == pages.count("deliver_keys"), delivered
        for key in delivered:
            assert dict(emulator.control.key(key) or {"state": "unknown"})["state"] == "live"
        if "providers" in pages:
            assert stack.outputs()["providers demo"] == "proj_demo"
        stack.destroy()
    except (AssertionError, StepError) as error:
        return str(error) or repr(error)
    return ""
