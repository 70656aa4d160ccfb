"""Replaces Pulumi's Python language host where the real one is not available.

The engine starts it, reads a port from its stdout and calls `LanguageRuntime` there. It extends the SDK's server for
Automation API programs, and runs a program or a provider from a folder. It installs no packages: `pulumi install` and
`pulumi new` link the environment of this clone instead. It is copied beside `pulumi`, and runs on the Python that
PULUMI_PYTHON_CMD names, or on the first `python3` on PATH.
"""

from __future__ import annotations

import os
import runpy
import signal
import subprocess
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

try:
    import grpc  # type: ignore[import-untyped]
    from pulumi.automation._server import LanguageServer
    from pulumi.errors import RunError
    from pulumi.runtime.proto import language_pb2, language_pb2_grpc
except ImportError as missing:
    sys.exit(f"{sys.executable} has no Pulumi SDK ({missing}): activate the virtual environment that has it.")

if TYPE_CHECKING:
    from collections.abc import Iterator


class LanguageHost(LanguageServer):
    """Runs the program that the engine names, once for each request."""

    def __init__(self, engine_address: str) -> None:
        """Keep the address, which comes on the command line."""
        super().__init__(lambda: None)
        self.engine_address = engine_address

    def Run(self, request: language_pb2.RunRequest, context: grpc.ServicerContext) -> language_pb2.RunResponse:  # noqa: N802
        """Run it; what went wrong has been shown by then, so the engine need not show it again."""
        folder, entry, arguments = request.info.program_directory, request.info.entry_point, list(request.args)
        self.program = lambda: run_program(folder, entry, arguments)
        request.args[:] = [self.engine_address]
        result = super().Run(request, context)  # type: ignore[no-untyped-call]
        return language_pb2.RunResponse(bail=True) if result.error else result

    def InstallDependencies(  # noqa: N802
        self, request: language_pb2.InstallDependenciesRequest, _context: grpc.ServicerContext
    ) -> Iterator[language_pb2.InstallDependenciesResponse]:
        """Link the environment of a project to that of this Python, which has the package before its first release."""
        name = request.info.options.fields["virtualenv"].string_value
        environment = Path(request.info.program_directory, name)
        if name and not environment.exists():
            environment.symlink_to(sys.prefix, target_is_directory=True)
        said = f"Nothing is installed: the program runs with the packages in {sys.prefix}.\n"
        yield language_pb2.InstallDependenciesResponse(stderr=said.encode())

    def RunPlugin(  # noqa: N802
        self, request: language_pb2.RunPluginRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.RunPluginResponse]:
        """Run a provider from a folder with `PulumiPlugin.yaml`. The engine reads its stderr as that of this one."""
        command = [sys.executable, "-u", request.info.program_directory, *request.args]
        environ = dict(os.environ) | dict(pair.split("=", 1) for pair in request.env)
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=request.pwd, env=environ) as process:
            context.add_callback(process.terminate)  # the engine needs the provider no longer
            assert process.stdout is not None  # noqa: S101 -- it is a pipe
            for line in process.stdout:
                yield language_pb2.RunPluginResponse(stdout=line)
        yield language_pb2.RunPluginResponse(exitcode=process.returncode)


def run_program(folder: str, entry: str, arguments: list[str]) -> None:
    """Run a program as `python PROGRAM ARGUMENTS` would, in its folder."""
    program = Path(folder, entry).resolve()
    home = program if program.is_dir() else program.parent
    os.chdir(home)
    sys.path.insert(0, str(home))
    sys.argv = [str(program), *arguments]
    try:
        runpy.run_path(str(program / "__main__.py" if program.is_dir() else program), run_name="__main__")
    except SystemExit as leaving:
        if leaving.code not in (None, 0):
            raise RunError(f"Program exited with non-zero exit code: {leaving.code}") from None
    except RunError:
        raise
    except Exception as error:  # noqa: BLE001 -- whatever the program raises
        frame = error.__traceback__
        while frame and not Path(frame.tb_frame.f_code.co_filename).is_relative_to(home):
            frame = frame.tb_next  # how the program came to be run is no news
        shown = "".join(traceback.format_exception(type(error), error, frame))
        raise RunError(f"Program failed with an unhandled exception:\n{shown}") from None


def main() -> None:
    """Serve until the engine ends this process, or is gone itself. This does not wait for the program."""
    engine = os.getppid()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: os._exit(0))
    server = grpc.server(ThreadPoolExecutor(max_workers=4), options=[("grpc.max_receive_message_length", 400 << 20)])
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageHost(sys.argv[-1]), server)
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    while os.getppid() == engine:  # an engine that was killed tells nobody
        time.sleep(1)
    os._exit(0)


if __name__ == "__main__":
    main()
