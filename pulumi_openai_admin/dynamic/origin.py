"""Which resource of a program an Output is the id of.

Pulumi knows which resources an Output depends on, and only asynchronously; a constructor needs to know at once, and
whether the value is that resource's own id. So the Outputs of ids carry a mark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

import pulumi

if TYPE_CHECKING:
    from pulumi_openai_admin.dynamic.resource import AdminResource

_MARK = "_openai_admin_origin"

T = TypeVar("T")


def mark(output: pulumi.Output[T], resource: AdminResource | None) -> pulumi.Output[T]:
    """The Output, marked as the id of a resource; as it is where there is none."""
    if resource is not None:
        vars(output)[_MARK] = resource
    return output


def of(value: object) -> AdminResource | None:
    """The resource whose id a value is; None where it is a plain value, or computed in another way."""
    # Not by `getattr`: an Output answers every name with an Output.
    return cast("AdminResource | None", vars(value).get(_MARK)) if isinstance(value, pulumi.Output) else None
