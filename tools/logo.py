"""`make logo`: the other files of the logo, from `docs/assets/logo.svg`, which is drawn by hand.

`logo.svg` is for light backgrounds, `logo-dark.svg` for dark ones; each has a PNG, which a browser draws.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from tools import browser, pinned
from tools.cache import NotAvailableError

if TYPE_CHECKING:
    from collections.abc import Mapping

ASSETS = pinned.ROOT / "docs" / "assets"
LIGHT, DARK = ASSETS / "logo.svg", ASSETS / "logo-dark.svg"
SIZE = 256
"""Width and height of a PNG in pixels."""
ON_DARK = {"#1e3a5f": "#cfe0f5", "#e8740c": "#ff9d3c"}
"""The colors for light backgrounds, with those for dark ones."""


def dark(light: str) -> str:
    """The drawing with the colors for dark backgrounds."""
    for color, other in ON_DARK.items():
        light = light.replace(color, other)
    return light


def png(drawings: Mapping[str, str]) -> dict[str, bytes]:
    """Each drawing as a PNG with a transparent background.

    Raises:
        NotAvailableError: There is no browser here.
    """
    found = browser.find_or_get()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=found.program, args=list(browser.ARGUMENTS), env=dict(found.environment)
        )
        page = chromium.new_page(viewport={"width": SIZE, "height": SIZE})
        drawn = {}
        for name, drawing in drawings.items():
            page.set_content(f'<body style="margin: 0">{drawing}</body>')
            drawn[name] = page.screenshot(omit_background=True)
        chromium.close()
    return drawn


def main() -> int:
    """Write the files anew; the exit code."""
    light = LIGHT.read_text(encoding="utf-8")
    drawings = {LIGHT.stem: light, DARK.stem: dark(light)}
    try:
        pictures = png(drawings)
    except NotAvailableError as error:
        print(error, file=sys.stderr)
        return 1
    DARK.write_text(drawings[DARK.stem], encoding="utf-8", newline="\n")
    for name, picture in pictures.items():
        ASSETS.joinpath(name).with_suffix(".png").write_bytes(picture)
    print(ASSETS.relative_to(pinned.ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
