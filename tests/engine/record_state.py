"""What versions of the package put into states: a folder in `recorded/` for each version.

| file | what |
|---|---|
| `program.json` | the resources that both programs declare, and the time of the recording |
| `dynamic.json`, `native.json` | the state of each provider after `pulumi up`: secrets in plain text, false keys |
| `dynamic.sql`, `native.sql` | the organization in the emulator at that time: the state file of the emulator as text |

`make record` records this version, once before a release, for `test_recorded_state.py`. The program has each kind of
resource, with the inputs of its scenario, and the component. It has no key that expires: the test has to pass whenever
it runs.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from pulumi_openai_admin.emulator.process import EmulatorServer
from pulumi_openai_admin.resources import ALL
from tests.engine.stacks import NEW, Stack
from tests.host.scenarios import SCENARIOS
from tools import engine, pinned
from tools.commands import StepError, progress, say
from tools.stacks import environ_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.engine import Engine

RECORDED = Path(__file__).parent / "recorded"
PROVIDERS = ("dynamic", "native")
KINDS = {*ALL, "TeamProject"}
"""What a recording has to have: all resources of the registry, and the component."""
_HOUR = 3600
"""A test sets the emulator's clock to an hour after the recording: no object is so young that reads may miss it."""
_MARKS = ("application_id", "user_version")
"""The numbers by which the emulator recognizes its state files. SQLite's text of a database does not have them."""
LOCAL = ("stackTrace", "sourcePosition", "created", "modified")
"""Where and when this machine registered a resource."""
KEY = re.compile(r"sk-(?:svcacct|admin|proj)-[\w-]{40,}|whsec_[\w+/=-]{20,}")
"""Keys that the emulator made. Those in the scenarios are shorter, and belong to the program."""
_OTHERS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("ProjectRateLimit", "by-id", {"rate_limit_id": "rl-gpt-4o-mini", "batch_1_day_max_input_tokens": 9}),
    (
        "ProjectRateLimits",
        "all",
        {
            "project_id": "proj_staging",
            "limits": {"gpt-4o": {"max_requests_per_1_minute": 60}},
            "others": {"max_requests_per_1_minute": 0},
        },
    ),
    ("ProjectServiceAccount", "owner", {"name": "owner", "role": "owner"}),
    ("ProjectServiceAccount", "keyless", {"name": "bot", "create_service_account_only": True}),
    (
        "TeamProject",
        "shop",
        {
            "name": "Shop",
            "limits": {"gpt-4o": {"max_requests_per_1_minute": 60}},
            "others": {},
            "models": {"mode": "allow_list", "model_ids": ["gpt-4o"]},
            "spend_limit_dollars": 1000,
            "alerts": {"high": {"threshold_share": "80%", "recipients": ["shop@example.com"]}},
            "members": [{"email": "ada@example.com"}],
            "service_accounts": {"ci": {}},
        },
    ),
)
"""What no scenario has: other ways to name a limit, accounts of other kinds, and the component."""


@dataclass(frozen=True)
class Recording:
    """What one version recorded with one provider."""

    version: str
    provider: str
    folder: Path = RECORDED

    @property
    def program(self) -> Path:
        """The resources that the program declares, and `recorded_at`, in seconds since 1970."""
        return self.folder / self.version / "program.json"

    @property
    def state(self) -> Path:
        return self.folder / self.version / f"{self.provider}.json"

    @property
    def organization(self) -> Path:
        """The emulator's state file as text."""
        return self.folder / self.version / f"{self.provider}.sql"

    def kinds(self) -> set[str]:
        resources = json.loads(self.state.read_text(encoding="utf-8"))["deployment"]["resources"]
        return {resource["type"].rpartition(":")[2] for resource in resources}

    def stack(self, engine: Engine, folder: Path, environ: dict[str, str]) -> Stack:
        stack = Stack(engine, folder, environ)
        if self.provider == "native":
            stack.use_native()
        declared = json.loads(self.program.read_text(encoding="utf-8"))["resources"]
        stack.declare({resource["name"]: (resource["kind"], resource["inputs"]) for resource in declared})
        return stack

    def import_into(self, stack: Stack) -> None:
        """Give a new stack the state, encrypted with its own key."""
        settings = yaml.safe_load((stack.folder / f"Pulumi.{NEW}.yaml").read_text(encoding="utf-8"))
        key = {"url": settings["secretsprovider"], "encryptedkey": settings["encryptedkey"]}
        document = json.loads(self.state.read_text(encoding="utf-8"))
        document["deployment"]["secrets_providers"] = {"type": "cloud", "state": key}
        (stack.folder / "state.json").write_text(json.dumps(document), encoding="utf-8")
        stack.ok("stack", "import", "--file", "state.json")

    @contextmanager
    def emulator(self, folder: Path) -> Iterator[EmulatorServer]:
        """An emulator with the organization as it was, an hour after the recording."""
        state = folder / "organization.db"
        with closing(sqlite3.connect(state)) as database:
            database.executescript(self.organization.read_text(encoding="utf-8"))
        with EmulatorServer(state=state) as server:
            recorded_at = json.loads(self.program.read_text(encoding="utf-8"))["recorded_at"]
            offset = recorded_at + _HOUR - int(time.time())
            server.control.world(clock_offset_seconds=offset, date_offset_seconds=offset)
            yield server


