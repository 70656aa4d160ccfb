"""The programs of pages in the docs run: those that can be one program, as one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.by_hand import environ_of
from tests.engine.pages import DOCS, MAIN, Page, groups
from tests.engine.stacks import Stack
from tools.commands import StepError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tools.engine import Engine

RESOURCES = [Page(path) for path in sorted((DOCS / "resources").glob("[A-Z]*.md"))]
GROUPS = groups([*RESOURCES, Page(DOCS / "deliver-keys.md"), Page(DOCS / "providers.md")])


@pytest.mark.every_resource
@pytest.mark.timeout(600)  # where a group fails, each of its programs runs alone
@pytest.mark.parametrize("group", GROUPS, ids=lambda group: " ".join(page.module for page in group))
def test_programs_run(pulumi: Engine, emulator: EmulatorServer, tmp_path: Path, group: list[Page]) -> None:
    failure = _failure(pulumi, emulator, tmp_path / "together", group)
    if failure:
        alone = [_failure(pulumi, emulator, tmp_path / page.module, [page]) for page in group]
        failed = [f"The program of {page.path}: {text}" for page, text in zip(group, alone, strict=True) if text]
        names = ", ".join(page.module for page in group)
        pytest.fail("\n\n".join(failed) or f"Each of these programs runs, but not with the others: {names}\n{failure}")


def _failure(pulumi: Engine, emulator: EmulatorServer, folder: Path, pages: Sequence[Page]) -> str:
    """What fails where the programs are one: `up`, the preview after it, or `destroy`; empty if nothing does."""
    emulator.control.reset()
    folder.mkdir()
    stack = Stack(pulumi, folder, environ_of(emulator))
    for page in pages:
        (folder / f"{page.module}.py").write_text(page.program, encoding="utf-8")
        for key in re.findall(r'require_secret\("(\w+)"\)', page.program):
            stack.ok("config", "set", "--secret", key, emulator.admin_key)
    (folder / "__main__.py").write_text(MAIN.format(pages=[page.module for page in pages]), encoding="utf-8")
    try:
        stack.up()
        stack.assert_clean()
        delivered = [path.read_text(encoding="utf-8") for path in folder.rglob("ci.key")]
        assert len(delivered) == [page.module for page in pages].count("deliver_keys"), delivered
        for key in delivered:
            assert dict(emulator.control.key(key) or {"state": "unknown"})["state"] == "live"
        if any(page.module == "providers" for page in pages):
            assert stack.outputs()["providers demo"] == "proj_demo"
        stack.destroy()
    except (AssertionError, StepError) as error:
        return str(error) or repr(error)
    return ""
