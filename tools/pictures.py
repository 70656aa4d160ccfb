"""The pictures in `docs/assets`.

    python -m tools.pictures        # `make picture`: `pulumi up`, and pages of commands
    python -m tools.pictures logo   # `make logo`: the other files of the logo, from `logo.svg`, which is drawn by hand

The engine prints an update of the quickstart, and rich draws it as SVG. A test runs the quickstart again and compares
what the picture shows. `plan` writes its page for a change of `examples/team`, the other commands for organizations of
the emulator; a browser draws them. `logo.svg` is for light backgrounds, `logo-dark.svg` for dark ones; each has a PNG,
which a browser draws.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from xml.etree import ElementTree as ET

from rich._export_format import CONSOLE_SVG_FORMAT  # of the exact version that pyproject.toml names
from rich.console import Console
from rich.text import Text

from pulumi_openai_admin.emulator.process import EmulatorServer
from tools import browser, cache, engine, pinned
from tools.commands import StepError, run
from tools.stacks import Stack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import Browser as Chromium

    from tools.engine import Engine

ASSETS = pinned.ROOT / "docs" / "assets"
PICTURE = ASSETS / "up.svg"
LIGHT, DARK = ASSETS / "logo.svg", ASSETS / "logo-dark.svg"
ON_DARK = {"#1e3a5f": "#cfe0f5", "#e8740c": "#ff9d3c"}
"""The colors of the logo for light backgrounds, with those for dark ones."""
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
COSTS = {"Web shop": 60, "Search": 35, "Support": 22, "Research": 14, "Data science": 9, "Mobile": 5, "Website": 3}
"""The projects of the picture of `spend`, with the share of each in the costs."""
SPENT_DAYS, WORKDAYS, DAY_SECONDS = 18, 5, 86_400
KEYS = (
    ("Web shop", "checkout", None, 360, 400, (300, 360)),
    ("Web shop", "search", None, 150, 385, (200, 370)),
    ("Web shop", "load test", None, 210, None, (215,)),
    ("Web shop", "laptop", "grace", 40, None, (90, 260)),
    ("Research", "notebook", "edsger", 0, None, (30, 190)),
    ("Research", "pipeline", None, 0, 600, (360,)),
    ("Research", "evaluation", None, 395, 408, ()),
)
"""The keys on the picture of `keys`: project, name, person (else a service account), and in days from the start: when
it is created, when it expires, and when it is used."""
LAST_DAY = 400
LIMITED = {
    "Web shop": {"gpt-4o": 10_000, "gpt-4o-mini": 10_000, "o3": 10_000, "gpt-5": 10_000},
    "Search": {"gpt-4o": 10_000, "o3": 10_000, "gpt-5": 7_500},
    "Support": {"gpt-4o": 10_000, "o3": 5_000},
    "Research": {"gpt-5-pro": 0, "o3": 500},
    "Data science": {"gpt-4o": 2_500, "gpt-5-pro": 0},
    "Mobile": {"gpt-4o": 0, "gpt-4o-mini": 500, "o3": 0, "gpt-5": 0, "gpt-5-pro": 0, "dall-e-3": 0},
    "Website": {"dall-e-3": 100, "gpt-5": 7_500},
}
"""The projects of the picture of `limits`, with the requests a minute of the models that differ."""
PEOPLE = {
    "Grace": ("owner", {}),
    "Dorothy": ("reader", {"Web shop": "owner", "Search": "member"}),
    "Alan": ("reader", {"Search": "owner", "Mobile": "viewer"}),
    "Barbara": ("reader", {"Web shop": "member", "Website": "member"}),
    "Edsger": ("reader", {"Research": "member"}),
    "Frances": ("reader", {"Support": "owner", "Mobile": "member"}),
    "Katherine": ("reader", {"Data science": "owner", "Research": "viewer"}),
    "Radia": ("reader", {"Mobile": "owner", "Web shop": "viewer"}),
}
"""The people of the picture of `members`, with the role in the organization and in projects."""
ENGINEERS = ("Alan", "Barbara", "Edsger", "Radia")
"""Who is in the group that is a member of `GROUP_IN`."""
GROUP_IN = ("Web shop", "Search", "Data science")

_WITHOUT_FONT = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL).replace(
    "Fira Code", "ui-monospace, Menlo, Consolas"
)
"""rich's picture, without the font that it would load from another host."""
_CHANGES_EACH_TIME = re.compile(r"\d+(\.\d+)?m?s\b|proj_\w+")
_ROW = "pulumi-python:dynamic/"
_MESSAGE = re.compile(r" \x1b\[0m[A-Z][^\x1b\n]*\x1b\[0m$")


