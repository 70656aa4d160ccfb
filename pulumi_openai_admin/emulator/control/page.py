"""The page of `GET /`: one document with its style and its script in it, which calls the emulator only.

What the organization holds is not in it: the script reads that from the control API, and inserts it as text only.
"""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from typing import NamedTuple

_FOLDER = resources.files("pulumi_openai_admin.emulator") / "page"


class Page(NamedTuple):
    """A document, and the headers that keep everything else out of it."""

    html: str
    headers: dict[str, str]


def page() -> Page:
    """Put the page together."""
    style, script = _text("page.css"), _text("page.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return Page(
        _text("page.html").replace("/* style */", style).replace("/* script */", script),
        {
            "content-security-policy": policy,
            "x-frame-options": "DENY",
            "x-content-type-options": "nosniff",
            "cross-origin-resource-policy": "same-origin",
            "cross-origin-opener-policy": "same-origin",
            "referrer-policy": "no-referrer",
            "cache-control": "no-store",
        },
    )


def _text(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Name a text as a Content-Security-Policy does."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
