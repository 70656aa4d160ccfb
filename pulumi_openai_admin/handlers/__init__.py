"""The objects of each endpoint: how they are created, read, updated and deleted."""
