"""Certificates for the lives of what has to do with them."""

from __future__ import annotations

import functools

import trustme


@functools.cache
def pem(name: str) -> str:
    """A certificate for each name, the same in all of a process."""
    return trustme.CA(organization_name=name).cert_pem.bytes().decode()
