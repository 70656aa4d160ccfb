"""How a provider stands in the state of each of its resources: pickled, the same bytes by every Python."""

from __future__ import annotations

import base64
import pickle
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi_openai_admin.provider.lifecycle import AdminProvider

PROPERTY = "__provider"
"""The input and output under which Pulumi's host looks for it."""
_PROTOCOL = 4
"""Pulumi takes the default of the Python that runs the program, and Python 3.14 has another one than 3.13: one state
would change with each colleague's Python. Every Python that is supported reads 4."""


def to(provider: AdminProvider) -> str:
    """The provider as Pulumi's host reads it."""
    return base64.b64encode(pickle.dumps(provider, protocol=_PROTOCOL)).decode()
