"""The stack's `openai-admin:…` settings, which are checked whenever a program declares a resource.

So every preview and `up` reports an invalid setting. Otherwise `up` would record it, and the next refresh or destroy,
which run no program, would fail.
"""

from __future__ import annotations

import pulumi
from pulumi.runtime.config import CONFIG

from pulumi_openai_admin import config, errors
from pulumi_openai_admin.program.errors import DeclarationError


def check() -> None:
    """Check all stack configuration.

    Raises:
        DeclarationError: A setting is invalid or unknown; the message says which, and what to do.
    """
    stack = {name: value for name, value in CONFIG.get().items() if name.startswith(f"{config.NAMESPACE}:")}
    if not stack:
        return
    try:
        # A Pulumi project of this name has its own settings under the same prefix.
        config.check(stack, is_shared=pulumi.get_project() == config.NAMESPACE)
    except errors.ConfigurationError as error:
        raise DeclarationError(error.what, error.guidance) from None
