"""The end of a run with `--by-folder`: how long the tests of each folder took, and which did not run, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--by-folder", action="store_true", help="show the time by folder, and what was not run and why")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if not config.getoption("by_folder"):
        return
    reports = [
        report
        for outcome, found in terminalreporter.stats.items()
        if outcome in {"", "passed", "failed", "error", "skipped"}
        for report in found
        if hasattr(report, "duration")
    ]
    terminalreporter.section("time by folder: seconds of all workers")
    for line in by_folder(reports):
        terminalreporter.write_line(line)
    if not_run := reasons(terminalreporter.stats.get("skipped", [])):
        terminalreporter.section("not run")
        for line in not_run:
            terminalreporter.write_line(line)


def by_folder(reports: Iterable[pytest.TestReport]) -> list[str]:
    """A line for each folder, the longest first: name, tests, seconds."""
    seconds: dict[str, float] = defaultdict(float)
    tests: dict[str, set[str]] = defaultdict(set)
    for report in reports:
        seconds[folder_of(report.nodeid)] += report.duration
        tests[folder_of(report.nodeid)].add(report.nodeid)
    ordered = sorted(seconds, key=lambda folder: -seconds[folder])
    return [f"{folder:12} {len(tests[folder]):6} tests {seconds[folder]:8.1f} s" for folder in ordered]


def reasons(reports: Iterable[pytest.TestReport]) -> list[str]:
    """A line for each folder and reason."""
    counts: Counter[tuple[str, str]] = Counter()
    for report in reports:
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        counts[folder_of(report.nodeid), why.removeprefix("Skipped: ")] += 1
    return [f"{folder:12} {count:6} tests  {why}" for (folder, why), count in sorted(counts.items())]


def folder_of(nodeid: str) -> str:
    """The folder in `tests/` that a test is in."""
    parts = nodeid.partition("::")[0].split("/")
    return parts[1] if parts[0] == "tests" and len(parts) > 2 else parts[0]