def text_of(state_file: Path) -> str:
    """A state file of an emulator that has stopped, as statements of SQL.

    The audit log is left out: no refresh reads it.
    """
    with closing(sqlite3.connect(state_file)) as database:
        database.execute("DELETE FROM events")
        marks = [f"PRAGMA {name} = {database.execute(f'PRAGMA {name}').fetchone()[0]};" for name in _MARKS]
        return "\n".join([*marks, *database.iterdump()]) + "\n"


def declared() -> list[dict[str, Any]]:
    """The resources of the program: kind, name in the program, and inputs."""
    own = [scenario.of_its_own(number) for number, scenario in enumerate(SCENARIOS)]
    found = [{"kind": (kind := each.resource.__name__), "name": kind, "inputs": each.inputs} for each in own]
    for kind, name, inputs in _OTHERS:
        in_project = {} if kind == "TeamProject" else {"project_id": "proj_demo"}
        found.append({"kind": kind, "name": name, "inputs": {**in_project, **inputs}})
    return found


def record(version: str) -> None:
    """Write the recordings of a version, in place of those that are there."""
    with tempfile.TemporaryDirectory() as work:
        new = Path(work) / "recorded"
        (new / version).mkdir(parents=True)
        document = {"recorded_at": int(time.time()), "resources": declared()}
        _write(Recording(version, PROVIDERS[0], new).program, document)
        for provider in PROVIDERS:
            with progress(f"Recording a state of {version} with the {provider} provider"):
                _record(Recording(version, provider, new), Path(work) / provider)
        shutil.rmtree(RECORDED / version, ignore_errors=True)
        shutil.copytree(new / version, RECORDED / version)


def _record(recording: Recording, folder: Path) -> None:
    folder.mkdir()
    state_file = folder / "organization.db"
    with EmulatorServer(state=state_file) as emulator:
        for number, scenario in enumerate(SCENARIOS):
            emulator.control.seed(scenario.of_its_own(number).seed)
        stack = recording.stack(engine.find_or_get(), folder, environ_of(emulator))
        stack.up()
        _write(recording.state, without_local_parts(stack.export("--show-secrets")))
    recording.organization.write_text(text_of(state_file), encoding="utf-8")


def without_local_parts(exported: dict[str, Any]) -> dict[str, Any]:
    """An exported stack without what is of this machine, and with other keys in place of those that were made."""
    exported["deployment"].pop("secrets_providers")
    for resource in exported["deployment"]["resources"]:
        for name in LOCAL:
            resource.pop(name, None)
    keys: dict[str, str] = {}
    text = json.dumps(exported)
    for key in KEY.findall(text):
        prefix = re.match(r"sk-[a-z]+-|whsec_", key)
        keys.setdefault(key, f"{prefix[0] if prefix else ''}recorded{len(keys)}")
    return dict(json.loads(KEY.sub(lambda found: keys[found[0]], text)))


def _write(path: Path, document: dict[str, Any]) -> None:
    """Write JSON with a line for each resource."""
    text = json.dumps(document).replace(', {"urn": ', ',\n{"urn": ').replace(', {"kind": ', ',\n{"kind": ')
    path.write_text(text + "\n", encoding="utf-8")


def main() -> int:
    """Record the version of `pyproject.toml`; the exit code."""
    version = pinned.package_version()
    command = ["git", "-C", str(pinned.ROOT), "tag", "--list", f"v{version}"]
    if subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout.strip():
        say(f"{version} is released: its recorded state does not change. Set the next version in pyproject.toml first.")
        return 1
    try:
        record(version)
    except StepError as error:
        say(str(error))
        return 1
    say(f"Recorded. Add it to the repository: git add {(RECORDED / version).relative_to(pinned.ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
