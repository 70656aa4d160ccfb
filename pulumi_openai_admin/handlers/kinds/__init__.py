"""What is special about one kind of object."""
