from __future__ import annotations

import pytest

from pulumi_openai_admin.schema import formats

CONTENT = "A" * 64 + "B" * 64 + "CC=="
CANONICAL = f"{formats.BEGIN}\n{'A' * 64}\n{'B' * 64}\nCC==\n{formats.END}\n"


@pytest.mark.parametrize(
    "text",
    [
        CANONICAL,
        CANONICAL.replace("\n", "\r\n"),
        f"\n  {CANONICAL}\n\n",
        f"{formats.BEGIN}{CONTENT}{formats.END}",
        f"{formats.BEGIN}\n{CONTENT[:76]}\n  {CONTENT[76:]}\n{formats.END}",
    ],
)
def test_white_space_and_line_endings_make_no_difference(text: str) -> None:
    assert formats.canonical(text) == CANONICAL


@pytest.mark.parametrize("text", ["", "text", CANONICAL * 2, f"{formats.BEGIN}\n{formats.END}", f"note\n{CANONICAL}"])
def test_what_is_not_one_certificate_stays_as_it_is(text: str) -> None:
    assert formats.canonical(text) == text


def test_another_content_is_another_certificate() -> None:
    assert formats.canonical(CANONICAL.replace("CC", "CD")) != CANONICAL
