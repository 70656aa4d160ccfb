"""Every message that a user can see has an entry in docs/troubleshooting.md, with the same words."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.http import replies
from tests import messages

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "pulumi_openai_admin"
OTHERS = {"emulator", "resources", "schema.py"}
"""Without messages of the provider and the command line: declarations, the emulator, the Pulumi schema."""
CALLED = {
    *(name for name in vars(errors) if name.endswith("Error")),
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
RETURNED = {"rules.py", "validation.py", "shapes.py", "arguments.py", "paths.py", "claims.py", "projects.py"}
"""Where a function returns a message."""
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


def test_every_message_has_an_entry() -> None:
    modules = [path for path in sorted(PACKAGE.rglob("*.py")) if OTHERS.isdisjoint(path.relative_to(PACKAGE).parts)]
    sentences = {
        messages.first_sentence(messages.template(node)): f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules
        for node in expressions(path)
    }
    sentences = {text: it for text, it in sentences.items() if len("".join(messages.constants(text))) >= MIN_LENGTH}
    sentences |= dict.fromkeys(replies.ADVICE, "replies.ADVICE")
    assert "There is no OpenAI admin key" in sentences
    page = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    entries = [quotation.text for quotation in messages.code_of(page)]
    missing = [
        f"{place}: {text.replace(messages.HOLE, '…')}"
        for text, place in sorted(sentences.items(), key=lambda item: item[1])
        if not any(map(messages.pattern_of(text).search, entries))
    ]
    assert not missing, "\n".join(["docs/troubleshooting.md has no entry with the first sentence of:", *missing])


PAGES = sorted(page for page in (ROOT / "docs").rglob("*.md") if page.name != "troubleshooting.md")
WITH_BLOCKS = (
    "docs/drift.md",
    "docs/policies.md",
    "docs/preview.md",
    "docs/resilience.md",
    "docs/rotation.md",
    "docs/temporary-access.md",
)
"""The pages whose blocks in `text` have messages. Those of guides are compared with the output of commands."""
OF_OPENAI = ("No external key found with id", "This external key is associated with active projects")
"""How messages of OpenAI begin."""


def test_quoted_messages_are_those_of_the_code() -> None:
    found = []
    for path in PAGES:
        name = path.relative_to(ROOT).as_posix()
        for line, text in messages.code_of(path.read_text(encoding="utf-8"), with_blocks=name in WITH_BLOCKS):
            if messages.is_sentence(text) and not text.startswith(OF_OPENAI) and (stale := messages.stale_words(text)):
                found.append(f"{name}:{line}: `{text}`: no message has {stale}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("text", "is_stale"),
    [
        ("Group … has 1 user that neither the program nor the state names: user-….", True),
        ("Project … already has another service account with the same name ('ci'): svc_acct_….", False),
    ],
)
def test_a_stale_quotation_is_found(text: str, *, is_stale: bool) -> None:
    assert messages.is_sentence(text)
    assert bool(messages.stale_words(text)) is is_stale


def test_an_entry_has_all_constant_parts_in_order() -> None:
    node = ast.parse('f\'{place} already has a %s with the {word}{"s" if many else ""} of: {ids}\'', mode="eval").body
    text = messages.template(node)
    assert messages.constants(text) == ["already has a", "with the", "of"]
    assert messages.pattern_of(text).search("… already has a … with the names of: …")
    assert not messages.pattern_of(text).search("… has a … of the name … already: …")
