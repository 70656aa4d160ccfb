"""What the tables of a page say."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator


def cells(row: Locator) -> list[str]:
    """The text of each cell of a row.

    Not the inner text, which is empty until the browser has drawn the row (`content-visibility`).
    """
    return [text.strip() for text in row.locator("th, td").all_text_contents()]
