"""`make picture`: the pictures in `docs/assets`, of `pulumi up` and of pages of commands.

The engine prints an update of the quickstart, and rich draws it as SVG. A test runs the quickstart again and compares
what the picture shows. `plan` writes its page for a change of `examples/team`, the other commands for organizations of
the emulator; a browser draws them.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rich._export_format import CONSOLE_SVG_FORMAT  # of the exact version that pyproject.toml names
from rich.console import Console
from rich.text import Text

from pulumi_openai_admin.emulator.process import EmulatorServer
from tools import browser, engine, pinned
from tools.commands import print_result, run
from tools.stacks import Stack, environ_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.emulator.process import Control
    from tools.engine import Engine

ASSETS = pinned.ROOT / "docs" / "assets"
PICTURE = ASSETS / "up.svg"
PROGRAM = pinned.ROOT / "templates" / "openai-admin-python" / "__main__.py"
PROJECT = "name: quickstart\nruntime: python\nconfig: { projectName: { default: Quickstart } }\n"
TITLE = "pulumi up"
TEAM = pinned.ROOT / "examples" / "team"
REVIEWED = (
    ('"max_requests_per_1_minute": 500}', '"max_requests_per_1_minute": 800}'),
    ("spend_limit_dollars=1_000", "spend_limit_dollars=1_500"),
    ('"grace@example.com": "owner", "edsger@example.com": "member"', '"grace@example.com": "owner"'),
    ("2026-Q4", "2027-Q1"),
)
"""What the change of `examples/team` replaces, by what."""
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PROJECTS = {
    "Web shop": (60, {"gpt-4o": 10_000, "gpt-4o-mini": 10_000, "o3": 10_000, "gpt-5": 10_000}),
    "Search": (35, {"gpt-4o": 10_000, "o3": 10_000, "gpt-5": 7_500}),
    "Support": (22, {"gpt-4o": 10_000, "o3": 5_000}),
    "Research": (14, {"gpt-5-pro": 0, "o3": 500}),
    "Data science": (9, {"gpt-4o": 2_500, "gpt-5-pro": 0}),
    "Mobile": (5, {"gpt-4o": 0, "gpt-4o-mini": 500, "o3": 0, "gpt-5": 0, "gpt-5-pro": 0, "dall-e-3": 0}),
    "Website": (3, {"dall-e-3": 100, "gpt-5": 7_500}),
}
"""The projects on the pictures, with their share in the costs, and the requests a minute of the models that differ."""
PEOPLE: dict[str, dict[str, str]] = {
    "Grace": {},
    "Dorothy": {"Web shop": "owner", "Search": "member"},
    "Alan": {"Search": "owner", "Mobile": "viewer"},
    "Barbara": {"Web shop": "member", "Website": "member"},
    "Edsger": {"Research": "member"},
    "Frances": {"Support": "owner", "Mobile": "member"},
    "Katherine": {"Data science": "owner", "Research": "viewer"},
    "Radia": {"Mobile": "owner", "Web shop": "viewer"},
}
"""The people, with their roles in projects."""
ENGINEERS = {"members": ("Alan", "Barbara", "Edsger", "Radia"), "projects": ("Web shop", "Search", "Data science")}
"""The members of a group, and the projects that it is a member of."""
KEYS = (
    ("Web shop", "checkout", None, 40, 0, (40,)),
    ("Web shop", "search", None, 250, -15, (200, 30)),
    ("Web shop", "load test", None, 190, None, (185,)),
    ("Web shop", "laptop", "Barbara", 360, None, (310, 140)),
    ("Research", "notebook", "Frances", 400, None, (370, 210)),
    ("Research", "pipeline", None, 400, 200, (40,)),
    ("Research", "evaluation", None, 5, 8, ()),
)
"""The keys: project, name, person (else a service account), how many days ago each was created, in how many days it
expires, and how many days ago it was used. Frances is no member of Research."""
SPENT_DAYS, WORKDAYS, DAY_SECONDS = 18, 5, 86_400

_WITHOUT_FONT = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL).replace(
    "Fira Code", "ui-monospace, Menlo, Consolas"
)
"""rich's picture, without the font that it would load from another host."""
_ROW = "pulumi-python:dynamic/"
_MESSAGE = re.compile(r" \x1b\[0m[A-Z][^\x1b\n]*\x1b\[0m$")


def record(pulumi: Engine, folder: Path) -> str:
    """What `pulumi up` prints for the quickstart, in colors."""
    shutil.copy(PROGRAM, folder)
    (folder / "Pulumi.yaml").write_text(PROJECT, encoding="utf-8")
    with EmulatorServer() as emulator:
        stack = Stack(pulumi, folder, environ_of(emulator))
        stack.ok("stack", "init", "dev")
        return stack.ok("up", "--yes", "--skip-preview", "--suppress-progress", "--color", "always").text


