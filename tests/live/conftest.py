"""What a live test prints when it fails holds no key: pytest shows arguments, and what was compared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

KEY = re.compile(r"(\bsk-|\.\.\.)[\w-]{3,}")
"""A key, or the end of one that pytest has shortened."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        report.longrepr = KEY.sub(r"\1…", report.longreprtext)
    report.sections = [(title, KEY.sub(r"\1…", text)) for title, text in report.sections]
    return report
