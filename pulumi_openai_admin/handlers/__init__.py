"""The objects of an endpoint: how they are created, read, updated and deleted."""
