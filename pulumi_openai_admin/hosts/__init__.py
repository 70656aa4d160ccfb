"""The hosts. Each translates between the Pulumi engine and the verbs of `lifecycle`."""
