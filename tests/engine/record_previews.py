"""Records a preview of each provider, for `tests/unit/cli/plan`: run when previews are printed differently.

.venv/bin/python -m tests.engine.record_previews
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.emulator.process import EmulatorServer
from tests import keyed
from tests.company import person
from tests.engine.stacks import Stack
from tools import engine
from tools.stacks import environ_of

if TYPE_CHECKING:
    from tests.engine.stacks import Program
    from tools.engine import Engine

RECORDED = Path(__file__).parents[1] / "unit" / "cli" / "plan" / "recorded"
READ = ("type", "id", "inputs", "outputs", "propertyDependencies", "retainOnDelete", "deletedWith")
"""What `plan` reads of the state of a resource."""
RELEVANT = {"gpt-4o", "gpt-4.1", "whisper-1"}
"""The models that the program names."""

_SHOP = "$shop.project_id"

PEOPLE = {"users": [person(name) for name in ("edsger", "grace", "katherine")]}
"""The seed of the emulator's organization."""
_WEB_KEY = {"project_id": _SHOP, "service_account_id": "$web.service_account_id", "name": "web"}
BEFORE: Program = {
    "shop": ("Project", {"name": "Web shop"}),
    "row": ("ProjectRateLimit", {"project_id": _SHOP, "model": "gpt-4o", "max_requests_per_1_minute": 10_000}),
    "rows": (
        "ProjectRateLimits",
        {
            "project_id": "proj_demo",
            "limits": {"gpt-4o*": {"max_requests_per_1_minute": 30}, "whisper-1": {"max_requests_per_1_minute": 50}},
            "others": {"max_requests_per_1_minute": 0},
        },
    ),
    "budget": ("ProjectSpendLimit", {"project_id": _SHOP, "threshold_amount": 100_000}),
    "alert": (
        "ProjectSpendAlert",
        {"project_id": _SHOP, "threshold_amount": 80_000, "recipients": ["shop@example.com"]},
    ),
    "people": (
        "ProjectMembers",
        {
            "project_id": _SHOP,
            "members": keyed.members({"grace@example.com": "member", "edsger@example.com": "member"}),
        },
    ),
    "katherine": ("ProjectUser", {"project_id": _SHOP, "email": "katherine@example.com", "role": "member"}),
    "engineering": ("Group", {"name": "Engineering"}),
    "engineers": ("GroupMembers", {"group_id": "$engineering.group_id", "user_ids": ["user-grace", "user-edsger"]}),
    "web": ("ProjectServiceAccount", {"project_id": _SHOP, "name": "web", "create_service_account_only": True}),
    "web-key": ("ProjectServiceAccountApiKey", {**_WEB_KEY, "triggers": ["2026-Q3"]}),
    "ci": ("AdminApiKey", {"name": "ci", "expires_in_seconds": 7_776_000, "triggers": ["2026-Q3"]}),
    "models": (
        "ProjectModelPermissions",
        {"project_id": _SHOP, "mode": "allow_list", "model_ids": ["gpt-4o", "gpt-4.1-mini"]},
    ),
    "retention": ("ProjectDataRetention", {"project_id": _SHOP, "retention_type": "organization_default"}),
}
AFTER: Program = {
    **BEFORE,
    "row": ("ProjectRateLimit", {"project_id": _SHOP, "model": "gpt-4o", "max_requests_per_1_minute": 60}),
    "rows": (
        "ProjectRateLimits",
        {
            "project_id": "proj_demo",
            "limits": {"gpt-4o*": {"max_requests_per_1_minute": 300}, "gpt-4.1": {"max_requests_per_1_minute": 9}},
            "others": {"max_requests_per_1_minute": 0},
        },
    ),
    "budget": ("ProjectSpendLimit", {"project_id": _SHOP, "threshold_amount": 250_000}),
    "people": (
        "ProjectMembers",
        {"project_id": _SHOP, "members": keyed.members({"grace@example.com": "owner", "user-katherine": "viewer"})},
    ),
    "engineers": ("GroupMembers", {"group_id": "$engineering.group_id", "user_ids": ["user-grace", "user-katherine"]}),
    "web-key": ("ProjectServiceAccountApiKey", {**_WEB_KEY, "triggers": ["2026-Q4"]}),
    "ci": ("AdminApiKey", {"name": "ci", "expires_in_seconds": 7_776_000, "triggers": ["2026-Q4"]}),
    "retention": ("ProjectDataRetention", {"project_id": "proj_demo", "retention_type": "organization_default"}),
    "search": ("Project", {"name": "Search"}),
    "search-row": (
        "ProjectRateLimit",
        {"project_id": "$search.project_id", "model": "gpt-4o", "max_requests_per_1_minute": 600},
    ),
    "search-owner": (
        "ProjectUser",
        {"project_id": "$search.project_id", "email": "grace@example.com", "role": "owner"},
    ),
    "indexer": ("ProjectServiceAccount", {"project_id": "$search.project_id", "name": "indexer"}),
}
for _name in ("katherine", "alert", "models"):
    del AFTER[_name]


def preview(pulumi: Engine, emulator: EmulatorServer, folder: Path, *, is_native: bool) -> tuple[Stack, str]:
    """The stack before the change, and the preview of the change, as the engine prints it."""
    emulator.control.seed(PEOPLE)
    stack = Stack(pulumi, folder, environ_of(emulator))
    if is_native:
        stack.use_native()
    stack.declare(BEFORE)
    stack.up()
    stack.declare(AFTER)
    return stack, stack.ok("preview", "--json", "--show-sames").text


def _state(record: dict[str, Any]) -> dict[str, Any]:
    kept = {name: record[name] for name in READ if record.get(name)}
    for values in (kept.get("inputs", {}), kept.get("outputs", {})):
        values.pop("__provider", None)
        for rows in ("__rows", "rows"):  # the rows of other models
            if isinstance(values.get(rows), dict):
                values[rows] = {key: row for key, row in values[rows].items() if key in RELEVANT}
        values.get("__managed", {}).pop("baseline", None)
    if "propertyDependencies" in kept:
        kept["propertyDependencies"] = {name: urns for name, urns in kept["propertyDependencies"].items() if urns}
    return kept


def _step(shown: dict[str, Any]) -> dict[str, Any]:
    """Return what `plan` reads of a step."""
    kept = {name: shown[name] for name in ("op", "urn", "diffReasons", "replaceReasons") if shown.get(name)}
    return kept | {name: _state(shown[name]) for name in ("oldState", "newState") if shown.get(name)}


def record() -> None:
    for name in ("dynamic", "native"):
        with EmulatorServer() as emulator, tempfile.TemporaryDirectory() as folder:
            _, shown = preview(engine.find_or_get(), emulator, Path(folder), is_native=name == "native")
            document = json.loads(shown)
        steps = ",\n".join(json.dumps(_step(step)) for step in document["steps"])  # a line for each
        text = f'{{"changeSummary": {json.dumps(document["changeSummary"])}, "steps": [\n{steps}\n]}}\n'
        (RECORDED / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    record()
