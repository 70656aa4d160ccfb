"""What a test sets and reads: switches, clock, faults, log, seeds and state."""
