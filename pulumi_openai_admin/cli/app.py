"""What there is to ask for: the commands and their options. What they do stands in their own modules."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from pulumi_openai_admin.emulator import defaults


class _WithoutTypes(TyperCommand):
    """A command whose help shows no type beside a switch: it takes no value, and `--json <bool>` reads as if it did."""

    def get_params(self, ctx: Any) -> list[Any]:
        """See `typer.core.TyperCommand`."""
        return _untyped(super().get_params(ctx))


class _GroupWithoutTypes(TyperGroup):
    """The same, of the command as a whole."""

    def get_params(self, ctx: Any) -> list[Any]:
        """See `typer.core.TyperGroup`."""
        return _untyped(super().get_params(ctx))


def _untyped(params: list[Any]) -> list[Any]:
    for one in params:
        if getattr(one, "is_flag", False):
            one.metavar = ""
    return params


app = typer.Typer(
    cls=_GroupWithoutTypes,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,  # what a user can meet is a sentence; what is left is a mistake of ours, whole
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Look after an OpenAI organization: take it over into Pulumi, see its limits, check the key.\n\n"
        "The admin key comes from the environment: `OPENAI_ADMIN_KEY`. `OPENAI_BASE_URL`, `OPENAI_ORG_ID` and "
        "`OPENAI_LOG` work as in a Pulumi program."
    ),
)

Projects = Annotated[
    list[str] | None,
    typer.Argument(metavar="PROJECT", help="Names or ids (`proj_…`) of projects.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON to stdout, for programs.")]
MaxWait = Annotated[
    float,
    typer.Option(
        min=1, metavar="SECONDS", help="How long one list or one request may take, with waits for OpenAI's limit."
    ),
]
Parallel = Annotated[int, typer.Option(min=1, max=64, metavar="N", help="How many requests at a time.")]


def _emulator_option(option: defaults.Option[Any]) -> Any:
    return typer.Option(option.flag, metavar=option.metavar, help=option.help)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - as Typer calls it
    if wanted:
        typer.echo(version("pulumi-openai-admin"))
        raise typer.Exit


@app.callback()
def _all_commands(
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Hold the option that belongs to no command."""


@app.command(cls=_WithoutTypes)
def check(*, as_json: AsJson = False, max_wait: MaxWait = 60) -> None:
    """Check the admin key, what it may do, the network and the clock. **Run this first.**

    It changes nothing: whether the key may write is asked by changing a rate limit that does not exist. The exit code
    is 0 if all is well, else 1.

    Examples:
    ```console
    pulumi-openai-admin check
    pulumi-openai-admin check --json | jq .ok
    ```
    """
    from pulumi_openai_admin.cli import check, terminal  # noqa: PLC0415 - what is not asked for is not loaded

    with terminal.talking():
        if not check.check(max_wait=max_wait, as_json=as_json):
            raise typer.Exit(terminal.FAILED)


@app.command(cls=_WithoutTypes)
def limits(  # noqa: PLR0913 - a command has as many options as it has
    projects: Projects = None,
    *,
    differing: Annotated[
        bool,
        typer.Option(
            "--differing",
            help="Only models with a limit that differs from what most projects have: the value that more than half of "
            "the projects with the model hold, and at least two. All projects are read for it.",
        ),
    ] = False,
    model: Annotated[
        str | None, typer.Option(metavar="GLOB", help="Only models that match, such as `gpt-4o*`.", show_default=False)
    ] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page that can be searched, in place of the table.")
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV to stdout, for a spreadsheet.")] = False,
    as_json: AsJson = False,
    max_wait: MaxWait = 600,
    parallel: Parallel = 16,
) -> None:
    """Show the rate limits that are set: models by kinds of limit, of all projects or of some.

    Examples:
    ```console
    pulumi-openai-admin limits "Web shop" --model 'gpt-4o*'
    pulumi-openai-admin limits --differing
    pulumi-openai-admin limits --html limits.html
    pulumi-openai-admin limits --csv > limits.csv
    ```
    """
    from pulumi_openai_admin.cli import limits, terminal  # noqa: PLC0415

    if as_csv and as_json:
        raise typer.BadParameter("Give --csv or --json, not both.", param_hint="--csv")
    asked = limits.AdoptOptions(
        projects=tuple(projects or ()),
        model=model,
        differing=differing,
        html=html,
        as_json=as_json,
        as_csv=as_csv,
    )
    with terminal.talking():
        limits.limits(asked, max_wait=max_wait, parallel=parallel)


