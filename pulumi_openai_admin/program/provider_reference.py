"""The reference to a provider in the state of each resource: pickled, the same bytes for every Python version."""

from __future__ import annotations

import base64
import pickle
from importlib import import_module

PUBLIC_MODULE = "pulumi_openai_admin"
"""The module from which programs and pickled providers in states import resources. It can never change."""
PROPERTY = "__provider"
"""The input and output from which Pulumi's host reads it."""
_PROVIDER = "AdminProvider"
"""The class that serves all resources, by its name in the public module. It can never change."""
_PROTOCOL = 4
"""Pulumi uses the default of the Python version, which changed in Python 3.14, so the state would change with the
Python version. Every supported version reads protocol 4."""


def to(resource: type) -> str:
    """The provider of a resource in the format of Pulumi's host.

    Args:
        resource: The class of the resource.
    """
    provider = getattr(import_module(PUBLIC_MODULE), _PROVIDER)(resource)
    return base64.b64encode(pickle.dumps(provider, protocol=_PROTOCOL)).decode()
