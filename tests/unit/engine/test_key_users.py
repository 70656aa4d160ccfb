"""Two provider processes of one engine that use the same key."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.engine import key_users
from pulumi_openai_admin.engine.process import Engine
from tests.unit.fakes import KEY

if TYPE_CHECKING:
    from pathlib import Path

ENGINE = Engine("127.0.0.1", 41234)
WARNING = (
    "The default provider and Provider 'b' use the same admin key, so they manage the same organization. "
    "Use one provider for each organization, or give each its own key."
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("atexit.register", lambda *_, **__: None)
    return tmp_path


def start(name: str = "", *, key: str = KEY, url: str = "", engine: Engine | None = ENGINE) -> None:
    """Another process begins."""
    key_users._warn.cache_clear()
    values = {"openai-admin:adminApiKey": key, "openai-admin:baseUrl": url, "openai-admin:provider": name}
    for _ in range(2):  # the dynamic provider is configured for each type
        key_users.warn_of_same_key(engine, values.get)


def test_the_second_provider_with_a_key_is_warned_once(caplog: pytest.LogCaptureFixture) -> None:
    start()
    start()  # of the update, after that of the preview
    assert not caplog.messages
    start("b")
    assert caplog.messages == [WARNING]


def test_another_key_address_or_engine_and_no_key_at_all_are_not_the_same(caplog: pytest.LogCaptureFixture) -> None:
    start()
    start("b", key=f"{KEY}x")
    start("b", url="https://other.test/v1")
    start("b", engine=Engine("127.0.0.1", 41235))
    start("b", engine=None)
    start("b", key="")
    assert not caplog.messages


def test_a_file_of_an_ended_process_is_removed_after_a_day(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    start()
    (path,) = folder.iterdir()
    assert KEY not in path.name + path.read_text(encoding="utf-8")
    os.utime(path, (0, time.time() - 25 * 60 * 60))
    start("b")
    assert not caplog.messages


def test_nobody_is_warned_without_a_folder_for_files(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder.rmdir()
    start()
    start("b")
    assert not caplog.messages
