"""Look-ups: one file for each kind of object."""
