"""The command line: its options, and one sentence for each error."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from pulumi_openai_admin.emulator import defaults
from pulumi_openai_admin.emulator.control import seed as seeds
from pulumi_openai_admin.emulator.control.emulator import Emulator, open_store
from pulumi_openai_admin.emulator.server.server import UnusableAddressError, listen, serve
from pulumi_openai_admin.emulator.store.store import UnusableStateError

if TYPE_CHECKING:
    from collections.abc import Sequence


class UnusableSeedError(Exception):
    """The seed file cannot be used, with a sentence that says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, and run the emulator until it is stopped; the exit code."""
    return start(**vars(_parser().parse_args(arguments)))


def start(  # noqa: PLR0913 - the options of the command
    *, host: str, port: int, state: Path | None, seed: Path | None, admin_key: str, until_stdin_closes: bool = False
) -> int:
    """Run the emulator until it is stopped; the exit code."""
    try:
        with ExitStack() as held:
            first = _read_seed(seed)
            listener = held.enter_context(listen(host, port))
            store = open_store(state)
            held.callback(store.close)
            serve(Emulator(store, first, admin_key), listener, until_stdin_closes=until_stdin_closes)
    except (UnusableSeedError, UnusableStateError, UnusableAddressError) as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - this is how a command says it
        return 2
    return 0


def _read_seed(path: Path | None) -> seeds.Seed:
    if path is None:
        return seeds.empty()
    try:
        return seeds.read(json.loads(path.read_bytes()))
    except OSError as error:
        raise UnusableSeedError(f"cannot read the seed file {path}: {error.strerror}") from error
    except ValidationError as error:
        raise UnusableSeedError(f"cannot use the seed file {path}: {seeds.describe(error)}") from error
    except ValueError as error:
        raise UnusableSeedError(f"the seed file {path} is not JSON: {error}") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pulumi_openai_admin.emulator",
        description="OpenAI's Administration API on your machine, for tests and demonstrations.",
    )
    for option in defaults.OPTIONS:
        if option.default is False:
            parser.add_argument(option.flag, action="store_true", help=option.help)
            continue
        kind = Path if option.default is None else type(option.default)
        parser.add_argument(option.flag, default=option.default, type=kind, metavar=option.metavar, help=option.help)
    return parser
