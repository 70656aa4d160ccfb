"""One term for one thing: the words that no user reads, and the word to use instead.

The terms are those of Pulumi's and OpenAI's documentation. The list is checked over README, pages, docstrings, help,
messages, examples, templates, HTML pages and the unreleased part of CHANGELOG.md. Of a program, in a file or on a page,
its comments and its strings of several words are checked. Shown output is checked whole.
"""

from __future__ import annotations

import ast
import re
import tokenize
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


_OBJECT = r"(?: [\w…-]+){0,2}"
"""The words that may be inside a verb of two words: "leaves it out", "take the objects out"."""

WORDS = (
    Word(r"look-?ups?", "provider function, or `get` function for `X.get`"),
    Word(r"admin API keys?|administrator keys?|administration keys?", "Admin API key, then admin key"),
    Word(r"own address|base address|wrong address|address of the API", "base URL"),
    Word(r"repl(?:y|ies)", "response"),
    Word(r"replied", "returned"),
    Word(
        r"(?:a|an|the|each|every|earlier|lost|first|second|last|another|one|two|three|several|many) tr(?:y|ies)",
        "attempt",
    ),
    Word(r"ceilings?", "maximum"),
    Word(r"rate limit rows?|rows? of (?:rate limits?|limits|models?|fine-tuned|a project|the project)", "rate limit"),
    Word(r"request limit|OpenAI's limit on requests", "Administration API rate limit"),
    Word(r"this machine|your own machine|your computer|own computer", "your machine"),
    Word(
        r"stack's (?:configuration|settings)|(?:configuration|settings) of (?:the|a|its) stack", "stack configuration"
    ),
    Word(r"(?:count|counts|counted) as (?:gone|deleted)", "is treated as deleted"),
    Word(r"(?:is|are|was|were) gone|not at OpenAI", "no longer exists"),
    Word(r"any ?more", "no longer"),
    Word(rf"(?:leave|leaves|leaving|left|take|takes|taking|taken|took){_OBJECT} out", "omit, or remove"),
    Word(rf"(?:take|takes|taking|taken|took){_OBJECT} away", "unassign, or remove"),
    Word(rf"(?:take|takes|taking|taken|took)(?! precedence){_OBJECT} over", "import, or manage"),
    Word(rf"(?:put|puts|putting){_OBJECT} back", "restore"),
    Word(r"answer(?:s|ed)(?! this)|not answer", "respond, return, or response"),
    Word(r"of (?:its|their|your|his|her|our|one's|the \w+'s) own", "separate, custom, or nothing"),
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
    Allowed("pulumi_openai_admin/handlers/shapes/rate_limit.py", r"ceilings?", _ARGUMENT),
    Allowed("pulumi_openai_admin/schema/constraints.py", r"texts", _ARGUMENT),
)


_SOURCES = ("py", "yaml", "yml", "json", "sh", "ts", "go", "cs")

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
        "benchmarks/*.md",
        "policies/*.md",
    ),
    "examples": tuple(f"{folder}/**/*.{kind}" for folder in ("examples", "templates", "policies") for kind in _SOURCES),
    "HTML pages": ("pulumi_openai_admin/**/*.html", "pulumi_openai_admin/**/*.jinja", "pulumi_openai_admin/**/*.js"),
    "docs": ("docs/*.md",),
    "guides": ("docs/guides/*.md",),
    "resource pages": ("docs/resources/*.md",),
    "declarations": ("pulumi_openai_admin/resources/*.py", "pulumi_openai_admin/components/*.py"),
    "commands": ("pulumi_openai_admin/cli/**/*.py", "pulumi_openai_admin/policies/**/*.py"),
    "the package": ("pulumi_openai_admin/**/*.py",),
}
FENCED = re.compile(
    r"^(?P<indent> *)(?P<fence>`{3,})(?P<language>\w*)[^`\n]*\n(?P<code>.*?)^(?P=indent)(?P=fence) *$",
    re.MULTILINE | re.DOTALL,
)
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
_HASH = r"""(?P<comment>\#[^\n]*)"""
_SHELL = r"""(?P<comment>(?<!\S)\#[^\n]*)"""
_MARKUP = r"""(?:\{\{.*?\}\}|\{%.*?%\}|<(?:\{%.*?%\}|[^<>])*>)|(?P<comment>[^<>{}]+)"""
_SLASHES = r"""(?P<comment>//[^\n]*|/\*.*?\*/)"""
_STRING = r"""|(?P<string>'{3}.*?'{3}|"{3}.*?"{3}|`[^`]*`|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')"""
LANGUAGES = {
    **dict.fromkeys(("python", "py"), re.compile(_HASH + _STRING, re.DOTALL)),
    **dict.fromkeys(("bash", "sh"), re.compile(_SHELL + _STRING, re.DOTALL)),
    "json": re.compile(r'(?P<string>"(?:\\.|[^"\\\n])*")'),
    **dict.fromkeys(("typescript", "ts", "js", "go", "csharp", "cs"), re.compile(_SLASHES + _STRING, re.DOTALL)),
    **dict.fromkeys(("html", "jinja"), re.compile(_MARKUP)),
}
"""The comments and strings of programs. Everything else is checked whole: output and YAML."""


