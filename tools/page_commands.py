"""Check the commands of pages: those in blocks of a shell, and those in the text. Nothing is run.

A command is compared with the commands and options of its program, the targets of the Makefile, the modules and the
files of the repository. tests/tools/test_page_commands.py has the pages.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import typer.main
from markdown_it import MarkdownIt

from benchmarks.__main__ import BENCHMARKS
from pulumi_openai_admin.cli.app import app
from pulumi_openai_admin.emulator import defaults
from tools.links import line_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

SHELLS = {"bash", "sh", "powershell", "console"}
"""The languages of the blocks that have commands."""
CLI = "pulumi-openai-admin"
OWN_MODULES = ("benchmarks", "pulumi_openai_admin", "tests", "tools")
_SUBSTITUTION = re.compile(r"\$\(([^()]*)\)")
_HERE_DOCUMENT = re.compile(r"<<-?\s*(['\"]?)(\w+)\1.*?^\s*\2$", re.MULTILINE | re.DOTALL)
_PLACEHOLDER = re.compile(r"[\[{<…].*|[A-Z]+(?:\.\.\.|…)?")
"""A word that stands for others: `[OPTIONS]`, `NAME`."""


class Command(NamedTuple):
    """A command of a page.

    Attributes:
        line: The line of the page, from 1.
        words: Its words, without variables that are set before it and without redirections.
    """

    line: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Program:
    """The commands of a program, with their options.

    Attributes:
        options: The options of each command, by the names of the command and of those above it; `()` is the program.
    """

    options: Mapping[tuple[str, ...], frozenset[str]]

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


def pulumi(pages: Mapping[str, str]) -> Program:
    """The Pulumi CLI.

    Args:
        pages: What `pulumi gen-markdown` writes: the text of each page, by its name without `.md`.
    """
    options = {
        name: frozenset(re.findall(r"(?<![\w-])--?[A-Za-z][\w-]*", _options(page))) for name, page in pages.items()
    }
    return Program({tuple(name.split("_"))[1:]: found for name, found in options.items()})


def _options(page: str) -> str:
    return "\n".join(line[:40].partition("  ")[0] for line in re.findall(r"^ {2,6}(-.*)", page, re.MULTILINE))


@dataclass(frozen=True)
class Known:
    """What a command of a page can name.

    Attributes:
        makefile: The text of the Makefile.
        files: The paths of all files of the repository.
        pulumi: The Pulumi CLI; None if its commands are not checked.
    """

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
