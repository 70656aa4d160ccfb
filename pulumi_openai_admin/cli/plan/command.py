"""The command `plan`: read a preview, and write the page or the comment."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pulumi_openai_admin.cli import json_stream, terminal
from pulumi_openai_admin.cli.organization import refuse_unwritable
from pulumi_openai_admin.cli.plan import page, preview
from pulumi_openai_admin.cli.plan.markdown import in_markdown
from pulumi_openai_admin.cli.plan.review import review
from pulumi_openai_admin.cli.whole_file import named, whole_file

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_openai_admin.cli.plan.review import Review


def plan(source: Path, html: Path | None, *, as_markdown: bool) -> None:
    """Show a preview to a reviewer. It sends no request, and needs no key.

    Args:
        source: The preview; `-`: stdin.
        html: The page; None: none.
        as_markdown: Whether to print the comment.

    Raises:
        errors.ConfigurationError: The input is not a preview, or the page can't be written.
    """
    if html is not None:
        refuse_unwritable(html)
    with json_stream.opened(source) as file, terminal.waiting("Reading the preview"):
        found = review(preview.read(file))
    if as_markdown:
        _print(in_markdown(found))
    if html is not None:
        name = "standard input" if source == json_stream.STDIN else source.name
        with whole_file(html) as file_of_page:
            rows = page.write(file_of_page, found, datetime.now(UTC), name)
        terminal.say(f"Wrote {named(html)} ({_counted(found, rows)}).")


def _print(text: str) -> None:
    """Print text for a program, in the encoding of stdout."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "xmlcharrefreplace").decode(encoding))


def _counted(found: Review, rows: int) -> str:
    return f"projects: {len(found.sections):,}, changes: {rows:,}"
