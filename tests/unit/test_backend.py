from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

from pulumi_openai_admin import backend


def test_a_folder_is_written_as_pulumi_takes_it() -> None:
    assert backend.url_of(PurePosixPath("/home/me/state")) == "file:///home/me/state"
    assert backend.url_of(PureWindowsPath(r"C:\Users\me\state")) == "file://C:/Users/me/state"
