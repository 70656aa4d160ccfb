"""The one error of all look-ups."""

from __future__ import annotations

import pulumi

from pulumi_openai_admin import errors
from pulumi_openai_admin.dynamic.words import WORDS


class LookUpError(errors.AdminError, pulumi.RunError):
    """A look-up came to nothing; `__cause__` is the error that says why, if it is another one.

    Being Pulumi's own kind of error, too, it ends a program with its text and without a traceback.
    """

    def __str__(self) -> str:
        return self.in_words(WORDS)
