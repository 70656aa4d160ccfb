"""The error of all provider functions."""

from __future__ import annotations

import pulumi

from pulumi_openai_admin import errors
from pulumi_openai_admin.hosts.common.wording import PULUMI


class LookUpError(errors.AdminError, pulumi.RunError):
    """A provider function failed; `__cause__` is the error that caused it, if there is one.

    It is also a `pulumi.RunError`, so the program ends with its message and without a traceback.
    """

    def __str__(self) -> str:
        return self.in_words(PULUMI)
