from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tools import pinned

if TYPE_CHECKING:
    from pathlib import Path


def test_versions_are_read_from_go_mod(tmp_path: Path) -> None:
    go_mod = tmp_path / "go.mod"
    go_mod.write_text(
        "module tools\n\ngo 1.30.1\n\nrequire (\n\tgithub.com/pulumi/pulumi/pkg/v3 v3.900.2 // indirect\n)\n",
        encoding="utf-8",
    )
    assert pinned.pulumi_version(go_mod) == "3.900.2"
    assert pinned.go_version(go_mod) == "1.30.1"


def test_our_go_mod_says_both() -> None:
    assert pinned.numbers(pinned.pulumi_version())[0] == 3
    assert pinned.numbers(pinned.go_version()) >= (1, 26)
    assert pinned.pulumi_version() in pinned.engine_folder("go").name


def test_no_other_tool_repeats_the_version() -> None:
    texts = (pinned.ROOT / "Makefile", *pinned.TOOLS.glob("*.py"))
    code = [line for text in texts for line in text.read_text(encoding="utf-8").splitlines() if '"""' not in line]
    assert [line for line in code if pinned.pulumi_version() in line] == []


def test_a_go_mod_without_pulumi_is_refused(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module tools\n", encoding="utf-8")
    with pytest.raises(ValueError, match="does not contain"):
        pinned.pulumi_version(tmp_path / "go.mod")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("v3.274.1", (3, 274, 1)), ("3.300.0-dev.1", (3, 300, 0)), ("go1.26.8", (1, 26, 8)), ("nothing", ())],
)
def test_versions_compare_as_numbers(text: str, numbers: tuple[int, ...]) -> None:
    assert pinned.numbers(text) == numbers
