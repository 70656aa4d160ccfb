"""`make picture`: the picture of `pulumi up` in the documentation, from a real run of the quickstart.

The engine prints it, and rich draws it as SVG. A test runs the quickstart again and compares what the picture shows.
"""

from __future__ import annotations

import io
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from rich._export_format import CONSOLE_SVG_FORMAT  # of the exact version that pyproject.toml names
from rich.console import Console
from rich.text import Text

from tools import engine, pinned
from tools.cache import NotAvailableError
from tools.progress import StepError
from tools.stacks import Stack

if TYPE_CHECKING:
    from tools.engine import Engine

PICTURE = pinned.ROOT / "docs" / "assets" / "up.svg"
PROGRAM = pinned.ROOT / "templates" / "openai-admin-python" / "__main__.py"
PROJECT = "name: quickstart\nruntime: python\nconfig: { projectName: { default: Quickstart } }\n"
TITLE = "pulumi up"
WIDTH = 92

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
        return without_messages(stack.ok("up", "--yes", "--suppress-progress", "--color", "always").text)


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


def main() -> int:
    """Draw it anew; the exit code."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            PICTURE.write_text(draw(record(engine.find_or_get(), Path(folder))), encoding="utf-8", newline="\n")
    except (StepError, NotAvailableError) as error:
        print(error, file=sys.stderr)
        return 1
    print(PICTURE.relative_to(pinned.ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
