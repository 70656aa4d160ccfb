"""The commands of all pages, in blocks of a shell and in the text, are those of their programs. Nothing is run.

A command is compared with the commands and options of its program, the targets of the Makefile, the modules and the
files of the repository: `docs/drift.md:7: … there is no command`.
"""

from __future__ import annotations

import dataclasses
import posixpath
import re
import shlex
import subprocess
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import typer.main
from markdown_it import MarkdownIt

from benchmarks.__main__ import BENCHMARKS
from pulumi_openai_admin.cli.app import app
from pulumi_openai_admin.emulator import defaults
from tests.messages import line_of
from tools import dist, pinned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tools.engine import Engine

NO_COMMANDS = {"docs/tested.md": {"pulumi-openai-admin live test"}}
"""Code that begins like a command: names of service accounts."""
pytestmark = pytest.mark.skipif(not (pinned.ROOT / ".git").exists(), reason="git names the files of the repository")


SHELLS = {"bash", "sh", "powershell", "console"}
"""The languages of the blocks that have commands."""
CLI = "pulumi-openai-admin"
OWN_MODULES = ("benchmarks", "pulumi_openai_admin", "tests", "tools")
_SUBSTITUTION = re.compile(r"\$\(([^()]*)\)")
_HERE_DOCUMENT = re.compile(r"<<-?\s*(['\"]?)(\w+)\1.*?^\s*\2$", re.MULTILINE | re.DOTALL)
_PLACEHOLDER = re.compile(r"[\[{<…].*|[A-Z]+(?:\.\.\.|…)?")
"""A word that stands for others: `[OPTIONS]`, `NAME`."""


class Command(NamedTuple):
    """A command of a page, without variables that are set before it and without redirections."""

    line: int
    """The line of the page, from 1."""
    words: tuple[str, ...]


