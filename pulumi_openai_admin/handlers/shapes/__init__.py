"""What create, read, update and delete mean for each shape of endpoint."""
