"""Figures as files: the latest run, and the committed one that it is compared with."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.measure import Report

FOLDER = Path(__file__).resolve().parent / "results"
LATEST = FOLDER / "latest.json"
COMMITTED = FOLDER / "committed.json"

Document = dict[str, Any]


def load(path: Path) -> Document:
    """A document; an empty one where there is no file."""
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def save(document: Document, path: Path) -> None:
    """Write a document for people and programs."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def merged(document: Document, reports: Mapping[str, Report]) -> Document:
    """The document with what was measured now in place of what it held; nothing in it names the machine."""
    measured = {name: asdict(report) for name, report in reports.items() if report.figures}
    return {
        "python": platform.python_version(),
        "pulumi": version("pulumi"),
        "cores": os.cpu_count(),
        "benchmarks": {**document.get("benchmarks", {}), **measured},
    }


def values(document: Document, name: str) -> dict[str, float]:
    """The figures of one benchmark, by name."""
    figures = document.get("benchmarks", {}).get(name, {}).get("figures", [])
    return {figure["name"]: figure["value"] for figure in figures}


def plot(document: Document) -> list[str]:
    """Draw what can be drawn; say what was."""
    try:
        from benchmarks import plots  # noqa: PLC0415 - matplotlib is an extra
    except ImportError:
        return ["No plots: matplotlib is not installed (pip install -e '.[bench]')."]
    return [f"Drawn: {path.name}" for path in plots.draw(document, FOLDER)]
