"""What is the same for every kind of object: how calls are checked, answered, paged and noted."""
