"""A switch for several objects at a time: `POST …/activate` and `POST …/deactivate` with a list of ids."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.emulator.handlers.operation import Operation

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.body import Body
    from pulumi_openai_admin.emulator.handlers.kind import Kind
    from pulumi_openai_admin.emulator.handlers.operation import Request
    from pulumi_openai_admin.emulator.store.record import Record

Switch = Callable[["Request", "Record", bool], "dict[str, Any]"]
"""Switches one record on or off, and gives it as the response shows it."""


def toggle(  # noqa: PLR0913 - what two operations need
    kind: Kind,
    body: type[Body],
    *,
    ids: Callable[[Body], list[str]],
    find: Callable[[Request, str], Record],
    switch: Switch,
    objects: tuple[str, str],
) -> list[Operation]:
    """Give the two operations; all of the objects are switched, or none of them.

    `objects`: what the two responses have for `object`.
    """

    def answer(request: Request, *, on: bool) -> dict[str, Any]:
        kind.require_parent(request)
        records = [find(request, record_id) for record_id in ids(request.body)]
        shown = [switch(request, record, on) for record in records]
        kind.log_event(request, "activate" if on else "deactivate", records[0], {"records": records})
        return {"object": objects[0 if on else 1], "data": shown}

    return [
        Operation(
            "POST",
            f"{kind.path}/{verb}",
            verb,
            kind,
            lambda request, on=on: answer(request, on=on),  # type: ignore[misc]
            body=body,
            takes_no_body=False,
        )
        for verb, on in (("activate", True), ("deactivate", False))
    ]
