"""One term for one thing: the words that no user reads, and the word to use instead.

The terms are those of Pulumi's and OpenAI's documentation. The list is checked over README, pages, docstrings, help,
messages and the unreleased part of CHANGELOG.md. Code in a page or docstring is not checked.
"""

from __future__ import annotations

import ast
import re
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]


class Word(NamedTuple):
    """Words not to use (a regular expression, in which a space is any white space), and the term for them."""

    avoid: str
    use: str


WORDS = (
    Word(r"look-?ups?", "provider function, or `get` function for `X.get`"),
    Word(r"admin API keys?|administrator keys?|administration keys?", "Admin API key, then admin key"),
    Word(r"own address|base address|wrong address|address of the API", "base URL"),
    Word(r"repl(?:y|ies)", "response"),
    Word(r"(?:a|an|the|each|every|earlier|lost|first|last|another|one|two|three) tr(?:y|ies)", "attempt"),
    Word(r"ceilings?", "maximum"),
    Word(r"rate limit rows?|rows? of (?:rate limits?|models?|fine-tuned|a project|the project)", "rate limit"),
    Word(r"request limit|OpenAI's limit on requests", "Administration API rate limit"),
    Word(r"this machine|your own machine|your computer|own computer", "your machine"),
    Word(
        r"stack's (?:configuration|settings)|(?:configuration|settings) of (?:the|a|its) stack", "stack configuration"
    ),
    Word(r"(?:count|counts|counted) as (?:gone|deleted)", "is treated as deleted"),
    Word(r"(?:is|are|was|were) gone|not at OpenAI", "no longer exists"),
    Word(r"any ?more", "no longer"),
    Word(r"(?:leave|leaves|leaving|left|take|takes|taking|taken|took) out", "omit, or remove"),
    Word(r"(?:take|takes|taking|taken|took) away", "unassign, or remove"),
    Word(r"(?:take|takes|taking|taken|took) over", "import, or manage"),
    Word(r"(?:put|puts|putting)(?: \w+)? back", "restore"),
    Word(r"of (?:its|their|your|his|her|our|one's) own", "separate, custom, or nothing"),
    Word(r"users? of (?:a|an|the|each|its|that) (?:\w+ )?key", "what uses the key: users are people"),
    Word(r"namesakes?", "another object with the same name"),
    Word(r"already so", "unchanged"),
    Word(r"texts", "strings"),
    Word(r"told", "shown, or reported"),
    Word(r"anew", "again"),
    Word(r"forges?", "GitHub or GitLab"),
    Word(r"e-mails?", "email"),
    Word(r"behaviours?", "behavior"),
)
"""A pattern is of whole words, in any case; one with a capital letter is compared as it is."""


class Allowed(NamedTuple):
    """Where a word stands although the list has it."""

    path: str
    avoid: str
    reason: str


_ARGUMENT = "the name of an argument in a docstring"

ALLOWED: tuple[Allowed, ...] = (
    Allowed("pulumi_openai_admin/cli/adopt/command.py", r"repl(?:y|ies)", _ARGUMENT),
    Allowed("pulumi_openai_admin/cli/adopt/organization.py", r"repl(?:y|ies)", _ARGUMENT),
    Allowed("pulumi_openai_admin/handlers/shapes/collection.py", r"repl(?:y|ies)", _ARGUMENT),
    Allowed("pulumi_openai_admin/handlers/shapes/rate_limit.py", r"ceilings?", _ARGUMENT),
    Allowed("pulumi_openai_admin/schema/enumerations.py", r"texts", _ARGUMENT),
)

NOT_YET: tuple[str, ...] = ()
"""Files that the list does not hold for yet."""

AREAS = {
    "README.md": ("README.md",),
    "CHANGELOG.md": ("CHANGELOG.md",),
    "the repository's pages": (
        "SECURITY.md",
        "CONTRIBUTING.md",
        "ARCHITECTURE.md",
        "pulumi_openai_admin/**/*.md",
        "examples/**/*.md",
        "templates/**/*.md",
    ),
    "docs": ("docs/*.md",),
    "guides": ("docs/guides/*.md",),
    "resource pages": ("docs/resources/*.md",),
    "pages of functions": ("docs/functions/*.md",),
    "declarations": ("pulumi_openai_admin/resources/*.py", "pulumi_openai_admin/components/*.py"),
    "commands": ("pulumi_openai_admin/cli/**/*.py", "pulumi_openai_admin/policies/**/*.py"),
    "the package": ("pulumi_openai_admin/**/*.py",),
}
FENCED = re.compile(r"^( *)(`{3,})[^`\n]*\n.*?^\1\2 *$", re.MULTILINE | re.DOTALL)
NOT_PROSE = re.compile(
    r"<!--.*?-->"  # a comment
    r"|(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)"  # code
    r"|(?<=\])\([^()\s]*\)"  # the target of a link
    r"|(?<=\])\[[^\]\n]*\]"  # its reference
    r"|^\[[^\]\n]+\]: .*$"  # the definition of a reference
    r"|https?://[^\s)>]+",
    re.MULTILINE | re.DOTALL,
)
PLACEHOLDER = "…"