def draw(printed: str) -> str:
    """A picture of an update as a terminal shows it in the end, as SVG.

    A terminal replaces `creating` by `created`, and shows one row for each resource, whose message is under
    `Diagnostics`. Without a terminal, the engine prints a row, with the message, at each event.
    """
    console = Console(record=True, width=92, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(f"$ {TITLE}")
    for line in printed.strip().splitlines():
        text = Text.from_ansi(_MESSAGE.sub("", line) if _ROW in line else line)
        if " creating (" not in text.plain and not text.plain.startswith(f"    {_ROW}"):
            console.print(text)
    return console.export_svg(title=TITLE, code_format=_WITHOUT_FONT)


def reviewed(pulumi: Engine, folder: Path) -> Path:
    """The page that `plan` writes for a change of `examples/team`."""
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(TEAM / name, folder)
    with EmulatorServer(seed=TEAM / "emulator.json") as emulator:
        stack = Stack(pulumi, folder, environ_of(emulator))
        stack.ok("stack", "init", "prod")
        stack.up()
        text = (TEAM / "__main__.py").read_text(encoding="utf-8")
        for old, new in REVIEWED:
            text = text.replace(old, new)
        (folder / "__main__.py").write_text(text, encoding="utf-8")
        preview = stack.ok("preview", "--json", "--show-sames").text
    (folder / "preview.json").write_text(preview, encoding="utf-8")
    return _page(folder, {}, "plan", "preview.json")


def fill(control: Control) -> None:
    """Fill an organization with what the pictures of `spend`, `keys`, `limits` and `members` show.

    It is noon there, on a day of the next month on which some costs have accrued.
    """
    now = datetime.fromtimestamp(control.advance_clock(0), UTC)
    noon = (now.replace(day=1) + timedelta(days=32)).replace(day=SPENT_DAYS, hour=12, minute=0, second=0)
    control.advance_clock(int((noon - now).total_seconds()))
    ids = {name: f"proj_{number}" for number, name in enumerate(PROJECTS)}
    people = {}
    for name in PEOPLE:
        about = {"id": f"user-{name}", "name": name, "email": f"{name.casefold()}@example.com"}
        people[name] = {**about, "role": "owner" if name == "Grace" else "reader"}
    projects = []
    for name, (_, models) in PROJECTS.items():
        limits = {f"rl-{model}": {"max_requests_per_1_minute": limit} for model, limit in models.items()}
        projects.append({"id": ids[name], "name": name, "rate_limits": limits})
    group, support = {"group_id": "group_engineers"}, {"id": ids["Support"], "role": "member"}
    control.seed(
        {
            "projects": projects,
            "spend_limits": [{"threshold_amount": 80_000, "currency": "USD", "interval": "month"}],
            "users": [*people.values()],
            "groups": [{"id": group["group_id"], "name": "Engineers"}],
            "group_users": [{**group, "user_id": people[name]["id"]} for name in ENGINEERS["members"]],
            "project_groups": [{**group, "project_id": ids[name], "role": "member"} for name in ENGINEERS["projects"]],
            "project_users": [
                {"project_id": ids[project], "user_id": people[name]["id"], "role": role}
                for name, of_person in PEOPLE.items()
                for project, role in of_person.items()
            ],
            "invites": [{"email": "lin@example.com", "role": "reader", "projects": [support]}],
        }
    )
    used = []
    for day in range(SPENT_DAYS):
        for number, (name, (share, _)) in enumerate(PROJECTS.items()):
            tokens = share * 2_000 * (4 + (day * (number + 3)) % 7 + (day % 7 < WORKDAYS) * 5)
            used.append({"project_id": ids[name], "output_tokens": tokens, "seconds_ago": day * DAY_SECONDS})
    for number, (project, name, person, created, expires, days) in enumerate(KEYS):
        lifetime = None if expires is None else (created + expires) * DAY_SECONDS
        key = {"id": f"key_{number:02}", "name": name, "expires_in_seconds": lifetime}
        account = {"service_accounts": [{"name": name, "keys": [key]}]}
        own = {"user_keys": [{**key, "user": people[person]}]} if person else account
        control.advance_clock(-created * DAY_SECONDS)
        control.seed({"projects": [{"id": ids[project], "name": project, **own}]})
        control.advance_clock(created * DAY_SECONDS)
        of_key = {"project_id": ids[project], "api_key_id": key["id"], "output_tokens": 1}
        used += [{**of_key, "seconds_ago": day * DAY_SECONDS} for day in days]
    control.seed({"usage_records": [{**each, "model": "gpt-4o"} for each in used]})


def _page(folder: Path, environ: Mapping[str, str], command: str, *arguments: str) -> Path:
    """The page that a command writes."""
    page = folder / f"{command}.html"
    program = [sys.executable, "-m", "pulumi_openai_admin.cli", command, *arguments, "--html", page.name]
    run(program, cwd=folder, env={**os.environ, **environ}, log=folder / "log")
    return page


def main() -> str:
    """Draw `pulumi up`, and the pages of commands in each color scheme; where they are."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - not needed to read a picture

    pulumi = engine.find_or_get()
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second, sync_playwright() as drawing:
        PICTURE.write_text(draw(record(pulumi, Path(first))), encoding="utf-8", newline="\n")
        folder = Path(second)
        with EmulatorServer() as emulator:
            fill(emulator.control)
            pages = [_page(folder, environ_of(emulator), command) for command in ("spend", "keys", "limits", "members")]
        chromium = browser.launch(drawing)
        for page in (reviewed(pulumi, folder), *pages):
            for scheme in SCHEMES:
                window = chromium.new_page(viewport={"width": 1100, "height": 840}, color_scheme=scheme)
                window.goto(page.as_uri())
                window.screenshot(path=ASSETS / f"{page.stem}-{scheme}.png")
    return str(ASSETS.relative_to(pinned.ROOT))


if __name__ == "__main__":
    sys.exit(print_result(main))
