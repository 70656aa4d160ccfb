"""What a program looks up: one file a kind of object."""