@app.command(cls=_WithoutTypes)
def adopt(  # noqa: PLR0913 - a command has as many options as it has
    projects: Projects = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="All projects that are not archived.")] = False,
    out: Annotated[
        Path,
        typer.Option(
            metavar="DIR", help="The folder of the program: a new one, or one that has none of the program's files."
        ),
    ],
    include: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATTERN",
            help="Only what matches: a glob on the names and ids of projects, or `account:GLOB`, `model:GLOB`. Can be "
            "given several times.",
            show_default=False,
        ),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(metavar="PATTERN", help="Not what matches; wins over `--include`.", show_default=False),
    ] = None,
    all_limits: Annotated[
        bool, typer.Option("--all-limits", help="All limits, not only those that differ from what most projects have.")
    ] = False,
    one_by_one: Annotated[
        bool,
        typer.Option("--one-by-one", help="A `ProjectRateLimit` a model, not one `ProjectRateLimits` a project."),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there already.")] = False,
    as_json: AsJson = False,
    max_wait: MaxWait = 600,
    parallel: Parallel = 16,
) -> None:
    """Take over what is there: write a Pulumi program and a file that `pulumi import` reads.

    It only reads: nothing at OpenAI is changed. Then it prints the commands that bring all into a stack; the preview
    after them shows no change. When it is interrupted, the same command goes on from where it was.

    Examples:
    ```console
    pulumi-openai-admin adopt --all --out organization
    pulumi-openai-admin adopt "Web shop" proj_abc --out shop --all-limits
    pulumi-openai-admin adopt --all --out prod --include 'prod-*'
    pulumi-openai-admin adopt --all --out org --exclude 'account:tmp-*'
    ```
    """
    from pulumi_openai_admin.cli import terminal  # noqa: PLC0415
    from pulumi_openai_admin.cli.adopt import command  # noqa: PLC0415

    if bool(projects) == everything:
        raise typer.BadParameter("Name projects, or give --all for all of them.", param_hint="PROJECT")
    asked = command.AdoptOptions(
        projects=tuple(projects or ()),
        out=out,
        include=tuple(include or ()),
        exclude=tuple(exclude or ()),
        all_limits=all_limits,
        one_by_one=one_by_one,
        force=force,
    )
    with terminal.talking(after_interrupt=command.AFTER_INTERRUPT):
        command.adopt(asked, as_json=as_json, max_wait=max_wait, parallel=parallel)


@app.command(cls=_WithoutTypes)
def emulate(
    *,
    host: Annotated[str, _emulator_option(defaults.HOST)] = defaults.HOST.default,
    port: Annotated[int, _emulator_option(defaults.PORT)] = defaults.PORT.default,
    state: Annotated[Path | None, _emulator_option(defaults.STATE)] = defaults.STATE.default,
    seed: Annotated[Path | None, _emulator_option(defaults.SEED)] = defaults.SEED.default,
    admin_key: Annotated[str, _emulator_option(defaults.KEY)] = defaults.KEY.default,
) -> None:
    """Start an emulator of the Administration API on this machine, to try things out.

    Examples:
    ```console
    pulumi-openai-admin emulate --state organization.db
    export OPENAI_BASE_URL=http://127.0.0.1:8000/v1
    export OPENAI_ADMIN_KEY=sk-admin-emulator
    ```
    """
    from pulumi_openai_admin.emulator.server.command import start  # noqa: PLC0415

    raise typer.Exit(start(host=host, port=port, state=state, seed=seed, admin_key=admin_key))
