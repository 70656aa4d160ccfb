"""Every message that a user can see has an entry in docs/troubleshooting.md, with the same words."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.http import error_codes

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.every_resource

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "pulumi_openai_admin"
FOLDERS = (
    *("http", "schema", "delivery", "handlers", "lifecycle", "dynamic", "data_sources", "components", "policies"),
    *("cli", "cli/adopt", "cli/drift", "cli/migrate", "cli/plan"),
)
CALLED = {
    *errors.__all__,
    "LookUpError",
    "DeclarationError",
    "Refusal",
    "Due",
    "warning",
    "log_wait",
    "append",
    "broken",
    "refuse",
    "report",
}
"""What is called with a message: an error, the log, a list of what is wrong or left to do."""
RETURNED = {"rules.py", "validation.py", "list_form.py", "program_inputs.py", "paths.py", "claims.py", "projects.py"}
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
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    texts = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    pieces = [" ".join(piece.split()).strip(" .,:;()[]{}'\"") for text in texts for piece in FILLED_IN.split(text)]
    return max((piece.partition(". ")[0] for piece in pieces), key=len, default="")


def test_every_message_has_an_entry() -> None:
    modules = [PACKAGE / "config.py", PACKAGE / "errors.py"]
    modules += [path for folder in FOLDERS for path in sorted((PACKAGE / folder).glob("*.py"))]
    words = {constant_words(node) for path in modules for node in expressions(path)} | set(error_codes.ADVICE)
    messages = {word for word in words if len(word) >= MIN_LENGTH or word in error_codes.ADVICE}
    assert {"There is no OpenAI admin key", "may have been created", "a list without its objects"} < messages
    page = " ".join((ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8").split())
    assert [message for message in sorted(messages) if message not in page] == []
