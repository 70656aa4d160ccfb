"""How many examples the tests with random values try: `FUZZ_EXAMPLES`."""

from __future__ import annotations

import os

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "300"))
