"""The native provider: the same resources and look-ups for every Pulumi language, over gRPC."""
