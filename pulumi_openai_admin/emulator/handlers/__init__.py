"""What is the same for every kind of object: how calls are checked, carried out, paged and noted."""
