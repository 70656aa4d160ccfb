"""One Pulumi program over many stacks: each group of OpenAI projects is a stack of its own.

    python fleet.py preview|up|refresh|destroy [GROUP…]

OpenAI limits the requests of the whole organization for each endpoint, and two engines do not share a rate limiter. So
only `at_a_time` stacks run at once, and the others wait in a queue. fleet.json sets 1: one stack already sends as many
requests as OpenAI accepts, and OpenAI would only refuse those of a second one. A group that reaches the request limit
goes to the end of the queue. Completed changes are kept, and its next attempt continues.

The exit code is 0 if all groups succeeded, 1 if one failed, 2 for invalid arguments and 130 after Ctrl-C.
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

    Print = Callable[[str], object]

HERE = Path(__file__).resolve().parent
FLEET: dict[str, Any] = json.loads((HERE / "fleet.json").read_bytes())
VERBS = ("preview", "up", "refresh", "destroy")
TIMED_OUT = "openai-admin:maxWaitSeconds"
"""Every error that a later attempt can correct contains this setting."""


def run(verb: str, group: str, pulumi: auto.PulumiCommand, report: Print) -> str:
    """Run the stack of a group in its own process; returns a summary."""
    report(f"{group}: {verb} …")
    options = auto.LocalWorkspaceOptions(pulumi_command=pulumi, env_vars={"PULUMI_PYTHON_CMD": sys.executable})
    stack = auto.create_or_select_stack(group, work_dir=str(HERE), opts=options)
    if verb == "preview":
        return "\n" + stack.preview(diff=True, color="never").stdout
    if verb == "up":  # a failed project does not stop the others of its group
        summary = stack.up(continue_on_error=True, color="never").summary
    elif verb == "refresh":
        summary = stack.refresh(color="never").summary
    else:
        summary = stack.destroy(continue_on_error=True, color="never").summary
    return ", ".join(f"{change} {count}" for change, count in (summary.resource_changes or {}).items()) or "nothing"


def run_all(
    verb: str, groups: list[str], pulumi: auto.PulumiCommand, report: Print, show_status: Print
) -> dict[str, str]:
    """Run each group, again while it reaches the request limit; returns why groups failed."""
    at_a_time, attempts, failed = int(FLEET["at_a_time"]), Counter[str](), dict[str, str]()
    with ThreadPoolExecutor(at_a_time) as pool:
        queue = {pool.submit(run, verb, group, pulumi, report): group for group in groups}
        try:
            while queue:
                names = list(queue.values())  # the pool runs them in this order
                waiting = len(names[at_a_time:])
                show_status(f"{verb}: {', '.join(names[:at_a_time])}; {waiting} waiting, {len(failed)} failed")
                for job in wait(queue, return_when=FIRST_COMPLETED).done:
                    group = queue.pop(job)
                    attempts[group] += 1
                    try:
                        report(f"{group}: {job.result()}")
                    except auto.CommandError as error:
                        if TIMED_OUT in str(error) and attempts[group] < FLEET["max_attempts"]:
                            queue[pool.submit(run, verb, group, pulumi, report)] = group
                            reached = f"request limit reached in attempt {attempts[group]}"
                            report(f"{group}: {reached}; it will be continued")
                        else:
                            failed[group] = reasons(error)
                            report(f"{group}: failed\n{failed[group]}")
        except KeyboardInterrupt:
            report("Stopping: running stacks finish, no others start. Press Ctrl-C again to stop at once.")
            pool.shutdown(cancel_futures=True)
            raise
    return failed


def reasons(error: auto.CommandError) -> str:
    """The error lines of the engine's output, or all of it."""
    lines = [line.strip() for line in str(error).splitlines()]
    return "\n".join(dict.fromkeys(f"  {line}" for line in lines if line.startswith("error:"))) or str(error)


@contextmanager
def terminal() -> Iterator[tuple[Print, Print]]:
    """Two functions: one prints a line, the other updates a status line, which needs rich."""
    try:
        from rich.console import Console  # noqa: PLC0415 -- optional
    except ImportError:
        yield partial(print, flush=True), lambda _: None
        return
    console = Console(highlight=False, markup=False, emoji=False)
    with console.status("") as status:
        yield partial(console.print, soft_wrap=True), status.update


def main(arguments: list[str]) -> int:
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(description="One Pulumi program over many stacks.")
    parser.add_argument("verb", choices=VERBS)
    parser.add_argument("group", nargs="*", help="default: all groups of fleet.json")
    options = parser.parse_args(arguments)
    if unknown := [group for group in options.group if group not in FLEET["groups"]]:
        parser.error(f"fleet.json has no group {', '.join(unknown)}; it has {', '.join(FLEET['groups'])}")
    groups, start = list(dict.fromkeys(options.group or FLEET["groups"])), time.monotonic()
    try:
        with terminal() as (report, show_status):
            failed = run_all(options.verb, groups, auto.PulumiCommand(), report, show_status)
            seconds = f"{time.monotonic() - start:.0f} s"
            report(f"{options.verb}: {len(groups) - len(failed)} of {len(groups)} groups succeeded in {seconds}")
            if failed:
                report(f"failed: {', '.join(failed)}")
    except FileNotFoundError:
        parser.error("there is no `pulumi` on PATH: https://www.pulumi.com/docs/install/")
    except KeyboardInterrupt:
        return 130
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
