"""What tests ask of any page: what its tables say, which colors it has, and that names are only texts."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.cli.report import Source

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from pulumi_openai_admin.cli.report import ShownReport

READ_AT = datetime(2026, 11, 25, tzinfo=UTC).timestamp()
SOURCE = Source(READ_AT, "the OpenAI API")
HOSTILE = (
    "<script>document.title = 'owned'</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" x=\'',
    "</table></div></style></script><h1>out",
    "{{ 7 * 7 }}",
    "'-->]]>&amp;&#60;",
    "__proto__",
)
"""Names that a page could take for a part of itself."""
CONTRAST = """
  const numbers = (color) => {
    const found = color.match(/[\\d.]+/g).map(Number);
    return color.startsWith("color(") ? found.map((n, place) => (place < 3 ? n * 255 : n)) : found;
  };
  const light = (color) => {
    const part = numbers(color).slice(0, 3).map((n) => n / 255)
      .map((n) => (n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4));
    return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
  };
  const ratio = (one, other) => {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const isSeenThrough = (color) => numbers(color)[3] === 0;
  const behind = (element) => {
    const color = getComputedStyle(element).backgroundColor;
    return isSeenThrough(color) ? behind(element.parentElement) : color;
  };
  const texts = () => {
    const found = {};
    for (const element of document.querySelectorAll("body *:not(script)")) {
      const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
      const name = [element.localName, ...element.classList].join(".").replace(/\\.b\\d+/, "");
      if (own) found[name] = Math.min(found[name] ?? 99, ratio(getComputedStyle(element).color, behind(element)));
    }
    return found;
  };
"""
"""The contrast of colors, for scripts in a page (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio): `ratio` is of two
colors, `behind` the color behind an element, `texts` the least contrast of the texts of each kind of element."""


def html_of(report: ShownReport[Any]) -> str:
    page = StringIO()
    report.write(page)
    return page.getvalue()


def cells(row: Locator) -> list[str]:
    """The text of each cell of a row.

    Not the inner text, which is empty until the browser has drawn the row (`content-visibility`).
    """
    return [text.strip() for text in row.locator("th, td").all_text_contents()]


def has_only_texts(page: Page, title: str) -> bool:
    """Whether no name has become a part of the page."""
    added = page.locator("img, [onmouseover], [onerror]").count()
    return (page.title(), page.locator("script, h1").count(), added) == (title, 2, 0)
