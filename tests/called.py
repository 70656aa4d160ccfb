"""How each command is called in an organization that has something of everything that the commands show."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.cli.options import COMMANDS, declared
from tests import exported
from tests.company import person, spend_alert, spend_limit

if TYPE_CHECKING:
    from pulumi_openai_admin.cli.options import DeclaredCommand
    from pulumi_openai_admin.emulator.process import EmulatorServer

LEAKED = f"sk-svcacct-{'a' * 60}wxyz"
PROJECT_KEY = "sk-svcacct-webhooks-1234"
STATE, PREVIEW, LEAK, PROGRAM = "state.json", "preview.json", "leak.txt", "org"
"""The files in the folder in which a command runs, and the folder that `adopt` writes."""
PREVIEWS = Path(__file__).parent / "unit" / "cli" / "plan" / "recorded"


@dataclass(frozen=True)
class Call:
    """How a command is called."""

    arguments: tuple[str, ...]
    stdin: str = ""
    """The file that is its standard input."""
    formats: tuple[str, ...] = ("--json",)
    """The options that change what it prints, each used alone; it also runs without one."""
    reads: str = ""
    """The file that it reads, if it sends no requests."""
    html: bool = False
    """Whether `--html FILE` writes a page."""
    is_lines: bool = False
    """Whether each line of its output is a document in JSON."""

    @property
    def ways(self) -> list[tuple[str, ...]]:
        """The command with each of the formats, and without one."""
        return [self.arguments, *((*self.arguments, option) for option in self.formats)]


REVOKED = ("key_web", "key_alan", "key_ci")
CALLS = {
    "check": Call(("check",)),
    "limits": Call(("limits",), formats=("--json", "--csv"), html=True),
    "spend": Call(("spend",), formats=("--json", "--csv"), html=True),
    "members": Call(("members",), html=True),
    "access": Call(("access",), html=True),
    "keys": Call(("keys",), formats=("--json", "--csv"), html=True),
    "keys find": Call(("keys", "find"), stdin=LEAK),
    "keys revoke": Call(("keys", "revoke", *REVOKED, "--yes"), formats=()),
    "offboard": Call(("offboard", "grace@example.com", "--apply", "--yes")),
    "audit": Call(("audit", "--since", "30d"), formats=(), is_lines=True),
    "adopt": Call(("adopt", "--all", "--out", PROGRAM)),
    "drift": Call(("drift", "--state", STATE), html=True),
    "plan": Call(("plan", PREVIEW, "--markdown"), formats=(), reads=PREVIEW, html=True),
    "migrate": Call(("migrate", STATE), formats=(), reads=STATE),
    "webhooks test": Call(("webhooks", "test", "whe_shop")),
}
"""Each command, by its name."""
SERVERS = {"emulate"}
"""Commands that serve until they are ended: tests of the emulator run them."""


def names() -> list[str]:
    """Return the names of all commands, those of groups as `keys find`."""
    return [name for command in COMMANDS for name in _names(declared(command))]


def _names(command: DeclaredCommand) -> list[str]:
    own = [command.name] if command.function else []
    return [*own, *(f"{command.name} {inner.name}" for inner in command.commands)]


SHOP, LAB = {"project_id": "proj_shop"}, {"project_id": "proj_lab"}
GRACE = {**person("grace"), "email": "Grace@example.com"}  # the emulator refuses an invite to the same address
ALAN = person("alan")
TAKES = {"permissions": ["api.model.read"]}
ALERT = spend_alert(8_000, "finance@example.com", "grace@example.com")
SEED: dict[str, Any] = {
    "invites": [{"id": "invite-1", "email": "grace@example.com", "role": "reader", "projects": []}],
    "users": [GRACE, ALAN, person("second", "owner")],
    "projects": [
        {
            "id": "proj_shop",
            "name": "Shop",
            "service_accounts": [
                {"id": "svc_acct_web", "name": "web", "keys": [{"id": "key_web", "value": LEAKED}]},
                {"id": "svc_acct_hooks", "name": "hooks", "keys": [{"id": "key_hooks", "value": PROJECT_KEY}]},
            ],
            "user_keys": [
                {"id": "key_grace", "name": "notebook", "user": GRACE},
                {"id": "key_alan", "name": "notebook", "user": ALAN},
            ],
        },
        {
            "id": "proj_lab",
            "name": "Lab",
            "service_accounts": [{"id": "svc_acct_ci", "name": "ci", "keys": [{"id": "key_ci"}]}],
        },
    ],
    "groups": [{"id": "group_eng", "name": "Engineering"}],
    "group_users": [{"group_id": "group_eng", "user_id": "user-grace"}],
    "roles": [
        {"id": "role_audit", "role_name": "Auditor", "description": "Reads", **TAKES},
        {"id": "role_eng", "role_name": "Engineer", **TAKES},
    ],
    "group_roles": [{"group_id": "group_eng", "role_id": "role_eng"}],
    "user_roles": [{"user_id": "user-grace", "role_id": "role_audit"}],
    "project_roles": [{"id": "role_deploy", **SHOP, "role_name": "Deployer", **TAKES}],
    "project_users": [
        {**place, "user_id": user, "role": "member"} for place in (SHOP, LAB) for user in ("user-grace", "user-alan")
    ],
    "project_groups": [{**SHOP, "group_id": "group_eng", "role": "member"}],
    "project_user_roles": [{**SHOP, "user_id": "user-grace", "role_id": "role_deploy"}],
    "spend_limits": [spend_limit(500_000)],
    "spend_alerts": [{"id": "alert_all", **ALERT}],
    "project_spend_alerts": [{"id": "alert_lab", **LAB, **ALERT}],
    "project_spend_limits": [{**SHOP, **spend_limit(100_000)}],
    "admin_keys": [{"value": "sk-admin-of-grace", "owner_id": "user-grace"}],
    "webhook_endpoints": [
        {
            "id": "whe_shop",
            **SHOP,
            "name": "shop",
            "url": "https://example.com/hooks",
            "event_types": ["batch.failed"],
        }
    ],
}
MANAGED = (
    ("Project", "proj_shop"),
    ("ProjectRateLimit", "proj_shop/rl-gpt-4o"),
    ("ProjectMembers", "proj_lab"),
    ("ProjectSpendLimit", "proj_shop"),
    ("OrganizationUser", "user-alan"),
    ("Group", "group_eng"),
    ("GroupMembers", "group_eng"),
)
"""What the stack manages of which the state is a file: none of it is in the way of the commands that remove."""


def organization(emulator: EmulatorServer, folder: Path) -> None:
    """Make the organization anew, and the files that the commands read."""
    emulator.control.reset()
    emulator.control.seed(SEED)
    emulator.control.advance_clock(20)  # what is new is looked for longer
    exported.write(folder / STATE, emulator, MANAGED)
    preview = json.loads((PREVIEWS / "dynamic.json").read_text(encoding="utf-8"))
    (folder / PREVIEW).write_text(json.dumps(preview), encoding="utf-8")
    (folder / LEAK).write_text(LEAKED, encoding="utf-8")
    shutil.rmtree(folder / PROGRAM, ignore_errors=True)
    emulator.control.clear_requests()
