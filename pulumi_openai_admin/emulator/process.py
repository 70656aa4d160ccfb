"""The emulator as a child process, for tests, the demonstration and the benchmarks.

    with EmulatorServer() as emulator:
        client = OpenAI(admin_api_key=emulator.admin_key, base_url=emulator.base_url)
        emulator.control.fault(kind="status", status=500, path="*/service_accounts")

The standard library only: what starts the emulator need not be able to import it.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from pulumi_openai_admin.emulator.defaults import ADMIN_KEY, BASE_PATH, READY

if TYPE_CHECKING:
    from typing import Self

_PACKAGES = Path(__file__).resolve().parents[2]


class EmulatorError(Exception):
    """The emulator did not start, or refused what the control API was asked."""


class Control:
    """A small client of the control API under `/_emulator/`."""

    def __init__(self, address: str) -> None:
        """Control the emulator at an address, such as `http://127.0.0.1:8080`."""
        self._address = address
        self._opener = build_opener(ProxyHandler({}))

    def call(self, method: str, path: str, body: object = None) -> Any:
        """Call `/_emulator/<path>`."""
        data = None if body is None else json.dumps(body).encode()
        url = f"{self._address}/_emulator/{path}"
        request = Request(url, data, {"content-type": "application/json"}, method=method)  # noqa: S310 - loopback
        try:
            with self._opener.open(request, timeout=30) as response:
                return json.load(response)
        except HTTPError as error:
            raise EmulatorError(f"{method} /_emulator/{path}: {error.read().decode(errors='replace')}") from error

    def reset(self) -> None:
        """Go back to the start: the seed's organization, switches and faults, and an empty log."""
        self.call("POST", "reset")

    def seed(self, seed: Mapping[str, Any]) -> dict[str, Any]:
        """Add a seed to what there is; give the ids of its projects and faults."""
        return dict(self.call("POST", "seed", seed))

    def world(self, **switches: Any) -> dict[str, Any]:
        """Set switches, if any, and give all of them."""
        return dict(self.call("PUT", "world", switches) if switches else self.call("GET", "world"))

    def fault(self, **fault: Any) -> str:
        """Set one fault; give its id."""
        return str(self.call("POST", "faults", fault)["faults"][0]["id"])

    def faults(self) -> list[dict[str, Any]]:
        """Give the faults that are set, what is left of each, and how often it hit."""
        return list(self.call("GET", "faults")["faults"])

    def clear_faults(self, fault_id: str | None = None) -> None:
        """Remove one fault, or all."""
        self.call("DELETE", "faults" if fault_id is None else f"faults/{fault_id}")

    def requests(self) -> list[dict[str, Any]]:
        """Give the log of calls below the base path, oldest first."""
        return list(self.call("GET", "requests")["requests"])

    def clear_requests(self) -> None:
        """Empty the log."""
        self.call("DELETE", "requests")

    def state(self) -> dict[str, Any]:
        """Give what there is and what ever was: totals, and each project's accounts, keys and changed rows."""
        return dict(self.call("GET", "state"))

    def live(self, *kinds: str) -> dict[str, dict[str, Any]]:
        """Give what exists now: for each kind its objects, by the ids in their path; some kinds only, or all."""
        found: dict[str, dict[str, Any]] = {}
        chosen, after = "".join(f"&kind={kind}" for kind in kinds), 0
        while after is not None:
            page = self.call("GET", f"state?live=true&limit=1000&after={after}{chosen}")
            for kind, objects in page["objects"].items():
                found.setdefault(kind, {}).update(objects)
            after = page["next"]
        return found

    def advance_clock(self, seconds: int) -> int:
        """Move the emulator's clock; give the time that it shows then."""
        return int(self.call("POST", "clock", {"advance_seconds": seconds})["now"])

    def accept_invite(self, invite_id: str, name: str | None = None) -> dict[str, Any]:
        """Accept an invite, as the person does who got it; give the user."""
        return dict(self.call("POST", f"invites/{invite_id}/accept", {"name": name}))

    def use(self, **usage: Any) -> str:
        """Use one of OpenAI's APIs in a project; give the id of the record. A reached spend limit refuses it."""
        return str(self.call("POST", "usage", usage)["id"])

    def key(self, value: str) -> dict[str, Any] | None:
        """Find the key that has a value: its id, its owner and its state; None if no key ever had it."""
        found = self.call("POST", "key", {"value": value})["key"]
        return None if found is None else dict(found)


