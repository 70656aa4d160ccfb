"""What versions of the package put into states: a folder in `recorded/` for each version.

| file | what |
|---|---|
| `program.json` | the resources that both programs declare, and the time of the recording |
| `dynamic.json`, `native.json` | the state of each provider after `pulumi up`: secrets in plain text, false keys |
| `dynamic.sql`, `native.sql` | the organization in the emulator at that time: the state file of the emulator as text |
"""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from pulumi_openai_admin.emulator.process import EmulatorServer
from pulumi_openai_admin.hosts.native.properties import camel, token
from pulumi_openai_admin.hosts.native.schema import schema
from pulumi_openai_admin.resources import ALL
from tests.engine.stacks import NEW, Stack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.engine import Engine

RECORDED = Path(__file__).parent / "recorded"
PROVIDERS = ("dynamic", "native")
KINDS = {*ALL, "TeamProject"}
"""What a recording has to have: all resources of the registry, and the component."""
_HOUR = 3600
"""A test sets the emulator's clock to an hour after the recording: no object is so young that reads may miss it."""
_OF_THE_PROVIDER = {"__managed", "__provider"}
"""What the provider itself keeps beside the outputs."""
_MARKS = ("application_id", "user_version")
"""The numbers by which the emulator recognizes its state files. SQLite's text of a database does not have them."""


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
        """The exported stack."""
        return self.folder / self.version / f"{self.provider}.json"

    @property
    def organization(self) -> Path:
        """The emulator's state file as text."""
        return self.folder / self.version / f"{self.provider}.sql"

    def kinds(self) -> set[str]:
        """The kinds of the resources in the state."""
        resources = json.loads(self.state.read_text(encoding="utf-8"))["deployment"]["resources"]
        return {resource["type"].rpartition(":")[2] for resource in resources}

    @property
    def files(self) -> tuple[Path, ...]:
        """All of them."""
        return self.program, self.state, self.organization

    def missing_kinds(self) -> set[str]:
        """The kinds of this version of the package that the state does not have."""
        return KINDS - self.kinds()

    def other_properties(self) -> set[str]:
        """Outputs that the state lacks, or that this version of the package does not have, such as `Group.groupId`.

        Outputs of a component are those that its program got: they are not compared.
        """
        found, declared = set[str](), schema({})["resources"]
        for resource in json.loads(self.state.read_text(encoding="utf-8"))["deployment"]["resources"]:
            kind = resource["type"].rpartition(":")[2]
            if kind not in ALL:
                continue
            # The dynamic provider has an underscore before the names of values that only it reads.
            outputs = {camel(name.lstrip("_")) for name in resource.get("outputs", {}).keys() - _OF_THE_PROVIDER}
            properties = declared[token(kind)]
            missing, unknown = {*properties["required"]} - outputs, outputs - {*properties["properties"]}
            found |= {f"{kind}.{name}" for name in missing | unknown}
        return found

    def stack(self, engine: Engine, folder: Path, environ: dict[str, str]) -> Stack:
        """A new stack of the program."""
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


def of_all_versions() -> list[Recording]:
    """Each recording, of the oldest version first."""
    versions = sorted(path.name for path in RECORDED.iterdir() if path.is_dir())
    return [Recording(version, provider) for version in versions for provider in PROVIDERS]


def text_of(state_file: Path) -> str:
    """A state file of an emulator that has stopped, as statements of SQL.

    The audit log is left out: no refresh reads it.
    """
    with closing(sqlite3.connect(state_file)) as database:
        database.execute("DELETE FROM events")
        marks = [f"PRAGMA {name} = {database.execute(f'PRAGMA {name}').fetchone()[0]};" for name in _MARKS]
        return "\n".join([*marks, *database.iterdump()]) + "\n"