def record(pulumi: Engine, folder: Path) -> str:
    """What `pulumi up` prints for the quickstart, in colors."""
    shutil.copy(PROGRAM, folder)
    (folder / "Pulumi.yaml").write_text(PROJECT, encoding="utf-8")
    with EmulatorServer() as emulator:
        stack = Stack(pulumi, folder, {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url})
        stack.ok("stack", "init", "dev")
        # Else a message of the first preview stands at the resource that the engine happens to check first.
        stack.ok("config", "set", "openai-admin:previewReads", "false")
        return of_update(stack.ok("up", "--yes", "--suppress-progress", "--color", "always").text)


def of_update(printed: str) -> str:
    """The update as a terminal shows it in the end.

    The preview before it is left out. A terminal replaces `creating` by `created`, and shows one row for each resource,
    whose message is under `Diagnostics`. Without a terminal, the engine prints a row, with the message, at each event.

    Raises:
        StepError: The engine printed no update.
    """
    found = printed.find("Updating (")
    if found < 0:
        raise StepError(f"`pulumi up` printed no update:\n{printed}")
    update = printed[printed.rfind("\n", 0, found) + 1 :]
    lines = [_MESSAGE.sub("", line) if _ROW in line else line for line in update.splitlines()]
    plain = {line: Text.from_ansi(line).plain for line in lines}
    return "\n".join(
        line for line in lines if " creating (" not in plain[line] and not plain[line].startswith(f"    {_ROW}")
    )


def draw(printed: str) -> str:
    """A picture of a terminal that shows it, as SVG."""
    console = Console(record=True, width=92, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.from_ansi(f"$ {TITLE}\n{printed.strip()}"))
    return console.export_svg(title=TITLE, code_format=_WITHOUT_FONT)


def shown(picture: str) -> list[str]:
    """The lines of text that a picture shows, from top to bottom."""
    lines: dict[float, list[tuple[float, str]]] = {}
    for text in ET.fromstring(picture).iter("{http://www.w3.org/2000/svg}text"):  # noqa: S314 - our own file
        if "clip-path" in text.attrib:
            piece = (float(text.attrib["x"]), (text.text or "").replace("\xa0", " "))
            lines.setdefault(float(text.attrib["y"]), []).append(piece)
    return ["".join(piece for _, piece in sorted(lines[y])).strip() for y in sorted(lines)]


def steady(lines: list[str]) -> list[str]:
    """Lines without what differs from run to run: times, ids, and the order in which resources are ready."""
    return sorted(filter(None, (_CHANGES_EACH_TIME.sub("…", line) for line in lines)))


def reviewed(pulumi: Engine, folder: Path) -> Path:
    """The page that `plan` writes for a change of `examples/team`.

    Raises:
        StepError: A command failed, or the program no longer has what the change replaces.
    """
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(TEAM / name, folder)
    with EmulatorServer(seed=TEAM / "emulator.json") as emulator:
        stack = Stack(pulumi, folder, {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url})
        stack.ok("stack", "init", "prod")
        stack.up()
        program = folder / "__main__.py"
        program.write_text(changed(program.read_text(encoding="utf-8")), encoding="utf-8")
        preview = stack.ok("preview", "--json", "--show-sames").text
    (folder / "preview.json").write_text(preview, encoding="utf-8")
    return _page(folder, {}, "plan", "preview.json")