class Passage(NamedTuple):
    """A text that a user reads, and the line on which it begins."""

    line: int
    text: str


def blank(match: re.Match[str]) -> str:
    """Replace code with blanks that keep the lines, so that the words around it are not joined."""
    return re.sub(r"[^\n]+", f" {PLACEHOLDER} ", match.group())


def prose(text: str) -> str:
    return NOT_PROSE.sub(blank, FENCED.sub(blank, text))


def page_passages(path: Path) -> Iterator[Passage]:
    text = path.read_text(encoding="utf-8")
    if path.name == "CHANGELOG.md":
        text = re.sub(r"(?<=\n)## \[(?!Unreleased\]).*", "", text, count=1, flags=re.DOTALL)
    yield Passage(1, prose(text))


def module_passages(path: Path) -> Iterator[Passage]:
    """Docstrings, and strings of more than one word: help, messages, descriptions."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else PLACEHOLDER for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            text = node.value
        else:
            continue
        if " " in text.strip():
            yield Passage(node.lineno, prose(text))


def passages(path: Path) -> Iterator[Passage]:
    return module_passages(path) if path.suffix == ".py" else page_passages(path)


def pattern(word: Word) -> re.Pattern[str]:
    words = word.avoid.replace(" ", r"\s+")
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE if word.avoid.islower() else 0)


PATTERNS = [(word, pattern(word)) for word in WORDS]


def found_in(path: Path, name: str) -> Iterator[str]:
    for passage in passages(path):
        for word, regex in PATTERNS:
            if any(fnmatch(name, allowed.path) and allowed.avoid == word.avoid for allowed in ALLOWED):
                continue
            for match in regex.finditer(passage.text):
                line = passage.line + passage.text.count("\n", 0, match.start())
                yield f"{name}:{line}: “{' '.join(match.group().split())}”: write “{word.use}”"


def files_of(area: str) -> list[Path]:
    files = [path for glob in AREAS[area] for path in sorted(ROOT.glob(glob)) if "__pycache__" not in path.parts]
    if area == "the package":
        others = {path for other in AREAS if other != area for path in files_of(other)}
        files = [path for path in files if path not in others]
    return files


@pytest.mark.parametrize("area", AREAS)
def test_one_term_for_one_thing(area: str) -> None:
    files = files_of(area)
    assert files
    names = {path: path.relative_to(ROOT).as_posix() for path in files}
    held = [path for path in files if not any(fnmatch(names[path], glob) for glob in NOT_YET)]
    found = [line for path in held for line in found_in(path, names[path])]
    assert not found, "\n".join(["words that the list has another word for:", *found])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# A page\n\nA preview reads the\nceiling.\n", ["page.md:4: “ceiling”: write “maximum”"]),
        ("The `ceiling` and [a limit](ceiling.md), <!-- ceiling --> and\n```python\nceiling = 1\n```\n", []),
        ("It is left\nout.\n", ["page.md:1: “left out”: write “omit, or remove”"]),
    ],
)
def test_a_failure_names_file_line_word_and_term(tmp_path: Path, text: str, expected: list[str]) -> None:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    assert list(found_in(page, page.name)) == expected


def test_docstrings_and_messages_are_checked(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text('"""A `reply`.\n\nThe reply.\n"""\n\nraise ValueError(f"{1} was left out")\n', encoding="utf-8")
    assert list(found_in(module, "module.py")) == [
        "module.py:3: “reply”: write “response”",
        "module.py:6: “left out”: write “omit, or remove”",
    ]


def test_every_exception_is_used() -> None:
    for allowed in ALLOWED:
        regex = pattern(next(word for word in WORDS if word.avoid == allowed.avoid))
        paths = [path for path in ROOT.glob(allowed.path) if path.is_file()]
        assert any(regex.search(passage.text) for path in paths for passage in passages(path)), allowed


def test_every_entry_of_the_files_that_wait_is_needed() -> None:
    names = {path.relative_to(ROOT).as_posix(): path for area in AREAS for path in files_of(area)}
    held = [
        glob
        for glob in NOT_YET
        if not any(fnmatch(name, glob) and any(found_in(path, name)) for name, path in names.items())
    ]
    assert not held, f"the list holds for these files now: remove them from NOT_YET: {held}"
