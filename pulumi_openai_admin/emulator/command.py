"""The command line: what is asked for, and one sentence for whatever is in the way."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from pulumi_openai_admin.emulator.agreement import ADMIN_KEY
from pulumi_openai_admin.emulator.control import describe
from pulumi_openai_admin.emulator.emulation import Emulation
from pulumi_openai_admin.emulator.seeds import Seed
from pulumi_openai_admin.emulator.server import UnusableAddressError, listen, serve
from pulumi_openai_admin.emulator.storage import InMemory, StateFile, Storage, UnreadableStateError

if TYPE_CHECKING:
    from collections.abc import Sequence


class UnreadableSeedError(Exception):
    """The seed file cannot be used, with a sentence that says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the emulator until it is stopped."""
    options = _parser().parse_args(arguments)
    try:
        with ExitStack() as held:
            seed = _read_seed(options.seed)
            listener = held.enter_context(listen(options.host, options.port))
            storage: Storage = InMemory() if options.state is None else StateFile(options.state)
            held.callback(storage.close)
            emulation = Emulation(storage, seed, options.admin_key)
            serve(emulation, listener, until_stdin_closes=options.until_stdin_closes)
    except (UnreadableSeedError, UnreadableStateError, UnusableAddressError) as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - this is how a command says it
        return 2
    return 0


def _read_seed(path: Path | None) -> Seed:
    if path is None:
        return Seed()
    try:
        return Seed.model_validate(json.loads(path.read_bytes()))
    except OSError as error:
        raise UnreadableSeedError(f"cannot read the seed file {path}: {error.strerror}") from error
    except ValidationError as error:
        raise UnreadableSeedError(f"cannot use the seed file {path}: {describe(error)}") from error
    except ValueError as error:
        raise UnreadableSeedError(f"the seed file {path} is not JSON: {error}") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pulumi_openai_admin.emulator",
        description="OpenAI's Administration API on this machine, for tests and demonstrations.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="0 for any that is free (default)")
    parser.add_argument("--state", type=Path, metavar="FILE", help="keep the organization in this file")
    parser.add_argument("--seed", type=Path, metavar="FILE", help="JSON: what there is at the start")
    parser.add_argument(
        "--admin-key", default=ADMIN_KEY, metavar="KEY", help="the key to accept (default: %(default)s)"
    )
    parser.add_argument(
        "--until-stdin-closes", action="store_true", help="stop when the process that started this one is gone"
    )
    return parser
