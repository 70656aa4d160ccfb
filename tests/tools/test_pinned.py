from __future__ import annotations

import pytest

from tools import pinned


def test_versions_are_read_from_go_mod() -> None:
    assert pinned.numbers(pinned.pulumi_version())[0] == 3
    assert pinned.numbers(pinned.go_version()) >= (1, 26)
    assert pinned.pulumi_version() in pinned.engine_folder("go").name
    assert pinned.CHROMIUM_VERSION in pinned.browser_folder("npm").name


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("v3.274.1", (3, 274, 1)), ("3.300.0-dev.1", (3, 300, 0)), ("go1.26.8", (1, 26, 8)), ("nothing", ())],
)
def test_versions_compare_as_numbers(text: str, numbers: tuple[int, ...]) -> None:
    assert pinned.numbers(text) == numbers
