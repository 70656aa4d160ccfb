"""What a program declares: one file a resource."""
