"""Backends of Pulumi in folders of your machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import PurePath


def url_of(folder: PurePath) -> str:
    """The URL of a backend (`PULUMI_BACKEND_URL`) in a folder. To Pulumi, `file:///C:/…` is another one on Windows."""
    return f"file://{folder.as_posix()}"
