"""How many examples the tests of the forms of ids try."""

from __future__ import annotations

import os

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "200"))
