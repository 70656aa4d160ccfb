"""Whether this run of the tests leaves nothing out, as `make test-full` does."""

from __future__ import annotations

import os

VARIABLE = "TESTS"
"""The environment variable that is `full` in such a run."""
IS_FULL = os.environ.get(VARIABLE) == "full"