def listed(folder: Path) -> Path:
    """The page that `keys` writes for `KEYS`; Edsger is no member of his project.

    Raises:
        StepError: The command failed.
    """
    with EmulatorServer() as emulator:
        control = emulator.control
        people = {
            name: {"id": f"user-{name}", "name": name.title(), "email": f"{name}@example.com", "role": "reader"}
            for name in ("grace", "edsger")
        }
        control.seed({"users": [*people.values()]})
        events = [(created, number, "made") for number, (*_, created, _, _) in enumerate(KEYS)]
        events += [(day, number, "used") for number, (*_, days) in enumerate(KEYS) for day in days]
        projects: dict[str, str] = {}
        today = 0
        for day, number, what in sorted(events):
            control.advance_clock((day - today) * DAY_SECONDS)
            today, (project, name, person, _, expires, _) = day, KEYS[number]
            made = {"id": f"key_{number:02}", "name": name}
            project_id = projects.setdefault(project, f"proj_{len(projects)}")
            if what == "made":
                lifetime = None if expires is None else (expires - day) * DAY_SECONDS
                key = {**made, "expires_in_seconds": lifetime}
                owner = (
                    {"user_keys": [{**key, "user": people[person]}]}
                    if person
                    else {"service_accounts": [{"name": name, "keys": [key]}]}
                )
                control.seed({"projects": [{"id": project_id, "name": project, **owner}]})
            else:
                control.use(project_id=project_id, api_key_id=made["id"], model="gpt-4o", output_tokens=1)
        control.advance_clock((LAST_DAY - today) * DAY_SECONDS)
        member = {"project_id": projects["Web shop"], "user_id": "user-grace", "role": "member"}
        control.seed({"project_users": [member]})
        environ = {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}
        return _page(folder, environ, "keys")


def limited(folder: Path) -> Path:
    """The page that `limits` writes for `LIMITED`.

    Raises:
        StepError: The command failed.
    """
    projects = [
        {
            "name": name,
            "rate_limits": {f"rl-{model}": {"max_requests_per_1_minute": limit} for model, limit in limits.items()},
        }
        for name, limits in LIMITED.items()
    ]
    return _of_seed(folder, {"projects": projects}, "limits")


def peopled(folder: Path) -> Path:
    """The page that `members` writes for `PEOPLE`.

    Raises:
        StepError: The command failed.
    """
    ids = {name: f"proj_{number}" for number, name in enumerate(LIMITED)}
    users = {
        name: {"id": f"user-{name}", "name": name, "email": f"{name.casefold()}@example.com", "role": role}
        for name, (role, _) in PEOPLE.items()
    }
    seed = {
        "projects": [{"id": id_, "name": name} for name, id_ in ids.items()],
        "users": [*users.values()],
        "groups": [{"id": "group_engineers", "name": "Engineers"}],
        "group_users": [{"group_id": "group_engineers", "user_id": users[name]["id"]} for name in ENGINEERS],
        "project_groups": [
            {"project_id": ids[name], "group_id": "group_engineers", "role": "member"} for name in GROUP_IN
        ],
        "project_users": [
            {"project_id": ids[project], "user_id": users[name]["id"], "role": role}
            for name, (_, projects) in PEOPLE.items()
            for project, role in projects.items()
        ],
        "invites": [
            {"email": "lin@example.com", "role": "reader", "projects": [{"id": ids["Support"], "role": "member"}]}
        ],
    }
    return _of_seed(folder, seed, "members")


def _of_seed(folder: Path, seed: Mapping[str, Any], command: str) -> Path:
    """The page that a command writes for the objects of a seed.

    Raises:
        StepError: The command failed.
    """
    with EmulatorServer() as emulator:
        emulator.control.seed(seed)
        environ = {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}
        return _page(folder, environ, command)


