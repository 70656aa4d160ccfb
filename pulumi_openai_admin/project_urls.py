"""The addresses of the project: `[project.urls]` of pyproject.toml, from the metadata of the installed package."""

from __future__ import annotations

from functools import cache

_PACKAGE = "pulumi-openai-admin"


@cache
def project_urls() -> dict[str, str]:
    """Each address by its label: `Source`, `Documentation`, `Changelog` and `Issues`."""
    from importlib.metadata import metadata  # noqa: PLC0415 - it loads `csv`, `email` and `zipfile`

    entries = metadata(_PACKAGE).get_all("Project-URL") or ()
    return dict(entry.split(", ", maxsplit=1) for entry in entries)


def page_address(page: str) -> str:
    """The address of a page of docs/ as it is at the tag of the installed version, for a message.

    Args:
        page: Its path in docs/, with an anchor if there is one: `secret-stores.md#kubernetes`.
    """
    from importlib.metadata import version  # noqa: PLC0415 - see `project_urls`

    return f"{project_urls()['Source']}/blob/v{version(_PACKAGE)}/docs/{page}"
