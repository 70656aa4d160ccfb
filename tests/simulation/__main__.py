"""Run histories: `python -m tests.simulation --count 1000`, `--minutes 30`, or `--replay FILE` to see one."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

import yaml

from tests.simulation.cloud import Cloud
from tests.simulation.engine import listening
from tests.simulation.history import as_text, generate, run, shrunk


def main() -> int:
    """Run what the command line says; 1 if a rule is broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="the seed of the first history")
    parser.add_argument("--count", type=int, help="how many histories")
    parser.add_argument("--minutes", type=float, help="how long, if not how many")
    parser.add_argument("--replay", type=Path, help="a file with one history: prints all that happens")
    parser.add_argument("--out", type=Path, help="a folder for the shortest history of each violation")
    options = parser.parse_args()
    cloud = Cloud()
    with listening():
        return _replay(options.replay, cloud) if options.replay else _search(options, cloud)


def _replay(file: Path, cloud: Cloud) -> int:
    found = run(yaml.safe_load(file.read_text()), cloud, print)
    for violation in found:
        print(f"{violation.signature}\n  {violation.detail}")
    return bool(found)


def _search(options: Any, cloud: Cloud) -> int:
    started, seed = time.monotonic(), options.seed
    first: dict[str, int] = {}
    counts: dict[str, int] = {}
    while True:
        seconds, done = time.monotonic() - started, seed - options.seed
        if done >= (options.count or (1 if options.minutes is None else 10**9)):
            break
        if options.minutes is not None and seconds > options.minutes * 60:
            break
        history = generate(seed)
        for violation in run(history, cloud):
            counts[violation.signature] = counts.get(violation.signature, 0) + 1
            if violation.signature not in first:
                first[violation.signature] = seed
                print(f"{seed}: {violation.signature}", flush=True)
                if options.out:
                    _keep(options.out, shrunk(history, violation.signature, cloud), violation.signature)
        seed += 1
    done = max(1, seed - options.seed)
    print(f"{done} histories, {done / (time.monotonic() - started):.1f} a second, {len(first)} signatures")
    for signature in sorted(first, key=lambda name: -counts[name]):
        print(f"  {counts[signature]:6} first {first[signature]:7}  {signature}")
    return bool(first)


def _keep(folder: Path, history: dict[str, Any], signature: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = "".join(letter if letter.isalnum() else "-" for letter in signature)[:80]
    (folder / f"{name}.yaml").write_text(as_text({"signature": signature, **history}))


if __name__ == "__main__":
    sys.exit(main())
