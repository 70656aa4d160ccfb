"""All commands, and how each is declared: a function, whose parameters are the options and whose docstring is the help.

An option has the name of its parameter, `--project` of `projects`. What the help says of it, and of its value, is below
`Options:` in the docstring: `projects (PROJECT): Show only this project.` One with more than that is `Annotated`.

A command is declared in the module or folder with its name, which is loaded when the command is asked for. Parser,
help, completion, the pages of the documentation and the tests of all commands follow from the declaration.
"""

from __future__ import annotations

import functools
import inspect
import re
import sys
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_origin, get_type_hints

import typer
from typer.core import TyperCommand, TyperGroup
from typing_extensions import override

from pulumi_openai_admin.cli import terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

READ, WRITE = "api.management.read", "api.management.write"
"""The scopes of an admin key."""
STDIN = Path("-")
"""In place of the name of a file."""


@dataclass(frozen=True)
class DeclaredCommand:
    """A command, or a group of commands. A group with a function is a command, too, which runs without another name."""

    name: str
    """Its name, which is that of its module; inside of a group, any name."""
    page: str
    """The page of the documentation that describes its output, in `docs/`."""
    scopes: Sequence[str] = ()
    """The scopes that a key needs for it; none for a command without requests."""
    function: Callable[..., int | None] | None = None
    """Runs it. Parameters are options and arguments, and the docstring is the help. What it returns is the exit code,
    one of `terminal.EXIT_CODES`; None is 0. None for a group that only has commands; that of another one asks
    `is_alone`."""
    epilog: str = ""
    """What the help shows below the options."""
    about: str = ""
    """The help of a group."""
    commands: Sequence[DeclaredCommand] = ()
    """The commands of a group."""

    @property
    def text(self) -> str:
        """The help."""
        return self.about or (inspect.getdoc(self.function) or "").partition(_OPTIONS)[0]

    def parser(self) -> Any:
        """Return the command as Typer runs it."""
        app = typer.Typer(
            name=self.name,
            cls=_GroupWithoutTypes,
            add_completion=False,  # the group of all commands has the options for it
            no_args_is_help=self.function is None,
            rich_markup_mode="markdown",
            help=self.text,
            epilog=_CODES,
        )
        if self.commands and self.function:
            app.callback(invoke_without_command=True)(_with_messages(self.function))
        for command in self.commands or (self,):
            if command.function:
                epilog = "\n\n".join(filter(None, (command.epilog, _CODES)))
                declared = app.command(command.name, cls=_CommandWithoutTypes, epilog=epilog)
                declared(_with_messages(command.function))
        return typer.main.get_group(app) if self.commands else typer.main.get_command(app)


def declare(
    *, page: str, scopes: Sequence[str] = (), name: str = "", epilog: str = ""
) -> Callable[[Callable[..., int | None]], DeclaredCommand]:
    """Declare a command, named as its function unless it has another name; see `DeclaredCommand`."""
    return lambda function: DeclaredCommand(name or function.__name__, page, scopes, function, epilog)


def _with_messages(function: Callable[..., int | None]) -> Callable[..., None]:
    """Return the function of a command as Typer runs it: with options, and with errors as messages and exit codes."""

    @functools.wraps(function)
    def run(*arguments: Any, **options: Any) -> None:
        with terminal.command(as_json=bool(options.get("as_json"))):
            code = function(*arguments, **options)
        if code:
            raise typer.Exit(code)

    run.__doc__, _, about = (inspect.getdoc(function) or "").partition(_OPTIONS)
    parameters = [*_parameters(function, about)]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    vars(run)["__signature__"] = inspect.Signature(parameters)
    return run


def _parameters(function: Callable[..., int | None], about: str) -> Iterator[inspect.Parameter]:
    """Give the parameters of a command, each with its option: what the help says of it is in the docstring."""
    hints = get_type_hints(function, include_extras=True)
    described = {name: (metavar, _LINE_END.sub(" ", text)) for name, metavar, text in _OPTION.findall(about)}
    for name, parameter in inspect.signature(function).parameters.items():
        hint = hints[name]
        if get_origin(hint) is not Annotated and hint is not typer.Context:
            metavar, text = described.get(name, ("", ""))  # Python may run without docstrings (`-OO`)
            shown: Any = {"metavar": metavar or None, "help": text, "show_default": False}
            singular = name.removesuffix("s") if hint == (list[str] | None) else name.rstrip("_")
            # A flag needs its name, too: Typer would add its opposite.
            option = typer.Option(f"--{singular.replace('_', '-')}", **shown)
            hint = Annotated[hint, option if parameter.kind is parameter.KEYWORD_ONLY else typer.Argument(**shown)]
        yield parameter.replace(annotation=hint)


