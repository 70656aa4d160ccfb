"""Gets an engine and a browser, runs the demo, builds the documentation and the packages: `python -m tools.…`."""
