"""One run of each command, and of each of its outputs, from the declarations: for what has to hold in all of them."""

from __future__ import annotations

import io
import json
import sys
from typing import IO, TYPE_CHECKING, NamedTuple

import pytest

from pulumi_openai_admin.cli.__main__ import run
from pulumi_openai_admin.cli.options import COMMANDS, declared
from tests import exported
from tests.exported import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pulumi_openai_admin.cli.options import DeclaredCommand
    from pulumi_openai_admin.emulator.process import EmulatorServer

KEY = f"sk-svcacct-{'a' * 60}wxyz"
"""A key of a project, as `keys find` and `webhooks test` need one."""
ENVIRON = {"OPENAI_API_KEY": KEY}
_MANAGED = (("Project", ""),)
STATE, PREVIEW, DYNAMIC = "state.json", "preview.json", "dynamic.json"
_ARGUMENTS = {
    "check": (),
    "limits": (),
    "spend": (),
    "members": (),
    "access": (),
    "keys": ("--state", STATE),
    "keys find": (),
    "keys revoke": ("key_0", "--dry-run", "--state", STATE),
    "offboard": ("user_0@example.com", "--state", STATE),
    "audit": ("--since", "30d"),
    "adopt": ("--all", "--dry-run"),
    "drift": ("--state", STATE, "--unmanaged"),
    "plan": (PREVIEW,),
    "migrate": (DYNAMIC,),
    "webhooks test": ("whe_0",),
}
_ENDLESS = {"emulate"}
"""Without an end, and without a name from OpenAI."""
_FORMS = ((), ("--json",), ("--csv",), ("--markdown",), ("--html", "-"), ("--focus",), ("--by", "project"))
MORE: Sequence[tuple[str, ...]] = (
    ("adopt", "--all", "--out", "org"),
    ("adopt", "--all", "--out", "org", "--json"),
    ("adopt", "--all", "--out", "org", "--native"),
    ("spend", "--by", "project", "--csv"),
    ("limits", "--differing"),
)


class Run(NamedTuple):
    """A command with the arguments that make it print something."""

    arguments: tuple[str, ...]

    @property
    def stdin(self) -> str:
        return KEY if self.arguments[:2] == ("keys", "find") else ""

    @property
    def is_json(self) -> bool:
        return "--json" in self.arguments or self.arguments[0] in {"audit", "migrate"}

    @property
    def is_csv(self) -> bool:
        return not {"--csv", "--focus"}.isdisjoint(self.arguments)


def _named(commands: Iterable[DeclaredCommand], before: str = "") -> Iterator[tuple[str, set[str]]]:
    """The names of all commands that run, with their options."""
    for command in commands:
        name = f"{before} {command.name}".strip()
        if command.function:
            parser = command.parser()
            shown = parser.commands[command.name] if before and hasattr(parser, "commands") else parser
            yield name, {option for parameter in shown.params for option in parameter.opts}
        yield from _named(command.commands, name)


def _runs() -> Iterator[Run]:
    for name, options in _named(map(declared, COMMANDS)):
        if name in _ENDLESS:
            continue
        for form in _FORMS:
            if not form or form[0] in options:
                yield Run((*name.split(), *_ARGUMENTS[name], *form))
    yield from map(Run, MORE)


RUNS = tuple(_runs())
ids = [" ".join(run.arguments) for run in RUNS]


