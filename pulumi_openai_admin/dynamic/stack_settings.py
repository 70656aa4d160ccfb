"""The stack's `openai-admin:…` settings, looked over whenever a program declares a resource.

So a preview tells of a setting that can't be used, and so does an `up` that changes nothing else: it would record the
setting, and the next refresh or destroy, which run no program, would fail.
"""

from __future__ import annotations

import pulumi
from pulumi.runtime.config import CONFIG

from pulumi_openai_admin import config, errors
from pulumi_openai_admin.dynamic.program_errors import DeclarationError


def check() -> None:
    """Refuse settings that can't be used, and names that no setting has.

    Raises:
        DeclarationError: There is one; the message says which, and what to do.
    """
    stack = {name: value for name, value in CONFIG.get().items() if name.startswith(f"{config.NAMESPACE}:")}
    if not stack:
        return
    try:
        # A project of this name keeps settings of its own under the same prefix.
        config.check(stack, is_shared=pulumi.get_project() == config.NAMESPACE)
    except errors.ConfigurationError as error:
        raise DeclarationError(error.what, error.advice) from None
