"""Policies for Pulumi's policy SDK (extra `policies`): what no program of an organization may declare."""
