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
from pulumi_openai_admin.emulator.control.routes import describe
from pulumi_openai_admin.emulator.server.server import UnusableAddressError, listen, serve
from pulumi_openai_admin.emulator.store.database import UnusableStateError

if TYPE_CHECKING:
    from collections.abc import Sequence


class UnusableSeedError(Exception):
    """The seed file cannot be used, with a sentence that says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the emulator until it is stopped."""
    options = _parser().parse_args(arguments)
    try:
        with ExitStack() as held:
            seed = _read_seed(options.seed)
            listener = held.enter_context(listen(options.host, options.port))
            store = open_store(options.state)
            held.callback(store.close)
            emulator = Emulator(store, seed, options.admin_key)
            serve(emulator, listener, until_stdin_closes=options.until_stdin_closes)
    except (UnusableSeedError, UnusableStateError, UnusableAddressError) as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - this is how a command says it
        return 2
    return 0


def _read_seed(path: Path | None) -> seeds.Seed:
    if path is None:
        return seeds.read({})
    try:
        return seeds.read(json.loads(path.read_bytes()))
    except OSError as error:
        raise UnusableSeedError(f"cannot read the seed file {path}: {error.strerror}") from error
    except ValidationError as error:
        raise UnusableSeedError(f"cannot use the seed file {path}: {describe(error)}") from error
    except ValueError as error:
        raise UnusableSeedError(f"the seed file {path} is not JSON: {error}") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pulumi_openai_admin.emulator",
        description="OpenAI's Administration API on this machine, for tests and demonstrations.",
    )
    host, port, key = defaults.HOST, defaults.PORT, defaults.KEY
    parser.add_argument(host.flag, default=host.default, help=host.help)
    parser.add_argument(port.flag, default=port.default, type=int, help=port.help)
    parser.add_argument(key.flag, default=key.default, metavar=key.metavar, help=key.help)
    for file in (defaults.STATE, defaults.SEED):
        parser.add_argument(file.flag, type=Path, metavar=file.metavar, help=file.help)
    ends = defaults.UNTIL_STDIN_CLOSES
    parser.add_argument(ends.flag, action="store_true", help=ends.help)
    return parser
