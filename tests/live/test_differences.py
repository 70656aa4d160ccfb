"""What OpenAI replies, compared with the emulator: records it, and writes the differences as a table.

    OPENAI_ADMIN_KEY=sk-admin-… OPENAI_LIVE_PROJECT=proj_… pytest tests/live/test_differences.py

A difference is no failure: it is what the run is for.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from pulumi_openai_admin.emulator.process import EmulatorServer
from tests.live import comparison
from tests.live.recording import Server
from tests.live.steps import DEMO, SEED, steps

if TYPE_CHECKING:
    from tests.live.recording import Recording

KEY, PROJECT = os.environ.get("OPENAI_ADMIN_KEY", ""), os.environ.get("OPENAI_LIVE_PROJECT", "")
BASE_URL = os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1"
FOLDER = Path(os.environ.get("OPENAI_LIVE_FOLDER") or Path(__file__).parents[2] / "build" / "live")
"""Where the files are written: the table, and all replies."""

pytestmark = pytest.mark.skipif(not (KEY and PROJECT), reason="needs OPENAI_ADMIN_KEY and OPENAI_LIVE_PROJECT")


def test_differences_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    recorded = Server(BASE_URL, KEY, PROJECT).record(steps())
    with EmulatorServer(seed=SEED) as emulator:
        expected = Server(emulator.base_url, emulator.admin_key, DEMO).record(steps())
    found = comparison.differences(recorded, expected)
    table = _write(found, recorded, expected)
    with capsys.disabled():
        print(f"\n{len(found)} differences from the emulator, in {table}. Read the file before you publish it.")  # noqa: T201 - for the person who has started it
    assert recorded.left == []


def _write(found: list[comparison.Difference], recorded: Recording, expected: Recording) -> Path:
    FOLDER.mkdir(parents=True, exist_ok=True)
    address, day = urlsplit(BASE_URL).netloc, f"{datetime.now(UTC):%Y-%m-%d}"
    text = comparison.table(found, recorded, address=address, version=version("pulumi-openai-admin"), day=day)
    table = FOLDER / "differences.md"
    table.write_text(text, encoding="utf-8")
    replies = {"openai": asdict(recorded), "emulator": asdict(expected)}
    (FOLDER / "replies.json").write_text(json.dumps(replies, indent=1, ensure_ascii=False), encoding="utf-8")
    return table