def spent(folder: Path) -> Path:
    """The page that `spend` writes for a month of costs.

    Raises:
        StepError: The command failed.
    """
    limit = {"threshold_amount": 100_000, "currency": "USD", "interval": "month"}
    projects = [{"id": f"proj_{number}", "name": name} for number, name in enumerate(COSTS)]
    with EmulatorServer() as emulator:
        emulator.control.seed({"projects": projects, "spend_limits": [limit]})
        emulator.control.advance_clock(_seconds_to_noon(SPENT_DAYS))
        for day in range(SPENT_DAYS):
            for number, tokens in enumerate(COSTS.values()):
                used = tokens * 10_000 * (4 + (day * (number + 3)) % 7 + (day % 7 < WORKDAYS) * 5)
                emulator.control.use(
                    project_id=f"proj_{number}", model="gpt-4o", output_tokens=used // 5, seconds_ago=day * DAY_SECONDS
                )
        environ = {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}
        return _page(folder, environ, "spend")


def _seconds_to_noon(day: int) -> int:
    """The seconds until noon of a day of the next month (UTC)."""
    now = datetime.now(UTC)
    following = (now.replace(day=1) + timedelta(days=32)).replace(day=day, hour=12, minute=0, second=0)
    return int((following - now).total_seconds())


def _page(folder: Path, environ: Mapping[str, str], command: str, *arguments: str) -> Path:
    """The page that a command writes.

    Raises:
        StepError: The command failed.
    """
    page = folder / f"{command}.html"
    run(
        [sys.executable, "-m", "pulumi_openai_admin.cli", command, *arguments, "--html", page.name],
        cwd=folder,
        env={**os.environ, **environ},
        log=folder / "log",
    )
    return page


def changed(program: str) -> str:
    """The program of `examples/team` after the change.

    Raises:
        StepError: It no longer has what the change replaces.
    """
    for old, new in REVIEWED:
        if program.count(old) != 1:
            raise StepError(f"{TEAM.relative_to(pinned.ROOT)}/__main__.py does not have {old} once")
        program = program.replace(old, new)
    return program


@contextmanager
def chromium() -> Iterator[Chromium]:
    """A browser.

    Raises:
        StepError: There is none here.
    """
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - not needed to read a picture

    found = browser.find_or_get()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=found.program, args=list(browser.ARGUMENTS), env=dict(found.environment)
        )
        yield started
        started.close()


def dark(light: str) -> str:
    """The drawing of the logo with the colors for dark backgrounds."""
    for color, other in ON_DARK.items():
        light = light.replace(color, other)
    return light


def draw_logo() -> None:
    """Write the other files of the logo: PNGs have a transparent background."""
    DARK.write_text(dark(LIGHT.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    with chromium() as started:
        page = started.new_page(viewport={"width": 256, "height": 256})
        for drawing in (LIGHT, DARK):
            page.set_content(f'<body style="margin: 0">{drawing.read_text(encoding="utf-8")}</body>')
            page.screenshot(path=drawing.with_suffix(".png"), omit_background=True)


def draw_all() -> None:
    """Draw `pulumi up`, and the pages of commands in each color scheme."""
    pulumi = engine.find_or_get()
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second, chromium() as started:
        PICTURE.write_text(draw(record(pulumi, Path(first))), encoding="utf-8", newline="\n")
        folder = Path(second)
        for page in (reviewed(pulumi, folder), *(written(folder) for written in (spent, listed, limited, peopled))):
            for scheme in SCHEMES:
                window = started.new_page(viewport={"width": 1100, "height": 840}, color_scheme=scheme)
                window.goto(page.as_uri())
                window.screenshot(path=ASSETS / f"{page.stem}-{scheme}.png")


def main(arguments: list[str]) -> str:
    """Draw pictures; where they are.

    Raises:
        StepError: A command failed, or there is no browser here.
    """
    if arguments == ["logo"]:
        draw_logo()
    else:
        draw_all()
    return str(ASSETS.relative_to(pinned.ROOT))


if __name__ == "__main__":
    sys.exit(cache.print_found(lambda: main(sys.argv[1:])))
