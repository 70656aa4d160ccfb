"""The native provider: the same resources and provider functions for every Pulumi language, over gRPC."""
