"""Which resource an Output is the id of.

Pulumi knows the resources that an Output depends on, but only asynchronously, and not whether the value is the id of
one of them. A constructor needs this at once, so Outputs of ids are marked.
"""

from __future__ import annotations

from typing import TypeVar

import pulumi

_MARK = "_openai_admin_origin"

T = TypeVar("T")


def mark(output: pulumi.Output[T], resource: pulumi.Resource | None) -> pulumi.Output[T]:
    """The Output, marked as the id of a resource; unchanged if there is no resource."""
    if resource is not None:
        vars(output)[_MARK] = resource
    return output


def of(value: object) -> object:
    """The resource whose id a value is; None if it is a plain or computed value."""
    # Not by `getattr`: every attribute of an Output is an Output.
    return vars(value).get(_MARK) if isinstance(value, pulumi.Output) else None
