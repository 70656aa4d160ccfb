"""The organization's policies on API keys: who may have new ones, and how long they may live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_openai_admin.emulator.handlers.errors import Refused

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.operation import Request


def check_creation(request: Request, lifetime: int | None) -> None:
    """Refuse a new key that a policy does not allow."""
    world = request.organization.world
    if not world.allows_new_keys:
        message = "New API keys are disabled by your organization's settings."
        raise Refused(world.key_refusal_status, message, code=world.key_refusal_code)
    check_lifetime(request, lifetime)


def check_lifetime(request: Request, lifetime: int | None) -> None:
    """Refuse a lifetime that the policy does not allow."""
    world = request.organization.world
    longest = world.key_lifetime_max
    if lifetime is None and (world.key_lifetime_required or longest is not None):
        message = "Your organization's policy requires 'expires_in_seconds' for new API keys."
        raise Refused(400, message, code="api_key_expiration_required", param="expires_in_seconds")
    if lifetime is not None and longest is not None and lifetime > longest:
        message = f"'expires_in_seconds' cannot exceed your organization's maximum of {longest}."
        raise Refused(400, message, code="api_key_expiration_too_long", param="expires_in_seconds")
