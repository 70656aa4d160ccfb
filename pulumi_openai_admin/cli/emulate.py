"""The command `emulate`: the emulator in the foreground."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from pulumi_openai_admin.cli.options import declare
from pulumi_openai_admin.emulator import defaults


def _option(option: defaults.Option[Any]) -> Any:
    return typer.Option(option.flag, metavar=option.metavar, help=option.help)


@declare(page="emulator.md")
def emulate(
    *,
    host: Annotated[str, _option(defaults.HOST)] = defaults.HOST.default,
    port: Annotated[int, _option(defaults.PORT)] = defaults.PORT.default,
    state: Annotated[Path | None, _option(defaults.STATE)] = defaults.STATE.default,
    seed: Annotated[Path | None, _option(defaults.SEED)] = defaults.SEED.default,
    admin_key: Annotated[str, _option(defaults.KEY)] = defaults.KEY.default,
) -> int:
    """Start an emulator of the Administration API on your machine.

    Examples:
    ```console
    pulumi-openai-admin emulate --state organization.db
    export OPENAI_BASE_URL=http://127.0.0.1:8000/v1
    export OPENAI_ADMIN_KEY=sk-admin-emulator
    ```
    """
    from pulumi_openai_admin.emulator.server.command import start  # noqa: PLC0415 - the extra `emulator`

    return start(host=host, port=port, state=state, seed=seed, admin_key=admin_key)
