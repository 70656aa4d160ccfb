"""What a program calls to declare resources: arguments, settings, delivery of keys, the reference to its provider."""
