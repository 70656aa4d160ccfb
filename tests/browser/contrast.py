"""The contrast of colors, for scripts in a page (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""

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
"""
"""`ratio` is of two colors, `behind` the color behind an element."""