def is_alone(context: typer.Context) -> bool:
    """Return whether a group runs without a command of it. Before a command, its options are refused."""
    for parameter in context.command.params if context.invoked_subcommand else ():
        source = context.get_parameter_source(parameter.name or "")
        if source is not None and source.name == "COMMANDLINE":
            raise typer.BadParameter(f"Not an option of {context.invoked_subcommand}.", param_hint=parameter.opts[0])
    return context.invoked_subcommand is None


_OPTIONS = "\n\nOptions:\n"
_CODES = f"Exit codes: {', '.join(f'{code} {word}' for code, (word, _) in terminal.EXIT_CODES.items())}."
_OPTION = re.compile(r"^ {4}(\w+)(?: \((.*?)\))?: (.*?)(?=\n {4}\w|\Z)", re.MULTILINE | re.DOTALL)
_LINE_END = re.compile(r"\n +")
_KEY = re.compile(r"sk-[\w-]+")
_OF_PYDANTIC = re.compile(r"^Value error, |, unable to parse string.*")
"""What Typer's errors say of how it parses values."""
_USAGE_ERROR: Any = typer.BadParameter.__base__
"""Not a public name of all versions of Typer."""


class _Untyped:
    """A command whose help shows no type for flags: `--json <bool>` would look as if the flag took a value."""

    def get_params(self, ctx: Any) -> list[Any]:
        params: list[Any] = super().get_params(ctx)  # type: ignore[misc] # of the class beside it
        for param in params:
            if getattr(param, "is_flag", False):
                param.metavar = ""
        return params


class _CommandWithoutTypes(_Untyped, TyperCommand): ...


class _GroupWithoutTypes(_Untyped, TyperGroup): ...


def file_or_stdin(path: Path | None, name: str, advice: str) -> Path | None:
    """Return the file to read; None for stdin. A user at a terminal, who would wait in vain, reads the advice."""
    if path not in (None, STDIN):
        return path
    if sys.stdin.isatty():
        raise typer.BadParameter(advice, param_hint=name)
    return None


Projects = Annotated[list[str] | None, typer.Argument(metavar="PROJECT", help="Names or ids (`proj_…`) of projects.")]
_ABOUT_HTML = "Write an HTML page with a search field to FILE (`-`: stdout), instead of printing the table."
Html = Annotated[Path | None, typer.Option(metavar="FILE", help=_ABOUT_HTML)]
_AS_JSON = "--json"
AsJson = Annotated[bool, typer.Option(_AS_JSON, help="Print JSON to stdout.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV to stdout.")]
_ABOUT_WAIT = "Maximum time for one request, or for one list with all its pages, including time spent rate limited."
MaxWait = Annotated[float, typer.Option(min=1, metavar="SECONDS", help=_ABOUT_WAIT)]
Parallel = Annotated[int, typer.Option(min=1, max=64, metavar="N", help="Maximum number of concurrent requests.")]

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
"""In the order of the help."""


def declared(name: str) -> DeclaredCommand:
    """Return the declaration of a command."""
    found: DeclaredCommand = getattr(import_module(f"pulumi_openai_admin.cli.{name}"), name)
    return found


class _AllCommands(_GroupWithoutTypes):
    """Loads the module of a command when the command is asked for."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = dict.fromkeys(COMMANDS)  # type: ignore[assignment] # only names, for lists and suggestions

    @override
    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return declared(cmd_name).parser() if cmd_name in COMMANDS else None

    @override
    def invoke(self, ctx: Any) -> Any:
        terminal.output.begin()
        as_json = _AS_JSON in ctx.args  # before they are parsed, which may fail
        try:
            return super().invoke(ctx)
        except _USAGE_ERROR as error:  # which would repeat a key that somebody gave as an argument by mistake
            error.message = _KEY.sub("sk-…", _OF_PYDANTIC.sub("", error.message))
            if as_json:
                terminal.show_error(terminal.error_in_json("usage", error.format_message()))
            raise


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
