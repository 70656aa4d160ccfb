"""The listening socket, the raw connection of a call, and the one place that every call passes."""
