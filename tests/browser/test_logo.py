"""The files of the logo show the drawing in `docs/assets/logo.svg`."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

import pytest

from tools import pictures

if TYPE_CHECKING:
    from conftest import Window

DIFFERENCE = """async () => {
  const drawn = await Promise.all([...document.images].map(async (image) => {
    await image.decode();
    const size = 64;
    const context = new OffscreenCanvas(size, size).getContext("2d");
    context.drawImage(image, 0, 0, size, size);
    return context.getImageData(0, 0, size, size).data;
  }));
  return drawn[0].reduce((sum, value, place) => sum + Math.abs(value - drawn[1][place]), 0) / drawn[0].length;
}"""
"""The mean difference of two pictures, from 0 to 255, in red, green, blue and opacity."""
SAME = 3
"""Two renderings of one drawing differ at its edges."""


def difference(window: Window, svg: str, png: bytes) -> float:
    sources = (("svg+xml", svg.encode()), ("png", png))
    images = "".join(f'<img src="data:image/{kind};base64,{b64encode(data).decode()}">' for kind, data in sources)
    return float(window.open(f"<!doctype html>{images}").evaluate(DIFFERENCE))


def test_the_files_are_made_from_the_drawing(window: Window) -> None:
    light, dark = (place.read_text(encoding="utf-8") for place in (pictures.LIGHT, pictures.DARK))
    assert dark == pictures.dark(light), "Run `make logo`."
    for place, drawing in ((pictures.LIGHT, light), (pictures.DARK, dark)):
        assert difference(window, drawing, place.with_suffix(".png").read_bytes()) < SAME, "Run `make logo`."


def test_another_drawing_or_other_colors_are_found(window: Window) -> None:
    light, png = pictures.LIGHT.read_text(encoding="utf-8"), pictures.LIGHT.with_suffix(".png").read_bytes()
    for other in (pictures.dark(light), light.replace('r="7.5"', 'r="1"')):
        assert difference(window, other, png) > SAME


@pytest.mark.parametrize("color", pictures.ON_DARK)
def test_each_color_has_one_for_dark_backgrounds(color: str) -> None:
    light = pictures.LIGHT.read_text(encoding="utf-8")
    assert color in light
    assert color not in pictures.dark(light)
