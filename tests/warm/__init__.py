"""Python processes that have imported Pulumi, and mostly this package, when they start: see `server`."""
