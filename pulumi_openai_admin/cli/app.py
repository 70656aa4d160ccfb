"""The commands and their options. Each command is implemented in its own module."""

from __future__ import annotations

import functools
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from pulumi_openai_admin.cli import limits_columns
from pulumi_openai_admin.emulator import defaults


class _WithoutTypes(TyperCommand):
    """A command whose help shows no type for flags: `--json <bool>` would look as if the flag took a value."""

    def get_params(self, ctx: Any) -> list[Any]:
        """See `typer.core.TyperCommand`."""
        return _untyped(super().get_params(ctx))


class _GroupWithoutTypes(TyperGroup):
    """The same for the group of all commands."""

    def get_params(self, ctx: Any) -> list[Any]:
        """See `typer.core.TyperGroup`."""
        return _untyped(super().get_params(ctx))


def _untyped(params: list[Any]) -> list[Any]:
    for param in params:
        if getattr(param, "is_flag", False):
            param.metavar = ""
    return params


app = typer.Typer(
    cls=_GroupWithoutTypes,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,  # `terminal.command` prints expected errors
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Import an OpenAI organization into Pulumi, show its limits, spend, members and access, compare a stack with "
        "it, and check the admin key.\n\n"
        "The admin key is read from the environment variable `OPENAI_ADMIN_KEY`. `OPENAI_BASE_URL`, `OPENAI_ORG_ID` "
        "and `OPENAI_LOG` work as in a Pulumi program."
    ),
)

_PART = "adopted"
"""The folder that `adopt --into` writes, unless a user names another one."""
_PIPE = Path("-")
_command = functools.partial(app.command, cls=_WithoutTypes)
_webhooks = typer.Typer(
    cls=_GroupWithoutTypes,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help=(
        "Test webhook endpoints, with an API key of their project.\n\n"
        "Examples:\n```console\npulumi-openai-admin webhooks test whe_abc\n"
        "pulumi-openai-admin webhooks test whe_abc --key-file key.txt\n```"
    ),
)
app.add_typer(_webhooks, name="webhooks")


def _flag(name: str, text: str) -> Any:
    """An option without a value. It has a name, because Typer would add its opposite."""
    return typer.Option(name, help=text)


def _value(metavar: str, text: str) -> Any:
    """An option with a value, named like its parameter. Without it, it has none."""
    return typer.Option(metavar=metavar, help=text, show_default=False)


def _repeatable(name: str, metavar: str, text: str) -> Any:
    """An option that can be given several times."""
    return typer.Option(name, metavar=metavar, help=f"{text} Repeatable.", show_default=False)


def _argument(metavar: str, text: str) -> Any:
    return typer.Argument(metavar=metavar, help=text, show_default=False)


def _file(path: Path | None, argument: str, advice: str) -> Path | None:
    """The file to read; None for stdin, which a person at a terminal would wait for in vain."""
    if path not in (None, _PIPE):
        return path
    if sys.stdin.isatty():
        raise typer.BadParameter(advice, param_hint=argument)
    return None


Projects = Annotated[list[str] | None, _argument("PROJECT", "Names or ids (`proj_…`) of projects.")]
Html = Annotated[
    Path | None,
    _value("FILE", ("Write an HTML page with a search field to FILE (`-`: stdout), instead of printing the table.")),
]
AsJson = Annotated[bool, _flag("--json", "Print JSON to stdout.")]
MaxWait = Annotated[
    float,
    typer.Option(
        min=1,
        metavar="SECONDS",
        help=("Maximum time for one request, or for one list with all its pages, including time spent rate limited."),
    ),
]
Parallel = Annotated[int, typer.Option(min=1, max=64, metavar="N", help="Maximum number of concurrent requests.")]


def _emulator_option(option: defaults.Option[Any]) -> Any:
    return typer.Option(option.flag, metavar=option.metavar, help=option.help)


def _print_version(is_set: bool) -> None:  # noqa: FBT001 - the signature that Typer needs
    if is_set:
        typer.echo(version("pulumi-openai-admin"))
        raise typer.Exit


