"""`make bench`, or `python -m benchmarks [--quick] [--large] [--keep] [NAME…]`."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from benchmarks import (
    adoption,
    emulator,
    growth,
    imports,
    keys,
    large_organization,
    members,
    previews,
    rate_limits,
    records,
    shown,
    throttled,
)
from benchmarks.measure import NotMeasuredError, Report
from benchmarks.session import Session

BENCHMARKS = {
    "imports": imports.measure,
    "individual": rate_limits.individual,
    "native": rate_limits.native,
    "at_a_time": rate_limits.at_a_time,
    "whole_project": rate_limits.whole_project,
    "throttled": throttled.measure,
    "adoption": adoption.measure,
    "growth": growth.measure,
    "large_organization": large_organization.measure,
    "members": members.measure,
    "keys": keys.measure,
    "previews": previews.measure,
    "emulator": emulator.measure,
}


def main() -> int:
    """Run what is asked for; 1 only where something could not be measured."""
    arguments = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    console = Console(highlight=False)
    reports, failed = {}, False
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder, shown.Steps(Console(stderr=True)) as steps:
        session = Session(Path(folder), quick=arguments.quick, large=arguments.large, step=steps.tell)
        for name in arguments.names or BENCHMARKS:
            steps.begin(name)
            try:
                reports[name] = BENCHMARKS[name](session)
            except NotMeasuredError as error:
                reports[name], failed = Report(notes=[f"Not measured: {error}"]), True
    committed = records.load(records.COMMITTED)
    for name, report in reports.items():
        shown.report(console, name, report, records.values(committed, name))
    document = records.merged(records.load(records.LATEST), reports)
    records.save(document, records.LATEST)
    for line in records.plot(document):
        console.print(line, markup=False)
    if arguments.keep:
        records.save(records.merged(committed, reports), records.COMMITTED)
    return 1 if failed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure; see benchmarks/README.md.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(BENCHMARKS)}")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions and sizes")
    parser.add_argument(
        "--large", action="store_true", help="floor and one by one up to 5,000 rows: two hours more, on a quiet machine"
    )
    parser.add_argument("--keep", action="store_true", help="make the figures those that later runs are compared with")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
