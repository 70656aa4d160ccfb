"""What measures: `make bench`, told by README.md. Empty, since every program's provider imports it."""
