"""Pictures of what was measured, for the README: legible on a light and on a dark page alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "benchmarks"  # the same figures give the same file
mpl.rcParams["svg.fonttype"] = "path"

from matplotlib import pyplot as plt  # noqa: E402 - after the choice of how to draw

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from matplotlib.axes import Axes

_INK = "#7d8590"
"""Reads on white and on black."""
_COLOURS = {"floor": "#8b949e", "one by one": "#d9822b", "one by one, native": "#8957e5", "whole project": "#2f81f7"}
_MARKS = {"floor": "o", "one by one": "s", "one by one, native": "^", "whole project": "D"}
_STEPS = ("create", "refresh", "update")


def draw(document: dict[str, Any], folder: Path) -> Iterator[Path]:
    """Draw what the document holds; the files."""
    points = document.get("benchmarks", {}).get("growth", {}).get("series", {}).get("growth")
    if points:
        yield _growth(points, "seconds", "time of one command (s)", folder / "growth-time.svg")
        yield _growth(points, "requests", "requests", folder / "growth-requests.svg")
        if any(point["provider_mb"] for point in points):
            yield _growth(points, "provider_mb", "peak memory of the provider (MB)", folder / "growth-memory.svg")


def _growth(points: list[dict[str, Any]], quantity: str, label: str, path: Path) -> Path:
    """One panel a step, one line a way, over the number of rows."""
    figure, panels = plt.subplots(1, len(_STEPS), figsize=(10, 3.4), sharey=True, layout="constrained")
    for panel, step in zip(panels, _STEPS, strict=True):
        for way, colour in _COLOURS.items():
            if line := _line(points, way, step, quantity):
                panel.plot(*zip(*line, strict=True), color=colour, marker=_MARKS[way], linewidth=2, label=way)
        panel.set_title(step, color=_INK)
        panel.set_xlabel("rate-limit rows in the stack", color=_INK)
        panel.set_xscale("log")
        if quantity != "provider_mb":
            panel.set_yscale("log")
        _ink(panel)
    if quantity == "provider_mb":
        panels[0].set_ylim(bottom=0)
    panels[0].set_ylabel(label, color=_INK)
    # The first panel has room below: nothing is drawn for what asked nothing.
    handles = {
        text: handle for panel in panels for handle, text in zip(*panel.get_legend_handles_labels(), strict=True)
    }
    legend = panels[0].legend(handles.values(), handles.keys(), frameon=False)
    for text in legend.get_texts():
        text.set_color(_INK)
    figure.savefig(path, transparent=True, metadata={"Date": None})
    plt.close(figure)
    return path


def _line(points: list[dict[str, Any]], way: str, step: str, quantity: str) -> list[tuple[float, float]]:
    """What there is to draw: what asked nothing, or was not measured, has no place on a logarithmic axis."""
    mine = [point for point in points if (point["way"], point["step"]) == (way, step)]
    return [(point["rows"], point[quantity]) for point in mine if point[quantity]]


def _ink(panel: Axes) -> None:
    panel.tick_params(which="both", colors=_INK)
    panel.grid(visible=True, color=_INK, alpha=0.25, linewidth=0.6)
    for spine in panel.spines.values():
        spine.set_color(_INK)
