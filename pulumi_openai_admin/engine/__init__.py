"""What the hosts and a program know of the engine: its process, its outputs, its words."""