@dataclass(frozen=True)
class Program:
    """The commands of a program, with their options."""

    options: Mapping[tuple[str, ...], frozenset[str]]
    """By the names of the command and of those above it; `()` is the program."""

    def fault(self, words: tuple[str, ...]) -> str:
        """Why the program does not accept the words after its name; empty if it does."""
        if unknown := self.unknown(words):
            return f"there is no command `{' '.join(unknown)}`"
        path = self._path(words)
        rest = words[len(path) :]
        for word in rest[: rest.index("--")] if "--" in rest else rest:
            option = re.match(r"--[a-z][\w-]*|-[A-Za-z]$", word)
            if option and option[0] not in self.options[path]:
                return f"there is no option {option[0]}"
        return ""

    def unknown(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The names of a command that the program does not have, with those above it; empty if it has all."""
        path = self._path(words)
        name = words[len(path)] if len(words) > len(path) else ""
        is_group = any(other[:-1] == path for other in self.options if other)
        return (
            (*path, name) if name and is_group and not re.match("-", name) and not _PLACEHOLDER.fullmatch(name) else ()
        )

    def with_aliases(self, aliases: Mapping[tuple[str, ...], tuple[str, ...]]) -> Program:
        """The same with other names of commands."""
        return Program({**self.options, **{alias: self.options[path] for alias, path in aliases.items()}})

    def _path(self, words: tuple[str, ...]) -> tuple[str, ...]:
        length = next((length for length in range(len(words)) if words[: length + 1] not in self.options), len(words))
        return words[:length]


_EMULATOR = Program({(): frozenset({"-h", "--help", *(option.flag for option in defaults.OPTIONS)})})


@cache
def cli() -> Program:
    """The program `pulumi-openai-admin`."""
    return Program(dict(_cli_commands((), typer.main.get_command(app))))


def _cli_commands(path: tuple[str, ...], command: Any) -> Iterator[tuple[tuple[str, ...], frozenset[str]]]:
    yield path, frozenset({"-h", "--help", *(name for param in command.params for name in param.opts)})
    for name, child in getattr(command, "commands", {}).items():
        yield from _cli_commands((*path, name), child)


def pulumi_cli(pages: Mapping[str, str]) -> Program:
    """The Pulumi CLI, from what `pulumi gen-markdown` writes: the text of each page, by its name without `.md`."""
    options = {
        name: frozenset(re.findall(r"(?<![\w-])--?[A-Za-z][\w-]*", _options(page))) for name, page in pages.items()
    }
    return Program({tuple(name.split("_"))[1:]: found for name, found in options.items()})


def _options(page: str) -> str:
    return "\n".join(line[:40].partition("  ")[0] for line in re.findall(r"^ {2,6}(-.*)", page, re.MULTILINE))


@dataclass(frozen=True)
class Known:
    """What a command of a page can name: the text of the Makefile, the files of the repository, commands of Pulumi."""

    makefile: str
    files: frozenset[str]
    pulumi: Program | None = None

    def faults(self, path: str, text: str) -> list[str]:
        """The commands of a page that would fail: `docs/drift.md:7: there is no command …`."""
        found = ((command, self.fault(command.words)) for command in commands(text))
        return [f"{path}:{command.line}: `{shlex.join(command.words)}`: {fault}" for command, fault in found if fault]

    def fault(self, words: tuple[str, ...]) -> str:
        """Why a command would fail; empty if it would not, or if nothing is known about its program."""
        checks: dict[str, Callable[[tuple[str, ...]], str]] = {
            CLI: cli().fault,
            "make": self._fault_of_make,
            "python": self._fault_of_python,
            "pulumi": self.pulumi.fault if self.pulumi else lambda _: "",
        }
        name = posixpath.basename(words[0])
        name = "python" if name == "python3" else name
        if name in checks:
            return checks[name](words[1:])
        is_short = len(words) > 1 and words[1].startswith("--") and (words[0],) in cli().options
        return cli().fault(words) if is_short else ""

    @cached_property
    def _targets(self) -> set[str]:
        return {name for line in re.findall(r"^([a-z][\w -]*):", self.makefile, re.MULTILINE) for name in line.split()}

    @cached_property
    def _variables(self) -> set[str]:
        return {*re.findall(r"\$\((?:if )?\$?\(?([A-Z]+)\)", self.makefile)}

    def _fault_of_make(self, words: tuple[str, ...]) -> str:
        for word in words:
            name, is_variable, value = word.partition("=")
            if is_variable and name not in self._variables:
                return f"the Makefile has no variable {name}"
            if name == "BENCH" and (unknown := _unknown_benchmarks(value.split())):
                return unknown
            if (
                not is_variable
                and not word.startswith("-")
                and not _PLACEHOLDER.match(word)
                and word not in self._targets
            ):
                return f"the Makefile has no target {word}"
        return ""

    def _fault_of_python(self, words: tuple[str, ...]) -> str:
        if words[:1] == ("-m",) and len(words) > 1:
            return self._fault_of_module(words[1], words[2:])
        if words and words[0].endswith(".py"):
            script = re.sub(r"^(?:\.\./)+", "", words[0])
            if not any(f"/{file}".endswith(f"/{script}") for file in self.files):
                return f"the repository has no file {script}"
            if script == "tools/bootstrap.py":
                return self._fault_of_make(words[1:2])
        return ""

    def _fault_of_module(self, module: str, words: tuple[str, ...]) -> str:
        path = module.replace(".", "/")
        if module.split(".", maxsplit=1)[0] in OWN_MODULES and not {f"{path}.py", f"{path}/__main__.py"} & self.files:
            return f"there is no module {module}"
        if module == "pulumi_openai_admin.emulator":
            return _EMULATOR.fault(words)
        if module == "benchmarks":
            return _unknown_benchmarks([*words])
        if module == "pytest":
            missing = [word for word in words if word.startswith("tests/") and not self._is_there(word)]
            return f"the repository has no file {missing[0]}" if missing else ""
        return ""

    def _is_there(self, path: str) -> bool:
        path = path.partition("::")[0].rstrip("/")
        return any(file == path or file.startswith(f"{path}/") for file in self.files)


def _unknown_benchmarks(words: list[str]) -> str:
    unknown = [word for word in words if not word.startswith("-") and word not in BENCHMARKS]
    return f"there is no benchmark {unknown[0]}" if unknown else ""


@cache
def commands(text: str) -> tuple[Command, ...]:
    """The commands of a page."""
    return tuple(_commands(text))


def _commands(text: str) -> Iterator[Command]:
    lines = text.splitlines()
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        first, end = token.map or (0, 0)
        if token.type == "fence" and token.info.partition(" ")[0] in SHELLS:
            yield from _commands_of(token.content, first + 2)
        for child in token.children or ():
            if child.type == "code_inline":
                yield from _commands_of(child.content, line_of(lines, first, end, child.content))


def _commands_of(script: str, first: int) -> Iterator[Command]:
    """The commands of a script whose first line has a number."""
    script = _HERE_DOCUMENT.sub(lambda here: "\n" * here[0].count("\n"), script)
    script = re.sub(r"[\\`]\n", lambda _: "  \x00", script)
    line = first
    for text in script.split("\n"):
        for part in _parts(text.replace("\x00", "")):
            yield Command(line, part)
        line += 1 + text.count("\x00")


def _parts(text: str) -> Iterator[tuple[str, ...]]:
    """The commands of a line, those in `$(…)` first."""
    for inner in _SUBSTITUTION.findall(text):
        yield from _parts(inner)
    words: list[str] = []
    is_target = False
    for token in (*_tokens(_SUBSTITUTION.sub("value", text)), ";"):
        is_redirection = set(token) <= {"<", ">", "&"} and not set(token) <= {"&"}
        if is_redirection:
            is_target = True
        elif is_target:
            is_target = False
        elif set(token) <= set(";&|()"):
            while words and re.match(r"\w+=", words[0]):
                words.pop(0)
            if words:
                yield tuple(words)
            words = []
        else:
            words.append(token)


def _tokens(text: str) -> list[str]:
    lexer = shlex.shlex(text, posix=True, punctuation_chars=";&|()<>")
    lexer.whitespace_split = True
    try:
        return list(lexer)
    except ValueError:  # it is no command: `it's`
        return []


@pytest.fixture(scope="module")
def files() -> frozenset[str]:
    listed = dist.git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    return frozenset(path for path in listed if path and (pinned.ROOT / path).is_file())


@pytest.fixture(scope="module")
def pages(files: frozenset[str]) -> dict[str, str]:
    found = {path: (pinned.ROOT / path).read_text(encoding="utf-8") for path in files if path.endswith(".md")}
    for path, names in NO_COMMANDS.items():
        for name in names:
            assert f"`{name}`" in found[path]
            found[path] = found[path].replace(f"`{name}`", "a name")
    return found


@pytest.fixture(scope="module")
def known(files: frozenset[str]) -> Known:
    return Known((pinned.ROOT / "Makefile").read_text(encoding="utf-8"), files)


def test_each_command_exists_with_its_options(known: Known, pages: dict[str, str]) -> None:
    found = [fault for path, text in sorted(pages.items()) for fault in known.faults(path, text)]
    assert not found, "\n".join(found)


def test_each_command_of_pulumi_exists_with_its_options(
    pulumi: Engine, known: Known, pages: dict[str, str], tmp_path: Path
) -> None:
    listed = [command.words for text in pages.values() for command in commands(text)]
    called = {words[1:] for words in listed if words[0] == "pulumi"}
    assert ("up",) in called
    with_pulumi = dataclasses.replace(known, pulumi=program_of(pulumi, called, tmp_path))
    found = [fault for path, text in sorted(pages.items()) for fault in with_pulumi.faults(path, text)]
    assert not found, "\n".join(found)


def program_of(pulumi: Engine, called: set[tuple[str, ...]], folder: Path) -> Program:
    """The commands of the engine. Only the help of a command tells of which it is another name."""

    def run(*words: str) -> str:
        environ = pulumi.environment(folder / "home")
        return subprocess.run([pulumi.pulumi, *words], env=environ, capture_output=True, text=True, check=True).stdout

    (folder / "pages").mkdir()
    run("gen-markdown", str(folder / "pages"))
    pages = {page.stem: page.read_text(encoding="utf-8") for page in (folder / "pages").iterdir()}
    program, aliases = pulumi_cli(pages), {}
    for path in {path for words in called if (path := program.unknown(words))}:
        usage = re.search(r"^Usage:\n  pulumi ([a-z -]+)", run(*path, "--help"), re.MULTILINE)
        if usage and len(name := tuple(usage[1].split())) == len(path):
            aliases[path] = name
    return program.with_aliases(aliases)


PAGE = """# Page

Run `pulumi-openai-admin adopt --every`, then `drift --html page.html` and `it's not a command`.

```bash
# pulumi-openai-admin unknown
export A=1 B="$(pulumi-openai-admin drfit)"; OPENAI_LOG=info pulumi-openai-admin limits --htm \\
    page.html > limits --x && make plugins
python - <<'END'
make nothing
END
pulumi-openai-admin check || make check RESORCE=Group
```

1. In a list:

    ```powershell
    python -m tools.nothing; python tools/nothing.py
    python -m pulumi_openai_admin.emulator --prot 1
    make bench BENCH=nothing; python -m pytest tests/nothing.py; python tools/bootstrap.py nothing
    ```

```text
pulumi-openai-admin unknown
```
"""


def test_a_fault_is_named_with_file_and_line(known: Known) -> None:
    assert known.faults("docs/page.md", PAGE) == [
        "docs/page.md:3: `pulumi-openai-admin adopt --every`: there is no option --every",
        "docs/page.md:7: `pulumi-openai-admin drfit`: there is no command `drfit`",
        "docs/page.md:7: `pulumi-openai-admin limits --htm page.html --x`: there is no option --htm",
        "docs/page.md:7: `make plugins`: the Makefile has no target plugins",
        "docs/page.md:12: `make check RESORCE=Group`: the Makefile has no variable RESORCE",
        "docs/page.md:18: `python -m tools.nothing`: there is no module tools.nothing",
        "docs/page.md:18: `python tools/nothing.py`: the repository has no file tools/nothing.py",
        "docs/page.md:19: `python -m pulumi_openai_admin.emulator --prot 1`: there is no option --prot",
        "docs/page.md:20: `make bench BENCH=nothing`: there is no benchmark nothing",
        "docs/page.md:20: `python -m pytest tests/nothing.py`: the repository has no file tests/nothing.py",
        "docs/page.md:20: `python tools/bootstrap.py nothing`: the Makefile has no target nothing",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "pulumi-openai-admin limits [OPTIONS] [PROJECT]...",
        "pulumi-openai-admin webhooks test whe_abc --key-file key.txt",
        "cat preview.json | pulumi-openai-admin plan - --html plan.html 2> errors.txt",
        "make bench BENCH='imports throttled' PYTHON=python3.13",
        ".venv/bin/python -m pytest tests/unit/test_words.py::test_every_exception_is_used -k words",
        "python examples/rotation/__main__.py < leaked.txt",
        "grep -r words docs",
    ],
)
def test_a_command_that_exists(known: Known, line: str) -> None:
    assert known.faults("page.md", f"```bash\n{line}\n```\n") == []


def test_the_commands_of_pulumi_are_read_from_its_documentation() -> None:
    options = "## Options\n\n```\n  -s, --stack string    The stack, not --other\n      --file string   A file\n```\n"
    program = pulumi_cli({"pulumi": "", "pulumi_stack": options, "pulumi_stack_new": options})
    known = Known("", frozenset(), program.with_aliases({("stack", "init"): ("stack", "new")}))
    text = "`pulumi stack init -s dev` `pulumi stack rename -- --x`\n\n`pulumi stack new --other`\n"
    assert list(commands("`pulumi stack`")) == [Command(1, ("pulumi", "stack"))]
    assert known.faults("a.md", text) == [
        "a.md:1: `pulumi stack rename -- --x`: there is no command `stack rename`",
        "a.md:3: `pulumi stack new --other`: there is no option --other",
    ]
