"""The commands of all pages are those of their programs: `docs/drift.md:7: … there is no command`."""

from __future__ import annotations

import dataclasses
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from tools import dist, page_commands, pinned
from tools.page_commands import Command, Known, Program

if TYPE_CHECKING:
    from pathlib import Path

    from tools.engine import Engine

NO_COMMANDS = {"docs/tested.md": {"pulumi-openai-admin live test"}}
"""Code that begins like a command: names of service accounts."""
pytestmark = pytest.mark.skipif(not (pinned.ROOT / ".git").exists(), reason="git names the files of the repository")


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
    listed = [command.words for text in pages.values() for command in page_commands.commands(text)]
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
    program, aliases = page_commands.pulumi(pages), {}
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
        "python ../incident/find_key.py < leaked.txt",
        "grep -r words docs",
    ],
)
def test_a_command_that_exists(known: Known, line: str) -> None:
    assert known.faults("page.md", f"```bash\n{line}\n```\n") == []


def test_the_commands_of_pulumi_are_read_from_its_documentation() -> None:
    options = "## Options\n\n```\n  -s, --stack string    The stack, not --other\n      --file string   A file\n```\n"
    program = page_commands.pulumi({"pulumi": "", "pulumi_stack": options, "pulumi_stack_new": options})
    known = Known("", frozenset(), program.with_aliases({("stack", "init"): ("stack", "new")}))
    text = "`pulumi stack init -s dev` `pulumi stack rename -- --x`\n\n`pulumi stack new --other`\n"
    assert list(page_commands.commands("`pulumi stack`")) == [Command(1, ("pulumi", "stack"))]
    assert known.faults("a.md", text) == [
        "a.md:1: `pulumi stack rename -- --x`: there is no command `stack rename`",
        "a.md:3: `pulumi stack new --other`: there is no option --other",
    ]