class EmulatorServer:
    """A separate emulator, on a free port, for as long as the `with` block."""

    def __init__(
        self,
        *,
        state: Path | str | None = None,
        seed: Mapping[str, Any] | Path | str | None = None,
        admin_key: str = ADMIN_KEY,
        port: int = 0,
        python: str = sys.executable,
    ) -> None:
        """Describe the emulator; `start`, or the `with` block, runs it.

        `state`: the file that keeps the organization. `seed`: a seed, or the file with one. `port`: 0 for any.
        `python`: the interpreter that has the extra `emulator`.
        """
        self.admin_key = admin_key
        self._state = state
        self._seed = seed
        self._port = port
        self._python = python
        self._process: subprocess.Popen[str] | None = None
        self._leftovers = contextlib.ExitStack()
        self._address = ""

    @property
    def base_url(self) -> str:
        """What a client calls: `http://127.0.0.1:PORT/v1`."""
        return self._running() + BASE_PATH

    @property
    def control(self) -> Control:
        """A client of the control API."""
        return Control(self._running())

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._running().rpartition(":")[2])

    @property
    def pid(self) -> int:
        """The process that runs it."""
        self._running()
        assert self._process is not None  # noqa: S101 - for the type checker: it runs
        return self._process.pid

    def _running(self) -> str:
        if not self._address:
            raise EmulatorError("the emulator is not running; call start() or use a with block")
        return self._address

    def start(self, timeout: float = 30) -> Self:
        """Run it, and wait until it accepts connections."""
        errors = self._leftovers.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8"))  # noqa: SIM115 - the stack closes it
        paths = [str(_PACKAGES), os.environ.get("PYTHONPATH", "")]  # it imports this very package, wherever it runs
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [self._python, "-m", "pulumi_openai_admin.emulator", *self._arguments()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        )
        assert self._process.stdout is not None  # noqa: S101 - for the type checker: it is a pipe
        line = _first_line(self._process.stdout, timeout)
        if not line.startswith(READY):
            self._end(force=True)
            errors.seek(0)
            said = errors.read().strip() or "it said nothing"
            self._leftovers.close()
            raise EmulatorError(f"the emulator did not start: {said}")
        self._address = line.removeprefix(READY).strip().removesuffix(BASE_PATH)
        return self

    def _arguments(self) -> list[str]:
        arguments = ["--port", str(self._port), "--admin-key", self.admin_key, "--until-stdin-closes"]
        if self._state is not None:
            arguments += ["--state", str(self._state)]
        seed = self._seed
        if isinstance(seed, Mapping):
            folder = self._leftovers.enter_context(tempfile.TemporaryDirectory(prefix="emulator-"))
            path = Path(folder) / "seed.json"
            path.write_text(json.dumps(seed), encoding="utf-8")
            seed = path
        return arguments if seed is None else [*arguments, "--seed", str(seed)]

    def stop(self) -> None:
        """Ask it to stop, and see to it that it does."""
        self._end(force=False)
        self._leftovers.close()

    def kill(self) -> None:
        """End it with no chance to finish anything (`kill -9`); `start` runs it again on the same state file."""
        self._end(force=True)
        self._leftovers.close()

    def _end(self, *, force: bool) -> None:
        process, self._process, self._address = self._process, None, ""
        if process is None:
            return
        if not force and process.stdin is not None:
            process.stdin.close()  # it ends with that. A signal would not let it finish on Windows
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=5)
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()


def _first_line(stream: IO[str], timeout: float) -> str:
    lines: list[str] = []
    reader = threading.Thread(target=lambda: lines.append(stream.readline()), daemon=True)
    reader.start()
    reader.join(timeout)
    return lines[0] if lines else ""