@app.callback()
def _all_commands(
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Declare the options without a command."""


@_command()
def check(*, as_json: AsJson = False, max_wait: MaxWait = 60) -> None:
    """Check the admin key, its scopes, the network and the clock. **Run this first.**

    It changes nothing. To test whether the key can write, it sends an update of a rate limit that does not exist. The
    exit code is 0 if all checks pass, otherwise 1.

    Examples:
    ```console
    pulumi-openai-admin check
    pulumi-openai-admin check --json | jq .ok
    ```
    """
    from pulumi_openai_admin.cli import check, terminal

    with terminal.command():
        if not check.check(max_wait=max_wait, as_json=as_json):
            raise typer.Exit(terminal.FAILED)


@_command(epilog=limits_columns.explanation())
def limits(
    projects: Projects = None,
    *,
    differing: Annotated[
        bool,
        _flag(
            "--differing",
            "Show only limits that differ from the most common value: one shared by at least two projects and by "
            "more than half of those with the model. Reads all projects.",
        ),
    ] = False,
    model: Annotated[str | None, _value("GLOB", "Show only matching models, for example `gpt-4o*`.")] = None,
    html: Html = None,
    as_csv: Annotated[bool, _flag("--csv", "Print CSV to stdout.")] = False,
    as_json: AsJson = False,
    max_wait: MaxWait = 600,
    parallel: Parallel = 16,
) -> None:
    """Show the rate limits of all projects, or of the given projects.

    Examples:
    ```console
    pulumi-openai-admin limits "Web shop" --model 'gpt-4o*'
    pulumi-openai-admin limits --differing
    pulumi-openai-admin limits --html limits.html
    pulumi-openai-admin limits --csv > limits.csv
    ```
    """
    from pulumi_openai_admin.cli import limits, terminal

    if as_csv and as_json:
        raise typer.BadParameter("Give --csv or --json, not both.", param_hint="--csv")
    options = limits.LimitsOptions(
        projects=tuple(projects or ()),
        model=model,
        differing=differing,
        html=html,
        as_json=as_json,
        as_csv=as_csv,
    )
    with terminal.command():
        limits.limits(options, max_wait=max_wait, parallel=parallel)


@_command()
def spend(
    projects: Projects = None,
    *,
    html: Html = None,
    as_json: AsJson = False,
    max_wait: MaxWait = 600,
    parallel: Parallel = 16,
) -> None:
    """Show spend limits, spend alerts and the costs of this month, by project.

    Without projects, it also shows the organization. Months begin at midnight UTC.

    Examples:
    ```console
    pulumi-openai-admin spend
    pulumi-openai-admin spend "Web shop"
    pulumi-openai-admin spend --html spend.html
    ```
    """
    from pulumi_openai_admin.cli import spend, terminal

    options = spend.SpendOptions(projects=tuple(projects or ()), html=html, as_json=as_json)
    with terminal.command():
        spend.spend(options, max_wait=max_wait, parallel=parallel)


@_command()
def members(
    *,
    projects: Annotated[
        list[str] | None, _repeatable("--project", "PROJECT", "Show only this project (name or id) and its people.")
    ] = None,
    users: Annotated[
        list[str] | None,
        _repeatable(
            "--user",
            "PATTERN",
            "Show only people whose email address, id or name matches, for example `*@example.com`.",
        ),
    ] = None,
    owners: Annotated[
        bool, _flag("--owners", "Show only owners of the organization and of projects, with the objects that they own.")
    ] = False,
    all_roles: Annotated[
        bool,
        _flag(
            "--all-roles", "Also read custom roles of users in projects. Sends one more request per person and project."
        ),
    ] = False,
    html: Html = None,
    as_json: AsJson = False,
    max_wait: MaxWait = 600,
    parallel: Parallel = 16,
) -> None:
    """List people, their roles in the organization and its projects, and how they got each role: directly, through a
    group, or through a pending invite.

    If the key may not read some lists, the command names them, shows the other lists, and exits with code 1.

    Examples:
    ```console
    pulumi-openai-admin members
    pulumi-openai-admin members --project "Web shop" --owners
    pulumi-openai-admin members --user ada@example.com --all-roles
    pulumi-openai-admin members --html members.html
    ```
    """
    from pulumi_openai_admin.cli import members, terminal

    options = members.MembersOptions(
        projects=tuple(projects or ()),
        users=tuple(users or ()),
        owners=owners,
        all_roles=all_roles,
        html=html,
        as_json=as_json,
    )
    with terminal.command():
        if not members.members(options, max_wait=max_wait, parallel=parallel):
            raise typer.Exit(terminal.FAILED)


@_command()
def access(
    who: Annotated[
        list[str] | None,
        _argument(
            "PERSON",
            "Email addresses, ids or names of people and service accounts, or globs such as `*@example.com`.",
        ),
    ] = None,
    *,
    permissions: Annotated[
        list[str] | None,
        _repeatable("--permission", "PATTERN", "Show only matching permissions, for example `api.*.write`."),
    ] = None,
    projects: Annotated[
        list[str] | None,
        _repeatable("--project", "PROJECT", "Show only permissions that apply in this project (name or id)."),
    ] = None,
    html: Html = None,
    as_json: AsJson = False,
    max_wait: MaxWait = 600,
    parallel: Parallel = 16,
) -> None:
    """List the permissions of people, service accounts and invites, and the role that grants each permission.

    Roles of the organization, roles of projects and roles of groups are combined. OpenAI does not document the
    permissions of base roles, which are marked with `*`. If the key may not read some lists, the command names them,
    shows the other lists, and exits with code 1.

    Examples:
    ```console
    pulumi-openai-admin access ada@example.com
    pulumi-openai-admin access --permission api.responses.write --project Shop
    pulumi-openai-admin access --html access.html
    ```
    """
    from pulumi_openai_admin.cli import terminal
    from pulumi_openai_admin.cli.access import command

    options = command.AccessOptions(
        who=tuple(who or ()),
        permissions=tuple(permissions or ()),
        projects=tuple(projects or ()),
        html=html,
        as_json=as_json,
    )
    with terminal.command():
        if not command.access(options, max_wait=max_wait, parallel=parallel):
            raise typer.Exit(terminal.FAILED)


@_command()
def adopt(
    objects: Annotated[
        list[str] | None,
        _argument(
            "[PROJECT|KIND:NAME]...",
            "Names or ids (`proj_…`) of projects, to import them with all their objects. To import single objects, "
            "use the kind and the name or id: `project:proj_abc`, `account:ci`, "
            "`ProjectServiceAccount:proj_abc/svc_acct_1`, `Group:Engineering`.",
        ),
    ] = None,
    *,
    everything: Annotated[
        bool, _flag("--all", "Import the organization and all projects that are not archived.")
    ] = False,
    projects: Annotated[
        list[str] | None,
        _repeatable(
            "--project",
            "PROJECT",
            "A project to import, by name or id. With `KIND:NAME`, the project that contains the object.",
        ),
    ] = None,
    from_terraform: Annotated[
        Path | None,
        _value(
            "FILE",
            "Import the objects in a Terraform state (the output of `terraform state pull`), with their names in "
            "Terraform.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        _value(
            "DIR",
            "The folder for the program: a new folder, or one that contains none of the program's files. With "
            f"`--into`, the name of a new folder in that program.  [default with `--into`: {_PART}]",
        ),
    ] = None,
    into: Annotated[
        Path | None,
        _value(
            "DIR",
            "Add to the Pulumi project in DIR. Writes only objects that its stack does not manage yet.",
        ),
    ] = None,
    stack: Annotated[str, _value("STACK", "With `--into`, the stack.  [default: the selected stack]")] = "",
    state: Annotated[
        Path | None,
        _value(
            "FILE", ("With `--into`, a file that `pulumi stack export` wrote. Without it, adopt runs that command.")
        ),
    ] = None,
    provider: Annotated[
        str,
        _value(
            "NAME",
            "With `--into`, the provider of the new resources, or `default`.  [default: the provider that the stack "
            "uses]",
        ),
    ] = "",
    include: Annotated[
        list[str] | None,
        _repeatable(
            "--include",
            "PATTERN",
            "Import only matching objects. `GLOB` matches project names and IDs. `Group:GLOB`, `account:GLOB` and "
            "`model:GLOB` match objects of one kind. `kind:GLOB` matches kinds.",
        ),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        _repeatable("--exclude", "PATTERN", "Do not import matching objects. Takes precedence over `--include`."),
    ] = None,
    all_limits: Annotated[
        bool, _flag("--all-limits", "Import all limits, not only limits that differ from most projects.")
    ] = False,
    one_by_one: Annotated[
        bool,
        _flag(
            "--one-by-one",
            "Write one resource per object (`GroupUser`) instead of one per list (`GroupMembers`).",
        ),
    ] = False,
    native: Annotated[
        bool, _flag("--native", "Write a YAML program for the native provider, which imports objects by their ids.")
    ] = False,
    native_python: Annotated[bool, _flag("--native-python", "Write a Python program for the native provider.")] = False,
    force: Annotated[bool, _flag("--force", "Overwrite existing files.")] = False,
    dry_run: Annotated[
        bool,
        _flag(
            "--dry-run",
            "Write nothing. List the objects that would be written, by kind, and the API keys that can't be "
            "imported, with author and time of creation.",
        ),
    ] = False,
    as_json: AsJson = False,
    max_wait: MaxWait = 600,
    parallel: Parallel = 16,
) -> None:
    """Import an existing organization: write a Pulumi program and a file for `pulumi import`.

    It changes nothing at OpenAI. It prints the commands that import the resources into a stack. The preview after the
    import shows no changes.

    Examples:
    ```console
    pulumi-openai-admin adopt --all --out organization
    pulumi-openai-admin adopt "Web shop" proj_abc --out shop --all-limits
    pulumi-openai-admin adopt --all --out organization --native
    pulumi-openai-admin adopt --all --out prod --include 'prod-*'
    pulumi-openai-admin adopt --all --out org --exclude 'account:tmp-*'
    pulumi-openai-admin adopt --all --out org --exclude kind:OrganizationUser
    pulumi-openai-admin adopt account:ci --project "Web shop" --out accounts
    pulumi-openai-admin adopt --all --into . --dry-run
    pulumi-openai-admin adopt --all --into .
    pulumi-openai-admin adopt --from-terraform terraform.tfstate --out company
    ```
    """
    from pulumi_openai_admin.cli import terminal, unmanaged
    from pulumi_openai_admin.cli.adopt import command, target
    from pulumi_openai_admin.cli.adopt.kinds import Patterns

    if sum((bool(objects or projects), everything, from_terraform is not None)) != 1:
        what = "Name projects or objects, or give --all or --from-terraform."
        raise typer.BadParameter(what, param_hint="PROJECT")
    if native and native_python:
        raise typer.BadParameter("Give only one of --native and --native-python.", param_hint="--native")
    if not (out or into or dry_run):
        raise typer.BadParameter("Give the folder for the program, or an existing one with --into.", param_hint="--out")
    if not into and (stack or state or provider):
        raise typer.BadParameter("--stack, --state and --provider belong to --into.", param_hint="--into")
    options = command.AdoptOptions(
        words=tuple(objects or ()),
        projects=tuple(projects or ()),
        terraform=from_terraform,
        out=out or Path(_PART),
        patterns=Patterns(tuple(include or ()), tuple(exclude or ())),
        all_limits=all_limits,
        one_by_one=one_by_one,
        force=force,
        dry_run=dry_run,
        target=target.NATIVE_YAML if native else target.NATIVE_PYTHON if native_python else target.DYNAMIC,
    )
    with terminal.command():
        if into:
            options = command.options_into(options, into, stack, state, provider)
        if dry_run:
            unmanaged.show_adoption(command.read_existing(options, max_wait, parallel), as_json=as_json)
        else:
            command.adopt(options, as_json=as_json, max_wait=max_wait, parallel=parallel)


@_command()
def drift(
    *,
    state: Annotated[
        Path | None,
        _value(
            "FILE",
            ("A file that `pulumi stack export` wrote, or `-` for stdin. Without it, drift exports the current stack."),
        ),
    ] = None,
    stack: Annotated[str | None, _value("NAME", "Export this stack instead of the current stack.")] = None,
    html: Html = None,
    unmanaged: Annotated[
        bool,
        _flag(
            "--unmanaged",
            "Also list objects that no resource of the stack manages, by kind, with author and time of creation. "
            "Reads the projects of the stack, and the organization if the stack manages objects of the organization.",
        ),
    ] = False,
    exclude: Annotated[
        list[str] | None,
        _repeatable(
            "--exclude",
            "PATTERN",
            ("With `--unmanaged`, do not list matching objects. The patterns are those of `adopt --exclude`."),
        ),
    ] = None,
    as_json: AsJson = False,
    max_wait: MaxWait = 600,
    parallel: Parallel = 16,
) -> None:
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
    from pulumi_openai_admin.cli import terminal
    from pulumi_openai_admin.cli.drift import command

    if state is not None and stack is not None:
        raise typer.BadParameter("Give --state or --stack, not both.", param_hint="--stack")
    if exclude and not unmanaged:
        raise typer.BadParameter("--exclude belongs to --unmanaged.", param_hint="--exclude")
    options = command.DriftOptions(
        state=state, stack=stack, html=html, as_json=as_json, unmanaged=unmanaged, exclude=tuple(exclude or ())
    )
    with terminal.command():
        code = command.drift(options, max_wait=max_wait, parallel=parallel)
        if code:
            raise typer.Exit(code)


@_command()
def plan(
    preview: Annotated[
        Path | None,
        _argument(
            "[PREVIEW]", ("The output of `pulumi preview --json`, as a file. If omitted or `-`, it is read from stdin.")
        ),
    ] = None,
    *,
    html: Annotated[
        Path | None,
        _value("FILE", ("Write the page to FILE (`-`: stdout).  [default: `plan.html`, unless `--markdown` is set]")),
    ] = None,
    as_markdown: Annotated[
        bool, _flag("--markdown", "Print Markdown for a comment in a pull request to stdout.")
    ] = False,
) -> None:
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
    from pulumi_openai_admin.cli import terminal
    from pulumi_openai_admin.cli.plan import review

    source = _file(preview, "PREVIEW", "Name the file with the output of `pulumi preview --json`.")
    page = html or (None if as_markdown else Path("plan.html"))
    with terminal.command():
        code = review.plan(source or _PIPE, page, as_markdown=as_markdown)
        if code:
            raise typer.Exit(code)


@_command()
def migrate(
    source: Annotated[
        Path | None,
        _argument("[IN]", ("A file that `pulumi stack export` wrote. If omitted or `-`, it is read from stdin.")),
    ] = None,
    target: Annotated[
        Path | None,
        _argument("[OUT]", ("The file for `pulumi stack import`. If omitted or `-`, it is written to stdout.")),
    ] = None,
    *,
    force: Annotated[bool, _flag("--force", "Overwrite OUT if it exists.")] = False,
) -> None:
    """Migrate an exported stack from the dynamic provider to the native provider.

    It sends no requests and changes no stack. Resources keep their ids, keys and baselines, and secrets stay encrypted.
    It prints what to change in the program, and the next commands. Only the owner of OUT can read it.

    Examples:
    ```console
    pulumi stack export --file dynamic.json
    pulumi-openai-admin migrate dynamic.json native.json
    pulumi stack import --file native.json
    ```
    """
    from pulumi_openai_admin.cli import migrate as command
    from pulumi_openai_admin.cli import terminal

    exported = _file(source, "IN", "Name the file of `pulumi stack export`.")
    with terminal.command():
        command.migrate(exported, None if target == _PIPE else target, force=force)


@_webhooks.command("test", cls=_WithoutTypes)
def webhooks_test(
    endpoint: Annotated[str, _argument("ID", "The endpoint's id (`whe_…`).")],
    *,
    event_type: Annotated[
        str, _value("TYPE", "The type of the event.  [default: the first type that the endpoint receives]")
    ] = "",
    key_file: Annotated[
        Path | None,
        _value("FILE", "A file with the API key of the project, or `-` for stdin.  [default: `OPENAI_API_KEY`]"),
    ] = None,
    as_json: AsJson = False,
    max_wait: MaxWait = 60,
) -> None:
    """Make OpenAI send a sample event to a webhook endpoint, and show the status of its response.

    The API key of the endpoint's project is read from the environment variable `OPENAI_API_KEY`, or from a file. It is
    never an argument, because other users of the machine can see arguments. The exit code is 0 if the endpoint
    responded with a status from 200 to 299, otherwise 1.

    Examples:
    ```console
    pulumi-openai-admin webhooks test whe_abc
    pulumi-openai-admin webhooks test whe_abc --event-type batch.completed --key-file key.txt
    ```
    """
    from pulumi_openai_admin.cli import terminal, webhooks

    file = None if key_file is None else _file(key_file, "--key-file", "Name a file, or write the key to stdin.")
    options = webhooks.TestOptions(
        endpoint, event_type, file, reads_stdin=key_file is not None and file is None, as_json=as_json
    )
    with terminal.command():
        if not webhooks.test(options, max_wait=max_wait):
            raise typer.Exit(terminal.FAILED)


@_command()
def emulate(
    *,
    host: Annotated[str, _emulator_option(defaults.HOST)] = defaults.HOST.default,
    port: Annotated[int, _emulator_option(defaults.PORT)] = defaults.PORT.default,
    state: Annotated[Path | None, _emulator_option(defaults.STATE)] = defaults.STATE.default,
    seed: Annotated[Path | None, _emulator_option(defaults.SEED)] = defaults.SEED.default,
    admin_key: Annotated[str, _emulator_option(defaults.KEY)] = defaults.KEY.default,
) -> None:
    """Start an emulator of the Administration API on your machine.

    Examples:
    ```console
    pulumi-openai-admin emulate --state organization.db
    export OPENAI_BASE_URL=http://127.0.0.1:8000/v1
    export OPENAI_ADMIN_KEY=sk-admin-emulator
    ```
    """
    from pulumi_openai_admin.emulator.server.command import start

    raise typer.Exit(start(host=host, port=port, state=state, seed=seed, admin_key=admin_key))
