"""The reference to a provider in the state of each resource: pickled, the same bytes for every Python version."""

from __future__ import annotations

import base64
import pickle
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi_openai_admin.dynamic.admin_provider import AdminProvider

PROPERTY = "__provider"
"""The input and output from which Pulumi's host reads it."""
_PROTOCOL = 4
"""Pulumi uses the default of the Python version, which changed in Python 3.14, so the state would change with the
Python version. Every supported version reads protocol 4."""


def to(provider: AdminProvider) -> str:
    """The provider in the format of Pulumi's host."""
    return base64.b64encode(pickle.dumps(provider, protocol=_PROTOCOL)).decode()
