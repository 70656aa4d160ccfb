"""What the API has: one module for each area, and all kinds of objects in them."""

from __future__ import annotations

from importlib import import_module

from pulumi_openai_admin.emulator.handlers.kind import Kind

_AREAS = (
    *("users", "keys", "rate_limits", "project_settings", "usage", "groups", "roles", "certificates", "external"),
    *("workload_identity", "experimental", "tunnels", "webhook_endpoints", "audit_logs"),
)
_MODULES = [import_module(f"{__name__}.{area}") for area in _AREAS]
KINDS: tuple[Kind, ...] = tuple(
    dict.fromkeys(kind for module in _MODULES for kind in vars(module).values() if isinstance(kind, Kind))
)
"""In the order in which a seed is read: what a kind is below or refers to comes first, as its module imports it."""
