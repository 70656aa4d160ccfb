"""OpenAI's Administration API on your machine: `python -m pulumi_openai_admin.emulator`.

An independent reading of the published specification: nothing here imports the rest of the package, so that a
mistake made there is not made here too. The folders, from the socket inwards:

- `server`: the command line, the listening socket, and the gateway that every call passes, in and out;
- `control`: what a test sets and reads: switches, clock, faults, log, seeds and state;
- `api`: one module for each kind of object, and the one list of them;
- `handlers`: what is the same for all kinds;
- `store`: records, events and indexes in SQLite.

`process` runs it as a child (`EmulatorServer`) and needs the standard library only; what both sides have to know
is in `defaults`. README.md has the switches, the faults and the seed; CONTRIBUTING.md says how to add a kind.
"""

from pulumi_openai_admin.emulator.process import Control, EmulatorServer

__all__ = ["Control", "EmulatorServer"]
