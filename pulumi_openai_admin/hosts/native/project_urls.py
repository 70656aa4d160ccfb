"""The addresses of the project: `[project.urls]` of pyproject.toml, from the metadata of the installed package."""

from __future__ import annotations

from functools import cache
from importlib.metadata import metadata


@cache
def project_urls() -> dict[str, str]:
    """Each address by its label: `Source`, `Documentation`, `Changelog` and `Issues`."""
    entries = metadata("pulumi-openai-admin").get_all("Project-URL") or ()
    return dict(entry.split(", ", maxsplit=1) for entry in entries)
