"""The dynamic provider: the pickled class, the base class of all resources, the adapter to its host."""
