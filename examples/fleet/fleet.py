"""One Pulumi program over many stacks: each group of OpenAI projects is a stack of its own.

    python fleet.py preview|up|refresh|destroy [GROUP…]

OpenAI counts an organization's requests by endpoint, and two engines know nothing of each other's pace. So only
`at_a_time` stacks run at once and the others wait in line (fleet.json says 1: a single stack already sends as many
requests as OpenAI takes, and a second one would only have them refused). A group that OpenAI throttled out goes to
the end of the line; what took is kept, and its next turn goes on from there.

The exit code is 0 if all groups went well, 1 if one did not, 2 for a wrong command and 130 after Ctrl-C.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi import automation as auto

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Tell = Callable[[str], object]

HERE = Path(__file__).resolve().parent
FLEET: dict[str, Any] = json.loads((HERE / "fleet.json").read_text(encoding="utf-8"))
VERBS = ("preview", "up", "refresh", "destroy")
THROTTLED = "openai-admin:maxWaitSeconds"
"""What stands in every error that time alone can mend."""


def run(verb: str, group: str, pulumi: auto.PulumiCommand, tell: Tell) -> str:
    """Run one group's stack, in a process of its own; what there is to tell."""
    tell(f"{group}: {verb} …")
    options = auto.LocalWorkspaceOptions(pulumi_command=pulumi, env_vars={"PULUMI_PYTHON_CMD": sys.executable})
    stack = auto.create_or_select_stack(group, work_dir=str(HERE), opts=options)
    if verb == "preview":
        return "\n" + stack.preview(diff=True, color="never").stdout
    if verb == "up":  # a project that is refused does not stop the others of its group
        summary = stack.up(continue_on_error=True, color="never").summary
    elif verb == "refresh":
        summary = stack.refresh(color="never").summary
    else:
        summary = stack.destroy(continue_on_error=True, color="never").summary
    return ", ".join(f"{change} {count}" for change, count in (summary.resource_changes or {}).items()) or "nothing"


def give_turns(verb: str, groups: list[str], pulumi: auto.PulumiCommand, tell: Tell, show: Tell) -> dict[str, str]:
    """Give each group its turn, and another one as long as it is throttled out; why groups failed."""
    at_a_time, turns, failed = int(FLEET["at_a_time"]), Counter[str](), dict[str, str]()
    with ThreadPoolExecutor(at_a_time) as pool:
        line = {pool.submit(run, verb, group, pulumi, tell): group for group in groups}
        try:
            while line:
                names = list(line.values())  # the pool takes them in this order
                show(f"{verb}: {', '.join(names[:at_a_time])}; {len(names[at_a_time:])} waiting, {len(failed)} failed")
                for job in wait(line, return_when=FIRST_COMPLETED).done:
                    group = line.pop(job)
                    turns[group] += 1
                    try:
                        tell(f"{group}: {job.result()}")
                    except auto.CommandError as error:
                        if THROTTLED in str(error) and turns[group] < FLEET["turns"]:
                            line[pool.submit(run, verb, group, pulumi, tell)] = group
                            tell(f"{group}: throttled out in turn {turns[group]}; back in line, it goes on from there")
                        else:
                            failed[group] = reasons(error)
                            tell(f"{group}: failed\n{failed[group]}")
        except KeyboardInterrupt:
            tell("Stopping: what is under way ends, nothing else begins. Ctrl-C once more ends it at once.")
            pool.shutdown(cancel_futures=True)
            raise
    return failed


def reasons(error: auto.CommandError) -> str:
    """The engine's lines that say why, or all that it said."""
    lines = [line.strip() for line in str(error).splitlines()]
    return "\n".join(dict.fromkeys(f"  {line}" for line in lines if line.startswith("error:"))) or str(error)


@contextmanager
def board() -> Iterator[tuple[Tell, Tell]]:
    """Two ways to say something: for good, and as the state of things, which is redrawn where rich is installed."""
    try:
        from rich.console import Console  # noqa: PLC0415 -- a nicety
    except ImportError:
        yield partial(print, flush=True), lambda _: None
        return
    console = Console(highlight=False, markup=False, emoji=False)
    with console.status("") as status:
        yield partial(console.print, soft_wrap=True), status.update


def main(arguments: list[str]) -> int:
    """Read the command line and do it; the exit code."""
    parser = argparse.ArgumentParser(description="One Pulumi program over many stacks.")
    parser.add_argument("verb", choices=VERBS)
    parser.add_argument("group", nargs="*", help="all groups of fleet.json, where none is named")
    asked = parser.parse_args(arguments)
    if unknown := [group for group in asked.group if group not in FLEET["groups"]]:
        parser.error(f"fleet.json has no group {', '.join(unknown)}; it has {', '.join(FLEET['groups'])}")
    groups, began = list(dict.fromkeys(asked.group or FLEET["groups"])), time.monotonic()
    try:
        with board() as (tell, show):
            failed = give_turns(asked.verb, groups, auto.PulumiCommand(), tell, show)
            took = f"{time.monotonic() - began:.0f} s"
            tell(f"{asked.verb}: {len(groups) - len(failed)} of {len(groups)} groups went well, in {took}")
            if failed:
                tell(f"failed: {', '.join(failed)}")
    except FileNotFoundError:
        parser.error("there is no `pulumi` on PATH: https://www.pulumi.com/docs/install/")
    except KeyboardInterrupt:
        return 130
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
