"""The seed of a run of the tests, from which come all that the run selects or makes at random.

These are the selection of the fault matrix, the examples of Hypothesis, and the calls of Schemathesis. Each run has
another seed, and prints it. To repeat what a run did:

    TEST_SEED=123456 python -m pytest tests/unit/test_printable.py
"""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

VARIABLE = "TEST_SEED"
"""The environment variable with the seed: a whole number."""
_SEEDS = 1_000_000


def seed_of_this_run() -> int:
    """The seed: the same in all processes of a run.

    Raises:
        pytest.UsageError: The environment variable is set, and is no whole number.
    """
    text = os.environ.setdefault(VARIABLE, str(secrets.randbelow(_SEEDS)))
    if not text.isdecimal():
        raise pytest.UsageError(f"{VARIABLE} must be a whole number, not {text!r}.")
    return int(text)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Choose the seed before workers start, which inherit it, and before Hypothesis reads its option."""
    hypothesis.settings.register_profile("untimed", deadline=None)  # a slow machine is no failure
    hypothesis.settings.load_profile("untimed")
    seed = seed_of_this_run()
    if config.getoption("hypothesis_seed", None) is None:
        config.option.hypothesis_seed = str(seed)


def pytest_report_header() -> str:
    """What a run says at its start, even if it does not come to an end."""
    return _told()


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Say it at the end, too, where a failure is read."""
    terminalreporter.write_line(_told())


def _told() -> str:
    return f"Seed of this run: {seed_of_this_run()}. To repeat it, set {VARIABLE}={seed_of_this_run()}."
