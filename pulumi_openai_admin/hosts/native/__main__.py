"""The program `pulumi-resource-openai-admin`, which the engine starts: `pulumi-resource-openai-admin ENGINE`."""

from __future__ import annotations

import gc
import sys


def run() -> None:
    """Serve until the engine ends this process, or has ended itself."""
    gc.disable()  # nothing that is imported becomes garbage: to look for it takes a tenth of the start
    from pulumi_openai_admin.hosts.native.server import serve  # noqa: PLC0415 - what is missing is reported in one line

    gc.freeze()  # nor does a later collection have to look there
    gc.enable()
    sys.exit(serve(sys.argv[1:]))


if __name__ == "__main__":
    run()
