"""Which command the engine runs, from its command line: the engine does not pass it to providers.

Pulumi deletes the contents of a project before the project, and a provider sees one deletion at a time. Only the
command shows that the project will be archived in the same run.

A wrong "yes" would omit a deletion that nothing makes up for, and the state would lose an account or a key that is
still there. A wrong "no" costs some requests. So the answer is yes only if every word of the command is known.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_DESTROY = ("destroy", "down", "dn")
"""The command and its aliases."""
_SWITCHES = frozenset({
    "config-path", "continue-on-error", "copilot", "debug", "diff", "disable-integrity-checking", "emoji",
    "fully-qualify-stack-names", "ignore-protect", "json", "logflow", "logtostderr", "neo", "non-interactive",
    "refresh", "remove", "run-program", "show-config", "show-full-output", "show-replacement-steps",
    "show-sames", "skip-config-validation", "skip-plugin-pre-install", "skip-preview", "suppress-outputs",
    "suppress-permalink", "suppress-progress", "urns", "yes",
})  # fmt: skip
"""Options of `pulumi destroy` that take no value, or only one after `=`."""
_VALUED = frozenset({
    "client", "color", "config", "config-file", "cwd", "event-log", "exec-agent", "exec-kind",
    "memprofilerate", "message", "otel-traces", "override-env", "parallel", "profiling", "stack", "tracing",
    "tracing-header", "verbose",
})  # fmt: skip
"""Its options that take a value."""
_LETTERS = {
    "C": "cwd", "Q": "fully-qualify-stack-names", "c": "config", "d": "debug", "e": "emoji", "f": "skip-preview",
    "j": "json", "m": "message", "p": "parallel", "r": "refresh", "s": "stack", "v": "verbose", "y": "yes",
}  # fmt: skip
"""Its options by their letter. Those that exclude a part of the stack, such as `-t`, are in none of these lists."""
_VARIABLE = "PULUMI_OPTION_"
"""The first characters of a variable that sets an option: `PULUMI_OPTION_TARGET` is `--target`."""
_MAX_ANCESTORS = 4
"""The engine starts a shell script, which starts this process. Some platforms have another process between them."""


@lru_cache(maxsize=1)
def destroys_whole_stack() -> bool:
    """Whether the engine that started this process destroys the whole stack; False if that is not known."""
    engine = next((command for command in _ancestors() if _is_pulumi(command)), [])
    return is_whole_destroy(engine, os.environ)


def is_whole_destroy(command: Sequence[str], environ: Mapping[str, str]) -> bool:
    """Whether a command line is `pulumi destroy`, with known options of which none excludes a part of the stack.

    Args:
        command: The program and its arguments.
        environ: Its environment, which may set options.
    """
    if not _is_pulumi(command):
        return False
    set_elsewhere = (name for name, value in environ.items() if name.startswith(_VARIABLE) and value)
    names = (name.removeprefix(_VARIABLE).lower().replace("_", "-") for name in set_elsewhere)
    return all(name in _SWITCHES | _VALUED for name in names) and _verbs(command[1:]) in [[verb] for verb in _DESTROY]


def _is_pulumi(command: Sequence[str]) -> bool:
    return bool(command) and PurePath(command[0].replace("\\", "/")).stem == "pulumi"


def _verbs(arguments: Sequence[str]) -> list[str] | None:
    """The arguments that are neither options nor their values; None if an option is not known."""
    words = iter(arguments)
    verbs = []
    for word in words:
        if not word.startswith("-"):
            verbs.append(word)
        elif not (_is_known(word[2:], words) if word.startswith("--") else _are_known(word[1:], words)):
            return None
    return verbs


def _is_known(option: str, words: Iterator[str]) -> bool:
    """Whether an option such as `stack=dev` or `yes` is known; takes its value from the words that follow."""
    name, has_value, _ = option.partition("=")
    if name in _VALUED:
        return bool(has_value) or next(words, None) is not None
    return name in _SWITCHES


def _are_known(letters: str, words: Iterator[str]) -> bool:
    """Whether all options of a group such as `yf`, `ysdev` or `ys` are known; takes the value of the last one."""
    for index, letter in enumerate(letters):
        name = _LETTERS.get(letter, "")
        if name in _VALUED:
            return index + 1 < len(letters) or next(words, None) is not None
        if name not in _SWITCHES:
            return False
        if letters[index + 1 : index + 2] == "=":
            return True
    return bool(letters)


def _ancestors() -> Iterator[Sequence[str]]:
    pid = os.getppid()
    for _ in range(_MAX_ANCESTORS):
        if pid <= 1:
            return
        try:
            parent, command = _linux(pid) if sys.platform == "linux" else _posix(pid)
        except (OSError, ValueError, IndexError, subprocess.SubprocessError):
            return
        yield command
        pid = parent


def _linux(pid: int) -> tuple[int, list[str]]:
    folder = Path(f"/proc/{pid}")
    parent = int((folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    return parent, (folder / "cmdline").read_bytes().decode(errors="replace").removesuffix("\0").split("\0")


def _posix(pid: int) -> tuple[int, list[str]]:
    shown = subprocess.run(  # noqa: S603 - a constant command and a number
        ["ps", "-ww", "-o", "ppid=,command=", "-p", str(pid)],  # noqa: S607 - its path differs between systems
        capture_output=True, encoding="utf-8", timeout=5, check=True,
    )  # fmt: skip
    parent, *command = shown.stdout.split()
    return int(parent), command
