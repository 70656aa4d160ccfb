"""What a program is told in the moment in which it declares something."""

from __future__ import annotations

import pulumi

from pulumi_openai_admin import errors


class NotDeclared(errors.ConfigurationError, pulumi.RunError):
    """What a program declares can't be done.

    Being Pulumi's own kind of error, too, it ends a program with its text and without a traceback.
    """
