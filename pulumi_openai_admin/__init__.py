"""Manage an OpenAI organization as code, from Python, on Pulumi."""
