"""The command `drift`: what differs between a stack's state and OpenAI, and who changed it.

comparison    the resources of the state, and what differs from their objects
drift_report  what was compared: the table, the page, and what is said of it
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pulumi_openai_admin.cli import recorded, report, terminal
from pulumi_openai_admin.cli.options import READ, AsJson, Html, MaxWait, Parallel, declare, flag, repeatable, value

_DIFFERS = 2
"""The exit code if something differs."""


@declare(page="drift.md", scopes=[READ])
def drift(  # noqa: PLR0913 - the options of the command
    *,
    state: Annotated[
        Path | None,
        value(
            "FILE",
            ("A file that `pulumi stack export` wrote, or `-` for stdin. Without it, drift exports the current stack."),
        ),
    ] = None,
    stack: Annotated[str | None, value("NAME", "Export this stack instead of the current stack.")] = None,
    html: Html = None,
    unmanaged: Annotated[
        bool,
        flag(
            "--unmanaged",
            "Also list objects that no resource of the stack manages, by kind, with author and time of creation. "
            "Reads the projects of the stack, and the organization if the stack manages objects of the organization.",
        ),
    ] = False,
    exclude: Annotated[
        list[str] | None,
        repeatable(
            "--exclude",
            "PATTERN",
            ("With `--unmanaged`, do not list matching objects. The patterns are those of `adopt --exclude`."),
        ),
    ] = None,
    as_json: AsJson = False,
    max_wait: MaxWait = 600,
    parallel: Parallel = 16,
) -> int:
    """Show differences between a stack's state and OpenAI, and who made each change. For scheduled runs.

    It changes neither the state nor OpenAI, and does not compare secrets. The exit code is 0 if nothing differs, 2 if
    something differs or `--unmanaged` lists something, and 1 if something could not be read.

    Examples:
    ```console
    pulumi-openai-admin drift
    pulumi-openai-admin drift --stack prod --html drift.html
    pulumi-openai-admin drift --unmanaged --exclude kind:OrganizationUser
    pulumi stack export | pulumi-openai-admin drift --state - --json
    ```
    """
    from pulumi_openai_admin.cli.adopt.kinds import Patterns
    from pulumi_openai_admin.cli.drift.drift_report import read, say

    if state is not None and stack is not None:
        raise typer.BadParameter("Give --state or --stack, not both.", param_hint="--stack")
    if exclude and not unmanaged:
        raise typer.BadParameter("--exclude belongs to --unmanaged.", param_hint="--exclude")
    report.refuse_unusable(html)
    with terminal.waiting("Reading the state"):
        document = recorded.exported_stack(state, stack)
    patterns = Patterns(exclude=exclude or ()) if unmanaged else None
    found = read(document, patterns, max_wait, parallel)
    found.show(html, as_json=as_json)
    say(found)
    if found.is_incomplete:
        return terminal.FAILED
    return _DIFFERS if found.rows or found.unmanaged else 0
