"""The command `plan`: a preview as a page, and as a comment, for the person who reviews a change.

preview  the steps of `pulumi preview --json`, and what becomes of what is no longer declared
people   what they change in the permissions of people
review   what the steps mean, project by project; the page and the comment
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pulumi_openai_admin.cli import recorded, report, terminal
from pulumi_openai_admin.cli.options import STDIN, argument, declare, file_or_stdin, flag, value


@declare(page="plan.md")
def plan(
    preview: Annotated[
        Path | None,
        argument(
            "[PREVIEW]", ("The output of `pulumi preview --json`, as a file. If omitted or `-`, it is read from stdin.")
        ),
    ] = None,
    *,
    html: Annotated[
        Path | None,
        value("FILE", ("Write the page to FILE (`-`: stdout).  [default: `plan.html`, unless `--markdown` is set]")),
    ] = None,
    as_markdown: Annotated[
        bool, flag("--markdown", "Print Markdown for a comment in a pull request to stdout.")
    ] = False,
) -> int:
    """Write a preview as a page for a reviewer, by project: people, keys, limits and money.

    It sends no requests and needs no key. It never shows secrets, so run the preview without `--show-secrets`. If the
    preview failed, the page shows its errors, and the exit code is 1.

    Examples:
    ```console
    pulumi preview --json --show-sames > preview.json
    pulumi-openai-admin plan preview.json --html plan.html
    pulumi-openai-admin plan preview.json --markdown > comment.md
    ```
    """
    from pulumi_openai_admin.cli.plan.preview import ADVICE, read
    from pulumi_openai_admin.cli.plan.review import PlanPage, in_markdown, review

    source = file_or_stdin(preview, "PREVIEW", "Name the file with the output of `pulumi preview --json`.")
    page = html or (None if as_markdown else Path("plan.html"))
    report.refuse_unusable(page)
    with terminal.waiting("Reading the preview"):
        found = review(read(recorded.document(source or STDIN, "The preview", ADVICE)))
    if as_markdown:
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(in_markdown(found).encode(encoding, "xmlcharrefreplace").decode(encoding))
    if page is not None:
        read_from = report.Source(datetime.now(UTC), source.name if source else "standard input")
        PlanPage(found, read_from).show(page, as_json=False)
    for text in found.preview.errors:
        terminal.say(f"error: The preview failed: {text}", "red")
    return terminal.FAILED if found.preview.errors else 0
