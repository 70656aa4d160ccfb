"""The encodings of files that programs on Windows write."""

from __future__ import annotations

import pytest

of_windows = pytest.mark.parametrize(
    "encoding",
    [
        pytest.param("utf-16", id="> in PowerShell 5.1"),
        pytest.param("utf-8-sig", id="Out-File -Encoding utf8 in PowerShell 5.1"),
    ],
)
"""Both begin with a byte order mark."""
