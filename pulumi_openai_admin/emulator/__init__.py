"""OpenAI's Administration API on this machine: `python -m pulumi_openai_admin.emulator`.

An independent reading of the published specification: nothing here imports the rest of the package, so that a
mistake made there is not made here too. The layers, from the socket inwards:

- `command`, `server`, `transport`: the command line, the listening socket, the raw connection of a call;
- `gate`, with `keyring` and `throttle`: the one place every call below `/v1` passes, in and out;
- `app`, `routes`, `replies`, `bodies`, `errors`, `reply`: what is asked and what is answered;
- `organization`, `records`, `catalogue`, `storage`: what there is, and what makes a change legal;
- `control`, with `emulation`, `world`, `faults`, `seeds`, `log`, `census`: what a test sets and reads.

`process` runs it as a child (`EmulatorServer`) and needs the standard library only; what both sides have to know
is in `agreement`. README.md has the switches, the faults and the seed.
"""

from pulumi_openai_admin.emulator.process import Control, EmulatorServer

__all__ = ["Control", "EmulatorServer"]
