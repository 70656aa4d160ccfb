"""The pictures in `docs/assets`.

    python -m tools.pictures        # `make picture`: `pulumi up`, and the pages of `plan` and `keys`, from real runs
    python -m tools.pictures logo   # `make logo`: the other files of the logo, from `logo.svg`, which is drawn by hand

The engine prints an update of the quickstart, and rich draws it as SVG. A test runs the quickstart again and compares
what the picture shows. `plan` writes its page for a change of `examples/team`, `keys` for an organization of the
emulator, and a browser draws them. `logo.svg` is for light backgrounds, `logo-dark.svg` for dark ones; each has a PNG,
which a browser draws.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from xml.etree import ElementTree as ET

from rich._export_format import CONSOLE_SVG_FORMAT  # of the exact version that pyproject.toml names
from rich.console import Console
from rich.text import Text

from tools import browser, engine, pinned
from tools.commands import StepError
from tools.stacks import Stack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import Browser as Chromium

    from tools.engine import Engine

ASSETS = pinned.ROOT / "docs" / "assets"
PICTURE = ASSETS / "up.svg"
LIGHT, DARK = ASSETS / "logo.svg", ASSETS / "logo-dark.svg"
LOGO_PIXELS = 256
ON_DARK = {"#1e3a5f": "#cfe0f5", "#e8740c": "#ff9d3c"}
"""The colors of the logo for light backgrounds, with those for dark ones."""
PROGRAM = pinned.ROOT / "templates" / "openai-admin-python" / "__main__.py"
PROJECT = "name: quickstart\nruntime: python\nconfig: { projectName: { default: Quickstart } }\n"
TITLE = "pulumi up"
WIDTH = 92
TEAM = pinned.ROOT / "examples" / "team"
REVIEWED = (
    ('"max_requests_per_1_minute": 500}', '"max_requests_per_1_minute": 800}'),
    ("spend_limit_dollars=1_000", "spend_limit_dollars=1_500"),
    ('"grace@example.com": "owner", "edsger@example.com": "member"', '"grace@example.com": "owner"'),
    ("2026-Q4", "2027-Q1"),
)
"""What the change of `examples/team` replaces, by what."""
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
DAY = 86_400
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

_WITHOUT_FONT = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL).replace(
    "Fira Code", "ui-monospace, Menlo, Consolas"
)
"""rich's picture, without the font that it would load from another host."""
_SVG = "{http://www.w3.org/2000/svg}"
_CHANGES_EACH_TIME = re.compile(r"\d+(\.\d+)?m?s\b|proj_\w+")
_ROW = "pulumi-python:dynamic/"
_MESSAGE = re.compile(r" \x1b\[0m[A-Z][^\x1b\n]*\x1b\[0m$")


def record(pulumi: Engine, folder: Path) -> str:
    """What `pulumi up` prints for the quickstart, in colors."""
    from pulumi_openai_admin.emulator.process import EmulatorServer  # noqa: PLC0415 - not needed to read a picture

    shutil.copy(PROGRAM, folder)
    (folder / "Pulumi.yaml").write_text(PROJECT, encoding="utf-8")
    with EmulatorServer() as emulator:
        environ = {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}
        stack = Stack(pulumi, folder, environ)
        stack.ok("stack", "init", "dev")
        # Else a message of the first preview stands at the resource that the engine happens to check first.
        stack.ok("config", "set", "openai-admin:previewReads", "false")
        printed = stack.ok("up", "--yes", "--suppress-progress", "--color", "always").text
        return without_messages(of_update(printed))


def of_update(printed: str) -> str:
    """The update, without the preview before it, and each resource once: a terminal replaces `creating` by `created`.

    Raises:
        StepError: The engine printed no update.
    """
    lines = [(Text.from_ansi(line).plain, line) for line in printed.splitlines()]
    start = next((number for number, (plain, _) in enumerate(lines) if plain.startswith("Updating (")), None)
    if start is None:
        raise StepError(f"`pulumi up` printed no update:\n{printed}")
    return "\n".join(line for plain, line in lines[start:] if " creating (" not in plain)


def without_messages(printed: str) -> str:
    """The rows of resources without their messages, which are under `Diagnostics`, and without rows that only have one.

    A terminal shows one row for each resource. Without one, the engine prints a row, with the message, at each event.
    """
    lines = [_MESSAGE.sub("", line) if _ROW in line else line for line in printed.splitlines()]
    return "\n".join(line for line in lines if not Text.from_ansi(line).plain.startswith(f"    {_ROW}"))


