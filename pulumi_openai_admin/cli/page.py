"""What all HTML pages share: one file that loads nothing else, and forbids all scripts and styles but its own."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

if TYPE_CHECKING:
    from jinja2 import Template

_FOLDER = "cli"


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
    return environment.get_template(name)