def seed(emulator: EmulatorServer, names: Sequence[str]) -> None:
    """Give an organization in which everything that people name has one of these names."""
    hooks = {"url": "https://example.com/hooks", "event_types": ["batch.completed"]}
    emulator.control.seed(
        {
            "projects": [
                {
                    "id": f"proj_{n}",
                    "name": name,
                    "service_accounts": [{"id": f"svc_acct_{n}", "name": name, "keys": [{"name": name}]}],
                    "user_keys": [{"id": f"key_{n}", "name": name, **({"value": KEY} if n == 0 else {})}],
                }
                for n, name in enumerate(names)
            ],
            "users": [
                {"id": f"user_{n}", "name": name, "email": f"user_{n}@example.com", "role": "reader"}
                for n, name in enumerate(names)
            ],
            "groups": [{"id": f"group_{n}", "name": name} for n, name in enumerate(names)],
            "group_users": [{"group_id": f"group_{n}", "user_id": f"user_{n}"} for n, _ in enumerate(names)],
            "roles": [
                {"id": f"role_{n}", "role_name": name, "permissions": ["api.usage.read"]}
                for n, name in enumerate(names)
            ],
            "group_roles": [{"group_id": f"group_{n}", "role_id": f"role_{n}"} for n, _ in enumerate(names)],
            "project_users": [
                {"project_id": f"proj_{n}", "user_id": f"user_{n}", "role": "member"} for n, _ in enumerate(names)
            ],
            "webhook_endpoints": [{"id": "whe_0", "project_id": "proj_0", "name": names[0], **hooks}],
        }
    )


def write_files(folder: Path, emulator: EmulatorServer, names: Sequence[str]) -> None:
    """Write a state, a preview and a stack of the dynamic provider in which the resources have these names."""
    objects = [(kind, f"proj_{n}{rest}") for n, _ in enumerate(names) for kind, rest in _MANAGED]
    path = exported.write(folder / STATE, emulator, objects)
    document = json.loads(path.read_text("utf-8"))
    for n, resource in enumerate(document["deployment"]["resources"]):
        name = names[n // len(_MANAGED)]
        resource["urn"] = f"{resource['urn'].rpartition('::')[0]}::{name}-{n}"
        if resource["type"].endswith("Project"):  # that is a difference
            resource["outputs"]["name"] = resource["inputs"]["name"] = f"{name}!"
    path.write_text(json.dumps(document), encoding="utf-8")
    type_ = "openai-admin:index:ProjectUser"
    steps = [
        {
            "op": "create",
            "urn": f"urn:pulumi:dev::test::{type_}::{name}",
            "newState": {"type": type_, "inputs": {"projectId": name, "email": name, "role": name}},
        }
        for name in names
    ]
    messages = [{"severity": "warning", "message": name} for name in names]
    preview = {"steps": steps, "changeSummary": {"create": len(steps)}, "diagnostics": messages}
    (folder / PREVIEW).write_text(json.dumps(preview), encoding="utf-8")
    default = record("pulumi:providers:pulumi-python", "old", "default")
    stack = exported.exported(
        default,
        *(
            record(
                "ProjectServiceAccount",
                f"proj_{n}/it",
                name,
                provider=f"{default['urn']}::old",
                inputs={"name": name},
                outputs={"name": name},
            )
            for n, name in enumerate(names)
        ),
    )
    (folder / DYNAMIC).write_text(json.dumps(stack), encoding="utf-8")


def run_with(
    patch: pytest.MonkeyPatch,
    environ: Mapping[str, str],
    arguments: tuple[str, ...],
    encoding: str,
    stdin: str = "",
    stdout: IO[bytes] | None = None,
) -> tuple[int, str, str]:
    """Run the program in this process, with streams of an encoding: its exit code, and what it printed."""
    for name, value in environ.items():
        patch.setenv(name, value)
    out, err = io.BytesIO(), io.BytesIO()
    patch.setattr(sys, "argv", ["pulumi-openai-admin", *arguments])
    patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
    for name, stream, errors in (("stdout", stdout or out, "strict"), ("stderr", err, "backslashreplace")):
        is_buffered = stdout is not None and name == "stdout"
        wrapper = io.TextIOWrapper(stream, encoding=encoding, errors=errors, write_through=not is_buffered)
        patch.setattr(sys, name, wrapper)
    with pytest.raises(SystemExit) as ended:
        run()
    code = ended.value.code
    assert code is None or isinstance(code, int), code
    return code or 0, out.getvalue().decode(encoding), err.getvalue().decode(encoding)
