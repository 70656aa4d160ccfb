"""What the verbs of a provider have in common, whatever host serves them."""
