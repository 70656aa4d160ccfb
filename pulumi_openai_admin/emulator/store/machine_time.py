"""The time of the machine, by which the emulator says what is when. A simulation passes its own."""

from __future__ import annotations

import time


class MachineTime:
    """The machine's clocks."""

    def now(self) -> float:
        """Give the seconds since 1970."""
        return time.time()

    def monotonic(self) -> float:
        """Give the seconds since some moment, whatever is done to the clock of the machine."""
        return time.monotonic()
