"""Errors that end a program when it declares a resource."""

from __future__ import annotations

import pulumi

from pulumi_openai_admin import errors
from pulumi_openai_admin.hosts.common.wording import PULUMI


class DeclarationError(errors.ConfigurationError, pulumi.RunError):
    """A declaration in the program is invalid.

    It is also a `pulumi.RunError`, so that the program ends with the message and without a traceback.
    """

    def __str__(self) -> str:
        return self.in_words(PULUMI)
