"""The commands of all pages, in blocks of a shell and in the text, are those of their programs. Nothing is run."""

from __future__ import annotations

import re
import shlex
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import typer.main

from pulumi_openai_admin.cli.options import app
from pulumi_openai_admin.emulator import defaults
from tools import pinned
from tools.commands import git

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tools.engine import Engine

pytestmark = pytest.mark.skipif(not (pinned.ROOT / ".git").exists(), reason="git names the files of the repository")
CLI = "pulumi-openai-admin"
NAME_OF_AN_ACCOUNT = "pulumi-openai-admin live test"
"""Code that begins like a command."""
IN_SHELL = re.compile(
    r"^ *```(?:bash|sh|powershell|console)\n(.*?)^ *```$|(?<!`)`([^`\n]+)`(?!`)", re.MULTILINE | re.DOTALL
)
HERE_DOCUMENT = re.compile(r"<<-?\s*(['\"]?)(\w+)\1.*?^\s*\2$", re.MULTILINE | re.DOTALL)
HELP = {"-h", "--help"}
Program = dict[tuple[str, ...], set[str]]
"""The options of each command of a program, by the names of the command and of those above it; `()` is the program."""
MAKEFILE = (pinned.ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = {name for line in re.findall(r"^([a-z][\w -]*):", MAKEFILE, re.MULTILINE) for name in line.split()}
VARIABLES = {*re.findall(r"\$\((?:if )?\$?\(?([A-Z]+)\)", MAKEFILE)}
EMULATOR: Program = {(): HELP | {option.flag for option in defaults.OPTIONS}}


def commands(text: str) -> Iterator[list[str]]:
    """The commands of a page, without variables that are set before them."""
    text = HERE_DOCUMENT.sub("", re.sub(r"( `|\\)\n\s*", " ", text))
    for block, code in IN_SHELL.findall(text):
        for line in (block or code).splitlines():
            for part in re.split(r"[;|&()]|\s[<>]", re.sub(r"(^|\s)#.*", "", line)):
                words = re.sub(r"^\s*(\w+=\S*\s+)*", "", part)
                try:
                    if found := shlex.split(words.replace("$", "")):
                        yield found
                except ValueError:  # it is no command: `it's`
                    continue


def fault(words: list[str], files: set[str], programs: dict[str, Program]) -> str:
    """Why a command would fail; empty if it would not, or if nothing is known about its program."""
    name, rest = words[0].rpartition("/")[2], words[1:]
    if name in programs:
        return fault_of_options(rest, programs[name])
    if name == "make":
        known = VARIABLES | TARGETS
        wrong = [word for word in rest if re.match(r"[\w-]+(=|$)", word) and word.partition("=")[0] not in known]
        return f"the Makefile has no {wrong[0]}" if wrong and not wrong[0].isupper() else ""
    return fault_of_python(rest, files) if name in {"python", "python3"} else ""


def fault_of_python(words: list[str], files: set[str]) -> str:
    """Return what Python would not find."""
    if words and words[0].endswith(".py"):
        script = re.sub(r"^(\.\./)+", "", words[0])
        return "" if any(f"/{file}".endswith(f"/{script}") for file in files) else f"there is no file {script}"
    if words[:1] != ["-m"] or len(words) == 1:
        return ""
    module = words[1].replace(".", "/")
    is_own = module.partition("/")[0] in {"benchmarks", "pulumi_openai_admin", "tests", "tools"}
    if is_own and not {f"{module}.py", f"{module}/__main__.py"} & files:
        return f"there is no module {words[1]}"
    if words[1] == "pulumi_openai_admin.emulator":
        return fault_of_options(words[2:], EMULATOR)
    tests = [word.partition("::")[0] for word in words if word.startswith("tests/")]
    missing = [path for path in tests if not (pinned.ROOT / path).exists()]
    return f"there is no file {missing[0]}" if missing else ""


def fault_of_options(words: list[str], program: Program) -> str:
    """Return why a program does not accept the words after its name; empty if it does."""
    length = next((length for length in range(len(words)) if tuple(words[: length + 1]) not in program), len(words))
    path, rest = tuple(words[:length]), words[length:]
    if rest and any(other[:-1] == path for other in program if other) and re.match("[a-z]", rest[0]):
        return f"there is no command {rest[0]}"
    given = [re.match(r"--[a-z][\w-]*|-[A-Za-z]$", word) for word in rest[: rest.index("--") if "--" in rest else None]]
    unknown = [option[0] for option in given if option and option[0] not in program[path]]
    return f"there is no option {unknown[0]}" if unknown else ""


def of_typer(path: tuple[str, ...], command: Any) -> Iterator[tuple[tuple[str, ...], set[str]]]:
    yield path, HELP | {name for param in command.params for name in param.opts}
    for name in getattr(command, "commands", ()):
        yield from of_typer((*path, name), command.get_command(None, name))


def faults(pages: dict[str, str], programs: dict[str, Program]) -> list[str]:
    files = {path for path in git("ls-files", "--cached", "--others", "--exclude-standard").split("\n") if path}
    found = ((path, words, fault(words, files, programs)) for path, text in pages.items() for words in commands(text))
    return [f"{path}: `{shlex.join(words)}`: {why}" for path, words, why in found if why]


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    listed = git("ls-files", "--cached", "--others", "--exclude-standard", "*.md").splitlines()
    texts = {path: pinned.ROOT.joinpath(path).read_text(encoding="utf-8") for path in listed}
    return {path: text.replace(f"`{NAME_OF_AN_ACCOUNT}`", "") for path, text in texts.items()}


@pytest.fixture(scope="module")
def cli() -> dict[str, Program]:
    return {CLI: dict(of_typer((), typer.main.get_command(app)))}


def test_each_command_exists_with_its_options(pages: dict[str, str], cli: dict[str, Program]) -> None:
    assert faults(pages, cli) == []


def test_each_command_of_pulumi_has_its_options(pulumi: Engine, pages: dict[str, str], tmp_path: Path) -> None:
    command = [pulumi.pulumi, "gen-markdown", tmp_path]
    env = pulumi.environment(tmp_path / "home") | {"PULUMI_EXPERIMENTAL": "true"}  # it shows `--plan` of `up`
    subprocess.run(command, env=env, check=True)
    program: Program = {}
    for page in tmp_path.glob("*.md"):
        lines = re.findall(r"^ {2,6}(-.*)", page.read_text(encoding="utf-8"), re.MULTILINE)
        options = re.findall(r"(?<![\w-])--?[A-Za-z][\w-]*", "\n".join(line[:40] for line in lines))
        program[tuple(page.stem.split("_"))[1:]] = {*options}
    assert "--yes" in program["up",]
    # Only the help of a command tells of which it is another name: `pulumi stack select`, `pulumi whoami`.
    found = [line for line in faults(pages, {"pulumi": program}) if "no option" in line]
    assert found == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("export A=1; A=1 pulumi-openai-admin drfit", "there is no command drfit"),
        ("pulumi-openai-admin limits --htm \\\n  page.html > limits", "there is no option --htm"),
        ("pulumi-openai-admin check || make plugins", "the Makefile has no plugins"),
        ("make check RESORCE=Group", "the Makefile has no RESORCE=Group"),
        ("python -m tools.nothing", "there is no module tools.nothing"),
        ("python -m pytest -q tests/nothing.py", "there is no file tests/nothing.py"),
        ("python -m pulumi_openai_admin.emulator --prot 1", "there is no option --prot"),
    ],
)
def test_a_command_that_would_fail_is_named(line: str, why: str, cli: dict[str, Program]) -> None:
    (found,) = faults({"a.md": f"# A\n\n```bash\n# drfit\n{line}\n```\n"}, cli)
    assert found.endswith(why)
