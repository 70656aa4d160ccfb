"""Nothing that OpenAI shows, or that a state or a preview has, is run by what reads the output of a command."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests import every_command
from tests.every_command import RUNS, Run, run_with
from tests.seed import seed_of_this_run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from conftest import Command

    from pulumi_openai_admin.emulator.process import EmulatorServer

PIECES = (
    *("::set-output name=x::y", "::add-mask::", "##[error]", "##vso[task.setvariable variable=x]", "##teamcity[x]"),
    *("=1+1", "+1", "-1", "@sum", "＝1", "＋1", "－1", "＠x", ";", ",", '"', "'", "\t", "\r", "\n", " ", "  "),  # noqa: RUF001
    *("\x1b[2J", "\x1b]0;x\x07", "\u202e", "\u2028", "\x9b2J", "<script>x()</script>", "<img src=x onerror=x()>"),
    *(
        "[a](http://x)",
        "@everyone",
        "`",
        "``",
        "|",
        "$(x)",
        "`x`",
        "&amp;",
        "section_start:1:x\r\x1b[0K",
        "a" * 30,
        "東京",
    ),
)
ALONE = ("::set-output name=x::y", "##[error]x", "##vso[task.x]y", "a" * 158 + "::set-output name=x::y", "a;=1+1;＝2")  # noqa: RUF001
COLUMNS = (40, 80, 160)
ACTING = {"Cc", "Cf", "Zl", "Zp", "Cs"}


def _names() -> Sequence[str]:
    random = Random(seed_of_this_run())  # noqa: S311 - no secret
    mixed = ("".join(random.choices(PIECES, k=random.randint(1, 5))) for _ in range(8))
    # A name is the name of one object: a project is not renamed by OpenAI, so each is different.
    return [*ALONE, *(f"{text}{number}" for number, text in enumerate(mixed))]


@pytest.fixture(autouse=True)
def _organization(emulator: EmulatorServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = _names()
    every_command.seed(emulator, names)
    every_command.write_files(tmp_path, emulator, names)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("run", RUNS, ids=every_command.ids)
def test_nothing_that_is_printed_acts(command: Command, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    width = str(COLUMNS[seed_of_this_run() % len(COLUMNS)])
    environ = {**command.environ, **every_command.ENVIRON, "COLUMNS": width}
    code, out, err = run_with(monkeypatch, environ, run.arguments, "utf-8", run.stdin)
    assert "Traceback" not in err
    assert code in {0, 3}, err
    printed = out + err
    assert {char for char in printed if unicodedata.category(char) in ACTING} <= {"\n"}
    lines = printed.splitlines()
    assert not [line for line in lines if line.strip().startswith("::")], "commands of GitHub"
    assert not re.search(r"##\w*\[", printed), "commands of Azure and TeamCity"
    if run.is_json:
        if run.arguments[0] == "audit":
            assert all(map(json.loads, out.splitlines()))
        else:
            json.loads(out)
    elif run.is_csv:
        for separator in ",;":
            cells = [cell for row in csv.reader(io.StringIO(out), delimiter=separator) for cell in row]
            assert not [cell for cell in cells if re.match(r"\s*[=+\-@＝＋－＠](?![\d.]+$)", cell)], separator  # noqa: RUF001
    elif "--html" in run.arguments:
        assert "<script>x()" not in out
        assert "<img" not in out
    elif "--markdown" in run.arguments:
        text = re.sub(r"(`+) ?.*? ?\1(?!`)", "", out)
        assert "@everyone" not in text
        assert "](http" not in text
        assert "<" not in text
