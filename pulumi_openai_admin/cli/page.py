"""What all HTML pages share: one file that loads nothing else, and forbids all scripts and styles but its own."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pulumi_openai_admin.cli.words import counted
from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from datetime import datetime
    from typing import TextIO

    from jinja2 import Template

_FOLDER = "cli"
_BAR_STEPS = 100
_PARTS_AT_A_TIME = 500
PLAIN = "plain"
"""The CSS class of a cell without a bar, in a table with bars."""
MAX_SHORT = 20
"""A table of up to this many rows is not split when it is printed; a longer one starts a new sheet."""
MAX_OPEN = 1000
"""With more rows, all groups are collapsed at first, so that one can be found without scrolling."""


def write(file: TextIO, name: str, *, read_at: datetime, source: str, **values: Any) -> None:
    """Write a page, part by part, because it may be large.

    Args:
        file: The file.
        name: The template, which extends `page.html.jinja`.
        read_at: When the page's contents were read, with a time zone.
        source: The base URL that they were read from.
        values: What the template shows: `title`, `placeholder` (of the search field), `group` and `groups` (the words
            for a group of rows and several; empty for a page without groups), and its own values.
    """
    style, script = text_of("page.css") + _bar_rules(), text_of("page.js")
    page = template(name).stream(
        style=style,
        style_hash=hash_of(style),
        script=script,
        script_hash=hash_of(script),
        read_at=read_at.astimezone(UTC),
        source=printable(source),
        **values,
    )
    page.enable_buffering(_PARTS_AT_A_TIME)
    file.writelines(page)


def bar(share: float) -> str:
    """The CSS class of a bar. It is not an inline style, so that a page can forbid all styles but its own.

    Args:
        share: Its length, from 0 to 1; what is longer is cut off.
    """
    return f"b{round(min(share, 1) * _BAR_STEPS)}"


def _bar_rules() -> str:
    return "".join(f".b{step}{{--w:{step / _BAR_STEPS}}}" for step in range(_BAR_STEPS + 1)) + "\n"


def hash_of(text: str) -> str:
    """The hash of a style or a script, for the Content-Security-Policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def text_of(name: str) -> str:
    """A file of this package."""
    return (resources.files("pulumi_openai_admin") / _FOLDER / name).read_text(encoding="utf-8")


@cache
def template(name: str) -> Template:
    """A template, which escapes all values."""
    environment = Environment(
        loader=PackageLoader("pulumi_openai_admin", _FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"counted": counted, "figure": _figure}
    return environment.get_template(name)


def _figure(number: int, singular: str, plural: str) -> Markup:
    """A number in bold with its noun."""
    return Markup("<b>{}</b> {}").format(*counted(number, singular, plural).split(" ", 1))
