"""Every message that a user can see has an entry in docs/troubleshooting.md, with the same words."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_openai_admin import errors
from pulumi_openai_admin.http import error_codes

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "pulumi_openai_admin"
OTHERS = {"emulator", "resources", "schema.py"}
"""Without messages of the provider and the command line: declarations, the emulator, the Pulumi schema."""
CALLED = {
    *errors.__all__,
    "LookUpError",
    "DeclarationError",
    "Refusal",
    "PendingAction",
    "warning",
    "log_wait",
    "append",
    "broken",
    "refuse",
    "report",
}
"""What is called with a message: an error, the log, a list of what is wrong or left to do."""
RETURNED = {"rules.py", "validation.py", "keyed_list.py", "inputs.py", "paths.py", "claims.py", "projects.py"}
"""Where a function returns a message."""
FILLED_IN = re.compile(r"%(?:\.\d+)?[sdrf]")
MIN_LENGTH = 10
"""A shorter text is no message by itself: `Could not` begins most of them."""


def expressions(path: Path) -> Iterator[ast.expr]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            yield from [node.args[1 if name == "broken" else 0]] if name in CALLED else []
        elif isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (
                [node.value] if any(getattr(target, "id", "") in {"what", "reason"} for target in targets) else []
            )
        elif isinstance(node, ast.Return | ast.Yield) and node.value and path.name in RETURNED:
            yield from [node.value.body, node.value.orelse] if isinstance(node.value, ast.IfExp) else [node.value]


def constant_words(node: ast.expr) -> str:
    """The longest part that is always the same, within one sentence."""
    parts = node.args if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message" else [node]
    parts = [value for part in parts for value in (part.values if isinstance(part, ast.JoinedStr) else [part])]
    texts = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    pieces = [" ".join(piece.split()).strip(" .,:;()[]{}'\"") for text in texts for piece in FILLED_IN.split(text)]
    return max((piece.partition(". ")[0] for piece in pieces), key=len, default="")


def test_every_message_has_an_entry() -> None:
    modules = [path for path in sorted(PACKAGE.rglob("*.py")) if OTHERS.isdisjoint(path.relative_to(PACKAGE).parts)]
    words = {constant_words(node) for path in modules for node in expressions(path)} | set(error_codes.ADVICE)
    messages = {text for text in words if len(text) >= MIN_LENGTH or text in error_codes.ADVICE}
    assert {"There is no OpenAI admin key", "may have been created", "a list without its objects"} < messages
    page = " ".join((ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8").split())
    missing = [message for message in sorted(messages) if message not in page]
    assert not missing, f"docs/troubleshooting.md has no entry with these words: {missing}"