class Passage(NamedTuple):
    """A text that a user reads, and the line on which it begins."""

    line: int
    text: str


def blank(match: re.Match[str]) -> str:
    """Replace code with blanks that keep the lines, so that the words around it are not joined."""
    return re.sub(r"[^\n]+", f" {PLACEHOLDER} ", match.group())


def of_program(code: str, language: str) -> str:
    """The comments of a program, and its strings of several words, each on its line."""
    if language not in LANGUAGES:
        return code
    kept, end = [], 0
    for match in LANGUAGES[language].finditer(code):
        kept.append(re.sub(r"[^\n]+", f" {PLACEHOLDER} ", code[end : match.start()]))
        is_prose = match.lastgroup == "comment" or (match.lastgroup and " " in match.group())
        kept.append(match.group() if is_prose else blank(match))
        end = match.end()
    return "".join(kept) + "\n" * code.count("\n", end)


def of_fence(match: re.Match[str]) -> str:
    """A fenced block without its fences."""
    return f"\n{of_program(match['code'], match['language'])}"


def prose(text: str) -> str:
    return NOT_PROSE.sub(blank, FENCED.sub(of_fence, text))


def page_passages(path: Path) -> Iterator[Passage]:
    text = path.read_text(encoding="utf-8")
    if path.name == "CHANGELOG.md":
        text = re.sub(r"(?<=\n)## \[(?!Unreleased\]).*", "", text, count=1, flags=re.DOTALL)
    yield Passage(1, prose(text) if path.suffix == ".md" else NOT_PROSE.sub(blank, of_program(text, path.suffix[1:])))


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


def comments(path: Path) -> Iterator[Passage]:
    with tokenize.open(path) as file:
        for token in tokenize.generate_tokens(file.readline):
            if token.type == tokenize.COMMENT:
                yield Passage(token.start[0], prose(token.string))


def passages(path: Path) -> Iterator[Passage]:
    if path.suffix != ".py":
        yield from page_passages(path)
        return
    yield from module_passages(path)
    if not path.is_relative_to(ROOT / "pulumi_openai_admin"):  # its comments are for its maintainers
        yield from comments(path)


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
    found = [line for path in files for line in found_in(path, names[path])]
    assert not found, "\n".join(["words that the list has another word for:", *found])


def test_every_exception_is_used() -> None:
    for allowed in ALLOWED:
        regex = pattern(next(word for word in WORDS if word.avoid == allowed.avoid))
        paths = [path for path in ROOT.glob(allowed.path) if path.is_file()]
        assert any(regex.search(passage.text) for path in paths for passage in passages(path)), allowed


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("page.md", "# A page\n\nA preview reads the\nceiling.\n", "page.md:4: “ceiling”: write “maximum”"),
        ("page.md", "OpenAI leaves `x`\nout.\n", "page.md:1: “leaves … out”: write “omit, or remove”"),
        ("page.md", "`ceiling` [a](ceiling.md) <!-- ceiling -->\n```python\nceiling = 1\n```\n", ""),
        ("page.md", "```text\nceiling\n```\n", "page.md:2: “ceiling”: write “maximum”"),
        ("page.md", "```go\n// A ceiling.\nreply := 1\n```\n", "page.md:2: “ceiling”: write “maximum”"),
        ("page.html", '<p id="ceiling">\n{{ reply }} a reply</p>', "page.html:2: “reply”: write “response”"),
        ("page.js", "// A reply\nconst reply = 'ceiling';", "page.js:1: “reply”: write “response”"),
        ("program.py", "reply = 'ceiling'  # the reply", "program.py:1: “reply”: write “response”"),
        ("limits.json", '{"ceiling": "a ceiling"}', "limits.json:1: “ceiling”: write “maximum”"),
        ("Pulumi.yaml", "name: a\ndescription: A ceiling", "Pulumi.yaml:2: “ceiling”: write “maximum”"),
    ],
)
def test_a_failure_names_file_line_word_and_term(tmp_path: Path, name: str, text: str, expected: str) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    assert "\n".join(found_in(file, name)) == expected
