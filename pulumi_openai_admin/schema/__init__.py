"""The parts of a declaration: fields, rules and validation. Independent of hosts and HTTP."""
