"""API keys: creation, delivery to a store, rotation, and keys whose values were in lost responses."""
