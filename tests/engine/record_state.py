"""`make record`: records what this version puts into states, for `test_recorded_state.py`. Once before a release.

The program has each kind of resource, with the inputs of its scenario, and the component. It has no key that expires:
the test has to pass whenever it runs.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from pulumi_openai_admin.emulator.process import EmulatorServer
from tests.engine.recorded_states import PROVIDERS, RECORDED, Recording, text_of
from tests.host.scenarios import SCENARIOS
from tools import engine, pinned
from tools.commands import StepError, progress, say

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


def declared() -> list[dict[str, Any]]:
    """The resources of the program: kind, name in the program, and inputs."""
    scenarios = [scenario.of_its_own(number) for number, scenario in enumerate(SCENARIOS)]
    found = [
        {"kind": (kind := scenario.resource.__name__), "name": kind, "inputs": scenario.inputs}
        for scenario in scenarios
    ]
    for kind, name, inputs in _OTHERS:
        in_project = {} if kind == "TeamProject" else {"project_id": "proj_demo"}
        found.append({"kind": kind, "name": name, "inputs": {**in_project, **inputs}})
    return found


def record(version: str, into: Path = RECORDED) -> None:
    """Write the recordings of a version, in place of those that are there."""
    with tempfile.TemporaryDirectory() as work:
        new = Path(work) / "recorded"
        (new / version).mkdir(parents=True)
        document = {"recorded_at": int(time.time()), "resources": declared()}
        _write(Recording(version, PROVIDERS[0], new).program, document)
        for provider in PROVIDERS:
            with progress(f"Recording a state of {version} with the {provider} provider"):
                _record(Recording(version, provider, new), Path(work) / provider)
        shutil.rmtree(into / version, ignore_errors=True)
        shutil.copytree(new / version, into / version)


def _record(recording: Recording, folder: Path) -> None:
    folder.mkdir()
    state_file = folder / "organization.db"
    with EmulatorServer(state=state_file) as emulator:
        for number, scenario in enumerate(SCENARIOS):
            emulator.control.seed(scenario.of_its_own(number).seed)
        environ = {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}
        stack = recording.stack(engine.find_or_get(), folder, environ)
        stack.up()
        exported = without_local_parts(stack.export("--show-secrets"))
        traces = (str(folder.parent), str(pinned.ROOT), str(Path.home()), emulator.base_url)
    _write(recording.state, exported)
    recording.organization.write_text(text_of(state_file), encoding="utf-8")
    for path in (recording.state, recording.organization):
        text = path.read_text(encoding="utf-8")
        found = [trace for trace in traces if trace in text] + KEY.findall(text)
        if found:
            raise StepError(f"{path.name} contains {found[0]}, which is of this machine or a key.")


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


def is_released(version: str) -> bool:
    """Whether this clone has the tag of a version."""
    command = ["git", "-C", str(pinned.ROOT), "tag", "--list", f"v{version}"]
    return bool(subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout.strip())


def main() -> int:
    """Record the version of `pyproject.toml`; the exit code."""
    version = pinned.package_version()
    if is_released(version):
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