def draw(printed: str) -> str:
    """A picture of a terminal that shows it, as SVG."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.from_ansi(f"$ {TITLE}\n{printed.strip()}"))
    return console.export_svg(title=TITLE, code_format=_WITHOUT_FONT)


def shown(picture: str) -> list[str]:
    """The lines of text that a picture shows, from top to bottom."""
    lines: dict[float, list[tuple[float, str]]] = {}
    for text in ET.fromstring(picture).iter(f"{_SVG}text"):  # noqa: S314 - our own file
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
    from pulumi_openai_admin.emulator.process import EmulatorServer  # noqa: PLC0415 - not needed to read a picture

    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(TEAM / name, folder)
    with EmulatorServer(seed=TEAM / "emulator.json") as emulator:
        environ = {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}
        stack = Stack(pulumi, folder, environ)
        stack.ok("stack", "init", "prod")
        stack.up()
        program = folder / "__main__.py"
        program.write_text(changed(program.read_text(encoding="utf-8")), encoding="utf-8")
        preview = stack.ok("preview", "--json", "--show-sames").text
    (folder / "preview.json").write_text(preview, encoding="utf-8")
    return _written("plan", "preview.json", "--html", "plan.html", folder=folder, environ=os.environ)


def _written(*arguments: str, folder: Path, environ: Mapping[str, str]) -> Path:
    """The page that a command writes; its name is the last argument."""
    command = [sys.executable, "-m", "pulumi_openai_admin.cli", *arguments]
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise StepError(f"`{arguments[0]}` failed with exit code {done.returncode}:\n{done.stderr}")
    return folder / arguments[-1]


def listed(folder: Path) -> Path:
    """The page that `keys` writes for `KEYS`; Edsger is no member of his project.

    Raises:
        StepError: The command failed.
    """
    from pulumi_openai_admin.emulator.process import EmulatorServer  # noqa: PLC0415 - not needed to read a picture

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
            control.advance_clock((day - today) * DAY)
            today, (project, name, person, _, expires, _) = day, KEYS[number]
            made = {"id": f"key_{number:02}", "name": name}
            project_id = projects.setdefault(project, f"proj_{len(projects)}")
            if what == "made":
                lifetime = None if expires is None else (expires - day) * DAY
                key = {**made, "expires_in_seconds": lifetime}
                owner = (
                    {"user_keys": [{**key, "user": people[person]}]}
                    if person
                    else {"service_accounts": [{"name": name, "keys": [key]}]}
                )
                control.seed({"projects": [{"id": project_id, "name": project, **owner}]})
            else:
                control.use(project_id=project_id, api_key_id=made["id"], model="gpt-4o", output_tokens=1)
        control.advance_clock((LAST_DAY - today) * DAY)
        member = {"project_id": projects["Web shop"], "user_id": "user-grace", "role": "member"}
        control.seed({"project_users": [member]})
        environ = {**os.environ, "OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}
        return _written("keys", "--html", "keys.html", folder=folder, environ=environ)


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


def photograph(page: Path) -> list[Path]:
    """Draw what a browser shows of a page, in each color scheme; returns the pictures."""
    drawn = []
    with chromium() as started:
        for scheme in SCHEMES:
            window = started.new_page(viewport={"width": 1100, "height": 840}, color_scheme=scheme)
            window.goto(page.as_uri())
            drawn.append(ASSETS / f"{page.stem}-{scheme}.png")
            window.screenshot(path=drawn[-1])
    return drawn


def dark(light: str) -> str:
    """The drawing of the logo with the colors for dark backgrounds."""
    for color, other in ON_DARK.items():
        light = light.replace(color, other)
    return light


def png(drawings: Mapping[str, str]) -> dict[str, bytes]:
    """Each drawing as a PNG with a transparent background."""
    drawn = {}
    with chromium() as started:
        page = started.new_page(viewport={"width": LOGO_PIXELS, "height": LOGO_PIXELS})
        for name, drawing in drawings.items():
            page.set_content(f'<body style="margin: 0">{drawing}</body>')
            drawn[name] = page.screenshot(omit_background=True)
    return drawn


def draw_logo() -> list[Path]:
    """Write the other files of the logo."""
    light = LIGHT.read_text(encoding="utf-8")
    drawings = {LIGHT.stem: light, DARK.stem: dark(light)}
    DARK.write_text(drawings[DARK.stem], encoding="utf-8", newline="\n")
    written = [DARK]
    for name, picture in png(drawings).items():
        written.append(ASSETS.joinpath(name).with_suffix(".png"))
        written[-1].write_bytes(picture)
    return written


def draw_all() -> list[Path]:
    """Draw `pulumi up`, and the pages of `plan` and `keys`."""
    pulumi = engine.find_or_get()
    with tempfile.TemporaryDirectory() as folder:
        PICTURE.write_text(draw(record(pulumi, Path(folder))), encoding="utf-8", newline="\n")
    with tempfile.TemporaryDirectory() as folder:
        pages = (reviewed(pulumi, Path(folder)), listed(Path(folder)))
        return [PICTURE, *(picture for page in pages for picture in photograph(page))]


def main(arguments: list[str]) -> int:
    """Draw pictures, and print the names of their files; the exit code."""
    try:
        written = draw_logo() if arguments == ["logo"] else draw_all()
    except StepError as error:
        print(error, file=sys.stderr)
        return 1
    for picture in written:
        print(picture.relative_to(pinned.ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
