"""What the API has: one module for each area, and all kinds of objects in them."""

from __future__ import annotations

from pulumi_openai_admin.emulator.api import (
    audit_logs,
    certificates,
    experimental,
    external,
    groups,
    keys,
    project_settings,
    rate_limits,
    roles,
    tunnels,
    usage,
    users,
    webhook_endpoints,
    workload_identity,
)
from pulumi_openai_admin.emulator.handlers.kind import Kind

_AREAS = (
    *(users, keys, rate_limits, project_settings, usage, groups, roles, certificates, external, workload_identity),
    *(experimental, tunnels, webhook_endpoints, audit_logs),
)
KINDS: tuple[Kind, ...] = tuple(
    dict.fromkeys(kind for area in _AREAS for kind in vars(area).values() if isinstance(kind, Kind))
)
"""In the order in which a seed is read: what a kind is below or refers to comes first, as its module imports it."""
