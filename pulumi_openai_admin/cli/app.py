"""The command `pulumi-openai-admin`. Each of its commands is declared in a module with its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import version
from typing import Annotated, Any

import typer
from typing_extensions import override

from pulumi_openai_admin.cli.options import DeclaredCommand, GroupWithoutTypes

COMMANDS = (
    "check",
    "limits",
    "spend",
    "members",
    "access",
    "keys",
    "offboard",
    "audit",
    "adopt",
    "drift",
    "plan",
    "migrate",
    "emulate",
    "webhooks",
)
"""In the order of the help. A command is declared in the module of this folder with its name."""


def declared(name: str) -> DeclaredCommand:
    """Return the declaration of a command."""
    found = getattr(import_module(f"pulumi_openai_admin.cli.{name}"), name)
    assert isinstance(found, DeclaredCommand)  # noqa: S101 - a module of ours
    return found


class _Commands(Mapping[str, Any]):
    """The commands by name. A module is loaded when its command is asked for: a command loads only itself."""

    @override
    def __getitem__(self, name: str) -> Any:
        if name not in COMMANDS:
            raise KeyError(name)
        return _parser(name)

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    @override
    def __len__(self) -> int:
        return len(COMMANDS)


@cache
def _parser(name: str) -> Any:
    return declared(name).parser()


class _AllCommands(GroupWithoutTypes):
    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Commands()  # type: ignore[assignment] # nothing is added

    @override
    def list_commands(self, ctx: Any) -> list[str]:
        return [*COMMANDS]


app = typer.Typer(
    cls=_AllCommands,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,  # `terminal.command` prints expected errors
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Import an OpenAI organization into Pulumi, show its limits, spend, members, access and API keys, compare a "
        "stack with it, and check the admin key.\n\n"
        "The admin key is read from the environment variable `OPENAI_ADMIN_KEY`. `OPENAI_BASE_URL`, `OPENAI_ORG_ID` "
        "and `OPENAI_LOG` work as in a Pulumi program."
    ),
)


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
