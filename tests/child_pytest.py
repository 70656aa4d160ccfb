"""Pytest as a user runs it, without the settings of this project."""

from __future__ import annotations

import os
import sys

COMMAND = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:schemathesis", "-c", os.devnull]
